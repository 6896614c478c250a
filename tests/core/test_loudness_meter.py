"""The meter that is fed in blocks: the same figures however the audio is cut, at any rate and number of channels."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import (
    Loudness,
    LoudnessMeter,
    history,
    k_weighting,
    measure,
    measure_source,
    weighted_power,
)
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.stream import ClipSource


def noise(rate: int, seconds: float, channels: int, seed: int, level: float = 0.1) -> Samples:
    rng = np.random.default_rng(seed)
    frames = round(seconds * rate)
    swell = np.interp(np.arange(frames), np.linspace(0, frames, 7), rng.uniform(0.1, 1, 7))
    return (level * swell[:, None] * rng.standard_normal((frames, channels))).astype(np.float32)


def assert_same(one: Loudness, other: Loudness, tolerance: float = 1e-6) -> None:
    for name, value in asdict(one).items():
        # The peaks of single seconds are float32's.
        tolerance = max(tolerance, 1e-5) if name == "psr" else tolerance
        assert getattr(other, name) == (None if value is None else pytest.approx(value, abs=tolerance)), name


def exact_power(samples: Samples, rate: int, weights: list[float]) -> np.ndarray:
    """By the sample-by-sample filter in float64."""
    weighted = signal.sosfilt(k_weighting(rate), samples.astype(np.float64), axis=0) ** 2 @ np.array(weights)
    ends = np.arange(len(samples) * 100 // rate + 1) * rate // 100
    return np.add.reduceat(weighted[: ends[-1]], ends[:-1]) / np.diff(ends)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 384_000])
def test_the_matrix_filter_is_the_filter(rate: int) -> None:
    samples = noise(rate, 2.345, 1, rate)
    expected = exact_power(samples, rate, [1])
    np.testing.assert_allclose(weighted_power(AudioClip(samples, rate)), expected, rtol=1e-5)


@pytest.mark.parametrize("rate", [11_025, 48_000, 192_000])
@pytest.mark.parametrize(("level", "offset"), [(1e-3, 0.0), (1e-3, 0.5), (0.3, -0.5), (1e-4, 0.02)])
def test_quiet_and_offset_signals_lose_nothing_to_float32(rate: int, level: float, offset: float) -> None:
    samples = noise(rate, 4, 2, 5, level) + np.float32(offset)
    # What the offset does at its very start is music to nobody, but it is loud: look after it.
    expected = exact_power(samples, rate, [1, 1])[50:]
    seen = weighted_power(AudioClip(samples, rate))[50:]
    assert 10 * np.log10(seen.mean() / expected.mean()) == pytest.approx(0, abs=0.002)


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"),
    [(48_000, 2, 4.0), (44_100, 2, 3.52), (11_025, 1, 9.5), (22_050, 3, 3.7), (96_000, 6, 1.4), (8_000, 8, 5.37)],
)
def test_cuts_do_not_show(rate: int, channels: int, seconds: float) -> None:
    samples = noise(rate, seconds, channels, channels)
    whole = measure(AudioClip(samples, rate))
    for sizes in ((rate // 100,), (7, 1000, 31, 5033), (65_536,), (rate * 3 + 1, 5)):
        meter = LoudnessMeter(rate, channels)
        start = number = 0
        while start < len(samples):
            meter.push(samples[start : start + sizes[number % len(sizes)]])
            start += sizes[number % len(sizes)]
            number += 1
        assert_same(meter.result(), whole)
        np.testing.assert_allclose(meter.power(), weighted_power(AudioClip(samples, rate)), rtol=2e-6, atol=1e-12)


def test_two_threads_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    from grammy_desktop.core.loudness import meter

    clip = AudioClip(brickwalled(noise(48_000, 11, 2, 3, 0.3)), 48_000)
    two = measure(clip)
    monkeypatch.setattr(meter, "_WORTH_A_THREAD", 10**12)
    assert_same(measure(clip), two)


def test_a_result_in_the_middle_disturbs_nothing() -> None:
    samples = noise(44_100, 4, 2, 9)
    meter = LoudnessMeter(44_100, 2)
    for start in range(0, len(samples), 30_007):
        meter.push(samples[start : start + 30_007])
        so_far = measure(AudioClip(samples[: start + 30_007], 44_100))
        assert_same(meter.result(), so_far)


def test_live_values_follow() -> None:
    rate = 48_000
    samples = np.concatenate([noise(rate, 3.5, 2, 1, 0.2), noise(rate, 2, 2, 2, 0.01)])
    curve = history(AudioClip(samples, rate), hop=0.01)
    meter = LoudnessMeter(rate, 2)
    for number, start in enumerate(range(0, len(samples), 480)):
        meter.push(samples[start : start + 480])
        assert meter.live.momentary == pytest.approx(curve.momentary[number], abs=1e-5)
        assert meter.live.short_term == pytest.approx(curve.short_term[number], abs=1e-5)
    end = meter.result()
    assert meter.live.momentary_max == pytest.approx(end.momentary_max, abs=1e-6)
    assert meter.live.short_term_max == pytest.approx(end.short_term_max, abs=1e-6)
    assert meter.live.integrated == pytest.approx(end.integrated, abs=1e-6)
    assert 20 * np.log10(meter.true_peak) == pytest.approx(end.true_peak, abs=1e-6)
    assert 20 * np.log10(meter.sample_peak) == pytest.approx(end.sample_peak, abs=1e-6)


def test_live_values_before_there_is_anything() -> None:
    meter = LoudnessMeter(48_000, 2)
    assert (meter.live.momentary, meter.live.short_term_max, meter.live.integrated) == (-120, -120, None)
    meter.push(np.zeros((0, 2), np.float32))
    meter.push(np.zeros((5, 2), np.float32))
    assert set(meter.result().to_json().values()) == {None}


def test_a_source_is_measured_as_the_clip() -> None:
    clip = AudioClip(dense_music(25, 44_100, seed=4), 44_100)
    assert_same(measure_source(ClipSource(clip)), measure(clip))
    assert measure_source(ClipSource(clip), true_peak=False).true_peak is None


def test_measuring_a_source_can_be_cancelled() -> None:
    class Impatient(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        measure_source(ClipSource(AudioClip(noise(48_000, 1, 2, 1), 48_000)), progress=Impatient())


@pytest.mark.parametrize(
    ("channels", "weights"),
    [
        (4, [1, 1, 1.41, 1.41]),
        (6, [1, 1, 1, 0, 1.41, 1.41]),
        (8, [1, 1, 1, 0, 1, 1, 1.41, 1.41]),
    ],
)
def test_surround_weights(channels: int, weights: list[float]) -> None:
    samples = noise(48_000, 3, channels, 11)
    np.testing.assert_allclose(
        weighted_power(AudioClip(samples, 48_000)), exact_power(samples, 48_000, weights), rtol=1e-5
    )


def test_psr_is_the_peak_of_three_seconds_over_their_loudness() -> None:
    rate = 48_000
    time = np.arange(rate * 8) / rate
    sine = (0.25 * np.sin(2 * np.pi * 1000 * time))[:, None].astype(np.float32)
    # A 1 kHz sine is as loud as its level says in one channel minus 3.01 dB and its K-weighting of +0.7 dB makes up -0.691.
    steady = measure(AudioClip(sine, rate))
    assert steady.psr == pytest.approx(20 * np.log10(0.25) - steady.short_term_max, abs=0.02)
    # One click in the second half: the lowest ratio is still that of the first.
    clicked = sine.copy()
    clicked[rate * 7] = 0.9
    assert measure(AudioClip(clicked, rate)).psr == pytest.approx(steady.psr, abs=0.02)
    # Clicks everywhere raise it.
    clicked[:: rate // 2] = 0.9
    assert measure(AudioClip(clicked, rate)).psr > steady.psr + 8
    assert measure(AudioClip(sine[: 2 * rate], rate)).psr is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_named(bad: float) -> None:
    samples = noise(48_000, 1, 2, 1)
    samples[30_000, 1] = bad
    with pytest.raises(UserError, match="no numbers"):
        measure(AudioClip(samples, 48_000))
    samples = noise(48_000, 1, 2, 1)
    samples[-1, 0] = bad
    with pytest.raises(UserError, match="no numbers"):
        measure(AudioClip(samples[:-7], 48_000)) and measure(AudioClip(samples, 48_000), true_peak=False)


def test_nine_channels_are_named() -> None:
    with pytest.raises(UserError, match="1 to 8 channels"):
        measure(AudioClip(np.zeros((100, 9), np.float32), 48_000))


def test_clipped_white_noise_reads_as_an_independent_resampler_reads_it() -> None:
    rng = np.random.default_rng(8)
    samples = np.clip(0.7 * rng.standard_normal((48_000 * 3, 1)), -1, 1).astype(np.float32)
    taps = signal.firwin(16 * 512 + 1, 1 / 16, window=("kaiser", 8.0))
    reference = np.abs(signal.resample_poly(samples[:, 0].astype(np.float64), 16, 1, window=taps)).max()
    assert measure(AudioClip(samples, 48_000)).true_peak == pytest.approx(20 * np.log10(reference), abs=0.2)


@pytest.mark.parametrize("frequency", [997, 5003, 15_013])
def test_few_places_of_a_steady_tone_are_read(monkeypatch: pytest.MonkeyPatch, frequency: int) -> None:
    from grammy_desktop.core.loudness.peak_meter import PeakMeter

    read: list[int] = []
    original = PeakMeter._read_places

    def counted(self: PeakMeter, seen: Samples, places: np.ndarray) -> None:
        read.append(len(places))
        original(self, seen, places)

    monkeypatch.setattr(PeakMeter, "_read_places", counted)
    rate, seconds = 48_000, 6
    time = np.arange(rate * seconds) / rate
    # A slow swell, so that the beginning and the end are no peaks.
    tone = 0.5 * np.sin(2 * np.pi * frequency * time) * np.sin(np.pi * time / seconds)
    loudness = measure(AudioClip(np.repeat(tone[:, None], 2, axis=1).astype(np.float32), rate))
    assert loudness.true_peak == pytest.approx(20 * np.log10(0.5), abs=0.03)
    assert 0 < sum(read) < 1000 * seconds


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_quick_search_finds_what_reading_everywhere_finds(seed: int) -> None:
    from grammy_desktop.core.true_peak import JUDGE_TAPS, interpolation_matrix, windows_of

    samples = brickwalled(dense_music(3, 44_100, seed=seed, channels=1, brightness=1.0), drive_db=4.0 * seed)
    everywhere = float(np.abs(windows_of(samples[:, 0], JUDGE_TAPS) @ interpolation_matrix(16, JUDGE_TAPS)).max())
    assert measure(AudioClip(samples, 44_100)).true_peak == pytest.approx(20 * np.log10(everywhere), abs=1e-4)
