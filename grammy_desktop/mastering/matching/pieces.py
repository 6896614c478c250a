"""Which pieces of a track count: matchering cuts it into equal pieces of up to 15 s and listens to the loud ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST_PIECE = 15
"""Seconds."""

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Pieces:
    """`count` pieces of `frames` each; the few frames that remain at the end belong to none."""

    count: int
    frames: int

    @classmethod
    def of(cls, frames: int, sample_rate: int) -> Pieces:
        count = frames // (LONGEST_PIECE * sample_rate) + 1
        return cls(count, frames // count)


@dataclass(frozen=True, eq=False)
class Loudest:
    """indices: of the pieces at or above the average. rms: over these, linear."""

    indices: NDArray[np.intp]
    rms: float


def root_mean_square(values: Curve) -> float:
    return math.sqrt(float(values @ values) / len(values))


def loudest_pieces(rms: Curve) -> Loudest:
    """The pieces whose rms is at least the quadratic mean of all."""
    average = root_mean_square(rms)
    # One piece is its own average, but its root may round to less.
    chosen = np.flatnonzero(rms >= average) if len(rms) > 1 else np.zeros(1, np.intp)
    if not len(chosen):
        chosen = np.arange(len(rms))
    return Loudest(chosen, root_mean_square(rms[chosen]))
