"""Bends a waveform without the aliases that bending it sample by sample would fold back into the audible range.

Only the difference between the bent and the straight signal travels through the oversampled domain, and only where the
signal is loud enough to be bent at all: quiet stretches come back bit for bit, and nothing is delayed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.true_peak import BLOCK, TAPS, factor_for, interpolation_matrix, windows_of

_ROWS = 512
"""Blocks at a time; small enough to stay in the processor's cache."""
_LIKELY_OVERSHOOT = 1.5
"""How far points between samples realistically exceed the neighbours; where they do more, the bend is left out."""

Shaper = Callable[[Samples], Samples]
"""Maps instantaneous values to bent ones, element by element."""


def shape_waveform(
    samples: Samples, sample_rate: int, shaper: Shaper, *, straight_below: float = 0.0, oversampling: int = 4
) -> Samples:
    """`shaper` applied to [frames, channels] at `oversampling` points per sample (fewer at high sample rates).

    straight_below: linear level up to which `shaper` changes nothing; spares the work there.
    """
    factor = factor_for(sample_rate, oversampling)
    if factor == 1:
        return shaper(samples)
    shaped = samples.copy()
    for channel in range(samples.shape[1]):
        shaped[:, channel] += _bend(samples[:, channel], shaper, straight_below, factor)
    return shaped


def _bend(channel: Samples, shaper: Shaper, straight_below: float, factor: int) -> Samples:
    """What is to be added to one channel."""
    before = TAPS // 2 - 1
    windows = windows_of(channel)
    # Room for the filters' reach on both sides of whole rows.
    correction = np.zeros((len(windows) + 1) * BLOCK, np.float32)
    up = interpolation_matrix(factor)
    for first in range(0, len(windows), _ROWS):
        rows = np.ascontiguousarray(windows[first : first + _ROWS])
        loud = np.flatnonzero(np.abs(rows).max(axis=1) * _LIKELY_OVERSHOOT > straight_below)
        if len(loud) == 0:
            continue
        straight = rows[loud]
        points = np.empty((len(loud), factor * BLOCK), np.float32)
        points[:, :BLOCK] = straight[:, before : before + BLOCK]
        points[:, BLOCK:] = straight @ up
        difference = shaper(points) - points
        # The transposed interpolation is the matching low-pass and decimation (it sums `factor` points per sample).
        spread = np.zeros((len(rows), BLOCK + TAPS - 1), np.float32)
        spread[loud] = difference[:, BLOCK:] @ up.T
        spread[loud, before : before + BLOCK] += difference[:, :BLOCK]
        spread /= factor
        here = correction[first * BLOCK : (first + len(rows) + 1) * BLOCK].reshape(-1, BLOCK)
        here[:-1] += spread[:, :BLOCK]
        here[1:, : TAPS - 1] += spread[:, BLOCK:]
    return correction[before : before + len(channel)]


def soft_clipper(knee: float, limit: float) -> Shaper:
    """Straight up to `knee`, then bending smoothly towards `limit` (linear levels, knee < limit)."""
    room = np.float32(limit - knee)

    def clip(values: Samples) -> Samples:
        size = np.abs(values)
        over = np.maximum(size - np.float32(knee), np.float32(0))
        bent = np.minimum(size, np.float32(knee)) + room * np.tanh(over / room)
        return np.copysign(bent, values)

    return clip
