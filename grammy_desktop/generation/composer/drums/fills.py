"""A song's own fills: those of its style, each with a stroke moved, left out or answered on another drum; they come back all
song long, as a drummer's do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.styles import Fill
from grammy_desktop.core.styles.grid import TRIPLET, Hit
from grammy_desktop.generation.composer.drums.strokes import Bar
from grammy_desktop.generation.composer.rhythm import Metre, bar_hits

_ROUND_THE_KIT = ("S", "Th", "T", "Tf")
"""Drums that take over each other's strokes, from high to low."""
_VOICES = (*_ROUND_THE_KIT, "Sn", "C", "Tb", "Pc", "Cg", "Cgl", "Bg", "Bgl", "Ti", "Til", "Su", "Sh", "H", "K")
"""Rows that answer, the likeliest first."""
_CROSSED = 0.35
"""How often a fill ends as another of its style does."""
_SOFT, _LOUD = 54, 88
_FULL = 7
"""Strokes of a drum from which a fill has some to spare."""


@dataclass(frozen=True)
class OwnFill:
    """One bar that leads on, hits in steps from its start."""

    rows: Bar
    big: bool


def own_fills(fills: tuple[Fill, ...], metre: Metre, rng: np.random.Generator) -> tuple[OwnFill, ...]:
    """The style's fills as this song plays them."""
    read = [(fill.big, _read(fill, metre)) for fill in fills]
    made = []
    for big, rows in read:
        others = [
            other for kind, other in read if kind == big and other is not rows and _triplets(other) == _triplets(rows)
        ]
        if others and rng.random() < _CROSSED:
            rows = _crossed(rows, others[int(rng.integers(len(others)))], metre.steps / 2)
        for _ in range(int(rng.integers(2, 5))):
            rows = _changed(rows, metre, rng)
        made.append(OwnFill(rows, big))
    return tuple(made)


def _read(fill: Fill, metre: Metre) -> Bar:
    return {
        row: list(bar_hits(grid if fill.metre == "4/4" else f"{fill.metre}: {grid}", 0, metre))
        for row, grid in fill.rows.items()
    }


def _triplets(rows: Bar) -> bool:
    return any(hit.triplet for hits in rows.values() for hit in hits)


def _crossed(rows: Bar, other: Bar, half: float) -> Bar:
    """The first half of one fill, the second of the other."""
    names = dict.fromkeys((*rows, *other))
    return {
        row: [hit for hit in rows.get(row, ()) if hit.step < half]
        + [hit for hit in other.get(row, ()) if hit.step >= half]
        for row in names
    }


def _changed(rows: Bar, metre: Metre, rng: np.random.Generator) -> Bar:
    """One change in the second half, where a fill is heard; the same fill where the drawn one does not fit."""
    half = metre.steps / 2
    late = [(row, hit) for row, hits in rows.items() for hit in hits if hit.step >= half]
    voices = [row for row in _VOICES if row in rows]
    if not late or not voices:
        return rows
    row, hit = late[int(rng.integers(len(late)))]
    match int(rng.integers(4)):
        case 0 if hit.step % metre.pulse and len(late) > 3:
            return _without(rows, row, hit)
        case 1 if row in _ROUND_THE_KIT:
            return _with(_without(rows, row, hit), _neighbour(row, rows, rng), hit)
        case 2:
            # A stroke somewhat earlier or later, where nobody plays.
            step = hit.step + _unit(rows) * float(rng.choice([-1, 1]))
            if half <= step < metre.steps and hit.step % metre.pulse and _free(rows, step):
                return _with(_without(rows, row, hit), row, replace(hit, step=step))
        case _:
            unit = _unit(rows)
            step = half + unit * float(rng.integers(round((metre.steps - half) / unit)))
            voice = voices[min(len(voices) - 1, int(rng.geometric(0.5)) - 1)]
            if _free(rows, step, voice):
                loud = round(_SOFT + (_LOUD - _SOFT) * (step - half) / half)
                return _with(rows, voice, Hit(step, 1, loud, False, unit > 1.1))
    # A roll with no room for more breathes instead.
    return _without(rows, row, hit) if hit.step % metre.pulse and len(rows[row]) >= _FULL else rows


def _unit(rows: Bar) -> float:
    return TRIPLET if _triplets(rows) else 1.0


def _neighbour(row: str, rows: Bar, rng: np.random.Generator) -> str:
    """The next drum up or down; only a snare and what the fill has already, where it has no toms."""
    if not any(name in rows for name in _ROUND_THE_KIT[1:]):
        return next((name for name in _VOICES if name in rows and name not in (row, "H", "K")), row)
    place = _ROUND_THE_KIT.index(row) + int(rng.choice([-1, 1]))
    return _ROUND_THE_KIT[min(max(place, 0), len(_ROUND_THE_KIT) - 1)]


def _free(rows: Bar, step: float, row: str = "") -> bool:
    chosen = [rows[row]] if row else list(rows.values())
    return all(abs(hit.step - step) >= 0.9 for hits in chosen for hit in hits)


def _without(rows: Bar, row: str, hit: Hit) -> Bar:
    return {**rows, row: [other for other in rows[row] if other is not hit]}


def _with(rows: Bar, row: str, hit: Hit) -> Bar:
    if any(abs(other.step - hit.step) < 0.9 for other in rows.get(row, ())):
        return rows
    return {**rows, row: sorted([*rows.get(row, ()), hit], key=lambda each: each.step)}
