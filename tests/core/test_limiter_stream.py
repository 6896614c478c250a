"""The limiter as a stream, its two stages, and what it does to deep tones; a thin slice of the sixty signals' proof."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.limiter import LimiterStage, limit_true_peak
from grammy_desktop.core.limiter_floor import LOWEST
from grammy_desktop.core.limiter_gain import CORRECTION, DRIVEN, MUSIC, AttenuationShaper, shape_attenuation
from grammy_desktop.core.stream import process_samples
from tests.acceptance.issue_3.limiter import CEILING, SLACK, _compare, read_true_peak
from tests.acceptance.issue_3.limiter_signals import cases

RATE = 48_000


def loud(frames: int, channels: int, *, seed: int = 0, gain_db: float = 9.0) -> Samples:
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None] / RATE
    sound = np.sin(2 * np.pi * 80 * t) + 0.4 * rng.standard_normal((frames, channels)) * np.exp(-(t % 0.2) * 30)
    # Nothing near half the rate, as from a converter.
    sound = np.apply_along_axis(np.convolve, 0, sound, np.hanning(7) / np.hanning(7).sum(), "same")
    return (sound / np.abs(sound).max() * 10 ** (gain_db / 20)).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
def test_the_cut_into_blocks_does_not_matter(channels: int) -> None:
    samples = loud(70_000, channels)
    whole = process_samples(samples, LimiterStage(RATE, channels, -1.0))
    rng = np.random.default_rng(1)
    stage, parts, start = LimiterStage(RATE, channels, -1.0), [], 0
    while start < len(samples):
        count = int(rng.choice([1, 63, 1_000, 20_000]))
        parts.append(stage.process(samples[start : start + count]).copy())
        start += count
    parts.append(stage.finish())
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert whole.shape == samples.shape


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000, 384_000])
def test_every_rate(rate: int) -> None:
    samples = loud(rate // 4, 2)
    limited = process_samples(samples, LimiterStage(rate, 2, -3.0))
    assert np.abs(limited).max() <= 10 ** (-3 / 20)
    assert np.abs(limited).max() > 10 ** (-3.4 / 20)


def test_quiet_stretches_pass_bit_for_bit() -> None:
    samples = loud(6 * RATE, 2)
    samples[RATE // 2 :] *= np.float32(0.05)
    limited = process_samples(samples, LimiterStage(RATE, 2, -1.0))
    assert not np.array_equal(limited[: RATE // 4], samples[: RATE // 4])
    np.testing.assert_array_equal(limited[-RATE:], samples[-RATE:])


@pytest.mark.parametrize("times", [MUSIC, DRIVEN, CORRECTION])
def test_the_shape_is_nowhere_below_the_need_however_it_is_cut(times: object) -> None:
    rng = np.random.default_rng(3)
    need = np.where(rng.random(20_000) < 0.01, rng.uniform(0, 12, 20_000), 0.0)
    whole = shape_attenuation(need, 6_000.0, times)  # type: ignore[arg-type]
    assert (whole >= need - 1e-9).all()
    shaper = AttenuationShaper(times, 6_000.0)  # type: ignore[arg-type]
    pieces = [shaper.push(piece) for piece in np.array_split(np.append(need, np.full(shaper.latency, LOWEST)), 23)]
    np.testing.assert_allclose(np.concatenate(pieces)[shaper.latency :], whole, atol=1e-9)


def test_a_deep_tone_six_decibels_over_stays_clean() -> None:
    t = np.arange(3 * RATE) / RATE
    tone = (2 * np.sin(2 * np.pi * 50 * t))[:, None].astype(np.float32)
    limited = limit_true_peak(tone, RATE, -1.0)[RATE : 2 * RATE, 0].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(limited * np.hanning(RATE)))
    harmonics = [spectrum[50 * k - 2 : 50 * k + 3].max() for k in range(2, 40)]
    distortion = np.sqrt(np.sum(np.square(harmonics))) / spectrum[48:53].max()
    assert 20 * np.log10(distortion) < -46
    assert np.abs(limited).max() == pytest.approx(10 ** (-1.1 / 20), rel=0.01)


def test_the_second_stage_finds_what_lies_between_the_points() -> None:
    """A tone close to half the rate: its samples hide the peaks, four points a sample nearly all of them."""
    t = np.arange(RATE)
    tone = (1.3 * np.sin(2 * np.pi * 0.449 * t + 0.3))[:, None].astype(np.float32)
    limited = process_samples(tone, LimiterStage(RATE, 1, CEILING))
    assert read_true_peak(limited) <= CEILING + SLACK
    assert read_true_peak(limited) > CEILING - 0.4


def test_some_of_the_sixty() -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        for case in islice(cases(0.6), 0, 60, 24):
            seen = _compare(Path(folder), case)
            assert seen.written <= CEILING + SLACK, seen
            assert seen.lost < 0.3, seen
