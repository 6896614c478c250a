"""The frequency grid of profiles and matching curves: logarithmic and the same at every sample rate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LOWEST_HZ = 20.0
POINTS_PER_OCTAVE = 24
POINTS = 271
"""Up to 48.7 kHz: nothing above is worth matching."""
_SMOOTHING_REACH = 3 / 16
"""Octaves to either side: matchering's LOWESS spans 0.0375 of its ten octaves."""
_FINE_REACH = 1 / 24
"""Octaves: what the question 'is there any signal?' is asked with."""

Curve = NDArray[np.float64]


def grid_frequencies() -> Curve:
    """Hz of every point."""
    return np.asarray(LOWEST_HZ * 2 ** (np.arange(POINTS) / POINTS_PER_OCTAVE))


def spectrum_on_grid(spectrum: Curve, sample_rate: int, *, fine: bool = False) -> Curve:
    """The mean around every grid point of a spectrum given per FFT bin (0 to Nyquist), weighted by a tricube in octaves.

    fine: within 1/24 octave instead of 3/16. Where bins lie wider apart, two neighbours are interpolated. Points above
    Nyquist repeat the last one below it.
    """
    width = sample_rate / 2 / (len(spectrum) - 1)
    octaves = _FINE_REACH if fine else _SMOOTHING_REACH
    centres = grid_frequencies()
    values = np.empty(POINTS)
    for number, centre in enumerate(np.minimum(centres, sample_rate / 2)):
        reach = max(centre * (2**octaves - 1), 1.5 * width)
        first = max(1, int(np.ceil((centre - reach) / width)))
        last = max(first, min(len(spectrum) - 1, int((centre + reach) / width)))
        distance = np.abs(np.arange(first, last + 1) * width - centre) / reach
        weight = (1 - np.minimum(distance, 0.999) ** 3) ** 3
        values[number] = weight @ spectrum[first : last + 1] / weight.sum()
    return values
