"""The matching filters at work: linear phase, exactly centred, by overlap-save."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.filter_cascade import offset_at_start
from grammy_desktop.mastering.matching.grid import Curve
from grammy_desktop.mastering.matching.listen import window_size
from grammy_desktop.mastering.matching.mid_side import left_and_right, mid_and_side
from grammy_desktop.mastering.matching.plan import gain_at

_TRANSFORM = 16
"""Length of the transform in reaches of the filter: an eighth of it is overlap."""


def design_filter(gain_db: Curve, sample_rate: int) -> NDArray[np.float64]:
    """The whole symmetric impulse response, 2 * reach + 1 taps, of a gain on the grid; windowed (Hann) frequency sampling."""
    reach = window_size(sample_rate) // 2
    size = 8 * reach
    frequencies = np.linspace(0, sample_rate / 2, size // 2 + 1)
    response = np.fft.irfft(gain_at(gain_db, frequencies))
    return np.asarray(np.roll(response, reach)[: 2 * reach + 1] * np.hanning(2 * reach + 3)[1:-1])


class MatchingStage(ChunkedStage):
    """One filter for mono; for stereo one for mid and one for side.

    An offset (DC) that the sound begins with is taken off: its step at either end would ring through the filters.
    """

    def __init__(self, gains_db: Sequence[Curve], sample_rate: int) -> None:
        from scipy.fft import rfft

        filters = np.array([design_filter(gain, sample_rate) for gain in gains_db])
        self._reach = filters.shape[1] // 2
        size = _TRANSFORM * self._reach
        self._spectra = rfft(filters.astype(np.float32), n=size, axis=1)
        self._window = np.zeros((len(filters), size), np.float32)
        self._offsets: Samples | None = None
        self._seen = 0
        super().__init__(channels=len(filters), chunk=size - 2 * self._reach, latency=self._reach)

    def _work(self, chunk: Samples) -> Samples:
        from scipy.fft import irfft, rfft

        size = self._window.shape[1]
        overlap = 2 * self._reach
        self._window[:, :overlap] = self._window[:, size - overlap :]
        fresh = self._window[:, overlap:]
        if len(chunk) == 2:
            mid_and_side(chunk.T, out=fresh)
        else:
            fresh[:] = chunk
        self._take_offset_off(fresh)
        spectrum = rfft(self._window, axis=1)
        spectrum *= self._spectra
        filtered: Samples = irfft(spectrum, n=size, axis=1, overwrite_x=True)[:, overlap:]
        if len(chunk) == 1:
            return filtered
        both = np.empty_like(filtered)
        left_and_right(filtered, out=both.T)
        return both

    def _take_offset_off(self, rows: Samples) -> None:
        # Silence that is fed at the end has no offset.
        frames = max(0, min(self.chunk, self._taken - self._seen))
        self._seen += self.chunk
        if self._offsets is None:
            self._offsets = np.array([[offset_at_start(row[:frames])] for row in rows], np.float32)
        if self._offsets.any():
            rows[:, :frames] -= self._offsets
