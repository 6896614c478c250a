"""matchering's correction of the level: four times the gain that brings the clipped result to the reference's rms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.progress import Progress
from grammy_desktop.mastering.matching.compatible.spectra import parts_of
from grammy_desktop.mastering.matching.compatible.track import RATE, Track, blocks_of_track
from grammy_desktop.mastering.matching.pieces import Pieces, loudest_pieces

_STEPS = 4
_LEAST = 1e-6
_FIRST_HIGHEST_GAIN = 1.2
_SHARE = 4096
"""Samples that are looked through for high ones at a time."""


@dataclass(frozen=True, eq=False)
class Correction:
    """gain: linear. peak: highest sample of left and right before the gain."""

    gain: float
    peak: float


def correct_level(track: Track, wanted_rms: float, progress: Progress) -> Correction:
    """`wanted_rms`: of the mid channel in the loudest pieces, linear."""
    highest_gain = _FIRST_HIGHEST_GAIN
    while True:
        clipped = _ClippedLevels.of(track, highest_gain, progress)
        gain = highest = 1.0
        for _ in range(_STEPS):
            gain *= wanted_rms / max(_LEAST, clipped.rms_at(gain))
            highest = max(highest, gain)
            if highest > highest_gain:
                break
        if highest <= highest_gain:
            return Correction(gain, clipped.peak)
        highest_gain = highest * 1.5


@dataclass(frozen=True, eq=False)
class _ClippedLevels:
    """All that is needed to know the rms of every piece when its samples are multiplied and clipped at full scale.

    energy: of each piece. high: the magnitudes of each piece that may come to be clipped.
    """

    pieces: Pieces
    energy: np.ndarray[tuple[int], np.dtype[np.float64]]
    high: list[list[Samples]]
    peak: float

    @classmethod
    def of(cls, track: Track, highest_gain: float, progress: Progress) -> _ClippedLevels:
        pieces = Pieces.of(track.frames, RATE)
        energy = np.zeros(pieces.count)
        high: list[list[Samples]] = [[] for _ in range(pieces.count)]
        peak = 0.0
        threshold = np.float32(1 / highest_gain)
        for start, count in blocks_of_track(track, progress, "level"):
            mid_side = track.read(start, count)
            magnitude = np.abs(mid_side)
            for piece, first, last in parts_of(pieces, start, count):
                part = magnitude[0, first:last]
                energy[piece] += float(np.vdot(part, part))
                high[piece].append(part[part > threshold])
            magnitude[0] += magnitude[1]
            peak = max(peak, float(magnitude[0].max()))
        return cls(pieces, energy, high, peak)

    def rms_at(self, gain: float) -> float:
        """Of the loudest pieces when multiplied by `gain` and clipped."""
        energy = self.energy * gain**2
        for number, parts in enumerate(self.high):
            for part in parts:
                over = part[part > 1 / gain]
                energy[number] += len(over) - gain**2 * float(np.vdot(over, over))
        return loudest_pieces(np.sqrt(np.maximum(0.0, energy) / self.pieces.frames)).rms
