"""Faults of tone: one part of the spectrum too strong or missing, against the third-octave percentiles of the style."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.scoring.faults_base import Fault, Look, plain, severity_of, signed, stretch
from grammy_desktop.scoring.filters import bell_db, high_shelf_db, low_shelf_db
from grammy_desktop.scoring.result import Fix, Insight, Measurement, Operation
from grammy_desktop.scoring.spectrum import CENTRES, REFERENCE_BANDS

_UNUSUAL = 1.6449  # standard deviations: only 5 % of released tracks have more
_REPAIRED = 0.9  # what a fix aims at
_LEAST_EXCESS = 2.0  # dB
_STRONGEST = 9.0  # dB a fix may take or give
_SOURCE = "third-octave spectrum against the style's 5th and 95th percentile"
_TONE_THRESHOLD = "outside 95 % of the style by at least 2 dB from its median"


@dataclass(frozen=True)
class _Region:
    """A part of the spectrum: `low` to `high` Hz, and the filter that changes it."""

    low: float
    high: float
    filter: str
    frequency: float
    q: float

    @property
    def bands(self) -> list[int]:
        return [index for index in REFERENCE_BANDS if self.low <= CENTRES[index] <= self.high]

    def response(self, gain: float) -> NDArray[np.float64]:
        """dB the filter adds to each third-octave band."""
        shape = {"peak": bell_db, "low_shelf": low_shelf_db, "high_shelf": high_shelf_db}[self.filter]
        return shape(CENTRES, self.frequency, gain, self.q)

    def operation(self, gain: float) -> Operation:
        return {"kind": self.filter, "frequency": self.frequency, "gain_db": gain, "q": self.q}


_MUD = _Region(190.0, 410.0, "peak", 280.0, 0.9)
_HARSH = _Region(1950.0, 5100.0, "peak", 3200.0, 0.8)
_SUB = _Region(35.0, 65.0, "low_shelf", 75.0, 0.8)
_AIR = _Region(7900.0, 10_200.0, "high_shelf", 5000.0, 0.7)


def find_muddy(look: Look) -> Insight | None:
    return _too_strong(look, _MUD, "muddy", "Low mids", "200–400\u00a0Hz")


def find_harsh(look: Look) -> Insight | None:
    return _too_strong(look, _HARSH, "harsh", "Upper mids", "2–5\u00a0kHz")


def find_boomy(look: Look) -> Insight | None:
    return _too_strong(look, _SUB, "boomy_sub", "Sub bass", "40–60\u00a0Hz")


def find_missing_air(look: Look) -> Insight | None:
    """Too little at 8 to 10 kHz; with hardly anything there, a shelf would only lift noise, and no fix is offered."""
    level = look.features.spectrum.mid_db
    deviation, excess = _deviation(look, level, _AIR), _excess(look, level, _AIR)
    if deviation > -_UNUSUAL or excess > -_LEAST_EXCESS:
        return None
    gain = _repair(look, level, _AIR, sign=1)
    empty = excess < -25.0
    fix = (
        None
        if empty
        else Fix("lift_air", f"Apply {signed(gain, 'dB')} above {_hertz(_AIR.frequency)}", (_AIR.operation(gain),))
    )
    advice = "Almost nothing is there to lift: look for a low-pass or a lossy source." if empty else "Above 8\u00a0kHz."
    return Insight(
        "missing_air",
        f"Treble {plain(-excess, 'dB')} low",
        f"{advice} Against the median of {look.group.name}.",
        Measurement(excess, "dB", 0.0, f"median of {look.group.name}, 8–10 kHz"),
        severity_of(-excess, 8.0, 16.0),
        0.0,
        look.end,
        fix,
        _SOURCE,
    )


def _too_strong(look: Look, region: _Region, name: str, words: str, span: str) -> Insight | None:
    spectrum = look.features.spectrum
    level = spectrum.mid_db
    deviation, excess = _deviation(look, level, region), _excess(look, level, region)
    if deviation < _UNUSUAL or excess < _LEAST_EXCESS:
        return None
    gain = _repair(look, level, region, sign=-1)
    per_window = np.array([_deviation(look, row, region) for row in spectrum.window_mid_db])
    start, end = stretch(spectrum.starts, spectrum.ends, per_window >= _UNUSUAL, look.end)
    action = (
        f"Apply {signed(gain, 'dB')} {'below' if region.filter == 'low_shelf' else 'at'} {_hertz(region.frequency)}"
    )
    return Insight(
        name,
        f"{words} {plain(excess, 'dB')} heavy" if name != "harsh" else f"{words} {plain(excess, 'dB')} sharp",
        f"{span}, against the median of {look.group.name}; 95\u00a0% of it has less.",
        Measurement(excess, "dB", 0.0, f"median of {look.group.name}, {span}"),
        severity_of(excess, 5.0, 8.0),
        start,
        end,
        Fix(f"cut_{name}", action, (region.operation(gain),)),
        _SOURCE,
    )


def _repair(look: Look, level: NDArray[np.float64], region: _Region, *, sign: int) -> float:
    """The gentlest gain in half decibels whose filter brings the region back inside the style, or the strongest allowed."""
    for half_decibels in range(2, int(2 * _STRONGEST) + 1):
        gain = sign * half_decibels / 2.0
        changed = level + region.response(gain)
        changed -= 10.0 * np.log10(np.sum(10.0 ** (changed[CENTRES < 11_025.0] / 10.0)))
        if sign * _deviation(look, changed, region) >= -_REPAIRED:
            return gain
    return sign * _STRONGEST


def _deviation(look: Look, level: NDArray[np.float64], region: _Region) -> float:
    """Mean deviation of the region's bands from the style, standard deviations."""
    return float(np.mean([look.group.deviation(_name(index), float(level[index])) for index in region.bands]))


def _excess(look: Look, level: NDArray[np.float64], region: _Region) -> float:
    """Mean dB of the region's bands over the style's median."""
    return float(np.mean([level[index] - look.group.at(_name(index), 0.0) for index in region.bands]))


def _hertz(frequency: float) -> str:
    """'280 Hz', '3.2 kHz'."""
    return f"{frequency:g}\u00a0Hz" if frequency < 1000.0 else f"{frequency / 1000.0:g}\u00a0kHz"


def _name(index: int) -> str:
    return f"ltas_{int(np.round(CENTRES[index]))}"


TONE_FAULTS = (
    Fault("boomy_sub", _TONE_THRESHOLD, _SOURCE, find_boomy),
    Fault("muddy", _TONE_THRESHOLD, _SOURCE, find_muddy),
    Fault("harsh", _TONE_THRESHOLD, _SOURCE, find_harsh),
    Fault("missing_air", "under 95 % of the style by at least 2 dB", _SOURCE, find_missing_air),
)
