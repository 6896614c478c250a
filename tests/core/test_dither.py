"""Sixteen bits: flat noise without distortion, shaped noise where the ear is deaf, silence that stays silent."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.dither import CELL_FRAMES, DitherMode, Requantiser, triangular_noise

RATE = 44_100
BIN = RATE / 65_536


def quantised(samples: Samples, dither: DitherMode, *, block: int = 10_000, rate: int = RATE) -> Samples:
    """In steps of 16 bits, float32 [frames, channels]."""
    quantiser = Requantiser(16, samples.shape[1], rate, dither=dither)
    parts = [quantiser.process(samples[start : start + block]) for start in range(0, len(samples), block)]
    return np.concatenate([*parts, quantiser.finish()]).astype(np.float32)


def tone(bin_number: int, amplitude: float, frames: int = 65_536 * 8) -> Samples:
    """A tone that falls on a bin of `spectrum`; amplitude in steps."""
    wave = amplitude / 32_768 * np.sin(2 * np.pi * bin_number * BIN * np.arange(frames) / RATE)
    return wave[:, np.newaxis].astype(np.float32)


def spectrum(samples: Samples) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Mean power per bin in steps squared; a tone of amplitude a gives a^2 / 2 at its bin."""
    frames = samples[:, 0].astype(np.float64).reshape(-1, 65_536)
    return np.mean(np.abs(np.fft.rfft(frames, axis=1)) ** 2, axis=0) * 2 / 65_536**2


def test_a_tone_at_minus_90_has_no_overtones() -> None:
    # 1.036 steps: rounding makes a staircase of it, with odd overtones 20 dB and more above what dither leaves.
    faint = tone(1_000, 1.036)
    rounded, dithered = spectrum(quantised(faint, "none")), spectrum(quantised(faint, "tpdf"))
    floor = 2 * 0.25 / 65_536
    assert rounded[[3_000, 5_000, 7_000]].max() > 1_000 * floor
    assert dithered[[3_000, 5_000, 7_000]].max() < 6 * floor
    assert 10 * np.log10(dithered[1_000] / (1.036**2 / 2)) == pytest.approx(0, abs=0.05)


def test_the_noise_is_flat_and_does_not_move_with_the_signal() -> None:
    quiet, loud = tone(1_000, 0.3), tone(1_000, 3_000.3)
    for signal in (quiet, loud):
        error = quantised(signal, "tpdf") - signal * 32_768
        assert error.mean() == pytest.approx(0, abs=0.005)
        # Total error of triangular dither: a quarter of a step squared, whatever the signal.
        assert error.var() == pytest.approx(0.25, rel=0.02)
        bands = spectrum(error)[:32_768].reshape(16, -1).mean(axis=1)
        assert np.abs(10 * np.log10(bands / bands.mean())).max() < 0.4


def test_shaped_noise_is_15_db_lower_where_the_ear_is_sharp() -> None:
    signal = tone(1_000, 3_000.3)
    flat = spectrum(quantised(signal, "tpdf") - signal * 32_768)
    shaped = spectrum(quantised(signal, "shaped") - signal * 32_768)
    sharp = slice(round(2_500 / BIN), round(4_500 / BIN))
    # The filter's own figure is -20.0 dB; the lanes cost a few tenths.
    assert 10 * np.log10(shaped[sharp].mean() / flat[sharp].mean()) == pytest.approx(-20, abs=1.0)
    faint = spectrum(quantised(tone(1_000, 1.036), "shaped"))
    assert faint[3_000] < 6 * shaped[2_900:3_100].mean()
    assert not np.array_equal(quantised(signal, "shaped"), quantised(signal, "tpdf"))


def test_other_rates_get_flat_noise() -> None:
    signal = tone(1_000, 300.3, 10_000)
    np.testing.assert_array_equal(quantised(signal, "shaped", rate=96_000), quantised(signal, "tpdf", rate=96_000))


@pytest.mark.parametrize("dither", ["tpdf", "shaped", "none"])
def test_the_cut_into_blocks_does_not_matter(dither: DitherMode) -> None:
    rng = np.random.default_rng(0)
    signal = (rng.standard_normal((30_001, 3)) * 0.1).astype(np.float32)
    whole = quantised(signal, dither, block=len(signal))
    assert whole.shape == signal.shape
    for block in (1_000, 4_097, 29_999):
        np.testing.assert_array_equal(quantised(signal, dither, block=block), whole)


@pytest.mark.parametrize("dither", ["tpdf", "shaped"])
def test_what_is_16_bit_already_passes_and_silence_is_silent(dither: DitherMode) -> None:
    rng = np.random.default_rng(1)
    whole = rng.integers(-32_768, 32_768, (CELL_FRAMES, 2)).astype(np.float32)
    fine = whole * 0.3
    silence = np.zeros_like(whole)
    out = quantised(np.concatenate((whole, silence, fine)) / np.float32(32_768), dither)
    np.testing.assert_array_equal(out[:CELL_FRAMES], whole)
    assert not out[CELL_FRAMES : 2 * CELL_FRAMES].any()
    assert (out[2 * CELL_FRAMES :] != np.rint(fine)).any()


@pytest.mark.parametrize(("bits", "top"), [(16, 32_767), (24, 8_388_607), (32, 2_147_483_647)])
def test_full_scale_is_clipped_at_every_width(bits: int, top: int) -> None:
    quantiser = Requantiser(bits, 1, RATE)
    signal = np.array([[1.0], [2.0], [-1.0], [-3.0], [0.25]], np.float32)
    out = np.concatenate((quantiser.process(signal), quantiser.finish()))
    assert out[:2].tolist() == [[top], [top]]
    assert out[2:4].tolist() == [[-top - 1], [-top - 1]]
    assert abs(int(out[4, 0]) - (top + 1) // 4) <= 2


def test_triangular_noise() -> None:
    noise = triangular_noise(np.random.default_rng(0), (200_000, 2))
    assert (noise.min() >= -1, noise.max() <= 1) == (True, True)
    assert noise.mean() == pytest.approx(0, abs=0.003)
    assert noise.var() == pytest.approx(1 / 6, rel=0.01)
    assert np.corrcoef(noise[:-1, 0], noise[1:, 0])[0, 1] == pytest.approx(0, abs=0.01)
