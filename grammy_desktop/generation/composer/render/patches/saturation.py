"""Saturation without fold-back: shaped at a multiple of the rate, then brought back."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import apply_filter

_CHUNK = 8000
_OVERLAP = 256
_HOP = _CHUNK - 2 * _OVERLAP
_EDGE = 64
"""Frames of silence around the sound, over which the band limit rings out."""


def into_drive(velocity: float) -> np.float32:
    """What a note's oscillators are multiplied with before they are driven: a harder stroke growls more."""
    return np.float32(0.18 + 0.54 * velocity)


def clean_drive(samples: Samples, decibels: float, *, bias: float = 0.0, factor: int = 4) -> Samples:
    """tanh saturation by `decibels`, level kept, at `factor` times the rate; what it makes above 20 kHz never folds.

    samples: float32 [frames] or [channels, frames]; the same shape comes back. What a bias shifts is brought back to zero.
    """
    frames = samples.shape[-1]
    if frames <= _CHUNK:
        shaped = _driven(samples, decibels, bias, factor)
        return apply_filter(shaped, "highpass", 20.0, order=1, axis=-1) if bias else shaped
    # Long sounds in pieces that stay in the processor's cache; each sees a little of its neighbours.
    count = -(-frames // _HOP)
    padded = np.zeros((*samples.shape[:-1], count * _HOP + 2 * _OVERLAP), np.float32)
    padded[..., _OVERLAP : _OVERLAP + frames] = samples
    pieces = np.lib.stride_tricks.sliding_window_view(padded, _CHUNK, axis=-1)[..., ::_HOP, :]
    out = np.empty((*samples.shape[:-1], count, _HOP), np.float32)
    for piece in range(count):
        shaped = _driven(pieces[..., piece, :], decibels, bias, factor)
        out[..., piece, :] = shaped[..., _OVERLAP : _OVERLAP + _HOP]
    joined = out.reshape(*samples.shape[:-1], count * _HOP)[..., :frames]
    return apply_filter(joined, "highpass", 20.0, order=1, axis=-1) if bias else np.ascontiguousarray(joined)


def _driven(samples: Samples, decibels: float, bias: float, factor: int) -> Samples:
    """One piece, from spectrum to spectrum."""
    import scipy.fft

    frames = samples.shape[-1]
    size = 2 * scipy.fft.next_fast_len(-(-frames // 2) + _EDGE, real=True)
    padded = np.zeros((*samples.shape[:-1], size), np.float32)
    padded[..., _EDGE : _EDGE + frames] = samples
    wide = scipy.fft.irfft(scipy.fft.rfft(padded), size * factor)
    gain = 10.0 ** (decibels / 20.0)
    wide *= np.float32(factor * gain)
    if bias:
        wide += np.float32(bias)
    np.tanh(wide, out=wide)
    if bias:
        wide -= np.float32(np.tanh(bias))
    bins = scipy.fft.rfft(wide)[..., : size // 2 + 1]
    bins[..., int(20_500 / RATE * size) :] = 0.0
    back = scipy.fft.irfft(bins, size)[..., _EDGE : _EDGE + frames]
    back *= np.float32(1.0 / (factor * np.tanh(gain)))
    return np.ascontiguousarray(back)
