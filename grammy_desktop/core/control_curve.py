"""Curves that are computed a few thousand times a second and used for every sample."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples


def expand(curve: NDArray[np.float64], step: int, frames: int) -> Samples:
    """Straight lines between the values of `curve`, each of which stands in the middle of `step` samples; float32 [frames]."""
    padded = np.concatenate([curve[:1], curve, curve[-1:]]).astype(np.float32)
    # Between two middles lie `step` samples; for an even step none of them is a middle itself.
    share = ((np.arange(step) + 0.5) / step if step % 2 == 0 else np.arange(step) / step).astype(np.float32)
    lines: Samples = padded[:-1, None] + np.diff(padded)[:, None] * share
    skipped = step // 2 if step % 2 == 0 else step // 2 + 1
    return lines.reshape(-1)[skipped : skipped + frames]


def gain_from_db(decibels: Samples) -> Samples:
    """Linear factors, float32."""
    return np.asarray(np.exp(decibels * np.float32(math.log(10) / 20)), np.float32)
