"""Round trips through real encoders: aligned, as long, peaks read after decoding, nothing left behind."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from codec_signals import dense, tone, written

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import open_source
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.mastering import codec_trip
from grammy_desktop.mastering.codecs import check_codecs, choose_stretches, worst_excess
from grammy_desktop.mastering.peak_scan import scan_peaks
from grammy_desktop.mastering.platforms import Codec, load_table

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="AAC needs ffmpeg")
CODECS = {codec.id: codec for codec in load_table().codecs}


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs_ffmpeg if "aac" in name else ()) for name in CODECS])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_trip_is_aligned_and_as_long(tmp_path: Path, name: str, rate: int) -> None:
    path = written(tmp_path / "song.wav", dense(4, rate) * 0.3, rate)
    codec = CODECS[name]
    with (
        open_source(path) as source,
        codec_trip.decoded_trip(
            source, codec, first=0, end=source.frames, folder=tmp_path, progress=NoProgress()
        ) as decoded,
    ):
        assert decoded.sample_rate == codec_trip.trip_rate(rate, codec)
        assert abs(decoded.frames / decoded.sample_rate - 4.0) < 0.03
        out = decoded.read(0, decoded.frames)[:, 0]
        scale = decoded.sample_rate
    from grammy_desktop.core.audio_convert import resample

    original = resample(AudioClip(dense(4, rate) * np.float32(0.3), rate), scale).samples[:, 0]
    piece = original[scale : 2 * scale]
    shifts = range(-20, 21)
    likeness = [float(piece @ out[scale + shift : 2 * scale + shift]) for shift in shifts]
    assert shifts[int(np.argmax(likeness))] == 0
    assert max(likeness) > 0.9 * float(piece @ piece)
    assert [entry.name for entry in tmp_path.iterdir()] == ["song.wav"]


def test_a_quiet_tone_comes_back_as_it_was_and_a_dense_master_above_its_ceiling(tmp_path: Path) -> None:
    mp3 = CODECS["mp3-320"]
    quiet = written(tmp_path / "quiet.wav", tone(3, 997, -12))
    (result,) = check_codecs(quiet, [mp3], progress=NoProgress())
    assert result.true_peak == pytest.approx(-12, abs=0.1)
    assert result.loudness_change == pytest.approx(0, abs=0.05)
    assert result.overs == () and result.part == "whole file"
    loud = written(tmp_path / "dense.wav", dense(6))
    worst = check_codecs(loud, [CODECS["opus-128"], CODECS["mp3-128"]], limit_dbtp=-1.0, progress=NoProgress())
    for result in worst:
        assert result.checked and result.true_peak is not None and result.true_peak > 0
        assert result.overs[0].at == pytest.approx(result.at, abs=0.11)
        assert result.overs[0].true_peak == pytest.approx(result.true_peak, abs=0.05)
        assert 0 <= result.at <= 6 and result.over_count >= len(result.overs)


def test_the_excess_is_what_the_ceiling_has_to_give_way(tmp_path: Path) -> None:
    codecs = [CODECS["mp3-320"], CODECS["opus-128"]]
    path = written(tmp_path / "dense.wav", dense(5))
    excess = worst_excess(check_codecs(path, codecs, progress=NoProgress()), -1.0)
    assert excess > 0.5
    lower = written(tmp_path / "lower.wav", dense(5) * np.float32(10 ** (-excess / 20)))
    assert worst_excess(check_codecs(lower, codecs, progress=NoProgress()), -1.0) < 0.2
    assert (
        worst_excess(
            check_codecs(written(tmp_path / "tone.wav", tone(3, 500, -6)), codecs, progress=NoProgress()), -1.0
        )
        == 0.0
    )


def test_without_ffmpeg_aac_is_named_as_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = written(tmp_path / "a.wav", tone(2, 440, -6))
    aac, mp3 = check_codecs(path, [CODECS["aac-256"], CODECS["mp3-320"]], progress=NoProgress())
    assert not aac.checked and "ffmpeg" in aac.reason and aac.true_peak is None
    assert aac.to_json() == {
        "id": "aac-256",
        "name": "AAC 256 kbit/s",
        "judged": True,
        "checked": False,
        "reason": aac.reason,
    }
    assert mp3.checked


def test_long_files_are_checked_where_they_are_dense(tmp_path: Path) -> None:
    rate = 8_000
    samples = tone(90, 300, -30, rate, 1)
    for second in (12, 50, 77):
        samples[second * rate : (second + 4) * rate] *= 20
    source = ClipSource(AudioClip(samples, rate))
    stretches, words = choose_stretches(source, 12, NoProgress())
    assert [(first // rate, end // rate) for first, end in stretches] == [(12, 16), (50, 54), (77, 81)]
    assert words == "the 3 densest stretches of 4 s (from 0:12, 0:50, 1:17)"
    path = written(tmp_path / "long.wav", dense(20, channels=1))
    (result,) = check_codecs(path, [CODECS["mp3-320"]], longest=6, progress=NoProgress())
    assert result.seconds == pytest.approx(6, abs=0.7) and "densest" in result.part


def test_any_rate_and_many_channels_go_through(tmp_path: Path) -> None:
    path = written(tmp_path / "surround.wav", dense(1.5, 96_000, channels=6) * np.float32(0.2), 96_000)
    for result in check_codecs(
        path, [CODECS["opus-160"], CODECS["mp3-128"], CODECS["vorbis-160"]], progress=NoProgress()
    ):
        assert result.checked and result.true_peak is not None


def test_a_cancel_is_heard_and_leaves_no_file(tmp_path: Path) -> None:
    path = written(tmp_path / "song.wav", dense(60))

    class StopSoon(NoProgress):
        def __init__(self) -> None:
            self.stop = threading.Event()

        def report(self, fraction: float, stage: str) -> None:
            if fraction > 0.1:
                self.stop.set()

        def check_cancelled(self) -> None:
            if self.stop.is_set():
                raise Cancelled

    work = tmp_path / "work"
    work.mkdir()
    codecs = [codec for codec in CODECS.values() if codec.judged]
    with pytest.raises(Cancelled):
        check_codecs(path, codecs, work_dir=work, progress=StopSoon())
    assert list(work.iterdir()) == []


def test_a_file_that_is_no_audio_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("no audio")
    with pytest.raises(UserError, match="notes"):
        check_codecs(path, [CODECS["mp3-320"]], progress=NoProgress())


def test_peaks_between_samples_are_read_wherever_they_lie() -> None:
    # A tone at a quarter of the rate, sampled off its peaks: 3 dB above its samples, across the border of two chunks.
    rate = 48_000
    wave = np.sin(2 * np.pi * np.arange(11 * rate) / 4 + np.pi / 4) * 0.5
    window = np.zeros(11 * rate)
    window[round(9.98 * rate) : round(10.02 * rate)] = np.hanning(round(10.02 * rate) - round(9.98 * rate))
    samples = (wave * window).astype(np.float32)[:, None]
    scan = scan_peaks(ClipSource(AudioClip(samples, rate)), limit_dbtp=-6.5, progress=NoProgress())
    assert scan.true_peak == pytest.approx(-6.02, abs=0.05)
    assert scan.sample_peak == pytest.approx(-9.03, abs=0.1)
    assert scan.at == pytest.approx(10.0, abs=0.005)
    assert scan.over_count in (1, 2) and scan.overs[0].true_peak == pytest.approx(-6.02, abs=0.05)


def test_codec_names_are_unique() -> None:
    assert all(isinstance(codec, Codec) for codec in CODECS.values()) and len(CODECS) == len(load_table().codecs)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="AAC needs ffmpeg")
def test_the_encoders_start_is_not_held_against_a_song_that_begins_at_once(tmp_path: Path) -> None:
    loud = written(tmp_path / "loud.wav", dense(3, peak=0.9), subtype="FLOAT")
    aac = [codec for codec in load_table().codecs if codec.id == "aac-256"]
    (result,) = check_codecs(loud, aac, progress=NoProgress())
    assert result.at > 0.1, "without the lead-in ffmpeg's first frame is the worst place"
    assert result.seconds == pytest.approx(3.0, abs=0.05)
