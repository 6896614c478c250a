"""The pyramid against the samples it was made of, for every container and zoom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.peaks import (
    AudioView,
    DamagedPeaks,
    EditedView,
    PeakPyramid,
    build_peaks,
    column_edges,
    open_or_build_peaks,
)
from grammy_desktop.core.progress import Cancelled, NoProgress

RATE = 48_000
STEP = 1 / 32768
FRAMES = 700_123  # no multiple of a bin, three levels


def noise(frames: int = FRAMES) -> Samples:
    """Stereo noise whose level wanders, so that columns differ."""
    rng = np.random.default_rng(5)
    level = 0.5 + 0.45 * np.sin(np.arange(frames) / 9000.0)
    return (rng.uniform(-1, 1, (frames, 2)) * level[:, None]).astype(np.float32)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PeakPyramid, Samples]:
    folder = tmp_path_factory.mktemp("peaks")
    samples = noise()
    soundfile.write(folder / "song.wav", samples, RATE, subtype="FLOAT")
    return folder / "song.wav", build_peaks(folder / "song.wav", folder / "song.peaks"), samples


@pytest.mark.parametrize(
    ("suffix", "subtype"),
    [("wav", "PCM_16"), ("wav", "PCM_24"), ("flac", "PCM_24"), ("wav", "FLOAT"), ("ogg", "VORBIS")],
)
def test_bins_hold_minimum_maximum_and_rms(tmp_path: Path, suffix: str, subtype: str) -> None:
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, noise(10_000) * 0.6, RATE, subtype=subtype)
    samples, _ = soundfile.read(path, dtype="float32")
    pyramid = build_peaks(path, tmp_path / "a.peaks")
    assert (pyramid.frames, pyramid.channels, pyramid.sample_rate) == (10_000, 2, RATE)
    columns = pyramid.columns(0, 10_240, 40)  # the last of the 40 bins is a part of one
    for index in range(40):
        block = samples[index * 256 : (index + 1) * 256]
        assert np.allclose(columns.low[index], block.min(axis=0), atol=1.01 * STEP)
        assert np.allclose(columns.high[index], block.max(axis=0), atol=1.01 * STEP)
        assert np.allclose(columns.rms[index], np.sqrt(np.mean(block**2, axis=0)), atol=1.01 * STEP)


@pytest.mark.parametrize("width", [256, 512, 1024, 2048, 4096, 16384])
def test_every_level_equals_the_samples(song: tuple[Path, PeakPyramid, Samples], width: int) -> None:
    _, pyramid, samples = song
    pixels = FRAMES // width
    columns = pyramid.columns(0, pixels * width, pixels)
    blocks = samples[: pixels * width].reshape(pixels, width, 2)
    assert columns.low.dtype == np.float32 and columns.low.shape == (pixels, 2)
    assert np.allclose(columns.low, blocks.min(axis=1), atol=1.01 * STEP)
    assert np.allclose(columns.high, blocks.max(axis=1), atol=1.01 * STEP)
    assert np.allclose(columns.rms, np.sqrt(np.mean(blocks**2, axis=1)), atol=3 * STEP)


def test_a_view_of_the_whole_song_never_loses_a_peak(tmp_path: Path) -> None:
    for place in (0, 1, 255, 256, FRAMES // 2, FRAMES - 1):
        samples = np.zeros((FRAMES, 1), np.float32)
        samples[place] = 0.75
        soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="PCM_16")
        pyramid = build_peaks(tmp_path / "a.wav", tmp_path / "a.peaks")
        high = pyramid.columns(0, FRAMES, 1200).high[:, 0]
        assert high.max() == 0.75
        assert abs(int(high.argmax()) - place * 1200 // FRAMES) <= 1


@pytest.mark.parametrize("width", [0.25, 1, 3.7, 50, 255])
def test_close_columns_are_read_from_the_samples(song: tuple[Path, PeakPyramid, Samples], width: float) -> None:
    path, pyramid, samples = song
    view = AudioView(path, pyramid)
    first = 65_400  # across the edge of a block
    columns = view.columns(first, first + 900 * width, 900)
    edges = column_edges(first, first + 900 * width, 900)
    for index in range(900):
        block = samples[edges[index] : max(edges[index + 1], edges[index] + 1)]
        assert np.array_equal(columns.low[index], block.min(axis=0))
        assert np.array_equal(columns.high[index], block.max(axis=0))
    view.close()


def test_outside_the_sound_is_silence(song: tuple[Path, PeakPyramid, Samples]) -> None:
    path, pyramid, _ = song
    for width in (8, 1024):
        view = AudioView(path, pyramid)
        columns = view.columns(-100 * width, 0, 100)
        assert not columns.high.any() and not columns.low.any()
        columns = view.columns(FRAMES + width, FRAMES + 101 * width, 100)
        assert not columns.high.any() and not columns.rms.any()
        view.close()


def test_reading_through_a_view_equals_the_file(song: tuple[Path, PeakPyramid, Samples]) -> None:
    path, pyramid, samples = song
    view = AudioView(path, pyramid)
    assert np.array_equal(view.read(65_000, 70_000), samples[65_000:135_000])
    assert view.read(FRAMES - 3, 10).shape == (3, 2)
    assert view.read(FRAMES, 10).shape == (0, 2)
    view.close()


@pytest.mark.parametrize("width", [4, 300, 1500])
def test_an_edited_view_equals_the_view_of_the_rendered_song(
    tmp_path: Path, song: tuple[Path, PeakPyramid, Samples], width: int
) -> None:
    path, pyramid, _ = song
    view = AudioView(path, pyramid)
    # Cuts on bins, so that a bin of the source is not drawn in parts.
    edits = EditList.whole(FRAMES).delete(256 * 100, 256 * 228).silence(256 * 300, 256 * 310).gain(0, 256 * 64, -6)
    edits = edits.fade_in(0, 256 * 80).fade_out(256 * 330, 256 * 340).insert(0, edits.copy(256 * 400, 256 * 420))
    rendered = edits.render(view).samples
    soundfile.write(tmp_path / "edited.wav", rendered, RATE, subtype="FLOAT")
    expected_view = AudioView(tmp_path / "edited.wav", build_peaks(tmp_path / "edited.wav", tmp_path / "p"))
    first = 0 if width > 4 else 256 * 345 - 500
    pixels = min(1000, (len(rendered) - first) // width)
    got = EditedView(view, edits).columns(first, first + pixels * width, pixels)
    expected = expected_view.columns(first, first + pixels * width, pixels)
    assert EditedView(view, edits).frames == len(rendered)
    worst = 2e-3 if width == 4 else 0.1  # in a fade the gain at the loud end of the column is taken
    for part, wanted in zip(got, expected, strict=True):
        difference = np.abs(part - wanted)
        assert np.median(difference) <= 2 * STEP
        assert np.quantile(difference, 0.97) <= worst
    view.close()
    expected_view.close()


def test_silence_and_gain_are_drawn(song: tuple[Path, PeakPyramid, Samples]) -> None:
    path, pyramid, _ = song
    view = AudioView(path, pyramid)
    edits = EditList.whole(FRAMES).silence(100_000, 200_000).gain(300_000, 400_000, -20)
    columns = EditedView(view, edits).columns(0, FRAMES, 700)
    plain = view.columns(0, FRAMES, 700)
    assert not columns.high[105:195].any() and not columns.rms[105:195].any()
    assert np.allclose(columns.high[305:395], plain.high[305:395] * 0.1, atol=1e-6)
    assert np.array_equal(columns.low[405:690], plain.low[405:690])
    view.close()


def test_peaks_are_built_again_only_when_the_content_changes(tmp_path: Path) -> None:
    audio, peaks = tmp_path / "a.wav", tmp_path / "a.peaks"
    soundfile.write(audio, noise(5000), RATE)
    open_or_build_peaks(audio, peaks)
    built = peaks.stat().st_mtime_ns
    assert open_or_build_peaks(audio, peaks).frames == 5000
    assert peaks.stat().st_mtime_ns == built
    soundfile.write(audio, noise(6000), RATE)
    assert open_or_build_peaks(audio, peaks).frames == 6000
    assert open_or_build_peaks(audio, peaks, key="content-1").key == "content-1"


@pytest.mark.parametrize("damage", ["short", "text", "header"])
def test_a_damaged_peaks_file_is_named_and_built_again(tmp_path: Path, damage: str) -> None:
    audio, peaks = tmp_path / "a.wav", tmp_path / "a.peaks"
    soundfile.write(audio, noise(50_000), RATE)
    build_peaks(audio, peaks)
    whole = peaks.read_bytes()
    peaks.write_bytes({"short": whole[:-100], "text": b"hello", "header": whole[:40]}[damage])
    with pytest.raises(DamagedPeaks):
        PeakPyramid.open(peaks)
    assert open_or_build_peaks(audio, peaks).frames == 50_000


def test_cancelling_and_bad_files_leave_nothing(tmp_path: Path) -> None:
    class Stop(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    audio = tmp_path / "a.wav"
    soundfile.write(audio, noise(5000), RATE)
    with pytest.raises(Cancelled):
        build_peaks(audio, tmp_path / "a.peaks", Stop())
    (tmp_path / "b.wav").write_text("not sound")
    with pytest.raises(UserError, match=r"b\.wav"):
        build_peaks(tmp_path / "b.wav", tmp_path / "b.peaks")
    with pytest.raises(UserError, match=r"c\.wav"):
        build_peaks(tmp_path / "c.wav", tmp_path / "c.peaks")
    with pytest.raises((EnvironmentFailure, UserError)):
        build_peaks(audio, tmp_path / "missing" / "a.peaks")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.wav", "b.wav"]


def test_an_empty_file_has_an_empty_waveform(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 2), np.float32), RATE)
    pyramid = build_peaks(tmp_path / "a.wav", tmp_path / "a.peaks")
    assert pyramid.frames == 0
    assert not AudioView(tmp_path / "a.wav", pyramid).columns(0, 100_000, 50).high.any()


def test_progress_rises_to_one(tmp_path: Path) -> None:
    class Watch(NoProgress):
        def __init__(self) -> None:
            self.seen: list[float] = []

        def report(self, fraction: float, stage: str) -> None:
            self.seen.append(fraction)

    soundfile.write(tmp_path / "a.wav", noise(), RATE)
    watch = Watch()
    build_peaks(tmp_path / "a.wav", tmp_path / "a.peaks", watch)
    assert watch.seen == sorted(watch.seen) and watch.seen[-1] == 1.0 and len(watch.seen) > 2
