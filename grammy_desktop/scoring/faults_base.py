"""What the fault rules share: what they look at, how they say a figure, how severe it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.scoring.features import Features
from grammy_desktop.scoring.reference import Group
from grammy_desktop.scoring.result import Insight, Severity


@dataclass(frozen=True, eq=False)
class Look:
    """What a rule is given."""

    features: Features
    group: Group
    common: Group
    style: str | None

    @property
    def end(self) -> float:
        """Seconds; where a fault of the whole song ends."""
        return self.features.duration


@dataclass(frozen=True)
class Fault:
    """A rule: `threshold` and `source` in words, `find` returns the insight or None."""

    id: str
    threshold: str
    source: str
    find: Callable[[Look], Insight | None]


def signed(value: float, unit: str, digits: int = 1) -> str:
    """'+1.5 dB', '−2 dB': a true minus sign, a space that does not break, no trailing '.0'."""
    number = f"{abs(value):.{digits}f}".removesuffix(".0")
    return f"{'−' if value < 0 else '+'}{number}\u00a0{unit}"


def plain(value: float, unit: str, digits: int = 1) -> str:
    """'−14.2 LUFS', '3.0 s'."""
    return f"{'−' if value < 0 else ''}{abs(value):.{digits}f}\u00a0{unit}"


def severity_of(amount: float, notable: float, serious: float) -> Severity:
    """How bad `amount` is, given where notable and serious begin."""
    return "serious" if amount >= serious else "notable" if amount >= notable else "minor"


def stretch(
    starts: NDArray[np.float64], ends: NDArray[np.float64], bad: NDArray[np.bool_], whole: float
) -> tuple[float, float]:
    """Start and end in seconds of the longest run of bad windows; the whole song when most are bad or none stands out."""
    if bad.sum() == 0 or bad.mean() >= 0.6:
        return 0.0, whole
    bad = bad.copy()
    bad[1:-1] |= bad[:-2] & bad[2:]  # a single better window does not part a stretch
    edges = np.flatnonzero(np.diff(np.concatenate([[False], bad, [False]]).astype(np.int8)))
    first, last = edges[::2], edges[1::2] - 1
    longest = int(np.argmax(last - first))
    return float(starts[first[longest]]), float(ends[last[longest]])
