"""K-weighting by matrix products: the filter in state-space form, a block of samples at a time.

A block's output is its input times the (triangular) matrix of impulse responses plus what the four states left by the
past add; the states at all block borders come from further products: within groups of blocks, within groups of groups,
and so on. Exact, not truncated: the result is that of the sample-by-sample filter to the precision of float32, which is
why the states are kept in balanced coordinates (Moore 1981), where rounding is not amplified however low the high-pass
lies below the sample rate. Stretches of seconds are worked on in few calls: that, and not the processor's nearest cache,
is what lets two threads work side by side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

BLOCK = 32
"""Samples a row of the product: larger rows multiply more zeros, smaller ones have more states to carry."""
_STATES = 4
_GROUP = 16
"""Blocks, or groups of them, whose states one row of a product finds."""
_LEVELS = 5
"""Of groups: enough for a million blocks."""
_SMALL_PRODUCT = 900_000
"""Multiplications: up to about a million the BLAS leaves out copying the rows first."""
_NOTHING = 1e-30
"""What is smaller in a matrix is left out: numbers near float32's smallest are slow to multiply."""
SETTLING = 0.5
"""Seconds after which nothing of an earlier state is left: the high-pass decays by 2 dB a millisecond."""

Matrix = NDArray[np.float64]


def k_weighting(sample_rate: int) -> Matrix:
    """Second-order sections [2, 6] of BS.1770's pre-filter and RLB filter, re-derived for any rate.

    At 48 kHz they equal the tabulated coefficients.
    """
    tangent = math.tan(math.pi * 1681.974450955533 / sample_rate)
    quality = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    scale = 1 + tangent / quality + tangent**2
    shelf = [high + band * tangent / quality + tangent**2, 2 * (tangent**2 - high)]
    shelf += [high - band * tangent / quality + tangent**2, scale, 2 * (tangent**2 - 1)]
    shelf += [1 - tangent / quality + tangent**2]
    tangent = math.tan(math.pi * 38.13547087602444 / sample_rate)
    quality = 0.5003270373238773
    low_scale = 1 + tangent / quality + tangent**2
    # The standard's table leaves the high-pass numerator at 1, -2, 1 instead of dividing it too.
    low = [low_scale, -2 * low_scale, low_scale, low_scale, 2 * (tangent**2 - 1), 1 - tangent / quality + tangent**2]
    return np.array([np.array(shelf) / scale, np.array(low) / low_scale])


@dataclass(frozen=True, eq=False)
class _Matrices:
    forced: Samples
    """[BLOCK + 4, BLOCK]: a row of a block's input and the states before it, times this, is the block's output."""

    driven: Samples
    """[BLOCK, 4]: what a block's input adds to the states after it."""

    levels: tuple[tuple[Samples, Samples], ...]
    """Of blocks, groups, groups of groups: two matrices each, [GROUP * 4, GROUP * 4]: what the members of a group drive, to
    the states after each of them; and [4, GROUP * 4]: the states before a group, to what they add after each member.
    """


@lru_cache(maxsize=16)
def _matrices(sample_rate: int) -> _Matrices:
    step, enter, leave, direct = _balanced(*_state_space(k_weighting(sample_rate)))
    powers = _powers(step, BLOCK)
    impulse = np.array([direct, *(leave @ power @ enter for power in powers[: BLOCK - 1])])
    forced = np.zeros((BLOCK + _STATES, BLOCK))
    for start in range(BLOCK):
        forced[start, start:] = impulse[: BLOCK - start]
    forced[BLOCK:] = np.array([leave @ power for power in powers[:BLOCK]]).T
    driven = np.array([powers[BLOCK - 1 - at] @ enter for at in range(BLOCK)])
    levels = []
    span = powers[BLOCK]
    for _ in range(_LEVELS):
        spans = _powers(span, _GROUP)
        levels.append((_small(_running(spans)), _small(np.concatenate([power.T for power in spans[1:]], axis=1))))
        span = spans[_GROUP]
    return _Matrices(forced.astype(np.float32), driven.astype(np.float32), tuple(levels))


def _powers(step: Matrix, count: int) -> list[Matrix]:
    powers = [np.eye(_STATES)]
    for _ in range(count):
        powers.append(powers[-1] @ step)
    return powers


def _running(powers: list[Matrix]) -> Matrix:
    """[GROUP * 4, GROUP * 4]: what is driven at each of the places of a group, to the states there."""
    matrix = np.zeros((_GROUP, _STATES, _GROUP, _STATES))
    for source in range(_GROUP):
        for place in range(source, _GROUP):
            matrix[source, :, place] = powers[place - source].T
    return matrix.reshape(_GROUP * _STATES, -1)


def _small(matrix: Matrix) -> Samples:
    return np.where(np.abs(matrix) < _NOTHING, 0.0, matrix).astype(np.float32)


def _state_space(sections: Matrix) -> tuple[Matrix, Matrix, Matrix, float]:
    """Both sections, one behind the other, as x' = A x + B u, y = C x + D u."""
    parts = []
    for b0, b1, b2, _, a1, a2 in sections:
        parts.append((np.array([[-a1, 1.0], [-a2, 0.0]]), np.array([b1 - a1 * b0, b2 - a2 * b0]), float(b0)))
    (a_first, b_first, d_first), (a_second, b_second, d_second) = parts
    out = np.array([1.0, 0.0])
    step = np.zeros((_STATES, _STATES))
    step[:2, :2] = a_first
    step[2:, 2:] = a_second
    step[2:, :2] = np.outer(b_second, out)
    enter = np.concatenate([b_first, b_second * d_first])
    leave = np.concatenate([d_second * out, out])
    return step, enter, leave, d_first * d_second


def _balanced(step: Matrix, enter: Matrix, leave: Matrix, direct: float) -> tuple[Matrix, Matrix, Matrix, float]:
    """The same filter in coordinates in which every state is as easily driven as it is heard."""
    # Twice: the first pass only brings the scales together, so that the second is well-conditioned.
    for _ in range(2):
        driven = _factor(_gramian(step, np.outer(enter, enter)))
        heard = _factor(_gramian(step.T, np.outer(leave, leave)))
        left, values, right = np.linalg.svd(heard.T @ driven)
        there = driven @ right.T / np.sqrt(values)
        back = (left / np.sqrt(values)).T @ heard.T
        step, enter, leave = back @ step @ there, back @ enter, leave @ there
    return step, enter, leave, direct


def _gramian(step: Matrix, source: Matrix) -> Matrix:
    """W with step W step' - W + source = 0."""
    size = len(step)
    solved = np.linalg.solve(np.eye(size * size) - np.kron(step, step), source.ravel()).reshape(size, size)
    return np.asarray((solved + solved.T) / 2)


def _factor(gramian: Matrix) -> Matrix:
    values, vectors = np.linalg.eigh(gramian)
    return np.asarray(vectors * np.sqrt(np.maximum(values, values[-1] * 1e-18)))


class Weighting:
    """Audio on its way through the K-weighting; gives the energy of each whole hop.

    hops_per_second: hop `k` ends at frame (k + 1) * sample_rate // hops_per_second.
    """

    def __init__(self, sample_rate: int, weights: Sequence[float], hops_per_second: int) -> None:
        """weights: one per channel, for its share in the energy."""
        self._rate = sample_rate
        self._per_second = hops_per_second
        self._weights = np.array(weights)
        self._matrices = _matrices(sample_rate)
        self._state = np.zeros((len(self._weights), _STATES), np.float32)
        self._frames = 0
        self._partial = 0.0
        """Energy of the hop that has begun."""
        self._room = 0
        """Blocks of each channel that the arrays below hold."""
        self._rows = self._driven = self._out = np.zeros(0, np.float32)

    def advance(self, chunk: Samples) -> Matrix:
        """Energy (sum of squares over frames and weighted channels) of the hops that end within `chunk`.

        chunk: [frames, channels], a whole number of blocks. It is filtered whole, in memory of its size.
        """
        return self._hop_energies(self._filter(chunk))

    def peek(self, rest: Samples) -> Matrix:
        """As `advance` for less than a block, which is not kept."""
        before = self._state, self._frames, self._partial
        padded = np.zeros((BLOCK, len(self._weights)), np.float32)
        padded[: len(rest)] = rest
        energies = self._hop_energies(self._filter(padded)[:, : len(rest)])
        self._state, self._frames, self._partial = before
        return energies

    def started_at(self, frame: int, before: Samples) -> Weighting:
        """Another one as it would be at `frame`, the end of a hop, after the audio `before` (`SETTLING` seconds of it)."""
        other = Weighting(self._rate, tuple(self._weights), self._per_second)
        other._filter(before)
        other._frames = frame
        return other

    def _filter(self, chunk: Samples) -> Samples:
        """The weighted chunk [channels, frames], valid until the next call."""
        channels, blocks = len(self._weights), len(chunk) // BLOCK
        self._make_room(blocks)
        rows = self._rows[:, :blocks]
        rows[:, :, :BLOCK] = chunk.T.reshape(channels, blocks, BLOCK)
        driven = self._driven[:, :blocks]
        out = self._out[: channels * blocks].reshape(channels, blocks, BLOCK)
        for row, drives in zip(rows, driven, strict=True):
            multiply(row[:, :BLOCK], self._matrices.driven, drives)
        after = self._states_after(driven, self._state)
        # Four float32 as one complex128: numpy copies rows of four numbers one at a time.
        states = rows.view(np.complex128)[:, :, -1]
        states[:, :1] = self._state.view(np.complex128)
        states[:, 1:] = after.view(np.complex128)[:, : blocks - 1, 0]
        self._state = after[:, blocks - 1].copy()
        for row, weighted in zip(rows, out, strict=True):
            multiply(row, self._matrices.forced, weighted)
        return out.reshape(channels, blocks * BLOCK)

    def _make_room(self, blocks: int) -> None:
        if self._room < blocks:
            channels = len(self._weights)
            self._room = blocks
            self._rows = np.empty((channels, blocks, BLOCK + _STATES), np.float32)
            self._driven = np.empty((channels, blocks, _STATES), np.float32)
            self._out = np.empty((channels * blocks, BLOCK), np.float32)

    def _states_after(self, driven: Samples, state: Samples, level: int = 0) -> Samples:
        """The states after each member [channels, at least members, 4].

        driven: what each member drives [channels, members, 4]; state: the states before the first [channels, 4].
        """
        local, carried = self._matrices.levels[level]
        channels, members, _ = driven.shape
        groups = -(-members // _GROUP)
        grouped = np.empty((channels, groups * _GROUP, _STATES), np.float32)
        grouped[:, :members] = driven
        grouped[:, members:] = 0
        after = grouped.reshape(channels * groups, -1) @ local
        before = np.empty((channels, groups, _STATES), np.float32)
        before[:, 0] = state
        if groups > 1:
            ends = after.reshape(channels, groups, -1)[:, :-1, -_STATES:]
            before[:, 1:] = self._states_after(ends, state, level + 1)[:, : groups - 1]
        after += before.reshape(-1, _STATES) @ carried
        return after.reshape(channels, groups * _GROUP, _STATES)

    def _hop_energies(self, weighted: Samples) -> Matrix:
        """Of the hops that end within the next frames `weighted` [channels, frames]."""
        first, last = self._frames, self._frames + weighted.shape[1]
        self._frames = last
        # Hop k ends at frame (k + 1) * rate // per_second, so this many ended by a frame.
        begun, ended = (((frame + 1) * self._per_second - 1) // self._rate for frame in (first, last))
        if ended == begun:
            self._partial += self._energy(weighted)
            return np.zeros(0)
        energies = np.empty(ended - begun)
        start = begun * self._rate // self._per_second - first
        whole = energies
        if start < 0:
            begun += 1
            start = begun * self._rate // self._per_second - first
            energies[0] = self._partial + self._energy(weighted[:, :start])
            whole = energies[1:]
        end = ended * self._rate // self._per_second - first
        self._partial = self._energy(weighted[:, end:]) if end < weighted.shape[1] else 0.0
        if len(whole) and self._rate % self._per_second == 0:
            hops = weighted[:, start:end].reshape(len(weighted), len(whole), -1)
            np.matmul(self._weights, np.vecdot(hops, hops), out=whole)
        elif len(whole):
            starts = np.arange(begun, ended) * self._rate // self._per_second - first - start
            squares = np.square(weighted[:, start:end], dtype=np.float64)
            np.matmul(self._weights, np.add.reduceat(squares, starts, axis=1), out=whole)
        return energies

    def _energy(self, weighted: Samples) -> float:
        return float(self._weights @ np.vecdot(weighted, weighted))


def multiply(rows: Samples, matrix: Samples, out: Samples) -> None:
    """out = rows @ matrix for rows [rows, columns], in few calls: two threads wait for each other at every one."""
    batch = _SMALL_PRODUCT // matrix.size
    whole = len(rows) // batch * batch
    if whole:
        batches = rows[:whole].reshape(-1, batch, rows.shape[1])
        np.matmul(batches, matrix, out=out[:whole].reshape(-1, batch, out.shape[1]))
    if whole < len(rows):
        np.matmul(rows[whole:], matrix, out=out[whole:])
