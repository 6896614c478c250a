from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.true_peak import (
    JUDGE_TAPS,
    factor_for,
    interpolation_matrix,
    peak_between_samples,
    peaks_per_sample,
    true_peak,
    windows_of,
)


def bright(rate: int, seed: int, seconds: float = 2.0) -> Samples:
    """Noise up to 0.42 of the rate: brighter than any master."""
    rng = np.random.default_rng(seed)
    band = signal.firwin(301, 0.42, fs=1.0)
    noise = signal.oaconvolve(rng.standard_normal((round(seconds * rate), 2)), band[:, None], mode="same", axes=0)
    return np.clip(noise, -2, 2).astype(np.float32)


def exact(samples: Samples, points: int) -> float:
    """By zero-padding the whole spectrum: ideal interpolation of a periodic signal."""
    frames = len(samples)
    spectrum = np.fft.rfft(samples.astype(np.float64), axis=0)
    padded = np.zeros((frames * points // 2 + 1, samples.shape[1]), complex)
    padded[: len(spectrum)] = spectrum
    return float(np.abs(np.fft.irfft(padded, frames * points, axis=0) * points).max())


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_meter_reads_like_sixteen_points_within_a_fifth_of_a_db(rate: int, seed: int) -> None:
    samples = signal.oaconvolve(bright(rate, seed), signal.firwin(301, 0.42, fs=1.0)[:, None], mode="same", axes=0)
    samples = samples.astype(np.float32)
    true = 20 * np.log10(exact(samples, 16))
    clip = AudioClip(samples, rate)
    assert true_peak(clip) == pytest.approx(true, abs=0.2)
    assert true_peak(clip, 16) == pytest.approx(true, abs=0.05)


def test_the_shortcut_finds_what_an_exhaustive_search_finds() -> None:
    samples = bright(48_000, 7, 1.0)
    samples[20_000:] *= 0.3
    matrix = interpolation_matrix(16, JUDGE_TAPS)
    everything = max(float(np.abs(windows_of(samples[:, c], JUDGE_TAPS) @ matrix).max()) for c in range(2))
    assert peak_between_samples(samples, 48_000, 16) == pytest.approx(everything, rel=1e-6)
    assert max(peaks_per_sample(samples[:, c], 16).max() for c in range(2)) == pytest.approx(everything, rel=0.01)
    assert peak_between_samples(samples, 48_000, 4) <= everything * 1.01  # shorter filters ripple a little


def test_each_sample_answers_for_the_stretch_up_to_the_next() -> None:
    # A sine of a quarter of the rate, sampled at its 45 degree points: peaks lie midway between samples.
    sine = np.sin(np.pi / 2 * np.arange(4000) + np.pi / 4).astype(np.float32)
    peaks = peaks_per_sample(sine, 4)
    assert np.abs(sine).max() == pytest.approx(0.7071, abs=1e-4)
    inner = peaks[200:-200]
    assert inner[0::2] == pytest.approx(inner[0], abs=1e-4)
    assert sorted({round(float(value), 2) for value in inner}) == [0.71, 1.0]


def test_what_is_of_no_interest_is_left_out() -> None:
    sine = np.sin(np.pi / 2 * np.arange(4000) + np.pi / 4).astype(np.float32)
    np.testing.assert_array_equal(peaks_per_sample(sine, 4, of_interest=5.0), np.abs(sine))


def test_fewer_points_at_high_rates() -> None:
    assert [factor_for(rate, 4) for rate in (8_000, 44_100, 48_000, 88_200, 96_000, 192_000, 384_000)] == [
        4,
        4,
        4,
        2,
        2,
        1,
        1,
    ]


@pytest.mark.parametrize("frames", [1, 2, 63, 64, 65, 1000])
def test_any_length(frames: int) -> None:
    samples = np.full((frames, 1), 0.25, np.float32)
    assert 0.25 <= peak_between_samples(samples, 48_000) < 0.35
    assert true_peak(AudioClip(samples * 0, 48_000)) == -np.inf
    assert true_peak(AudioClip(samples[:0], 48_000)) == -np.inf
