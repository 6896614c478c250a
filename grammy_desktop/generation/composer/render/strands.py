"""Many voices at once: phases counted in whole numbers, single periods looked up, everything added up by one matrix product.

What moves (pitch, filter) is worked out every `STEP` frames only and goes in straight lines between: a vibrato or a glide
strays from its true phase by less than a thousandth of a turn. Work goes in blocks that stay in the processor's cache,
always of one shape, so that a note begins with the same samples however long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE

STEP = 64
"""Frames between two values of what moves."""
_SEGMENTS = 64
BLOCK = STEP * _SEGMENTS
"""Frames worked on at a time."""
_TURN = 2.0**32
_FEWEST_BITS, _MOST_BITS = 9, 14
_ERROR = 5e-4
"""Of a table's own level: what reading the nearest of its places may add (-66 dB)."""
_RAMP = np.arange(STEP, dtype=np.uint32)[None, :]
_PART = (np.arange(STEP, dtype=np.float32) / np.float32(STEP))[None, :]

Path = tuple[NDArray[np.uint32], NDArray[np.uint32]]
Grid = NDArray[np.float64]
"""Values at the frames 0, STEP, 2 STEP ...; as many as cover the note in whole blocks, and one more."""


def grid_size(frames: int) -> int:
    """How many values a grid over `frames` has."""
    return max(1, -(-frames // BLOCK)) * _SEGMENTS + 1


def grid_times(frames: int) -> NDArray[np.float64]:
    """Seconds of each value of a grid."""
    return np.arange(grid_size(frames), dtype=np.float64) * (STEP / RATE)


def steady_grid(hz: float, frames: int) -> Grid:
    """Turns of a steady tone."""
    return np.arange(grid_size(frames), dtype=np.float64) * (hz * STEP / RATE)


def moving_grid(hz: NDArray[np.float64]) -> Grid:
    """Turns of a tone from its frequency at the middle of each step."""
    turns = np.zeros(len(hz) + 1)
    np.cumsum(hz, out=turns[1:])
    turns *= STEP / RATE
    return turns


@dataclass(frozen=True, eq=False)
class Bank:
    """One row: float32 [2^bits]. More: complex64 [(rows - 1) * 2^bits], a row and what the next one has more than it."""

    table: NDArray[Any]
    bits: int
    rows: int

    @property
    def nbytes(self) -> int:
        return int(self.table.nbytes)


def make_bank(spectra: NDArray[np.float64]) -> Bank:
    """One period for each row of harmonic amplitudes [rows, harmonics] (sine phases), as short as stays clean."""
    import scipy.fft

    rows, count = spectra.shape
    bits = _bits_for(spectra)
    size = 1 << bits
    bins = np.zeros((rows, size // 2 + 1), np.complex64)
    bins[:, 1 : count + 1] = (-0.5j * size) * spectra
    periods = scipy.fft.irfft(bins, size, axis=1)
    if rows == 1:
        table: NDArray[Any] = periods.reshape(-1)
    else:
        pairs = np.empty((rows - 1, size), np.complex64)
        pairs.real = periods[:-1]
        np.subtract(periods[1:], periods[:-1], out=pairs.imag)
        table = pairs.reshape(-1)
    table.setflags(write=False)
    return Bank(table, bits, rows)


def _bits_for(spectra: NDArray[np.float64]) -> int:
    """The place is off by up to half a step: times the wave's slope, that must stay below `_ERROR` of its level."""
    count = spectra.shape[1]
    power = spectra * spectra
    level = power.sum(axis=1)
    n = np.arange(1, count + 1, dtype=np.float64)
    heard = level > level.max(initial=0.0) * 1e-3
    slope = np.sqrt(float(((power @ (n * n))[heard] / level[heard]).max())) if heard.any() else 1.0
    wanted = int(np.ceil(np.log2(2 * np.pi * slope / (np.sqrt(12.0) * _ERROR))))
    return max(min(max(wanted, _FEWEST_BITS), _MOST_BITS), int(np.ceil(np.log2(2 * count + 2))))


@dataclass(frozen=True, eq=False)
class Strands:
    """Voices of one bank: ratios to the note, where each begins (turns), gains [channels, voices].

    wander: for each voice (turns, Hz, turns): how far, how fast and from where it strays slowly around its place.
    """

    bank: Bank
    ratios: tuple[float, ...]
    starts: tuple[float, ...]
    gains: NDArray[np.float32]
    wander: tuple[tuple[float, float, float], ...] = ()

    def paths(self, turns: Grid) -> Path:
        """Phase and phase a frame of every voice."""
        path = turns[None, :] * np.array(self.ratios)[:, None] + np.array(self.starts)[:, None]
        for voice, (depth, hz, begin) in enumerate(self.wander):
            where = np.arange(len(turns)) * (2 * np.pi * hz * STEP / RATE) + 2 * np.pi * begin
            path[voice] += depth * self.ratios[voice] * (np.sin(where) - np.sin(2 * np.pi * begin))
        return path_of(path)


def add_strands(out: NDArray[np.float32], groups: Sequence[Strands], turns: Grid, rows: NDArray[np.float32]) -> None:
    """Add all voices to `out`, float32 [channels, whole blocks]. rows: grid of the place between rows, or a single value."""
    paths = [group.paths(turns) for group in groups]
    read: list[NDArray[Any]] = [
        np.empty((len(group.ratios), BLOCK), np.float32 if group.bank.rows == 1 else np.complex64) for group in groups
    ]
    count = max((group.bank.rows for group in groups), default=1)
    for first in range(0, out.shape[1] // STEP, _SEGMENTS):
        here = out[:, first * STEP : first * STEP + BLOCK]
        if count > 1:
            low, weight = _between(rows, first, count)
        mixed: NDArray[Any] | None = None
        for group, path, found in zip(groups, paths, read, strict=True):
            bits = np.uint32(group.bank.bits)
            place = phases(path, first)
            place >>= np.uint32(32) - bits
            if group.bank.rows == 1:
                group.bank.table.take(place.astype(np.intp), out=found, mode="clip")
                here += _mixed(group.gains, found)
                continue
            place += low << bits
            group.bank.table.take(place.astype(np.intp), out=found, mode="clip")
            pairs = _mixed(group.gains, found.view(np.float32))
            mixed = pairs if mixed is None else np.add(mixed, pairs, out=mixed)
        if mixed is not None:
            halves = mixed.reshape(len(out), BLOCK, 2)
            here += halves[:, :, 0]
            here += halves[:, :, 1] * weight


def _mixed(gains: NDArray[np.float32], found: NDArray[Any]) -> NDArray[Any]:
    """gains [channels, voices] times what was found [voices, n]; a product of one voice is dear as one of matrices."""
    return np.asarray(gains * found if len(found) == 1 else gains @ found)


def path_of(turns: Grid) -> Path:
    """Phase and phase a frame at every value of the grid [voices, grid] (or [grid]), in 2^-32 turns."""
    phase = ((turns - np.floor(turns)) * _TURN).astype(np.uint64).astype(np.uint32)
    step = np.rint(np.diff(turns) * (_TURN / STEP)).astype(np.int64).astype(np.uint32)
    return phase[..., :-1], step


def phases(path: Path, first: int) -> NDArray[np.uint32]:
    """The phase of every frame of the block that begins at the grid's value `first`; [voices, BLOCK] or [BLOCK]."""
    phase, step = (line[..., first : first + _SEGMENTS, None] for line in path)
    out = _RAMP * step
    out += phase
    return out.reshape(*out.shape[:-2], BLOCK)


def straight(values: NDArray[np.float32], first: int) -> NDArray[np.float32]:
    """A grid's values in straight lines over the block that begins at its value `first`; float32 [BLOCK]."""
    begin = values[first : first + _SEGMENTS, None]
    out = _PART * (values[first + 1 : first + _SEGMENTS + 1, None] - begin)
    out += begin
    return out.reshape(-1)


def every_frame(values: NDArray[Any], frames: int) -> Samples:
    """A grid's values in straight lines, float32 [frames]."""
    values = np.asarray(values, np.float32)
    out = np.empty(len(values[:-1]) * STEP, np.float32)
    for first in range(0, len(values) - 1, _SEGMENTS):
        out[first * STEP : first * STEP + BLOCK] = straight(values, first)
    return out[:frames]


def _between(rows: NDArray[np.float32], first: int, count: int) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """For each frame of a block: the lower of two rows, and how far the place is on the way to the next."""
    place = np.full(BLOCK, rows[0], np.float32) if len(rows) == 1 else straight(rows, first)
    low = place.astype(np.int32)
    np.maximum(low, 0, out=low)
    np.minimum(low, count - 2, out=low)
    place -= low
    return low.view(np.uint32), place


def radians(path: Path, first: int) -> Samples:
    """The phase of every frame of a block in radians, float32 [BLOCK]."""
    out = phases(path, first).astype(np.float32)
    out *= np.float32(2 * np.pi / _TURN)
    return out
