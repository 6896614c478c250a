"""Speed that wavers: the signal is read at moving places between its samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage

_CHUNK = 8_192
_TAPS = 16
"""Flat to 0.38 of the sample rate."""
_DEGREE = 6
"""Of the polynomials through the filters' taps: -95 dB from the exact windowed sinc."""
_KAISER_BETA = 6.0
_PARTIALS = ((0.83, 0.5), (1.0, 1.0), (1.29, 0.4))
"""Frequency and share of the sines that make a wavering; no common period, so it does not sound like a machine's vibrato."""


@dataclass(frozen=True)
class Waver:
    """depth: highest deviation of the speed in per cent. rate_hz: how often, about."""

    rate_hz: float
    depth: float


class WowStage(ChunkedStage):
    """All channels together; the mean delay is taken off. The phases of the wavering follow from `seed`."""

    def __init__(self, sample_rate: int, channels: int, wavers: Sequence[Waver], seed: int) -> None:
        ratios, shares = np.array(_PARTIALS).T
        rates = np.array([waver.rate_hz for waver in wavers])
        depths = np.array([waver.depth for waver in wavers]) / 100
        self._turns = (2 * np.pi / sample_rate * rates[:, None] * ratios).reshape(-1)
        # A speed that deviates by d at w radians a frame is a place that deviates by d / w frames.
        self._swings = (depths[:, None] * shares / shares.sum()).reshape(-1) / self._turns
        self._phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, len(self._turns))
        # One chunk's oscillations; a chunk later they are the same, turned.
        turned = self._turns[:, None] * np.arange(_CHUNK)
        self._waves = np.concatenate([np.sin(turned), np.cos(turned)])
        self._most = int(np.ceil(self._swings.sum())) + _TAPS
        super().__init__(channels=channels, chunk=_CHUNK, latency=self._most)
        self._window = np.zeros((channels, 2 * self._most + _CHUNK), np.float32)
        self._frame = -self._most

    def _work(self, chunk: Samples) -> Samples:
        window = self._window
        window[:, : -self.chunk] = window[:, self.chunk :]
        window[:, -self.chunk :] = chunk
        swing = self._swing()
        self._frame += self.chunk
        whole = np.floor(swing)
        share = (swing - whole).astype(np.float32)
        # The window begins `_most` frames before the first frame that comes out.
        steps = whole.astype(np.intp) + self._most - (_TAPS // 2 - 1)
        return _read(window, steps, share)

    def _swing(self) -> NDArray[np.float64]:
        """Frames by which each place deviates."""
        now = self._turns * self._frame + self._phases
        swing: NDArray[np.float64] = (
            np.concatenate([self._swings * np.cos(now), self._swings * np.sin(now)]) @ self._waves
        )
        return swing


def _read(rows: Samples, steps: NDArray[np.intp], share: Samples) -> Samples:
    """Every row at frame n + steps[n] (its filter's first tap) and `share` of a frame further, for every n."""
    # Between two changes of the whole step, which are rare, the filters run over a row as they would over any.
    first, frames = int(steps.min()), len(steps)
    length = int(steps.max()) - first + frames
    edges = [0, *(np.flatnonzero(steps[1:] != steps[:-1]) + 1).tolist(), frames]
    polynomials = _polynomials()
    terms = np.empty((len(polynomials), length), np.float32)
    aligned = np.empty((len(polynomials), frames), np.float32)
    out = np.empty((len(rows), frames), np.float32)
    for row, value in zip(rows, out, strict=True):
        windows = np.lib.stride_tricks.as_strided(row[first:], (_TAPS, length), (row.itemsize, row.itemsize))
        np.matmul(polynomials, np.ascontiguousarray(windows), out=terms)
        for begin, end in pairwise(edges):
            shift = int(steps[begin]) - first
            aligned[:, begin:end] = terms[:, begin + shift : end + shift]
        value[:] = aligned[0]
        for term in aligned[1:]:
            value *= share
            value += term
    return out


@lru_cache(maxsize=1)
def _polynomials() -> NDArray[np.float32]:
    """[_DEGREE + 1, _TAPS]: each tap of the interpolating filter as a polynomial of the place, highest power first."""
    share = np.linspace(0, 1, 101)
    distance = share[:, None] - (np.arange(_TAPS) - (_TAPS // 2 - 1))
    window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(0.0, 1 - (distance / (_TAPS / 2)) ** 2))) / np.i0(_KAISER_BETA)
    taps = np.sinc(distance) * window
    taps /= taps.sum(axis=1, keepdims=True)
    return np.asarray(np.polyfit(share, taps, _DEGREE), np.float32)
