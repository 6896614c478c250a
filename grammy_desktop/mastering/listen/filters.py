"""What an equaliser's filters do at given frequencies, dB (R. Bristow-Johnson, Audio EQ Cookbook, at 48 kHz)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]

_RATE = 48_000.0


def response_db(kind: str, frequency: float, gain_db: float, q: float, at: Curve) -> Curve:
    """`kind`: 'peak', 'low_shelf' or 'high_shelf'; frequencies in Hz."""
    root = 10 ** (gain_db / 40)
    angle = 2 * np.pi * frequency / _RATE
    cosine, bandwidth = np.cos(angle), np.sin(angle) / (2 * q)
    if kind == "peak":
        upper = (1 + bandwidth * root, -2 * cosine, 1 - bandwidth * root)
        lower = (1 + bandwidth / root, -2 * cosine, 1 - bandwidth / root)
    else:
        sign = 1.0 if kind == "low_shelf" else -1.0
        slope = 2 * np.sqrt(root) * bandwidth
        more, less = root + 1, root - 1
        upper = (
            root * (more - sign * less * cosine + slope),
            2 * sign * root * (less - sign * more * cosine),
            root * (more - sign * less * cosine - slope),
        )
        lower = (
            more + sign * less * cosine + slope,
            -2 * sign * (less + sign * more * cosine),
            more + sign * less * cosine - slope,
        )
    turn = np.exp(-2j * np.pi * np.minimum(at, 0.499 * _RATE) / _RATE)
    ratio = (upper[0] + upper[1] * turn + upper[2] * turn**2) / (lower[0] + lower[1] * turn + lower[2] * turn**2)
    return np.asarray(20 * np.log10(np.abs(ratio)), np.float64)
