"""Where results go: no name twice, no file of somebody else replaced."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.errors import UserError
from grammy_desktop.workflows.delivery import (
    audio_files,
    check_output,
    deliver,
    format_for,
    plan_outputs,
    put_file,
    subtype_for,
)


def touched(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_a_folder_gives_its_audio_and_nothing_else(tmp_path: Path) -> None:
    touched(tmp_path, "b.wav", "a.FLAC", "notes.txt", ".hidden.wav", "b master.wav", "b master 2.wav", "cover.png")
    touched(tmp_path, "sub/deep/c.mp3", ".git/d.wav", "Grand master.wav")
    assert [str(path.relative_to(tmp_path)) for path in audio_files([tmp_path])] == [
        "Grand master.wav",
        "a.FLAC",
        "b.wav",
        "sub/deep/c.mp3",
    ]
    named = audio_files([tmp_path / "b master.wav", tmp_path, tmp_path / "b.wav"])
    assert named[0].name == "b master.wav" and len(named) == 5
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no audio"):
        audio_files([tmp_path / "empty"])


def test_names_never_collide(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Töne") for form in ("NFC", "NFD"))
    sources = [tmp_path / "x" / f"{name}.wav" for name in (composed, decomposed, "TÖNE", "a")]
    sources += [tmp_path / "y" / "a.flac", tmp_path / "z" / "a.wav"]
    planned = plan_outputs(sources, out_dir=tmp_path / "out")
    plain = {unicodedata.normalize("NFC", path.name).casefold() for path in planned}
    assert len(plain) == len(sources)
    assert [path.name for path in planned[3:]] == ["a master.wav", "a master 2.wav", "a master 3.wav"]
    touched(tmp_path, "x/a master.wav")
    assert plan_outputs([tmp_path / "x" / "a.wav"])[0] == tmp_path / "x" / "a master 2.wav"


def test_places_below_a_folder_are_kept(tmp_path: Path) -> None:
    sources = [tmp_path / "in" / "one.wav", tmp_path / "in" / "disc 2" / "one.wav", tmp_path / "other.wav"]
    planned = plan_outputs(sources, out_dir=tmp_path / "out", roots=[tmp_path / "in"], suffix=".flac")
    assert [str(path.relative_to(tmp_path / "out")) for path in planned] == [
        "one master.flac",
        "disc 2/one master.flac",
        "other master.flac",
    ]


def test_formats_and_bits(tmp_path: Path) -> None:
    assert (format_for(Path("a.AIF")), format_for(Path("a.opus"))) == ("aiff", "opus")
    with pytest.raises(UserError, match="must end in"):
        format_for(Path("a.exe"))
    assert (subtype_for("wav", "32f"), subtype_for("flac", "16"), subtype_for("mp3", None)) == ("FLOAT", "PCM_16", None)
    with pytest.raises(UserError, match="cannot hold 32f"):
        subtype_for("flac", "32f")
    touched(tmp_path, "song.wav")
    with pytest.raises(UserError, match="overwritten"):
        check_output(tmp_path / "song.wav", tmp_path / "song.wav")
    with pytest.raises(UserError, match="folder"):
        check_output(tmp_path / "song.wav", tmp_path)


def test_a_file_is_put_whole_and_folders_are_made(tmp_path: Path) -> None:
    touched(tmp_path, "made.wav")
    target = put_file(tmp_path / "made.wav", tmp_path / "new" / "place" / "song.wav")
    assert target.read_bytes() == b"x" and len(list(target.parent.iterdir())) == 1


def test_m4a_without_ffmpeg_is_refused_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"“song\.m4a” needs ffmpeg"):
        check_output(tmp_path / "mix.wav", tmp_path / "song.m4a")


def test_a_name_of_ours_never_replaces_anything(tmp_path: Path) -> None:
    touched(tmp_path, "a.wav", "made.wav")
    (planned,) = plan_outputs([tmp_path / "a.wav"])
    planned.write_bytes(b"somebody else was faster")
    assert put_file(tmp_path / "made.wav", planned, numbered=True) == tmp_path / "a master 2.wav"
    assert planned.read_bytes() == b"somebody else was faster"
    assert put_file(tmp_path / "made.wav", planned) == planned
    assert planned.read_bytes() == b"x"


def test_an_encoded_copy_with_a_taken_name_gets_the_next(tmp_path: Path) -> None:
    source = tmp_path / "made.wav"
    write_wav(source, AudioClip(np.full((4_410, 1), 0.1, np.float32), 44_100))
    touched(tmp_path, "song.flac")
    assert deliver(source, tmp_path / "song.flac", numbered=True) == tmp_path / "song 2.flac"
    assert (tmp_path / "song.flac").read_bytes() == b"x"
    assert (tmp_path / "song 2.flac").read_bytes()[:4] == b"fLaC"
    assert len(list(tmp_path.iterdir())) == 3
