from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.settings import Settings, SettingsStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "settings.toml"


def test_defaults_without_a_file_and_nothing_is_written(file: Path) -> None:
    store = SettingsStore(file)
    assert store.current == Settings()
    assert (store.current.theme, store.current.text_size, store.current.default_preset) == ("dark", 100, "spotify-loud")
    assert (store.current.openai_enabled, store.current.sync_enabled, store.message) == (False, False, None)
    assert not file.parent.exists()


def test_a_change_is_saved_and_told(file: Path) -> None:
    store = SettingsStore(file)
    heard: list[Settings] = []
    unsubscribe = store.subscribe(heard.append)
    store.change(
        theme="light", text_size=115, volume=0.5, panel_sizes={"create": [320, 900]}, output_device="Käse “1”\n"
    )
    store.change(theme="light")
    assert heard == [store.current]
    unsubscribe()
    store.change(theme="system")
    assert len(heard) == 1
    assert SettingsStore(file).current == store.current
    assert tomllib.loads(file.read_text(encoding="utf-8"))["theme"] == "system"
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    "values",
    [
        {"theme": "purple"},
        {"text_size": 101},
        {"volume": 1.5},
        {"volume": float("nan")},
        {"default_duration": 4},
        {"colour": 1},
    ],
)
def test_what_is_not_allowed_is_refused_and_changes_nothing(file: Path, values: dict[str, object]) -> None:
    store = SettingsStore(file)
    with pytest.raises(UserError, match=next(iter(values))):
        store.change(**values)
    assert store.current == Settings()
    assert not file.exists()


def test_settings_of_a_newer_version_are_kept(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_text('theme = "light"\nspatial_audio = true\n[future]\nx = 1\n')
    with caplog.at_level("INFO"):
        store = SettingsStore(file)
        store.change(volume=0.1)
    assert [record.getMessage() for record in caplog.records if "another version" in record.getMessage()] == [
        "settings of another version are kept: future, spatial_audio"
    ]
    saved = tomllib.loads(file.read_text())
    assert (saved["spatial_audio"], saved["future"], saved["theme"], saved["volume"]) == (True, {"x": 1}, "light", 0.1)


@pytest.mark.expects_log
@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe\x00", b'theme = "light"\ntheme = "dark"\n'])
def test_a_broken_file_is_set_aside(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    store = SettingsStore(file)
    assert store.current == Settings()
    assert store.message is not None and "settings.broken.toml" in store.message
    assert ("line" in store.message) != (b"\xff" in content) and "(at " not in store.message
    assert (file.parent / "settings.broken.toml").read_bytes() == content
    store.change(theme="light")
    assert SettingsStore(file).message is None


@pytest.mark.expects_log
def test_one_wrong_value_costs_only_itself(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('theme = "purple"\nvolume = 0.25\n')
    store = SettingsStore(file)
    assert (store.current.theme, store.current.volume) == ("dark", 0.25)
    assert store.message is not None and "theme" in store.message


@pytest.mark.expects_log
def test_a_disk_that_refuses_is_the_environment_s_failure(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    store = SettingsStore(tmp_path / "data" / "deeper" / "settings.toml")
    heard: list[Settings] = []
    store.subscribe(heard.append)
    with pytest.raises(EnvironmentFailure):
        store.change(theme="light")
    assert store.current.theme == "dark"
    assert heard == []
