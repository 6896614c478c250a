"""What an equaliser does to a spectrum, so that a fix can be chosen before it is carried out.

Analogue prototypes of the Audio EQ Cookbook (Bristow-Johnson); near half the sample rate the digital filters differ a little.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]


def bell_db(hertz: Curve, frequency: float, gain_db: float, q: float) -> Curve:
    """dB of a bell filter at each frequency."""
    s, a = 1j * hertz / frequency, 10 ** (gain_db / 40)
    return _level((s * s + s * (a / q) + 1) / (s * s + s / (a * q) + 1))


def low_shelf_db(hertz: Curve, frequency: float, gain_db: float, q: float) -> Curve:
    """dB of a low shelf at each frequency."""
    s, a = 1j * hertz / frequency, 10 ** (gain_db / 40)
    slope = np.sqrt(a) / q
    return _level(a * (s * s + slope * s + a) / (a * s * s + slope * s + 1))


def high_shelf_db(hertz: Curve, frequency: float, gain_db: float, q: float) -> Curve:
    """dB of a high shelf at each frequency."""
    s, a = 1j * hertz / frequency, 10 ** (gain_db / 40)
    slope = np.sqrt(a) / q
    return _level(a * (a * s * s + slope * s + 1) / (s * s + slope * s + a))


def _level(response: NDArray[np.complex128]) -> Curve:
    return np.asarray(20.0 * np.log10(np.abs(response)), dtype=np.float64)
