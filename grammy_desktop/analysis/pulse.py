"""Which steady pulses a recording has, and exactly how fast they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import RATE

Floats = NDArray[np.float64]

SLOWEST, FASTEST = 36.0, 230.0
"""Beats per minute that are considered."""

_RATIOS = (1.0, 0.5, 2.0, 0.25, 4.0, 1 / 3, 3.0, 2 / 3, 1.5, 0.75, 4 / 3)
_STRONGEST = 5
_MOST = 12
_HARMONICS = (1, 2, 3, 4, 6, 8)
_SAME = 0.012
"""Octaves by which tempi must differ to be two: 0.8 per cent."""


@dataclass(frozen=True)
class Pulse:
    """`bpm` beats per minute; `strength` of its comb, the strongest candidate = 1."""

    bpm: float
    strength: float


class PulseSpectrum:
    """The spectrum of the attack strength over the whole song: a steady pulse is a comb of lines in it."""

    def __init__(self, strength: Floats) -> None:
        smooth = np.convolve(strength, np.ones(87) / 87, mode="same")
        centred = np.maximum(0.0, strength - 0.6 * smooth)
        centred = np.minimum(centred, 8.0 * max(float(centred.mean()), 1e-9))
        centred = centred - centred.mean()
        self.seconds = strength.size / RATE
        size = 1 << int(np.ceil(np.log2(max(strength.size, 2)))) + 3
        window = np.hanning(strength.size) ** 0.5
        self._lines = np.abs(np.fft.rfft(centred * window, size))
        self._step = RATE / size
        self._floor = float(np.sqrt(np.mean(np.square(self._lines)))) + 1e-12

    def at(self, hertz: Floats) -> Floats:
        """Strength of the line at each frequency, in multiples of the spectrum's own RMS."""
        place = np.clip(np.asarray(hertz) / self._step, 0, self._lines.size - 2)
        low = place.astype(np.int64)
        part = place - low
        return np.asarray((self._lines[low] * (1 - part) + self._lines[low + 1] * part) / self._floor)

    def comb(self, hertz: Floats) -> Floats:
        """Sum over the harmonics of each frequency."""
        total = np.zeros(np.shape(hertz))
        for harmonic in _HARMONICS:
            total += self.at(np.asarray(hertz) * harmonic) / harmonic**0.25
        return total

    def strongest(self, count: int = _STRONGEST) -> list[float]:
        """Hz of the strongest lines between 0.6 and 13 Hz, no two within 3 per cent."""
        hertz = np.arange(0.6, 13.0, self._step)
        lines = self.at(hertz)
        peaks = np.flatnonzero((lines[1:-1] >= lines[:-2]) & (lines[1:-1] > lines[2:])) + 1
        kept: list[float] = []
        for index in peaks[np.argsort(lines[peaks])[::-1]]:
            if all(abs(np.log2(hertz[index] / other)) > 0.04 for other in kept):
                kept.append(float(hertz[index]))
            if len(kept) == count:
                break
        return kept

    def refine(self, hertz: float) -> float:
        """The frequency nearby whose comb is strongest: to about a hundredth of a cycle over the song."""
        reach = 1.2 / self.seconds
        for points, span in ((41, reach), (31, reach / 12)):
            grid = hertz + np.linspace(-span, span, points)
            hertz = float(grid[int(np.argmax(self.comb(grid) + 2.0 * self.at(4 * grid)))])
        return hertz


def find_pulses(spectrum: PulseSpectrum) -> list[Pulse]:
    """Candidate beats, strongest first: the strongest lines and what stands in simple ratios to them."""
    tempi: list[float] = []
    for line in spectrum.strongest():
        for ratio in _RATIOS:
            bpm = 60.0 * line * ratio
            if SLOWEST <= bpm <= FASTEST and all(abs(np.log2(bpm / other)) > _SAME for other in tempi):
                tempi.append(bpm)
    refined: list[Pulse] = []
    for bpm in tempi:
        exact = 60.0 * spectrum.refine(bpm / 60.0)
        if all(abs(np.log2(exact / other.bpm)) > _SAME for other in refined):
            refined.append(Pulse(exact, float(spectrum.comb(np.array([exact / 60.0]))[0])))
    refined.sort(key=lambda pulse: -pulse.strength)
    best = refined[0].strength if refined else 1.0
    return [Pulse(pulse.bpm, pulse.strength / best) for pulse in refined[:_MOST]]
