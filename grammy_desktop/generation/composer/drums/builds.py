"""Build-ups: a roll whose rate doubles until the drop, with a song's own gaps and hats in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.styles import Groove
from grammy_desktop.core.styles.grid import Hit
from grammy_desktop.generation.composer.drums.strokes import Bar
from grammy_desktop.generation.composer.events import SectionPlan
from grammy_desktop.generation.composer.rhythm import Metre

_TIME_ROWS = ("H", "Sh", "O", "P", "Tb", "D")
_CYCLE = 64
_GAP, _REST = 0.14, 0.4
"""How often the roll leaves out an off-beat stroke, and the hats an eighth."""


@dataclass(frozen=True)
class Build:
    """`row` rolls ('' where the groove grows instead); `breaks` are the shares of the build at which its rate doubles.

    gaps, hats: over four bars of sixteenths, where the roll pauses and the hats play.
    """

    row: str
    breaks: tuple[float, float, float]
    gaps: tuple[bool, ...]
    hats: tuple[bool, ...]
    kicks: bool


def choose_build(row: str, rng: np.random.Generator) -> Build:
    first = float(rng.choice([0.2, 0.25, 0.3]))
    return Build(
        row=row,
        breaks=(first, first + float(rng.choice([0.25, 0.3])), float(rng.choice([0.8, 0.85]))),
        gaps=tuple(bool(draw < _GAP) for draw in rng.random(_CYCLE)),
        hats=tuple(bool(draw > _REST) for draw in rng.random(_CYCLE)),
        kicks=bool(rng.random() < 0.8),
    )


def build_bar(build: Build, section: SectionPlan, bar: int, metre: Metre, groove: Groove) -> Bar:
    """A bar of the roll: quarters, eighths, sixteenths, 32nds; the last half bar before the drop is silent."""
    place = (bar - section.start) / section.bars
    step = _rate(build, place, section.bars)
    limit = metre.steps / 2 if bar == section.end - 1 and section.lifts else float(metre.steps)
    hits: list[Hit] = []
    position = 0.0
    while position < limit - 1e-6:
        done = (bar - section.start + position / metre.steps) / section.bars
        hand = 0 if round(position / step) % 2 == 0 else -8
        if position % metre.pulse == 0 or not build.gaps[_place(bar, position, section, metre)]:
            hits.append(Hit(position, step, round(48 + 66 * done) + hand))
        position += step
    rows = {build.row: hits}
    if build.kicks and groove.rows.get("K", "").startswith("X...X...X...X...") and place < 0.75:
        rows["K"] = [Hit(s, 1, 108) for s in range(0, metre.steps, 4)]
    time_row = next((row for row in _TIME_ROWS if row in groove.rows), None)
    if time_row is not None:
        eighths = [float(s) for s in range(0, metre.steps, 2) if s < limit]
        rows[time_row] = [
            Hit(s, 1, 54 + round(24 * place)) for s in eighths if build.hats[_place(bar, s, section, metre)]
        ]
    return rows


def _place(bar: int, position: float, section: SectionPlan, metre: Metre) -> int:
    return int((bar - section.start) % 4 * metre.steps + position) % _CYCLE


def _rate(build: Build, place: float, bars: int) -> float:
    """Sixteenths between two strokes."""
    slow, middle, fast = build.breaks
    return 4.0 if place < slow else 2.0 if place < middle else 1.0 if place < fast or bars < 4 else 0.5
