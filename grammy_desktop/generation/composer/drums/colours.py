"""A song's own percussion: runs that breathe, cymbals that answer, a foot that keeps time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grammy_desktop.core.styles import Style
from grammy_desktop.core.styles.grid import Hit
from grammy_desktop.generation.composer.drums.strokes import FOOT, Bar, free, hit_at
from grammy_desktop.generation.composer.rhythm import Metre

_COLOUR_ROWS = ("Pc", "Cg", "Cgl", "Cgm", "Bg", "Bgl", "Cb", "Wb", "Wbl", "Ag", "Agl", "T", "Th", "Tf", "Ti", "Til")
_RUNNING_ROWS = ("S", "T", "Pc", "R", "Cg", "Tf")
_CYMBAL_ROWS = ("Cr", "D", "H", "Tb")
_OWN_BAR = 0.6
"""How often a song changes the bar of percussion that it comes back to."""
_ANSWERS = (0, 1, 1, 2, 2)
"""Changes of a percussion row in every second bar."""


def rolls(pattern: list[Bar], metre: Metre, rng: np.random.Generator) -> None:
    """Rows of running strokes (a train beat, taiko, brushes) breathe: the same weak strokes are left out all song long."""
    for row in _RUNNING_ROWS:
        if len(pattern[0].get(row, ())) <= metre.steps * 0.55:
            continue
        for odd in (0, 1):
            weak = sorted({hit.step for hit in pattern[odd][row] if hit.step % metre.pulse and hit.velocity < 100})
            gone = {weak[int(rng.integers(len(weak)))] for _ in range(int(rng.integers(1, 4)))} if weak else set()
            for bar in (odd, odd + 2):
                pattern[bar][row] = [hit for hit in pattern[bar][row] if hit.step not in gone]
        last = [hit for hit in pattern[3][row] if hit.step % metre.pulse and hit.velocity < 100]
        if last and rng.random() < 0.6:
            pattern[3][row].remove(last[int(rng.integers(len(last)))])


def cymbals(pattern: list[Bar], places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """Crashes and rides that keep time in quarters: an eighth added or a quarter left out, as the song has it."""
    eighths = [place for place in places if place % 2 == 0] if places[1] < 1.1 else list(places)
    for row in _CYMBAL_ROWS:
        if not 3 <= len(pattern[0].get(row, ())) <= metre.steps // 4 + 1:
            continue
        for odd, chance in ((0, 0.35), (1, 0.75)):
            if rng.random() < chance:
                for bar in (odd, odd + 2) if rng.random() < 0.5 else (odd + 2,):
                    pattern[bar][row] = _answered(pattern[bar].get(row, []), eighths, metre, rng)


def colours(pattern: list[Bar], places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """Percussion answers differently in every second bar, and in some songs has its own first bar too."""
    for row in _COLOUR_ROWS:
        if not any(bar.get(row) for bar in pattern):
            continue
        if rng.random() < _OWN_BAR:
            # The bar that the song comes back to is its own; rows that run over the bar line keep their way.
            again = pattern[0].get(row) == pattern[2].get(row)
            pattern[0][row] = _answered(pattern[0].get(row, []), places, metre, rng)
            if again:
                pattern[2][row] = list(pattern[0][row])
        for index in (1, 3):
            hits = pattern[index].get(row)
            for _ in range(int(rng.choice(_ANSWERS)) if hits else 0):
                hits = _answered(hits or [], places, metre, rng)
            if hits:
                pattern[index][row] = hits


def _answered(hits: list[Hit], places: Sequence[float], metre: Metre, rng: np.random.Generator) -> list[Hit]:
    """One stroke of a percussion row moved, added or left out; never the one on the first step."""
    movable = [hit for hit in hits if hit.step > 0]
    if not movable:
        return hits
    chosen = movable[int(rng.integers(len(movable)))]
    step = float(rng.choice(places[1:]))
    draw = rng.random()
    if draw < 0.25 and len(hits) > 2 and chosen.step % metre.pulse:
        return [hit for hit in hits if hit is not chosen]
    if draw < 0.6 and len(hits) < metre.steps * 0.6 and free(hits, step):
        return [*hits, hit_at(step, max(40, chosen.velocity - 14), places)]
    if free([hit for hit in hits if hit is not chosen], step):
        return [replace(hit, step=step) if hit is chosen else hit for hit in hits]
    return hits


def foot(pattern: list[Bar], style: Style, places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """A drummer whose hands leave the hi-hat alone may keep its foot going."""
    if style.feel.sequenced or any(row in bar for bar in pattern for row in ("H", "O", FOOT)):
        return
    if not any(row in pattern[0] for row in ("S", "D")) or rng.random() < 0.4:
        return
    beats = [float(step) for step in range(0, metre.steps, metre.pulse)]
    steps = [float(step) for step in metre.backbeat_steps] if rng.random() < 0.6 else beats
    for index, bar in enumerate(pattern):
        extra = [float(rng.choice(places[1:]))] if index % 2 and rng.random() < 0.5 else []
        bar[FOOT] = [hit_at(step, 52, places) for step in sorted({*steps, *extra})]
