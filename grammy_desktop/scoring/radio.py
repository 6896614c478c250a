"""Radio readiness: delivery rules, in points that are compared with what the median release of the style would get."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grammy_desktop.scoring.features import Features
from grammy_desktop.scoring.production import BALANCE_BANDS
from grammy_desktop.scoring.reference import Group
from grammy_desktop.scoring.result import CategoryScore

_TYPICAL_BALANCE = 0.78  # mean deviation of the bands of the median clean clip
_LOST_POINTS_EXPONENT = 2.5


@dataclass(frozen=True)
class Rule:
    """`points` 0..1 of `weight`; `typical` is what the style's median release gets; `text` says what was measured."""

    weight: float
    points: float
    typical: float
    text: str


def rules(features: Features, group: Group) -> tuple[Rule, ...]:
    """Sources: -14 LUFS and -1 dBTP are what streaming services ask for; the rest is held against the style's percentiles."""
    values, waveform = features.values, features.waveform
    loudness, peak, plr, lra = (values[name] for name in ("lufs", "truepeak_db", "plr", "lra"))
    lost = mono_loss(features)
    balance = float(np.mean([abs(group.deviation(f"ltas_{band}", values[f"ltas_{band}"])) for band in BALANCE_BANDS]))
    typical_loss = 10.0 * math.log10((1.0 + group.at("lr_corr", 0.0)) / 2.0)
    return (
        Rule(
            0.20, _loudness_points(loudness), _loudness_points(group.at("lufs", 0.0)), f"{loudness:.1f} LUFS integrated"
        ),
        Rule(
            0.15, _ramp(peak, 2.0, -1.0), _ramp(group.at("truepeak_db", 0.0), 2.0, -1.0), f"{peak:.1f} dBTP true peak"
        ),
        Rule(0.15, _ramp(group.deviation("plr", plr), -2.4, -0.7), 1.0, f"{plr:.1f} LU peak to loudness"),
        Rule(0.08, _ramp(abs(group.deviation("lra", lra)), 3.0, 1.3), 1.0, f"{lra:.1f} LU loudness range"),
        Rule(0.14, _ramp(lost, -9.0, -2.5), _ramp(typical_loss, -9.0, -2.5), f"{-lost:.1f} dB lost in mono"),
        Rule(
            0.16,
            _ramp(balance, 2.0, 0.5),
            _ramp(_TYPICAL_BALANCE, 2.0, 0.5),
            f"spectrum {balance:.1f} deviations from the style",
        ),
        Rule(0.06, _length_points(features.duration), 1.0, f"{features.duration:.0f} s long"),
        Rule(0.06, _ramp(waveform.lead + 0.3 * waveform.tail, 4.0, 1.2), 1.0, f"{waveform.lead:.1f} s silent lead-in"),
    )


def score_radio(features: Features, group: Group) -> CategoryScore:
    found = rules(features, group)
    total = sum(rule.weight for rule in found)
    points = sum(rule.weight * rule.points for rule in found) / total
    typical = sum(rule.weight * rule.typical for rule in found) / total
    if points >= typical:
        value = 50.0 + 50.0 * (points - typical) / max(1.0 - typical, 0.05)
    else:
        value = 50.0 * (points / typical) ** _LOST_POINTS_EXPONENT
    lost = sorted(found, key=lambda rule: rule.weight * (1.0 - rule.points), reverse=True)
    reasons = tuple(rule.text for rule in lost if rule.weight * (1.0 - rule.points) > 0.02)[:3]
    evidence = f"Measured: eight delivery rules; 50 is what the median of {group.name} gets."
    return CategoryScore(float(np.clip(value, 0.0, 100.0)), 4.0, "measured", evidence, reasons)


def mono_loss(features: Features) -> float:
    """dB the sound changes by when both channels are summed: 0 for mono, -3 for unrelated channels, less for cancelling ones."""
    whole = features.spectrum.whole
    both = float((whole.left + whole.right).sum()) / 2.0
    return 10.0 * math.log10(max(float(whole.mid.sum()), 1e-14) / max(both, 1e-14))


def _ramp(value: float, zero: float, one: float) -> float:
    """0 at `zero`, 1 at `one`, straight between, flat outside."""
    return float(np.clip((value - zero) / (one - zero), 0.0, 1.0))


def _loudness_points(lufs: float) -> float:
    return min(_ramp(lufs, -26.0, -16.0), _ramp(lufs, -3.0, -8.0))


def _length_points(seconds: float) -> float:
    return min(_ramp(seconds, 20.0, 100.0), _ramp(seconds, 600.0, 300.0))
