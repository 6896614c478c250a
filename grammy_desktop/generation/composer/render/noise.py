"""White noise that costs next to nothing: stretches of one long tape, begun somewhere else every time."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.shaping import apply_filter
from grammy_desktop.generation.composer.render.strands import BLOCK, STEP, straight

_BITS = 19
_FILTERED_BITS = 17
_LOWEST = 20.0
"""Hz; the cutoff of the first filtered tape; each next one is half an octave higher."""
_SEED = 20_240_731
"""Any number: the tape is the same on every machine."""


@lru_cache(maxsize=1)
def _tape() -> Samples:
    """Eleven seconds; long enough that nobody hears it come round."""
    tape = np.random.default_rng(_SEED).standard_normal(1 << _BITS, dtype=np.float32)
    tape.setflags(write=False)
    return tape


def white(rng: np.random.Generator, frames: int, channels: int = 1) -> Samples:
    """Gaussian noise of unit power; float32 [frames], or [frames, channels] of channels that have nothing in common."""
    if channels > 1:
        return np.stack([white(rng, frames) for _ in range(channels)], axis=1)
    tape = _tape()
    first = int(rng.integers(len(tape)))
    sign = np.float32(-1.0 if rng.random() < 0.5 else 1.0)
    out = np.empty(frames, np.float32)
    done = 0
    while done < frames:
        piece = tape[first : first + frames - done]
        np.multiply(piece, sign, out=out[done : done + len(piece)])
        done += len(piece)
        first = 0
    return out


def swept_noise(
    rng: np.random.Generator, cutoff: NDArray[np.float32], frames: int, *, q: float, order: int = 2
) -> Samples:
    """Noise through a low-pass whose cutoff moves; float32 [frames].

    cutoff: Hz along a grid (every STEP frames, in whole blocks), or a single value. Two tapes that were filtered before, half
    an octave apart, fade into each other: they hold the same noise, so nothing is heard of the change.
    """
    place = np.asarray(2.0 * np.log2(np.clip(cutoff, _LOWEST, 21_000.0) / _LOWEST), np.float32)
    size = 1 << _FILTERED_BITS
    begin, sign = BLOCK * int(rng.integers(size // BLOCK)), np.float32(-1.0 if rng.random() < 0.5 else 1.0)
    if float(np.ptp(place)) < 0.05:
        return np.resize(np.roll(_filtered(round(4.0 * float(place[0])) / 4.0, order, q), -begin), frames) * sign
    out = np.empty((len(place) - 1) * STEP, np.float32)
    for first in range(0, len(out), BLOCK):
        rows = straight(place, first // STEP)
        here = out[first : first + BLOCK]
        tape = slice((begin + first) % size, (begin + first) % size + BLOCK)
        _fade(here, rows, tape, order, q)
        here *= sign
    return out[:frames]


def _fade(out: Samples, rows: Samples, tape: slice, order: int, q: float) -> None:
    """One block: the tapes of `rows` (counted in half octaves) faded into each other."""
    lowest, highest = int(rows.min()), int(rows.max())
    if lowest == highest:
        rows -= np.float32(lowest)
        low = _filtered(float(lowest), order, q)[tape]
        np.subtract(_filtered(float(lowest + 1), order, q)[tape], low, out=out)
        out *= rows
        out += low
        return
    out[:] = 0.0
    for row in range(lowest, highest + 2):
        weight = np.abs(rows - np.float32(row))
        np.subtract(np.float32(1.0), weight, out=weight)
        np.maximum(weight, 0.0, out=weight)
        weight *= _filtered(float(row), order, q)[tape]
        out += weight


@lru_cache(maxsize=48)
def _filtered(row: float, order: int, q: float) -> Samples:
    """The tape through a still low-pass, joined to itself without a seam."""
    size, lead = 1 << _FILTERED_BITS, 4096
    raw = _tape()[:size]
    tape = apply_filter(np.concatenate([raw[-lead:], raw]), "lowpass", _LOWEST * 2.0 ** (row / 2.0), order=order, q=q)
    tape = tape[lead:].copy()
    tape.setflags(write=False)
    return tape
