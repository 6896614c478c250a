"""Where a waveform rises between its samples: quickly for every sample, precisely for those that matter."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.true_peak import BLOCK, TAPS, factor_for, interpolation_matrix

BEFORE = TAPS // 2 - 1
"""Samples that the quick reading reaches back."""
LATENCY = BLOCK + BEFORE
"""Frames of the past that a window for `quick_peaks` starts with; its answer is `BLOCK` frames late."""
FINE_TAPS = 256
"""Flat to 0.49 of the sample rate: what clipping leaves close to half the rate is invisible to short filters."""
FINE_REACH = FINE_TAPS // 2
"""Frames to either side that the precise reading looks at."""
_ROWS = 256
_FINE = 16
_CANDIDATES = 512
"""At a time: half a megabyte of neighbours."""


def quick_peaks(window: Samples, sample_rate: int, oversampling: int, of_interest: float) -> Samples:
    """For each frame the highest absolute value of any channel from it up to (not including) the next frame.

    window: float32 [channels, LATENCY + n], n a multiple of `BLOCK`; the answer [n] begins `BEFORE` frames into it.
    of_interest: linear; where nothing can exceed this, the points between the samples are not computed.
    """
    factor = factor_for(sample_rate, oversampling)
    size = window.shape[1] - LATENCY
    highest: Samples = np.abs(window[:, BEFORE : BEFORE + size]).max(axis=0)
    if factor == 1 or float(highest.max(initial=0.0)) * _bound(factor) <= of_interest:
        return highest
    matrix = interpolation_matrix(factor)
    by_row = highest.reshape(-1, BLOCK)
    for channel in window:
        views = np.lib.stride_tricks.sliding_window_view(channel, BLOCK + TAPS - 1)[::BLOCK][: len(by_row)]
        for first in range(0, len(views), _ROWS):
            rows = np.ascontiguousarray(views[first : first + _ROWS])
            loud = np.flatnonzero(np.abs(rows).max(axis=1) * _bound(factor) > of_interest)
            if len(loud) == 0:
                continue
            points = (rows if len(loud) == len(rows) else rows[loud]) @ matrix
            np.abs(points, out=points)
            peaks = points.reshape(len(loud), factor - 1, BLOCK).max(axis=1)
            by_row[first + loud] = np.maximum(by_row[first + loud], peaks)
    return highest


def local_maxima(values: Samples, above: float) -> NDArray[np.intp]:
    """Where `values` exceed `above` and both neighbours (the left one may be as high); ends count as lower."""
    inner = values[1:-1]
    rising = (inner > above) & (inner >= values[:-2]) & (inner > values[2:])
    return np.flatnonzero(rising) + 1


def fine_peaks(window: Samples, sample_rate: int, frames: NDArray[np.intp]) -> Samples:
    """The highest absolute value of any channel from half a frame before to one after each of `frames`.

    window: float32 [channels, n]; every frame has at least `FINE_REACH` others before and after it.
    """
    factor = factor_for(sample_rate, _FINE)
    matrix = _fine_matrix(factor)
    highest = np.zeros(len(frames), np.float32)
    for channel in window:
        views = np.lib.stride_tricks.sliding_window_view(channel, FINE_TAPS + 1)
        for first in range(0, len(frames), _CANDIDATES):
            starts = frames[first : first + _CANDIDATES] - FINE_REACH
            points = np.abs(views[starts] @ matrix).max(axis=1)
            np.maximum(highest[first : first + len(starts)], points, out=highest[first : first + len(starts)])
    return highest


@lru_cache(maxsize=8)
def _fine_matrix(factor: int) -> NDArray[np.float32]:
    """[FINE_TAPS + 1, points]: neighbours times this are the points around the frame `FINE_REACH` in."""
    if factor == 1:
        only = np.zeros((FINE_TAPS + 1, 1), np.float32)
        only[FINE_REACH] = 1
        return only
    blocks = interpolation_matrix(factor, FINE_TAPS).reshape(BLOCK + FINE_TAPS - 1, factor - 1, BLOCK)
    # The frame in question is its block's sample 1: there the filters begin one neighbour later than for sample 0.
    between = [blocks[: FINE_TAPS + 1, factor // 2 - 1 :, 0], blocks[: FINE_TAPS + 1, :, 1]]
    frames = np.zeros((FINE_TAPS + 1, 2), np.float32)
    frames[FINE_REACH, 0] = frames[FINE_REACH + 1, 1] = 1
    return np.ascontiguousarray(np.concatenate([*between, frames], axis=1))


@lru_cache(maxsize=8)
def _bound(factor: int) -> float:
    """No interpolated point exceeds the largest neighbour times this."""
    return float(np.abs(interpolation_matrix(factor)).sum(axis=0).max())
