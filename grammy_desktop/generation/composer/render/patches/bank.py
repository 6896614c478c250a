"""Which harmonics of a note fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TOP_HZ = 19_500.0
"""No harmonic above this."""
_MOST = 1024


def harmonics_below(hz: float) -> NDArray[np.float64]:
    """Numbers of the harmonics of `hz` that fit: 1, 2, 3 ..."""
    count = int(TOP_HZ / max(hz, 10.0))
    return np.arange(1, min(max(count, 1), _MOST) + 1, dtype=np.float64)
