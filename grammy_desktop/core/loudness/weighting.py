"""K-weighting by matrix products: the filter in state-space form, a block of samples at a time.

A block's output is its input times the (triangular) matrix of impulse responses plus what the four states left by the
past add; the states at all block borders come from two further products: within groups of blocks, and over all groups.
Exact, not truncated: the result is that of the sample-by-sample filter to the precision of float32, which is why the states
are kept in balanced coordinates (Moore 1981), where rounding is not amplified however low the high-pass lies below the
sample rate.
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
"""Blocks whose states one row of a product finds."""
_GROUPS = 64
"""Of a chunk at most: one row of a product finds the states between them."""
CHUNK = BLOCK * _GROUP * _GROUPS
"""Frames that are filtered at a time at most."""
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

    local: Samples
    """[GROUP * 4, GROUP * 4]: what the blocks of a group drive, to the states after each of them."""

    carried: Samples
    """[4, GROUP * 4]: the states before a group, to what they add to the states after each of its blocks."""

    between: Samples
    """[(1 + GROUPS) * 4, (1 + GROUPS) * 4]: the states before a chunk and what each of its groups drives, to the states
    before each group and after the last. For fewer groups its first rows and columns do.
    """


@lru_cache(maxsize=16)
def _matrices(sample_rate: int) -> _Matrices:
    step, enter, leave, direct = _balanced(*_state_space(k_weighting(sample_rate)))
    powers = [np.eye(_STATES)]
    for _ in range(BLOCK):
        powers.append(powers[-1] @ step)
    impulse = np.array([direct, *(leave @ power @ enter for power in powers[: BLOCK - 1])])
    forced = np.zeros((BLOCK + _STATES, BLOCK))
    for start in range(BLOCK):
        forced[start, start:] = impulse[: BLOCK - start]
    forced[BLOCK:] = np.array([leave @ power for power in powers[:BLOCK]]).T
    driven = np.array([powers[BLOCK - 1 - at] @ enter for at in range(BLOCK)])
    span = powers[BLOCK]
    group = np.linalg.matrix_power(span, _GROUP)
    carried = np.concatenate([np.linalg.matrix_power(span, after + 1).T for after in range(_GROUP)], axis=1)
    return _Matrices(
        forced=forced.astype(np.float32),
        driven=driven.astype(np.float32),
        local=_running(span, _GROUP),
        carried=carried.astype(np.float32),
        between=_running(group, 1 + _GROUPS),
    )


def _running(step: Matrix, count: int) -> Samples:
    """[count * 4, count * 4]: what is driven at each of `count` places, to the states there, with `step` from one to the
    next.
    """
    powers = [np.eye(_STATES)]
    for _ in range(count):
        powers.append(powers[-1] @ step)
    matrix = np.zeros((count, _STATES, count, _STATES), np.float32)
    for source in range(count):
        for place in range(source, count):
            matrix[source, :, place] = powers[place - source].T
    return matrix.reshape(count * _STATES, -1)


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
        self._rows = np.zeros((len(self._weights), 0, BLOCK + _STATES), np.float32)
        self._driven = np.zeros((len(self._weights), 0, _STATES), np.float32)
        self._out = np.zeros((0, BLOCK), np.float32)

    def advance(self, chunk: Samples) -> Matrix:
        """Energy (sum of squares over frames and weighted channels) of the hops that end within `chunk`.

        chunk: [frames, channels], a whole number of blocks, at most `CHUNK` frames and what fits the processor's cache.
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
        for start in range(0, len(before), CHUNK):
            other._filter(before[start : start + CHUNK])
        other._frames = frame
        return other

    def _filter(self, chunk: Samples) -> Samples:
        """The weighted chunk [channels, frames], valid until the next call."""
        channels, blocks = len(self._weights), len(chunk) // BLOCK
        self._make_room(blocks)
        rows = self._rows[:, :blocks]
        rows[:, :, :BLOCK] = chunk.T.reshape(channels, blocks, BLOCK)
        after = self._states_after(rows[:, :, :BLOCK])
        # Four float32 as one complex128: numpy copies rows of four numbers one at a time.
        states = rows.view(np.complex128)[:, :, -1]
        states[:, :1] = self._state.view(np.complex128)
        states[:, 1:] = after.view(np.complex128)[:, : blocks - 1, 0]
        self._state = after[:, blocks - 1].copy()
        out = self._out[: channels * blocks].reshape(channels, blocks, BLOCK)
        np.matmul(rows, self._matrices.forced, out=out)
        return out.reshape(channels, blocks * BLOCK)

    def _make_room(self, blocks: int) -> None:
        if self._rows.shape[1] < blocks:
            channels = len(self._weights)
            groups = -(-blocks // _GROUP)
            self._rows = np.empty((channels, blocks, BLOCK + _STATES), np.float32)
            self._driven = np.empty((channels, groups * _GROUP, _STATES), np.float32)
            self._out = np.empty((channels * blocks, BLOCK), np.float32)

    def _states_after(self, rows: Samples) -> Samples:
        """The states after each block [channels, at least blocks, 4]; rows: the blocks [channels, blocks, BLOCK]."""
        matrices = self._matrices
        channels, blocks, _ = rows.shape
        groups = -(-blocks // _GROUP)
        driven = self._driven[:, : groups * _GROUP]
        np.matmul(rows, matrices.driven, out=driven[:, :blocks])
        driven[:, blocks:] = 0
        after = driven.reshape(channels * groups, -1) @ matrices.local
        seen = np.empty((channels, 1 + groups, _STATES), np.float32)
        seen[:, 0] = self._state
        seen[:, 1:] = after[:, -_STATES:].reshape(channels, groups, _STATES)
        width = (1 + groups) * _STATES
        before = seen.reshape(channels, width) @ matrices.between[:width, :width]
        after += before[:, :-_STATES].reshape(channels * groups, _STATES) @ matrices.carried
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
