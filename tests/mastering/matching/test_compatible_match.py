"""The compatibility mode beside matchering itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import open_source, write_wav
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.mastering.matching.compatible.match import MatchedFile, match_compatibly, match_files

matchering = pytest.importorskip("matchering")
soundfile = pytest.importorskip("soundfile")
QUIET = NoProgress()
VARIANTS = (("FLOAT", True, True), ("PCM_24", True, True), ("FLOAT", False, False), ("FLOAT", False, True))


def write_pair(folder: Path, rate: int, seconds: float, *, drive_db: float) -> tuple[Path, Path]:
    target = dense_music(seconds, rate, seed=1, brightness=0.3, peak=0.45)
    reference = brickwalled(dense_music(seconds * 0.8, rate, seed=2, brightness=0.8, peak=0.6), drive_db=drive_db)
    write_wav(folder / "target.wav", AudioClip(target, rate))
    write_wav(folder / "reference.wav", AudioClip(reference, rate), subtype="PCM_16")
    return folder / "target.wav", folder / "reference.wav"


def difference(first: Path, second: Path) -> float:
    ours, theirs = soundfile.read(first)[0], soundfile.read(second)[0]
    assert ours.shape == theirs.shape
    return 20 * float(np.log10(np.abs(ours - theirs).max() + 1e-12))


# A reference that is no louder than the threshold takes the way of 'normalize_reference'.
@pytest.mark.parametrize(("rate", "drive_db"), [(44_100, 12.0), (48_000, 12.0), (44_100, -9.0)])
def test_the_samples_are_those_of_matchering(tmp_path: Path, rate: int, drive_db: float) -> None:
    target, reference = write_pair(tmp_path, rate, 17.0, drive_db=drive_db)
    names = [(tmp_path / f"ours-{number}.wav", tmp_path / f"theirs-{number}.wav") for number in range(len(VARIANTS))]
    ours = [MatchedFile(path, *variant) for (path, _), variant in zip(names, VARIANTS, strict=True)]
    theirs = [
        matchering.Result(str(path), subtype, use_limiter=limiter, normalize=normalise)
        for (_, path), (subtype, limiter, normalise) in zip(names, VARIANTS, strict=True)
    ]
    match_files(target, reference, ours, progress=QUIET)
    matchering.process(str(target), str(reference), theirs)
    for own, other in names:
        assert difference(own, other) <= -105
    # The limiter had work to do.
    assert difference(names[0][0], names[2][0]) > -60


def test_a_long_track_is_matched_as_a_short_one(tmp_path: Path) -> None:
    target, reference = write_pair(tmp_path, 48_000, 12.0, drive_db=12.0)
    with open_source(target) as first, open_source(reference) as second:
        match_compatibly(first, second, [MatchedFile(tmp_path / "kept.wav", "FLOAT")], progress=QUIET)
        match_compatibly(first, second, [MatchedFile(tmp_path / "read.wav", "FLOAT")], most_kept=0, progress=QUIET)
    assert difference(tmp_path / "kept.wav", tmp_path / "read.wav") < -125


def test_16_bits_are_cut_off_as_libsndfile_does_it(tmp_path: Path) -> None:
    target, reference = write_pair(tmp_path, 44_100, 9.0, drive_db=12.0)
    results = [MatchedFile(tmp_path / "16.wav", "PCM_16"), MatchedFile(tmp_path / "float.wav", "FLOAT")]
    match_files(target, reference, results, progress=QUIET)
    exact, rate = soundfile.read(tmp_path / "float.wav")
    soundfile.write(tmp_path / "theirs.wav", exact, rate, "PCM_16")
    ours, theirs = (soundfile.read(tmp_path / name, dtype="int16")[0] for name in ("16.wav", "theirs.wav"))
    assert np.array_equal(ours, theirs)


def test_mono_counts_as_stereo(tmp_path: Path) -> None:
    mono = dense_music(6.0, 44_100, channels=1)
    reference = AudioClip(brickwalled(dense_music(6.0, 44_100, seed=3)), 44_100)
    for name, samples in (("mono.wav", mono), ("two.wav", np.repeat(mono, 2, axis=1))):
        source = ClipSource(AudioClip(samples, 44_100))
        match_compatibly(source, ClipSource(reference), [MatchedFile(tmp_path / name)], progress=QUIET)
    assert difference(tmp_path / "mono.wav", tmp_path / "two.wav") < -140


def test_nothing_is_left_when_it_cannot_be_done(tmp_path: Path) -> None:
    good = ClipSource(AudioClip(dense_music(3.0, 44_100), 44_100))
    silent = ClipSource(AudioClip(np.zeros((90_000, 2), np.float32), 44_100))
    broken = dense_music(3.0, 44_100).copy()
    broken[1000] = np.nan
    results = [MatchedFile(tmp_path / "x.wav")]
    names = {"target_name": "mix.wav", "reference_name": "ref.wav"}
    with pytest.raises(UserError, match=r"“ref\.wav” is silent throughout, so it cannot be a reference\."):
        match_compatibly(good, silent, results, **names, progress=QUIET)
    with pytest.raises(UserError, match=r"“mix\.wav” is silent throughout, so there is nothing to match\."):
        match_compatibly(silent, good, results, **names, progress=QUIET)
    with pytest.raises(UserError, match=r"“mix\.wav” holds samples that are not numbers"):
        match_compatibly(ClipSource(AudioClip(broken, 44_100)), good, results, **names, progress=QUIET)
    short = ClipSource(AudioClip(dense_music(0.05, 44_100), 44_100))
    with pytest.raises(UserError, match=r"“mix\.wav” is too short"):
        match_compatibly(short, good, results, **names, progress=QUIET)
    assert list(tmp_path.iterdir()) == []


class _CancelledAt(NoProgress):
    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._reached = False

    def report(self, fraction: float, stage: str) -> None:
        self._reached = self._reached or stage == self._stage

    def check_cancelled(self) -> None:
        if self._reached:
            raise Cancelled


@pytest.mark.parametrize("stage", ["read", "levels", "spectrum", "filter", "level", "write"])
def test_a_cancel_is_heard_in_every_stage(tmp_path: Path, stage: str) -> None:
    source = ClipSource(AudioClip(dense_music(3.0, 44_100), 44_100))
    reference = ClipSource(AudioClip(brickwalled(dense_music(3.0, 44_100, seed=2)), 44_100))
    with pytest.raises(Cancelled):
        match_compatibly(source, reference, [MatchedFile(tmp_path / "x.wav")], progress=_CancelledAt(stage))
    assert list(tmp_path.iterdir()) == []
