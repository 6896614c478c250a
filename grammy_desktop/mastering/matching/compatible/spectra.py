"""matchering's analysis: which pieces are loud, how loud, and their mean magnitude spectrum."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.progress import Progress
from grammy_desktop.mastering.matching.compatible.smoothing import FFT_SIZE, Curve
from grammy_desktop.mastering.matching.compatible.track import RATE, Track, blocks_of_track
from grammy_desktop.mastering.matching.pieces import Loudest, Pieces, loudest_pieces

_ROWS = 16
"""Transforms at a time, of mid and of side."""


@dataclass(frozen=True, eq=False)
class Levels:
    """loudest: by the mid channel. peak: highest sample of left and right, linear."""

    pieces: Pieces
    loudest: Loudest
    peak: float


def measure_levels(track: Track, progress: Progress) -> Levels:
    pieces = Pieces.of(track.frames, RATE)
    energy = np.zeros(pieces.count)
    peak = 0.0
    for start, count in blocks_of_track(track, progress, "levels"):
        mid_side = track.read(start, count)
        for piece, first, last in parts_of(pieces, start, count):
            part = mid_side[0, first:last]
            energy[piece] += float(np.vdot(part, part))
        magnitude = np.abs(mid_side)
        # The louder of left and right is what mid and side add up to.
        magnitude[0] += magnitude[1]
        # Of NaN, numpy makes NaN.
        peak = float(np.maximum(peak, magnitude[0].max()))
    return Levels(pieces, loudest_pieces(np.sqrt(energy / pieces.frames)), peak)


def mean_spectrum(track: Track, levels: Levels, progress: Progress) -> Curve:
    """[2049, 2]: mean magnitudes of mid and side in the loudest pieces, full scale."""
    from scipy.fft import rfft

    windows = levels.pieces.frames // FFT_SIZE
    total = np.zeros((2, FFT_SIZE // 2 + 1))
    ones = np.ones(_ROWS, np.float32)
    for number, piece in enumerate(levels.loudest.indices):
        progress.report(number / len(levels.loudest.indices), "spectrum")
        for first in range(0, windows, _ROWS):
            progress.check_cancelled()
            rows = min(_ROWS, windows - first)
            start = int(piece) * levels.pieces.frames + first * FFT_SIZE
            frames = track.read(start, rows * FFT_SIZE).reshape(2, rows, FFT_SIZE)
            # A product is the quickest sum over rows.
            total += ones[:rows] @ np.abs(rfft(frames, axis=2))
    return np.asarray(total.T / (FFT_SIZE * windows * len(levels.loudest.indices)))


def parts_of(pieces: Pieces, start: int, count: int) -> Iterator[tuple[int, int, int]]:
    """(piece, first, last): how a block is spread over pieces; first and last count from the block's start."""
    for piece in range(start // pieces.frames, min(pieces.count, math.ceil((start + count) / pieces.frames))):
        first = max(start, piece * pieces.frames)
        last = min(start + count, (piece + 1) * pieces.frames)
        if first < last:
            yield piece, first - start, last - start
