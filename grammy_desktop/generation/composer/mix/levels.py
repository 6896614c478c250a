"""Loudness as the mixer needs it: K-weighted energies (ITU-R BS.1770-5) in steps of 100 ms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.blocks import Check, RunningFilter
from grammy_desktop.generation.composer.render.oscillators import RATE

STEP = RATE // 10
"""Frames a step of 100 ms."""
SHORT_TERM = 30
"""Steps in the 3 s window of short-term loudness."""
SILENT = -100.0
"""LUFS given for silence."""
_BLOCK = STEP * 16

Energies = NDArray[np.float64]


def k_weighting(sample_rate: float) -> NDArray[np.float64]:
    """Sections of the K-weighting filter at any rate: the shelf and high-pass whose 48 kHz form BS.1770-5 tabulates."""
    tangent = np.tan(np.pi * 1681.974450955533 / sample_rate)
    quality, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + tangent / quality + tangent**2
    shelf = [
        (high + band * tangent / quality + tangent**2) / norm,
        2 * (tangent**2 - high) / norm,
        (high - band * tangent / quality + tangent**2) / norm,
        1.0,
        2 * (tangent**2 - 1) / norm,
        (1 - tangent / quality + tangent**2) / norm,
    ]
    tangent, quality = np.tan(np.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    norm = 1 + tangent / quality + tangent**2
    highpass = [1.0, -2.0, 1.0, 1.0, 2 * (tangent**2 - 1) / norm, (1 - tangent / quality + tangent**2) / norm]
    return np.array([shelf, highpass])


def energies(samples: Samples, check: Check, *, stride: int = 1) -> Energies:
    """Mean square of the K-weighted signal in each 100 ms, channels summed; float64 [steps].

    stride: take every n-th frame only (1, 2, 3 or 4). What folds keeps its energy, so that levels stay within a decibel.
    """
    weighting = RunningFilter(k_weighting(RATE / stride), np.float64)
    size = STEP // stride
    parts = []
    for first in range(0, len(samples), _BLOCK):
        check()
        weighted = weighting(samples[first : first + _BLOCK : stride])
        power = np.einsum("ij,ij->i", weighted, weighted, dtype=np.float64)
        whole = len(power) // size * size
        parts.append(power[:whole].reshape(-1, size).mean(axis=1))
    return np.concatenate(parts) if parts else np.zeros(0)


def lufs(mean_square: float) -> float:
    return float(-0.691 + 10.0 * np.log10(mean_square)) if mean_square > 1e-11 else SILENT


def short_term_max(steps: Energies) -> float:
    """The loudest 3 s in LUFS (the loudest of all there is, where it is shorter)."""
    if len(steps) == 0:
        return SILENT
    size = min(SHORT_TERM, len(steps))
    sums = np.convolve(steps, np.ones(size) / size, mode="valid")
    return lufs(float(sums.max()))


def gated(steps: Energies) -> float:
    """Loudness in LUFS with the gates of BS.1770-5 (-70 absolute, -10 relative), over blocks of 400 ms."""
    if len(steps) < 4:
        return lufs(float(steps.mean())) if len(steps) else SILENT
    blocks = np.convolve(steps, np.ones(4) / 4, mode="valid")
    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if len(blocks) == 0:
        return SILENT
    return lufs(float(blocks[blocks > blocks.mean() * 0.1].mean()))
