"""Loudness as the mixer needs it: K-weighted energies (ITU-R BS.1770-5) in steps of 100 ms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.blocks import BLOCK, Check
from grammy_desktop.generation.composer.mix.filters import RunningFilter
from grammy_desktop.generation.composer.render.oscillators import RATE

STEP = RATE // 10
"""Frames a step of 100 ms."""
SHORT_TERM = 30
"""Steps in the 3 s window of short-term loudness."""
SILENT = -100.0
"""LUFS given for silence."""
ROUGH = 3
"""Of so many frames one is enough for the balance."""
_ROW = 64
"""Frames whose power is summed at once; a step is a whole number of rows at every stride that is allowed (1, 3, 5)."""

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


class PowerSteps:
    """Mean square in steps of 100 ms of rows (mid and side) that come in blocks; K-weighted where asked.

    stride: takes every n-th frame only. What folds keeps its energy, so that levels stay within a decibel.
    """

    def __init__(self, channels: int = 2, *, stride: int = 1, weighted: bool = True) -> None:
        self._stride, self._channels = stride, channels
        self._filter = RunningFilter(k_weighting(RATE / stride), channels) if weighted else None
        self._waiting = np.empty((channels, BLOCK), np.float32)
        self._filled = self._seen = 0
        self._powers: list[Energies] = []

    def push(self, rows: Samples) -> None:
        """Take the next [channels, n], n at most BLOCK."""
        thin = rows[:, -self._seen % self._stride :: self._stride]
        self._seen += rows.shape[1]
        room = BLOCK - self._filled
        self._waiting[:, self._filled : self._filled + thin.shape[1]] = thin[:, :room]
        self._filled = min(BLOCK, self._filled + thin.shape[1])
        if self._filled == BLOCK:
            self._measure(self._waiting)
            self._filled = max(0, thin.shape[1] - room)
            self._waiting[:, : self._filled] = thin[:, room:]

    def result(self) -> Energies:
        """Mean squares, float64 [channels, steps], of the whole steps so far. Call it once, at the end."""
        if self._filled:
            self._waiting[:, self._filled :] = 0.0
            self._measure(self._waiting)
        per_step = STEP // self._stride // _ROW
        rows = np.concatenate(self._powers, axis=1) if self._powers else np.zeros((self._channels, 0))
        count = min(self._seen // STEP, rows.shape[1] // per_step)
        steps = rows[:, : count * per_step].reshape(self._channels, count, per_step)
        return np.asarray(steps.mean(axis=2) / _ROW)

    def _measure(self, rows: Samples) -> None:
        out = rows if self._filter is None else self._filter(rows)
        cut = out.reshape(self._channels, -1, _ROW)
        self._powers.append(np.einsum("crf,crf->cr", cut, cut).astype(np.float64))


def energies(samples: Samples, check: Check, *, stride: int = 1) -> Energies:
    """Mean square of the K-weighted signal in each 100 ms, channels summed; float64 [steps]. stride: 1, 3 or 5."""
    meter = PowerSteps(samples.shape[1], stride=stride)
    for first in range(0, len(samples), BLOCK):
        check()
        meter.push(samples[first : first + BLOCK].T)
    return np.asarray(meter.result().sum(axis=0))


def lufs(mean_square: float) -> float:
    return float(-0.691 + 10.0 * np.log10(mean_square)) if mean_square > 1e-11 else SILENT


def short_term_max(steps: Energies) -> float:
    """The loudest 3 s in LUFS (the loudest of all there is, where it is shorter)."""
    return lufs(loudest(steps, SHORT_TERM))


def loudest(steps: Energies, window: int) -> float:
    """The largest mean of `window` steps one after the other."""
    if len(steps) == 0:
        return 0.0
    size = min(window, len(steps))
    sums = np.concatenate([[0.0], np.cumsum(steps)])
    return float((sums[size:] - sums[:-size]).max()) / size


def gated(steps: Energies) -> float:
    """Loudness in LUFS with the gates of BS.1770-5 (-70 absolute, -10 relative), over blocks of 400 ms."""
    if len(steps) < 4:
        return lufs(float(steps.mean())) if len(steps) else SILENT
    blocks = np.convolve(steps, np.ones(4) / 4, mode="valid")
    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if len(blocks) == 0:
        return SILENT
    return lufs(float(blocks[blocks > blocks.mean() * 0.1].mean()))
