"""How strongly notes start, moment by moment and band by band: what everything about rhythm is read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.spectra import ANALYSIS_RATE, Floats, mel_filters
from grammy_desktop.core.progress import Progress

FRAME, HOP = 1024, 256
"""Samples at `ANALYSIS_RATE`: 46 ms frames every 11.6 ms."""

RATE = ANALYSIS_RATE / HOP
"""Frames per second."""

BAND_EDGES = (0.0, 130.0, 400.0, 1600.0, 5000.0, 11_025.0)
"""Hz: kick and bass; body of the snare, low notes; chords and melody; presence; cymbals."""

_MELS = 64
_BLOCK = 1024
_COMPRESSION = 100.0
_LAG = 0.0
"""Seconds by which the change of a frame comes before the attack it shows: a frame 46 ms long first shows an attack half its
length before its centre reaches it, most of all some 5 ms before; on notes of the composer the two make up for each other."""


@dataclass(frozen=True, eq=False)
class Attacks:
    """bands: [frames, 5] positive spectral change (mean of each band = 1); total: [frames], their mean. level: [frames, 64] mel.

    Frame `i` belongs to time `i / RATE + offset`.
    """

    bands: NDArray[np.float64]
    total: NDArray[np.float64]
    level: Floats
    offset: float = _LAG

    def frames_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Frame numbers, with fractions."""
        return (seconds - self.offset) * RATE


def attacks_of(samples: Floats, progress: Progress) -> Attacks:
    """Spectral flux of compressed mel bands (after Boeck and Widmer 2013). samples: mono at `ANALYSIS_RATE`, RMS 0.1."""
    from scipy.fft import rfft

    filters = mel_filters(_MELS, frame=FRAME)
    filters /= filters.sum(axis=1, keepdims=True)
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32) * np.float32(4.0 / FRAME)
    padded = np.pad(samples, FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    level = np.empty((frames.shape[0], _MELS), dtype=np.float32)
    for first in range(0, frames.shape[0], _BLOCK):
        progress.check_cancelled()
        block = np.abs(rfft(frames[first : first + _BLOCK] * window, axis=1))
        level[first : first + _BLOCK] = np.log1p(_COMPRESSION * (block @ filters.T))
    change = np.maximum(0.0, np.diff(level, axis=0, prepend=level[:1]))
    centres = (filters @ np.fft.rfftfreq(FRAME, 1.0 / ANALYSIS_RATE).astype(np.float32)).astype(np.float64)
    groups = np.searchsorted(BAND_EDGES, centres, side="right") - 1
    bands = np.stack([change[:, groups == group].mean(axis=1) for group in range(len(BAND_EDGES) - 1)], axis=1)
    bands = bands.astype(np.float64)
    scale = bands.mean(axis=0)
    # A band in which nothing happens must not be blown up to noise.
    bands /= np.maximum(scale, 0.05 * max(float(scale.max()), 1e-9))
    return Attacks(bands, bands.mean(axis=1), level)
