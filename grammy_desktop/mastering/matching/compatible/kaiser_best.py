"""Resampling to 44.1 kHz with the very weights that resampy's 'kaiser_best' uses, as products of matrices.

resampy 0.4 interpolates linearly in a table of 8192 points per zero crossing of a windowed sinc (Smith, Digital Audio
Resampling Home Page), and steps through it in whole points. Between two rates there are but a few hundred distinct sets of
weights, so a stretch of input times one matrix gives a stretch of output.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import UserError

_ZEROS = 50
_TABLE = 8192
"""Points per zero crossing."""
_ROLL_OFF = 0.9173473712608761
_BETA = 12.984585247040012
_LEAST_ROW = 128
"""Outputs of one row of the product."""
_LARGEST_ROW = 2_000
_PARTS = 3
"""Products per row: each output needs but a stretch of the row's inputs."""

Curve = NDArray[np.float64]
Indices = NDArray[np.int64]


def resampled_length(frames: int, rate: int, new_rate: int) -> int:
    return int(frames * float(new_rate) / float(rate))


@dataclass(frozen=True, eq=False)
class Resampling:
    """advance: frames of input from one row to the next; row: frames of output in one. lead: frames of input before a row.

    matrix: [inputs, row + 1]; the last column is the first once more, as resampy computes it when its float time has
    come out just below the whole number. In double precision: a treble boosted later shows the rounding of single.
    """

    ratio: float
    advance: int
    row: int
    lead: int
    matrix: Curve

    @classmethod
    def between(cls, rate: int, new_rate: int) -> Resampling:
        common = math.gcd(rate, new_rate)
        row, advance = new_rate // common, rate // common
        repeat = -(-_LEAST_ROW // row)
        row, advance = row * repeat, advance * repeat
        if row > _LARGEST_ROW:
            raise UserError(f"Compatible matching cannot convert {rate} Hz to {new_rate} Hz; convert the file first.")
        ratio = float(new_rate) / rate
        times = np.append(np.arange(row) * advance / row, -1e-12)
        wing = (_ZEROS * _TABLE + 1) // int(min(1.0, ratio) * _TABLE) + 1
        matrix = np.zeros((advance + 2 * wing, row + 1))
        parts = []
        for column, time in enumerate(times):
            whole = math.floor(time)
            parts.append(_wing(column, time - whole, ratio, wing + whole, -1))
            parts.append(_wing(column, 1 - (time - whole), ratio, wing + whole + 1, 1))
        columns, inputs, points, between = (np.concatenate(part) for part in zip(*parts, strict=True))
        near, far = _table(points), _table(np.minimum(points + 1, _ZEROS * _TABLE))
        matrix[inputs, columns] = min(1.0, ratio) * (near + between * (far - near))
        return cls(ratio, advance, row, wing, matrix)

    def rows_of(self, segment: Samples, first_row: int) -> Samples:
        """[2, (rows - 1) * advance + inputs] -> [2, rows * row]; `segment` begins `lead` frames before its first row."""
        width = len(self.matrix)
        rows = (segment.shape[1] - width) // self.advance + 1
        windows = np.lib.stride_tricks.sliding_window_view(segment, width, axis=1)[:, :: self.advance][:, :rows]
        out = np.empty((len(segment), rows, self.row), np.float32)
        for first in range(0, self.row, -(-self.row // _PARTS)):
            columns = slice(first, min(self.row, first + -(-self.row // _PARTS)))
            out[:, :, columns] = _product(windows, self.matrix[:, columns])
        numbers = (first_row + np.arange(rows)) * self.row
        early = (numbers * (1.0 / self.ratio)).astype(np.int64) < numbers // self.row * self.advance
        out[:, early, 0] = windows[:, early] @ self.matrix[:, -1]
        return out.reshape(len(segment), -1)


def _product(windows: Samples, matrix: Curve) -> Curve:
    """[channels, rows, inputs] @ [inputs, outputs], over the inputs only that any output needs."""
    needed = np.flatnonzero(matrix.any(axis=1))
    used = slice(int(needed[0]), int(needed[-1]) + 1)
    rows = np.ascontiguousarray(windows[:, :, used], np.float64)
    products = rows.reshape(-1, rows.shape[2]) @ np.ascontiguousarray(matrix[used])
    return np.asarray(products.reshape(*rows.shape[:2], -1))


def _wing(
    column: int, distance: float, ratio: float, start: int, direction: int
) -> tuple[Indices, Indices, Indices, Curve]:
    """Where the inputs to one side of an output lie, `distance`, `distance` + 1, ... away and the nearest in row `start`.

    Columns and rows of the matrix, points of the table, and how far the weight lies between a point and the next.
    """
    scale = min(1.0, ratio)
    step = int(scale * _TABLE)
    position = scale * distance * _TABLE
    first = int(position)
    number = np.arange((_ZEROS * _TABLE + 1 - first) // step)
    between = np.full(len(number), position - first)
    return np.full(len(number), column), start + direction * number, first + step * number, between


def _table(points: NDArray[np.int64]) -> Curve:
    """The right half of the windowed sinc at whole points."""
    crossings = points / _TABLE
    window = np.i0(_BETA * np.sqrt(np.maximum(0.0, 1 - (crossings / _ZEROS) ** 2))) / np.i0(_BETA)
    return np.asarray(window * _ROLL_OFF * np.sinc(_ROLL_OFF * crossings))
