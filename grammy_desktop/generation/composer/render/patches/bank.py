"""Banks of single periods: a spectrum that changes (a filter that moves, a string that dies away) as rows of tables.

Every row is one period made of just the harmonics that fit below Nyquist, all with the same phases. Reading between two
rows fades from one spectrum to the other: a moving filter without zipper noise, aliasing or an unstable moment, at the
price of two look-ups a sample.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE

BITS = 14
SIZE = 1 << BITS
TOP_HZ = 19_500.0
"""No harmonic above this."""

Turns = NDArray[np.float64]
"""Phase in turns, one value a frame."""


def harmonics_below(hz: float) -> NDArray[np.float64]:
    """Numbers of the harmonics of `hz` that fit: 1, 2, 3 ..."""
    count = int(TOP_HZ / max(hz, 10.0))
    return np.arange(1, min(max(count, 1), SIZE // 16) + 1, dtype=np.float64)


def make_bank(spectra: NDArray[np.float64]) -> Samples:
    """One period for each row of harmonic amplitudes [rows, harmonics] (sine phases); float32 [rows * SIZE]."""
    import scipy.fft

    rows, count = spectra.shape
    bins = np.zeros((rows, SIZE // 2 + 1), np.complex64)
    bins[:, 1 : count + 1] = -0.5j * SIZE * spectra
    bank: Samples = scipy.fft.irfft(bins, SIZE, axis=1).reshape(-1)
    bank.setflags(write=False)
    return bank


def steady_turns(hz: float, frames: int) -> Turns:
    """Phase of a steady tone."""
    return np.arange(frames, dtype=np.float64) * (hz / RATE)


def moving_turns(hz: NDArray[np.float64]) -> Turns:
    """Phase of a tone whose frequency (Hz, one value a frame) moves."""
    turns = np.cumsum(hz)
    turns -= hz[0]
    turns /= RATE
    return turns


def place_in(turns: Turns, ratio: float = 1.0, start: float = 0.0) -> NDArray[np.int64]:
    """The place inside a period, 0 to SIZE - 1, of a tone at `ratio` times the frequency; `start` in turns."""
    scaled = turns * (ratio * SIZE)
    scaled += start * SIZE
    place = scaled.astype(np.int64)
    place &= SIZE - 1
    return place


def read_row(bank: Samples, place: NDArray[np.int64]) -> Samples:
    """A bank of one row."""
    return np.asarray(bank.take(place), np.float32)


class Reading:
    """Where in the rows to read, worked out once for all voices of a note. `rows` moves between 0 and the last row."""

    def __init__(self, rows: NDArray[np.float32], count: int) -> None:
        low = np.minimum(rows.astype(np.int64), max(count - 2, 0))
        self._weight = np.asarray(rows - low, np.float32)
        low *= SIZE
        self._first = low
        self._count = count

    def read(self, bank: Samples, place: NDArray[np.int64]) -> Samples:
        """float32 [frames]."""
        if self._count == 1:
            return read_row(bank, place)
        index = place + self._first
        low = bank.take(index)
        index += SIZE
        high = bank.take(index)
        high -= low
        high *= self._weight
        high += low
        return np.asarray(high, np.float32)
