"""Looks at the sum of stems: what the bus is set by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.balance import WINDOW, BandMeter, BandPowers, Bus
from grammy_desktop.generation.composer.mix.blocks import Check, Curve, blocks, split
from grammy_desktop.generation.composer.mix.curves import GAIN_STEP
from grammy_desktop.generation.composer.mix.levels import ROUGH, STEP, Energies, PowerSteps


def summed(stems: Sequence[Samples], check: Check) -> tuple[Samples, Energies, BandPowers]:
    """Mid and side [2, frames] of the sum, its K-weighted energies, and the mid's spectrum."""
    frames = len(stems[0])
    total = np.empty((2, frames), np.float32)
    meter, bands = PowerSteps(stride=ROUGH), BandMeter()
    for piece in blocks(frames, check):
        block = stems[0][piece].copy()
        for stem in stems[1:]:
            block += stem[piece]
        rows = split(block, total[:, piece])
        meter.push(rows)
        if piece.stop % WINDOW == 0 or piece.stop == frames:
            bands.push(total[0, (piece.stop - 1) // WINDOW * WINDOW : piece.stop])
    return total, 2.0 * meter.result().sum(axis=0), bands.result()


def filtered(total: Samples, bus: Bus, check: Check) -> tuple[Energies, Energies]:
    """Put the sum through the bus, in place; energies [2, steps] of mid and side, K-weighted and not."""
    loud, plain = PowerSteps(stride=ROUGH), PowerSteps(stride=ROUGH, weighted=False)
    for piece in blocks(total.shape[1], check):
        rows = bus(total[:, piece])
        total[:, piece] = rows
        loud.push(rows)
        plain.push(rows)
    return loud.result(), plain.result()


def width_curve(side: NDArray[np.float64], frames: int) -> Curve:
    grid = Curve.grid(frames, GAIN_STEP)
    middles = (np.arange(len(side)) + 0.5) * STEP
    return Curve(np.interp(grid, middles, side).astype(np.float32), GAIN_STEP)


def peaks_of(total: Samples, width: Curve, check: Check) -> NDArray[np.float64]:
    """The highest sample of left and right in each GAIN_STEP frames."""
    found = []
    for piece in blocks(total.shape[1], check):
        # The larger of |m + s| and |m - s|.
        high = np.abs(total[0, piece]) + np.abs(total[1, piece] * width.at(piece))
        found.append(np.pad(high, (0, -len(high) % GAIN_STEP)).reshape(-1, GAIN_STEP).max(axis=1))
    return np.concatenate(found).astype(np.float64)


def step_powers(level: Curve, steps: int) -> NDArray[np.float64]:
    """Mean power of a gain in each step of 100 ms."""
    return _mean_powers(level, STEP // GAIN_STEP, steps)


def window_powers(level: Curve, windows: int) -> NDArray[np.float64]:
    """Mean power of a gain in each window of the spectrum."""
    return _mean_powers(level, WINDOW // GAIN_STEP, windows)


def _mean_powers(level: Curve, size: int, count: int) -> NDArray[np.float64]:
    squares = level.values.astype(np.float64) ** 2
    squares = np.pad(squares, (0, max(0, size * count - len(squares))), mode="edge")
    return np.asarray(squares[: size * count].reshape(count, size).mean(axis=1))
