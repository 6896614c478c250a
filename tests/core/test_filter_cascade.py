"""Block filters against scipy's, sample by sample."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt, sosfiltfilt

from grammy_desktop.core import filter_cascade as filters
from grammy_desktop.core.filter_cascade import FilterCascade, Section
from grammy_desktop.core.linear_phase import LinearPhaseStage, zero_phase_lowpass
from grammy_desktop.core.stream import process_samples


def noise(frames: int, offset: float = 0.3) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rng = np.random.default_rng(4)
    return (0.3 * rng.standard_normal((frames, 2)) + offset).astype(np.float32)


def cascades(rate: int) -> dict[str, list[Section]]:
    return {
        "gain": [filters.flat_gain(-3)],
        "highpass": [filters.first_order_highpass(5, rate)] * 4,
        "steep highpass": list(filters.butterworth(8, 20, rate, "highpass")),
        "steep lowpass": list(filters.butterworth(8, 60, rate, "lowpass")),
        "sharp and low": [filters.peak(20, 24, 20, rate)],
        "equaliser": [
            filters.first_order_highpass(30, rate),
            filters.low_shelf(60, -6, 0.7, rate),
            filters.peak(2_800, 1.2, 0.7, rate),
            filters.high_shelf(3_000, 2.2, 0.6, rate),
            filters.bandpass(1_000, 1.0, rate),
        ],
    }


@pytest.mark.parametrize("rate", [8_000, 48_000, 384_000])
@pytest.mark.parametrize("name", cascades(48_000))
def test_rows_give_what_a_loop_over_samples_gives(name: str, rate: int) -> None:
    sections = cascades(rate)[name]
    samples = noise(60_001)
    rows = np.array([[b0, b1, b2, 1.0, a1, a2] for b0, b1, b2, a1, a2 in sections])
    expected = sosfilt(rows, samples.astype(np.float64), axis=0)
    result = process_samples(samples, FilterCascade(sections, 2))
    assert np.abs(result - expected).max() < 1e-6 * np.abs(expected).max()


def test_butterworth_is_scipys() -> None:
    samples = noise(20_000, 0.0)
    expected = sosfilt(butter(6, 700, "highpass", fs=48_000, output="sos"), samples.astype(np.float64), axis=0)
    result = process_samples(samples, FilterCascade(filters.butterworth(6, 700, 48_000, "highpass"), 2))
    np.testing.assert_allclose(result, expected, atol=1e-6)


@pytest.mark.parametrize(("order", "frequency", "rate"), [(2, 140, 48_000), (4, 110, 44_100), (2, 4_500, 96_000)])
def test_the_linear_phase_low_pass_is_the_one_run_both_ways(order: int, frequency: float, rate: int) -> None:
    samples = noise(60_000, 0.0)
    # Silence around: what lies beyond the ends is silence for both.
    samples[:8_000] = samples[-8_000:] = 0
    expected = sosfiltfilt(
        butter(order, frequency, fs=rate, output="sos"), samples.astype(np.float64), axis=0, padlen=0
    )
    result = process_samples(samples, LinearPhaseStage(zero_phase_lowpass(order, frequency, rate), 2))
    np.testing.assert_allclose(result, expected, atol=2e-6)


def test_the_linear_phase_low_pass_is_6_db_down_at_its_frequency() -> None:
    response = zero_phase_lowpass(4, 110, 48_000)
    angles = 2 * np.pi * 110 / 48_000 * np.arange(len(response))
    gain = response[0] + 2 * float(response[1:] @ np.cos(angles[1:]))
    assert 20 * np.log10(gain) == pytest.approx(-6.02, abs=0.01)
