"""Bends a waveform without the aliases that bending it sample by sample would fold back into the audible range.

Only the difference between the bent and the straight signal travels through the oversampled domain, and only where the
signal is loud enough to be bent at all: quiet stretches come back bit for bit, and nothing is delayed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.stream import process_samples
from grammy_desktop.core.true_peak import BLOCK, TAPS, factor_for, interpolation_matrix

_ROWS = 256
"""Blocks a chunk; small enough to stay in the processor's cache."""
_BEFORE = TAPS // 2 - 1
"""Samples that the filters reach back."""
_LATENCY = BLOCK + _BEFORE
"""Frames: a block can be bent when the filters' reach after it is known."""
_LIKELY_OVERSHOOT = 1.5
"""How far points between samples realistically exceed the neighbours; where they do more, the bend is left out."""

Shaper = Callable[[Samples], Samples]
"""Maps instantaneous values to bent ones, element by element."""


class ShapingStage(ChunkedStage):
    """`shaper` as a `Processor`, at `oversampling` points per sample (fewer at high sample rates).

    straight_below: linear level up to which `shaper` changes nothing; spares the work there.
    """

    def __init__(
        self,
        shaper: Shaper,
        sample_rate: int,
        channels: int,
        *,
        straight_below: float = 0.0,
        oversampling: int = 4,
    ) -> None:
        self._shaper = shaper
        self._factor = factor_for(sample_rate, oversampling)
        self._straight_below = straight_below
        self._window = np.zeros((channels, _LATENCY + _ROWS * BLOCK), np.float32)
        self._carry = np.zeros((channels, TAPS - 1), np.float32)
        super().__init__(channels=channels, chunk=_ROWS * BLOCK, latency=_LATENCY if self._factor > 1 else 0)

    def _work(self, chunk: Samples) -> Samples:
        if self._factor == 1:
            return self._shaper(chunk)
        window, size = self._window, self.chunk
        window[:, :_LATENCY] = window[:, size:]
        window[:, _LATENCY:] = chunk
        out = window[:, :size].copy()
        for channel in range(len(window)):
            out[channel, : TAPS - 1] += self._carry[channel]
            self._carry[channel] = 0
            self._bend(window[channel], out[channel], self._carry[channel])
        return out

    def _bend(self, window: Samples, out: Samples, carry: Samples) -> None:
        """Adds the difference to one channel; what reaches beyond its end goes into `carry`."""
        views = np.lib.stride_tricks.sliding_window_view(window, BLOCK + TAPS - 1)[::BLOCK]
        loud = self._loud_rows(views)
        if len(loud) == 0:
            return
        up = interpolation_matrix(self._factor)
        straight = views if len(loud) == len(views) else views[loud]
        points = np.empty((len(loud), self._factor * BLOCK), np.float32)
        points[:, :BLOCK] = straight[:, _BEFORE : _BEFORE + BLOCK]
        np.matmul(np.ascontiguousarray(straight), up, out=points[:, BLOCK:])
        difference = self._shaper(points)
        difference -= points
        # The transposed interpolation is the matching low-pass and decimation (it sums `factor` points per sample).
        down = difference[:, BLOCK:] @ up.T
        down[:, _BEFORE : _BEFORE + BLOCK] += difference[:, :BLOCK]
        down *= np.float32(1 / self._factor)
        rows = out.reshape(len(views), BLOCK)
        if loud[-1] == len(views) - 1:
            carry += down[-1, BLOCK:]
            reaching = down[:-1, BLOCK:]
        else:
            reaching = down[:, BLOCK:]
        if len(loud) == len(views):
            rows += down[:, :BLOCK]
            rows[1:, : TAPS - 1] += reaching
        else:
            rows[loud] += down[:, :BLOCK]
            rows[loud[: len(reaching)] + 1, : TAPS - 1] += reaching

    def _loud_rows(self, views: Samples) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        if self._straight_below <= 0:
            return np.arange(len(views))
        return np.flatnonzero(np.abs(views).max(axis=1) * _LIKELY_OVERSHOOT > self._straight_below)


class ClipperStage(ShapingStage):
    """`soft_clipper` as a `Processor`."""

    def __init__(self, knee: float, limit: float, sample_rate: int, channels: int, oversampling: int = 4) -> None:
        """knee, limit: linear levels, knee < limit."""
        shaper = soft_clipper(knee, limit)
        super().__init__(shaper, sample_rate, channels, straight_below=knee, oversampling=oversampling)


def shape_waveform(
    samples: Samples, sample_rate: int, shaper: Shaper, *, straight_below: float = 0.0, oversampling: int = 4
) -> Samples:
    """[frames, channels] through a `ShapingStage`."""
    stage = ShapingStage(
        shaper, sample_rate, samples.shape[1], straight_below=straight_below, oversampling=oversampling
    )
    return process_samples(samples, stage)


def soft_clipper(knee: float, limit: float) -> Shaper:
    """Straight up to `knee`, then bending smoothly towards `limit` (linear levels, knee < limit)."""
    room = np.float32(limit - knee)

    def clip(values: Samples) -> Samples:
        size = np.abs(values)
        over = np.maximum(size - np.float32(knee), np.float32(0))
        bent = np.minimum(size, np.float32(knee)) + room * np.tanh(over / room)
        return np.copysign(bent, values)

    return clip
