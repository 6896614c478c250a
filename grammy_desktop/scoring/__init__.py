"""The Grammy Meter: features, rules, insights and the fixes that go with them."""

from grammy_desktop.scoring.fixes import apply_fix
from grammy_desktop.scoring.insights import fixes_in_order
from grammy_desktop.scoring.result import CategoryScore, Fix, GrammyScore, Insight, Measurement, TimelinePoint
from grammy_desktop.scoring.score import score

__all__ = [
    "CategoryScore",
    "Fix",
    "GrammyScore",
    "Insight",
    "Measurement",
    "TimelinePoint",
    "apply_fix",
    "fixes_in_order",
    "score",
]
