from __future__ import annotations

from pathlib import Path

import pytest

from grammy_desktop.core.paths import AppPaths

PLACES = ("database", "audio", "staging", "exports", "cache", "logs", "settings_file", "user_styles", "user_presets")


def test_everything_lives_in_the_data_folder(tmp_path: Path) -> None:
    paths = AppPaths(tmp_path / "data")
    places = [getattr(paths, name) for name in PLACES]
    assert all(place.is_relative_to(paths.data_dir) for place in places)
    assert len(set(places)) == len(places)
    assert list(tmp_path.iterdir()) == []


def test_the_environment_chooses_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAMMY_DATA_DIR", str(tmp_path / "elsewhere"))
    assert AppPaths.for_user().data_dir == tmp_path / "elsewhere"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAMMY_DATA_DIR", "relative")
    assert AppPaths.for_user().data_dir == tmp_path / "relative"
    monkeypatch.delenv("GRAMMY_DATA_DIR")
    assert "Grammy" in AppPaths.for_user().data_dir.name
