"""A file mastered outside the library: streamed into any format, proved from what was written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from workflow_helpers import OWN, CancelAt, phrase, samples, saved, subtype

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.workflows.master_album import AlbumRequest, album_json, make_album_plan
from grammy_desktop.workflows.master_batch import FileMasterRequest, MadeFileMaster, make_file_master
from grammy_desktop.workflows.mastering_aim import Mastering


def made(folder: Path, out: str = "m.wav", mastering: Mastering | None = None, **options: Any) -> MadeFileMaster:
    song = saved(folder / "song.wav", phrase(2))
    staging = folder / "staging"
    staging.mkdir(exist_ok=True)
    aim = mastering or Mastering(loudness=-16.0)
    return make_file_master(
        FileMasterRequest(str(folder), str(song), aim, str(folder / out), **options), staging, NoProgress()
    )


def test_what_is_reported_was_read_from_the_file(tmp_path: Path) -> None:
    result = made(tmp_path)
    report = json.loads(json.dumps(result.report, allow_nan=False))
    assert report["after"]["integrated"] == pytest.approx(-16, abs=0.1)
    assert report["after"]["true_peak"] <= report["ceiling_dbtp"] + 0.02
    assert report["proof"]["pass"] and report["proof"]["subtype"] == "PCM_24" and "gain_reduction" not in report
    assert read_metadata(result.path).title == OWN.title
    assert [path.name for path in (tmp_path / "staging").iterdir()] == ["master.wav"]


@pytest.mark.parametrize(
    ("out", "bits", "kind"), [("m.wav", "32f", "FLOAT"), ("m.aiff", "16", "PCM_16"), ("m.ogg", None, "VORBIS")]
)
def test_formats_and_bits(tmp_path: Path, out: str, bits: str | None, kind: str) -> None:
    result = made(tmp_path, out, bits=bits)
    assert subtype(result.path) == kind
    assert len(samples(result.path)) == pytest.approx(2 * 48_000, abs=1)
    assert result.report["proof"]["pass"]


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="M4A needs ffmpeg")
def test_m4a_is_measured_after_its_codec(tmp_path: Path) -> None:
    result = made(tmp_path, "m.m4a")
    assert result.report["after"]["integrated"] == pytest.approx(-16, abs=0.5)
    assert result.report["proof"]["ceiling_dbtp"] is None


def test_surround_becomes_stereo_and_silence_is_refused(tmp_path: Path) -> None:
    six = np.repeat(phrase(1.5).samples, 3, axis=1)
    song = saved(tmp_path / "six.wav", AudioClip(np.ascontiguousarray(six), 48_000))
    staging = tmp_path / "staging"
    staging.mkdir()
    request = FileMasterRequest(str(tmp_path), str(song), Mastering(), str(tmp_path / "m.wav"))
    result = make_file_master(request, staging, NoProgress())
    assert samples(result.path).shape[1] == 2
    assert "6 channels were mixed to stereo" in result.report["note"]
    nothing = saved(tmp_path / "nothing.wav", AudioClip(np.zeros((96_000, 2), np.float32), 48_000))
    with pytest.raises(UserError, match="silent"):
        make_file_master(
            FileMasterRequest(str(tmp_path), str(nothing), Mastering(), str(tmp_path / "m.wav")), staging, NoProgress()
        )


def test_a_cancel_leaves_nothing_half_made(tmp_path: Path) -> None:
    song = saved(tmp_path / "song.wav", phrase(4))
    staging = tmp_path / "staging"
    staging.mkdir()
    with pytest.raises(Cancelled):
        make_file_master(
            FileMasterRequest(str(tmp_path), str(song), Mastering(), str(tmp_path / "m.wav")), staging, CancelAt(8)
        )
    assert list(staging.iterdir()) == []


def test_an_album_is_planned_around_what_cannot_be_mastered(tmp_path: Path) -> None:
    loud, quiet = saved(tmp_path / "loud.wav", phrase(2)), saved(tmp_path / "quiet.wav", phrase(2, level=0.05))
    bad = tmp_path / "bad.wav"
    bad.write_text("no audio")
    request = AlbumRequest(str(tmp_path), (str(loud), str(bad), str(quiet)), Mastering(loudness=-18.0))
    plan = make_album_plan(request, tmp_path, NoProgress())
    assert set(plan.failed) == {1} and "bad.wav" in plan.failed[1].message
    aims = [plan.masterings[number].loudness for number in (0, 2)]
    assert aims[0] is not None and aims[1] is not None and aims[0] - aims[1] == pytest.approx(12.04, abs=0.1)
    masters = {n: {"after": {"integrated": plan.masterings[n].loudness, "true_peak": -2.0}} for n in (0, 2)}
    told = album_json(plan, masters)
    assert told is not None and told["album_lufs"] == pytest.approx(-18, abs=0.1) and told["largest_shift"] < 0.1
    assert album_json(plan, {}) is None
    with pytest.raises(UserError, match="None of these"):
        make_album_plan(AlbumRequest(str(tmp_path), (str(bad),), Mastering()), tmp_path, NoProgress())
