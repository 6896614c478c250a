"""Recursive filters in blocks: `FilterCascade`'s matrices, with rows and a scan that suit the number of states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.filter_cascade import joined_sections

_SHORT_UP_TO = 6
"""States with which short rows cost less than long ones."""
_SHORT, _LONG = (32, (16, 32)), (64, (4, 8, 8))
"""Samples in a row; rows whose states one product finds, then groups of groups: a block in all."""
_ALIKE = 1e4
"""Condition of a filter's modes from which they are not told apart."""
_GONE = 1e-12
"""What is left of a mode that is as good as nothing."""
_MODE_ROWS = 16
"""Rows in a group, and groups in a block."""
_INAUDIBLE = 1e-9
_SPARSE = 61
BLOCK = 1 << 14
"""Frames; small enough to stay in the processor's cache."""

Matrix = NDArray[np.float64]
Sections = NDArray[np.float64]
"""Second-order sections, [n, 6] as scipy has them."""


def has_sound(samples: Samples) -> bool:
    """Whether anything in there is not zero; looks at a few samples first, for most of what is asked about sounds.

    samples: [frames], [frames, 2] or [2, frames].
    """
    few = samples[::_SPARSE] if samples.shape[-1] == 2 else samples[..., ::_SPARSE]
    return bool(few.any()) or bool(samples.any())


class _Scan(Protocol):
    """How the states between rows are found."""

    def __call__(self, pushed: NDArray[Any], first: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The state before every row, and those after the last; pushed: what each row adds to the state after it.

        first: the states that go in, [channels, order] as `after` has them.
        """
        ...


@dataclass(frozen=True, eq=False)
class _Matrices:
    """direct: what a row's samples give at once; into: the state after it; out_of: what the state before it gives."""

    direct: NDArray[Any]
    into: NDArray[Any]
    out_of: NDArray[Any]
    scan: _Scan
    still: NDArray[Any]
    """The state of one channel in silence."""


@lru_cache(maxsize=128)
def _matrices(sections: tuple[tuple[float, ...], ...]) -> _Matrices:
    """Of sections b0, b1, b2, a1, a2; the same filter is often wanted again."""
    a, b, c, d = joined_sections([(b0, b1, b2, a1, a2) for b0, b1, b2, a1, a2 in sections])
    row, groups = _SHORT if len(a) <= _SHORT_UP_TO else _LONG
    powers = [np.eye(len(a))]
    for _ in range(row):
        powers.append(powers[-1] @ a)
    impulse = np.array([d, *(c @ power @ b for power in powers[: row - 1])])
    gap = np.arange(row)[None, :] - np.arange(row)[:, None]
    direct = np.where(gap >= 0, impulse[np.maximum(gap, 0)], 0.0).astype(np.float32)
    found = _modes(direct, a, b, c) if len(a) > _SHORT_UP_TO else None
    if found is not None:
        return found
    return _Matrices(
        direct=direct,
        into=np.stack([power @ b for power in reversed(powers[:row])]).astype(np.float32),
        # Transposed, because states are rows here.
        out_of=np.stack([power.T @ c for power in powers[:row]], axis=1).astype(np.float32),
        scan=_GroupScan(_levels(powers[row].T, groups)),
        still=np.zeros(len(a), np.float32),
    )


def _modes(direct: NDArray[Any], a: Matrix, b: NDArray[Any], c: NDArray[Any]) -> _Matrices | None:
    """The system as modes that know nothing of each other; None where some are too much alike to be told apart."""
    poles, vectors = np.linalg.eig(a)
    if np.linalg.cond(vectors) > _ALIKE:
        return None
    inwards, outwards = np.linalg.solve(vectors, b.astype(np.complex128)), c @ vectors
    # Of two that are each other's conjugates one is enough, counted twice; those that ring longest first.
    kept = [mode for mode in np.argsort(-np.abs(poles)) if poles[mode].imag >= 0.0]
    poles, inwards, outwards = poles[kept], inwards[kept], outwards[kept]
    outwards = outwards * np.where(poles.imag > 0.0, 2.0, 1.0)
    # A state is as large as what is heard of it.
    size = np.maximum(np.abs(outwards), 1e-30)
    inwards, outwards = inwards * size, outwards / size
    row = len(direct)
    times = np.arange(row)[:, None]
    # A row's states are complex numbers beside each other, which is how numpy lays them out.
    into, out_of = inwards * poles ** (row - 1 - times), (outwards * poles**times).T
    return _Matrices(
        direct=direct,
        into=into.astype(np.complex64).view(np.float32),
        out_of=np.stack([out_of.real, -out_of.imag], axis=1).reshape(-1, row).astype(np.float32),
        scan=_ModeScan(_ModeLevel.of(poles**row), _ModeLevel.of(poles ** (row * _MODE_ROWS))),
        still=np.zeros(len(poles), np.complex64),
    )


@dataclass(frozen=True, eq=False)
class _ModeLevel:
    """across: [modes, rows, rows + 1], what each row's push has become before every later row, and after the last.

    onwards: [modes, 1, rows + 1], what the state before the first row has.
    """

    across: NDArray[Any]
    onwards: NDArray[Any]

    @classmethod
    def of(cls, leap: NDArray[Any]) -> _ModeLevel:
        """leap: [modes], what is left of a mode a row later."""
        powers = leap[:, None] ** np.arange(_MODE_ROWS + 1)
        # Numbers so small that they would only slow the processor down.
        powers[np.abs(powers) < _GONE] = 0.0
        gap = np.arange(_MODE_ROWS + 1)[None, :] - np.arange(_MODE_ROWS)[:, None] - 1
        across = np.where(gap >= 0, powers[:, np.maximum(gap, 0)], 0.0)
        return cls(across.astype(np.complex64), powers[:, None, :].astype(np.complex64))


@dataclass(frozen=True, eq=False)
class _ModeScan:
    """Rows in groups: each group from rest, then the groups one after the other, then what came before onto every row."""

    rows: _ModeLevel
    groups: _ModeLevel

    def __call__(self, pushed: NDArray[Any], first: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        channels, count = first.shape
        flat = np.ascontiguousarray(pushed.view(np.complex64).T)
        inner = np.matmul(flat.reshape(count, -1, _MODE_ROWS), self.rows.across)
        starts = np.matmul(inner[:, :, _MODE_ROWS].reshape(count, channels, -1), self.groups.across)
        starts += first.T[:, :, None] * self.groups.onwards
        states = starts[:, :, :_MODE_ROWS].reshape(count, -1, 1) * self.rows.onwards[:, :, :_MODE_ROWS]
        states += inner[:, :, :_MODE_ROWS]
        before = np.empty((len(pushed), count), np.complex64)
        before.T[...] = states.reshape(count, -1)
        return before.view(np.float32), starts[:, :, _MODE_ROWS].T.copy()


@dataclass(frozen=True, eq=False)
class _GroupScan:
    """By groups of rows, and groups of groups: the width of each, the states across it, and what goes into it adds to them."""

    levels: tuple[tuple[int, NDArray[Any], NDArray[Any]], ...]

    def __call__(self, pushed: NDArray[Any], first: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        return self._level(pushed, first, 0)

    def _level(self, pushed: NDArray[Any], first: NDArray[Any], level: int) -> tuple[NDArray[Any], NDArray[Any]]:
        width, across, onwards = self.levels[level]
        order = pushed.shape[1]
        found = pushed.reshape(-1, width) @ across
        if level + 1 < len(self.levels):
            starts, after = self._level(found[:, width:], first, level + 1)
            found += starts @ onwards
        else:
            found += first @ onwards
            after = found[:, width:].copy()
        return found[:, :width].reshape(-1, order), after


def _levels(leap: Matrix, groups: tuple[int, ...]) -> tuple[tuple[int, NDArray[Any], NDArray[Any]], ...]:
    """leap: what a state has become a row later."""
    order = len(leap)
    levels = []
    for count in groups:
        powers = [np.eye(order)]
        for _ in range(count):
            powers.append(powers[-1] @ leap)
        across = np.zeros((count * order, (count + 1) * order))
        for row in range(count):
            for later in range(row + 1, count + 1):
                across[row * order : (row + 1) * order, later * order : (later + 1) * order] = powers[later - 1 - row]
        across, onwards = across.astype(np.float32), np.concatenate(powers, axis=1).astype(np.float32)
        levels.append((count * order, across, onwards))
        leap = powers[count]
    return tuple(levels)


class RunningFilter:
    """Second-order sections that remember their state from block to block; every channel for itself."""

    def __init__(self, sections: Sections, channels: int = 2) -> None:
        self._by = _matrices(tuple((b0, b1, b2, a1, a2) for b0, b1, b2, _, a1, a2 in sections.tolist()))
        self._state = np.tile(self._by.still, (channels, 1))
        self._rings = np.zeros(channels, bool)

    @property
    def rings(self) -> bool:
        """Whether silence that goes in would not come out as silence."""
        return bool(self._rings.any())

    def __call__(self, samples: Samples) -> Samples:
        """Filter the next [channels, n], n at most BLOCK, and fewer only in the last; a new array, or `samples` if silent.

        Channels in silence that have rung out cost nothing.
        """
        count = samples.shape[1]
        sounds = [bool(self._rings[channel]) or has_sound(row) for channel, row in enumerate(samples)]
        if not any(sounds):
            return samples
        if count < BLOCK:
            samples = np.pad(samples, ((0, 0), (0, BLOCK - count)))
        if all(sounds):
            return self._filtered(samples, slice(None))[:, :count]
        out = np.zeros_like(samples)
        for channel, does in enumerate(sounds):
            if does:
                out[channel] = self._filtered(samples[channel : channel + 1], slice(channel, channel + 1))
        return out[:, :count]

    def _filtered(self, rows: Samples, channels: slice) -> Samples:
        by = self._by
        cut = rows.reshape(-1, len(by.direct))
        out = cut @ by.direct
        if len(by.still):
            states, after = by.scan(cut @ by.into, self._state[channels])
            self._state[channels] = after
            self._rings[channels] = np.abs(after).max(axis=1) > _INAUDIBLE
            out += states @ by.out_of
        return np.asarray(out.reshape(rows.shape))
