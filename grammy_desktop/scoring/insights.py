"""Finds the faults: runs every rule of the four `faults_*` files and puts the worst first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grammy_desktop.scoring.faults_base import Fault, Look
from grammy_desktop.scoring.faults_form import FORM_FAULTS
from grammy_desktop.scoring.faults_level import LEVEL_FAULTS
from grammy_desktop.scoring.faults_stereo import STEREO_FAULTS
from grammy_desktop.scoring.faults_tone import TONE_FAULTS
from grammy_desktop.scoring.features import Features
from grammy_desktop.scoring.reference import Reference
from grammy_desktop.scoring.result import Fix, Insight, Severity

ALL_FAULTS: tuple[Fault, ...] = (*LEVEL_FAULTS, *TONE_FAULTS, *STEREO_FAULTS, *FORM_FAULTS)
"""Every rule with its id, threshold and source."""

_FIX_ORDER = (
    *("dc_offset", "clipping", "flipped_polarity", "cancelling_bass", "unbalanced"),
    *("boomy_sub", "muddy", "harsh", "missing_air", "narrow", "crushed_dynamics", "no_contrast"),
    *("too_quiet", "too_loud", "true_peak_over", "abrupt_end", "silent_ends"),
)
"""Repair first, then shape, then set the level; trimming last, because it moves every later time."""

_ORDER: dict[Severity, int] = {"serious": 0, "notable": 1, "minor": 2}


@dataclass(frozen=True)
class RuleText:
    """What a page about the Meter lists."""

    id: str
    threshold: str
    source: str


def find_insights(features: Features, reference: Reference, style: str | None) -> tuple[Insight, ...]:
    """Every fault that was found, worst first, at most one of each id."""
    look = Look(features, reference.group(style), reference.common, style)
    found = [insight for fault in ALL_FAULTS if (insight := fault.find(look)) is not None]
    return tuple(sorted(found, key=lambda insight: _ORDER[insight.severity]))


def fixes_in_order(insights: Iterable[Insight]) -> tuple[Fix, ...]:
    """The fixes of several insights in the order in which they are best carried out."""
    fixable = {insight.id: insight.fix for insight in insights if insight.fix is not None}
    return tuple(fixable[name] for name in _FIX_ORDER if name in fixable)


def list_rules() -> tuple[RuleText, ...]:
    """All rules as text."""
    return tuple(RuleText(fault.id, fault.threshold, fault.source) for fault in ALL_FAULTS)
