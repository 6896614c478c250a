"""The parts of the compatibility mode beside the packages that matchering uses."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import interpolate, signal

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import open_source, write_wav
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.mastering.matching.compatible.hyrax import LATENCY, Hyrax
from grammy_desktop.mastering.matching.compatible.one_pole import UNIT, OnePole
from grammy_desktop.mastering.matching.compatible.pcm import pack_16, pack_24
from grammy_desktop.mastering.matching.compatible.pcm_source import PcmSource, open_quickly
from grammy_desktop.mastering.matching.compatible.smoothing import cubic_spline, lowess
from grammy_desktop.mastering.matching.compatible.track import SourceTrack

CHUNK = 4 * UNIT


@pytest.mark.parametrize("rate", [48_000, 96_000, 88_200, 32_000, 22_050])
def test_resampling_is_that_of_resampy(rate: int) -> None:
    resampy = pytest.importorskip("resampy")
    samples = np.random.default_rng(0).standard_normal((rate, 2)).astype(np.float32) * np.float32(0.2)
    expected = resampy.resample(samples.astype(np.float64), rate, 44_100, axis=0)
    track = SourceTrack(ClipSource(AudioClip(samples, rate)))
    assert track.frames == len(expected)
    mid = expected.mean(axis=1)
    found = np.concatenate(
        [track.read(0, 1000), track.read(1000, 30_001), track.read(31_001, len(mid) - 31_001)], axis=1
    )
    assert np.abs(found[0] - mid).max() < 1e-6
    assert np.abs(found[1] - (expected[:, 0] - mid)).max() < 1e-6
    beyond = track.read(len(mid) - 5, 20)[0]
    assert np.abs(beyond[:5] - mid[-5:]).max() < 1e-6
    assert not beyond[5:].any()


def test_the_spline_is_that_of_scipy() -> None:
    rng = np.random.default_rng(1)
    knots = np.sort(rng.uniform(0, 1, 60)) + 0.01 * np.arange(60)
    values = rng.standard_normal((60, 2))
    places = np.linspace(knots[0] - 0.001, knots[-1], 501)
    expected = interpolate.make_interp_spline(knots, values, 3)(places)
    assert np.abs(cubic_spline(knots, values, places) - expected).max() < 1e-8


def test_lowess_is_that_of_statsmodels() -> None:
    statsmodels = pytest.importorskip("statsmodels.api")
    values = np.random.default_rng(2).standard_normal((8193, 1)).cumsum(axis=0)
    places = np.linspace(0, 1, len(values))
    expected = statsmodels.nonparametric.lowess(values[:, 0], places, frac=0.0375, it=0, delta=0.001)[:, 1]
    assert np.abs(lowess(values)[:, 0] - expected).max() < 1e-9


def test_a_one_pole_filter_is_lfilter() -> None:
    samples = np.random.default_rng(3).standard_normal(6 * UNIT).astype(np.float32)
    stage = OnePole(0.01, 0.97, 2 * UNIT, zero=1.0)
    found = np.concatenate([stage.run(block, np.empty_like(block)) for block in samples.reshape(3, -1)])
    expected = signal.lfilter([0.01, 0.01], [1, -0.97], samples.astype(np.float64))
    assert np.abs(found - expected).max() < 1e-6


def gains(magnitude: Samples) -> Samples:
    limiter = Hyrax(len(magnitude), CHUNK)
    padded = np.concatenate([magnitude, np.zeros(LATENCY + CHUNK, np.float32)])
    parts = [limiter.push(padded[at : at + CHUNK]) for at in range(0, len(magnitude) + LATENCY, CHUNK)]
    return np.concatenate(parts)[LATENCY : LATENCY + len(magnitude)]


# Ends just before, at and after the border of a chunk, and of what is held back of it.
@pytest.mark.parametrize(
    "frames", [3 * CHUNK - 65, 3 * CHUNK - 64, 3 * CHUNK, 3 * CHUNK - 2110, 3 * CHUNK + 7, CHUNK + 1]
)
def test_the_limiter_is_that_of_matchering(frames: int) -> None:
    matchering = pytest.importorskip("matchering")
    limit = sys.modules["matchering.limiter.hyrax"].limit
    rng = np.random.default_rng(frames)
    magnitude = np.abs(rng.standard_normal(frames)) * np.where(rng.random(frames) < 0.01, 1.5, 0.3)
    # Loud at both ends, where filtfilt begins and ends, and a rest in which only the release is left.
    magnitude[:40] += 1.2
    magnitude[-40:] += np.linspace(0, 1.4, 40)
    magnitude[frames // 3 : frames // 2] *= 0.1
    magnitude = magnitude.astype(np.float32)
    both = np.stack([magnitude, magnitude], axis=1).astype(np.float64)
    expected = limit(both, matchering.Config())[:, 0]
    assert np.abs(gains(magnitude) * magnitude - expected).max() < 2e-6


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
@pytest.mark.parametrize("frames", [1000, 1001])
def test_plain_files_are_read_as_they_are(tmp_path: Path, subtype: str, frames: int) -> None:
    samples = np.random.default_rng(4).uniform(-1, 1, (frames, 2)).astype(np.float32)
    path = tmp_path / "x.wav"
    write_wav(path, AudioClip(samples, 48_000), subtype=subtype)  # type: ignore[arg-type]
    with open_quickly(path) as quick, open_source(path) as slow:
        assert isinstance(quick, PcmSource)
        assert (quick.frames, quick.channels, quick.sample_rate) == (frames, 2, 48_000)
        for start, count in ((0, frames), (1, 10), (2, 11), (frames - 3, 50), (frames, 5)):
            assert np.array_equal(quick.read(start, count), slow.read(start, count))


def test_other_files_go_through_a_decoder(tmp_path: Path) -> None:
    samples = np.random.default_rng(4).uniform(-1, 1, (500, 2)).astype(np.float32)
    for name, subtype, channels in (("float.wav", "FLOAT", 2), ("mono.wav", "PCM_24", 1)):
        write_wav(tmp_path / name, AudioClip(np.ascontiguousarray(samples[:, :channels]), 44_100), subtype=subtype)  # type: ignore[arg-type]
        with open_quickly(tmp_path / name) as source:
            assert not isinstance(source, PcmSource)
    # What is cut short is for the decoder to name.
    write_wav(tmp_path / "cut.wav", AudioClip(samples, 44_100))
    whole = (tmp_path / "cut.wav").read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[:-600])
    with pytest.raises(UserError, match=r"“cut\.wav” is cut short"):
        open_quickly(tmp_path / "cut.wav")


@pytest.mark.parametrize("count", [4, 5, 1001])
def test_the_upper_bytes_are_what_is_written(count: int) -> None:
    values = np.random.default_rng(5).integers(-(2**31), 2**31, (2, count), dtype=np.int64).astype("<i4")
    flat = [int(value) for value in values.T.ravel()]
    assert pack_24(values).tobytes() == b"".join((value >> 8).to_bytes(3, "little", signed=True) for value in flat)
    assert pack_16(values).tobytes() == b"".join((value >> 16).to_bytes(2, "little", signed=True) for value in flat)
