"""Long audio in blocks, in place, as mid and side: what all passes over a stem share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.running_filter import BLOCK, has_sound

__all__ = [
    "BLOCK",
    "Check",
    "Curve",
    "blocks",
    "has_sound",
    "merge",
    "middle",
    "pair",
    "peak_of",
    "scale",
    "side",
    "split",
]

Check = Callable[[], None]


def blocks(frames: int, check: Check) -> Iterator[slice]:
    """Slices that cover `frames`; `check` may raise between two of them."""
    for first in range(0, frames, BLOCK):
        check()
        yield slice(first, min(frames, first + BLOCK))


def split(block: Samples, into: Samples) -> Samples:
    """Mid and side, [2, n], of `block` [n, 2]; written to the beginning of `into` [2, BLOCK]."""
    rows = into[:, : len(block)]
    np.add(block[:, 0], block[:, 1], out=rows[0])
    np.subtract(block[:, 0], block[:, 1], out=rows[1])
    rows *= np.float32(0.5)
    return rows


def merge(rows: Samples, out: Samples) -> None:
    """Left and right of mid and side [2, n], written to `out` [n, 2]."""
    np.add(rows[0], rows[1], out=out[:, 0])
    np.subtract(rows[0], rows[1], out=out[:, 1])


def pair() -> Samples:
    """Room for the mid and side of a block."""
    return np.empty((2, BLOCK), np.float32)


def middle(samples: Samples) -> Samples:
    """Mid signal of [frames, 2]."""
    return np.asarray((samples[:, 0] + samples[:, 1]) * np.float32(0.5))


def side(samples: Samples) -> Samples:
    """Side signal of [frames, 2]."""
    return np.asarray((samples[:, 0] - samples[:, 1]) * np.float32(0.5))


def peak_of(samples: Samples) -> float:
    """Largest magnitude, without a copy."""
    return max(float(samples.max()), -float(samples.min())) if samples.size else 0.0


@dataclass(frozen=True, eq=False)
class Curve:
    """A value over time, given every `step` frames from frame 0 on, with straight lines between."""

    values: Samples
    step: int

    @classmethod
    def through(cls, values: NDArray[Any], step: int) -> Curve:
        """A curve through `values`; one more than the last is added, so that the end can be reached."""
        flat = np.asarray(values, np.float32)
        return cls(np.append(flat, flat[-1:]), step)

    @classmethod
    def grid(cls, frames: int, step: int) -> NDArray[np.float64]:
        """The frames at which a curve over `frames` frames has its values."""
        return np.arange(-(-frames // step) + 1, dtype=np.float64) * step

    def at(self, piece: slice) -> Samples:
        """The values of the frames of `piece`, float32; `piece` begins on a multiple of the step."""
        first, count = piece.start // self.step, -(-(piece.stop - piece.start) // self.step)
        known = self.values[first : first + count + 1]
        if len(known) < count + 1:
            known = np.pad(known, (0, count + 1 - len(known)), mode="edge")
        if known.min() == known.max():
            return np.broadcast_to(known[0], piece.stop - piece.start)
        ramp = np.arange(self.step, dtype=np.float32) / np.float32(self.step)
        lines = np.multiply.outer(np.diff(known), ramp)
        lines += known[:-1, None]
        return np.asarray(lines.reshape(-1)[: piece.stop - piece.start])

    def whole(self, frames: int) -> Samples:
        """All values, float32 [frames]."""
        return self.at(slice(0, frames))


def scale(samples: Samples, curve: Curve, check: Check) -> None:
    """Multiply [frames, 2] by a gain over time, in place."""
    for piece in blocks(len(samples), check):
        samples[piece] *= curve.at(piece)[:, None]
