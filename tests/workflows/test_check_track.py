"""The whole check of a file, in the worker's function."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from workflow_helpers import names, phrase, samples, saved

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.workflows.check_track import CheckRequest, make_check


def test_devices_codecs_and_platforms_in_one_report(tmp_path: Path) -> None:
    song = saved(tmp_path / "Töne.wav", phrase(3))
    staging = tmp_path / "staging"
    staging.mkdir()
    made = make_check(CheckRequest(str(tmp_path), str(song), renders=("phone", "opus-128")), staging, NoProgress())
    report = json.loads(json.dumps(made.report, allow_nan=False))
    assert {device["id"] for device in report["devices"]} >= {"mono", "phone", "car"}
    assert {codec["id"] for codec in report["codecs"]} == {"opus-128", "mp3-320", "aac-256"}
    spotify = next(platform for platform in report["platforms"] if platform["id"] == "spotify")
    assert {"file", "opus-128", "mp3-320"} <= set(spotify["peaks"])
    assert set(made.renders) == {"phone", "opus-128"}
    assert all(samples(path).shape == samples(song).shape for path in made.renders.values())
    assert names(staging) == {"phone.wav", "opus-128.wav"}


def test_without_codecs_and_with_a_users_table_and_device(tmp_path: Path) -> None:
    song = saved(tmp_path / "song.wav", phrase(2))
    (tmp_path / "platforms.toml").write_text(
        '[[platform]]\nid = "club"\ntarget_lufs = -7\nceiling_dbtp = -1\n', encoding="utf-8"
    )
    (tmp_path / "translation").mkdir()
    (tmp_path / "translation" / "tv.toml").write_text(
        '[[chain]]\nkind = "highpass"\nfrequency = 120\n', encoding="utf-8"
    )
    report = make_check(CheckRequest(str(tmp_path), str(song), codecs=False), tmp_path, NoProgress()).report
    assert report["codecs"] == [] and report["platforms"][-1]["id"] == "club" and report["devices"][-1]["id"] == "tv"


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    song = saved(tmp_path / "song.wav", phrase(1))
    with pytest.raises(UserError, match="there are mono, phone"):
        make_check(CheckRequest(str(tmp_path), str(song), renders=("moon",)), tmp_path, NoProgress())
    (tmp_path / "platforms.toml").write_text("[[platform]]\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"platforms\.toml.*needs an “id”"):
        make_check(CheckRequest(str(tmp_path), str(song)), tmp_path, NoProgress())


def test_all_renders_leave_out_what_this_computer_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    song = saved(tmp_path / "song.wav", phrase(1))
    staging = tmp_path / "staging"
    staging.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    made = make_check(CheckRequest(str(tmp_path), str(song), codecs=False, renders=("all",)), staging, NoProgress())
    assert {"car", "opus-128"} <= set(made.renders) and not any(name.startswith("aac") for name in made.renders)
    with pytest.raises(UserError, match="ffmpeg"):
        make_check(CheckRequest(str(tmp_path), str(song), codecs=False, renders=("aac-256",)), staging, NoProgress())
