"""Production quality: how far a mix shows the marks of damage, against undamaged released music of its style.

The marks and their weights were set by hand and checked on 5,578 excerpts of 389 clips with ten kinds of known damage
(clipping, low-pass, noise, over-compression, shelves, bells, reverb, phase, bit depth): area under the ROC curve 0.73 for all
kinds together, above 0.95 for clipping, over-compression and phase, near chance for mild equalisation, which taste and damage
share. Clean clips score 50 in the median.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grammy_desktop.scoring.reference import Group
from grammy_desktop.scoring.result import CategoryScore
from grammy_desktop.scoring.spectrum import CENTRES

TYPICAL_PENALTY = 1.9
"""Median over the 389 clean clips; a track with it scores 50."""

_STEEPNESS = 1.5
_NEAR_PEAK_UNIT = 2e-4  # share of frames near the peak: ten times what 99 % of clean clips have less than
_EDGE = 1.3  # standard deviations: what one track in ten exceeds is not a fault yet

BALANCE_BANDS = tuple(f"{round(float(hertz))}" for hertz in CENTRES if 60.0 < hertz < 6400.0)
AIR_BANDS = tuple(f"{round(float(hertz))}" for hertz in CENTRES if 7900.0 < hertz < 10_200.0)
"""Names of the table's third-octave bands, Hz."""


@dataclass(frozen=True)
class Mark:
    """A trace of damage: `weighted` counts, `name` says what."""

    name: str
    weighted: float


def marks(values: dict[str, float], group: Group, common: Group) -> tuple[Mark, ...]:
    """Every mark, each at least 0 and growing without end with the damage. values: `Features.values`."""

    def deviation(feature: str) -> float:
        table = group if feature in group.table else common
        return table.deviation(feature, values[feature])

    balance = float(np.mean([abs(deviation(f"ltas_{band}")) for band in BALANCE_BANDS]))
    air = float(np.mean([deviation(f"ltas_{band}") for band in AIR_BANDS]))
    flattened = math.log10(1.0 + values["near_peak"] / _NEAR_PEAK_UNIT)
    dynamics = _beyond(-min(deviation("plr"), deviation("crest_db")), 1.0) + _beyond(
        deviation("peak_frame_median"), _EDGE
    )
    noise = _beyond(-deviation("air_p50_p5"), 1.2) + 0.5 * _beyond(-deviation("air_p95_p5"), 1.2)
    stereo = (
        _beyond(-deviation("lr_corr"), _EDGE)
        + _beyond(-deviation("lr_corr_low"), _EDGE)
        + _beyond(deviation("lr_bal_db"), _EDGE)
    )
    return (
        Mark("spectral balance", 1.0 * balance),
        Mark("treble missing", 0.7 * _beyond(-air, _EDGE)),
        Mark("peaks cut flat", 1.0 * flattened),
        Mark("dynamics crushed", 0.8 * dynamics),
        Mark("steady noise", 0.8 * noise),
        Mark("phase or balance", 0.6 * stereo),
    )


def quality_of(found: tuple[Mark, ...]) -> float:
    """0..100, falling with the sum of the marks."""
    penalty = sum(mark.weighted for mark in found)
    return float(100.0 / (1.0 + (penalty / TYPICAL_PENALTY) ** _STEEPNESS))


def score_production(values: dict[str, float], group: Group, common: Group) -> CategoryScore:
    found = marks(values, group, common)
    most = sorted(found, key=lambda mark: mark.weighted, reverse=True)
    reasons = tuple(
        f"{mark.name} ({mark.weighted:.1f} of {TYPICAL_PENALTY} typical in all)" for mark in most if mark.weighted > 0.5
    )
    evidence = f"Measured: six marks of technical damage against {group.tracks} clips of {group.name}. Says nothing about taste."
    return CategoryScore(quality_of(found), 8.0, "measured", evidence, reasons[:3])


def _beyond(deviation: float, edge: float) -> float:
    """A smooth ramp that starts at `edge` standard deviations; never flat, so that worse always counts more."""
    scaled = 1.6 * (deviation - edge)
    return (max(scaled, 0.0) + math.log1p(math.exp(-abs(scaled)))) / 1.6
