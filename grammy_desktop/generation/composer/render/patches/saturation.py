"""Saturation without fold-back: shaped at a multiple of the rate, then brought back."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import apply_filter, drive

_EDGE = 64
"""Frames of silence around the sound, over which the band limit rings out."""


def into_drive(velocity: float) -> np.float32:
    """What a note's oscillators are multiplied with before they are driven: a harder stroke growls more."""
    return np.float32(0.18 + 0.54 * velocity)


def clean_drive(samples: Samples, decibels: float, *, bias: float = 0.0, factor: int = 4) -> Samples:
    """tanh saturation by `decibels`, level kept, at `factor` times the rate; what it makes above 20 kHz never folds.

    samples: float32 [frames] or [frames, 2]; the same shape comes back. What a bias shifts is brought back to zero.
    """
    shaped = _at_higher_rate(samples, decibels, bias, factor)
    return apply_filter(shaped, "highpass", 20.0, order=1) if bias else shaped


def _at_higher_rate(samples: Samples, decibels: float, bias: float, factor: int) -> Samples:
    import scipy.fft

    frames = len(samples)
    size = 2 * scipy.fft.next_fast_len(-(-frames // 2) + _EDGE, real=True)
    out = np.empty_like(samples)
    keep = int(20_500 / RATE * size)
    for channel in range(1 if samples.ndim == 1 else samples.shape[1]):
        line = samples if samples.ndim == 1 else samples[:, channel]
        padded = np.zeros(size, np.float32)
        padded[_EDGE : _EDGE + frames] = line
        wide = scipy.fft.irfft(scipy.fft.rfft(padded), size * factor)
        wide *= np.float32(factor)
        shaped = drive(wide, decibels, bias=bias)
        bins = scipy.fft.rfft(shaped)[: size // 2 + 1]
        bins[keep:] = 0.0
        back = scipy.fft.irfft(bins, size)[_EDGE : _EDGE + frames] / np.float32(factor)
        if samples.ndim == 1:
            return np.asarray(back, np.float32)
        out[:, channel] = back
    return out
