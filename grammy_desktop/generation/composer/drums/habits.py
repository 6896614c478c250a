"""A song's own way with its style's grooves: four bars of each, with ghosts, pushes and accents that come back all song long.

A style has two or three grooves; what a drummer makes of them tells one song from another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grammy_desktop.core.styles import Groove, Style
from grammy_desktop.core.styles.grid import TRIPLET
from grammy_desktop.generation.composer.drums.colours import colours, cymbals, foot, rolls
from grammy_desktop.generation.composer.drums.strokes import (
    BACKBEAT_ROWS,
    BARS,
    GHOST,
    Bar,
    free,
    groove_hits,
    hit_at,
    shuffles,
)
from grammy_desktop.generation.composer.rhythm import Metre

_TIME_ROWS = ("H", "O", "P", "Sh", "D", "Tb", "Ma", "Ca", "Gu")
_HANDS = ("H", "O", "D", "Sh")
_OTHER_TIME = 0.3
"""How often a song keeps time as another groove of its style does."""
_RUNNING_KICKS = 6
"""Kicks in a bar from which they are a figure of their own."""

_EXTRA_ROWS = ("Tb", "Sh", "D", "O", "Cg", "Pc", "P")


def four_bars(style: Style, groove: Groove, metre: Metre, rng: np.random.Generator) -> tuple[Bar, ...]:
    """The groove with this song's habits, four bars of it."""
    groove = _with_other_time(style, groove, rng)
    pattern: list[Bar] = [
        {row: list(groove_hits(groove, row, index, metre)) for row in groove.rows} for index in range(BARS)
    ]
    unit = TRIPLET if any(hit.triplet for bar in pattern for hits in bar.values() for hit in hits) else 1.0
    places = [index * unit for index in range(round(metre.steps / unit))]
    _kicks(pattern, places, metre, rng)
    _ghosts(pattern, style, places, metre, rng)
    _time(pattern, places, metre, rng)
    rolls(pattern, metre, rng)
    cymbals(pattern, places, metre, rng)
    colours(pattern, places, metre, rng)
    foot(pattern, style, places, metre, rng)
    _extra_row(pattern, style, groove, metre, rng)
    return tuple(pattern)


def _on_floor(pattern: Sequence[Bar], metre: Metre) -> bool:
    """Whether the kick marks every beat."""
    kicks = {hit.step for hit in pattern[0].get("K", ())}
    return all(float(step) in kicks for step in range(0, metre.steps, metre.pulse))


def _kicks(pattern: list[Bar], places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """A pushed kick or two in the second half, one less somewhere; four on the floor stays what it is."""
    if "K" not in pattern[0]:
        return
    if _on_floor(pattern, metre):
        for bar, chance in ((1, 0.3), (3, 0.5)):
            step = float(rng.choice([place for place in places if metre.pulse - place % metre.pulse <= 2]))
            if rng.random() < chance and free(pattern[bar]["K"], step):
                pattern[bar]["K"].append(hit_at(step, 62, places))
        return
    backbeats = {hit.step for row in BACKBEAT_ROWS for hit in pattern[0].get(row, ()) if hit.velocity > GHOST}
    options = [p for p in places if p % metre.pulse and all(abs(p - step) > 0.5 for step in backbeats)]
    weights = np.array([2.0 if p % 2 == 0 else 1.0 for p in options])
    for bar in (1, 3):
        for _ in range(int(rng.integers(0, 3))):
            step = float(rng.choice(options, p=weights / weights.sum()))
            if free(pattern[bar]["K"], step, 1.1) and len(pattern[bar]["K"]) < 7:
                pattern[bar]["K"].append(hit_at(step, int(rng.choice([72, 84, 92])), places))
    if len(pattern[0]["K"]) >= _RUNNING_KICKS:
        _running_kicks(pattern, places, metre, rng)
    soft = [hit for hit in pattern[2]["K"] if hit.step and hit.step % metre.pulse]
    if soft and rng.random() < 0.4:
        pattern[2]["K"].remove(soft[int(rng.integers(len(soft)))])


def _running_kicks(pattern: list[Bar], places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """Double-bass figures: the song's own strokes left out or put elsewhere, in its first bar and in its answers."""
    for bars_alike in ((0, 2), (1,), (3,)):
        if pattern[0]["K"] != pattern[2]["K"] and len(bars_alike) > 1:
            continue
        hits = pattern[bars_alike[0]]["K"]
        for _ in range(int(rng.integers(0, 3))):
            weak = [hit for hit in hits if hit.step % metre.pulse]
            if len(weak) < 3:
                break
            chosen, step = weak[int(rng.integers(len(weak)))], float(rng.choice(places[1:]))
            hits = [hit for hit in hits if hit is not chosen]
            if rng.random() < 0.6 and free(hits, step):
                hits.append(replace(chosen, step=step))
        for bar in bars_alike:
            pattern[bar]["K"] = list(hits)


def _ghosts(pattern: list[Bar], style: Style, places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """Quiet strokes between the backbeats, for drummers who play them."""
    if "S" not in pattern[0]:
        return
    plays = any(hit.velocity <= GHOST for bar in pattern for hit in bar["S"])
    if not plays and (style.feel.sequenced or rng.random() < 0.5):
        return
    options = [p for p in places if p % metre.pulse]
    for bar in range(BARS):
        for _ in range(int(rng.integers(0, 3 if plays else 2))):
            step = float(rng.choice(options))
            if free(pattern[bar]["S"], step) and free(pattern[bar].get("K", ()), step, 0.4):
                pattern[bar]["S"].append(hit_at(step, int(rng.integers(24, 40)), places))


def _time(pattern: list[Bar], places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """Hats and shakers: an accent pattern for the whole song, a step left out here, a step opened there."""
    rows = [row for row in _TIME_ROWS if row in pattern[0]]
    for row in rows:
        accents = rng.integers(-9, 10, size=2 * metre.steps)
        for index, bar in enumerate(pattern):
            offset = (index % 2) * metre.steps
            bar[row] = [
                replace(hit, velocity=int(np.clip(hit.velocity + accents[offset + int(hit.step)], 18, 124)))
                for hit in bar[row]
            ]
        dense = len(pattern[0][row]) > metre.steps * 0.45
        for index in (0, 1, 2, 3) if dense else (1, 3):
            weak = [hit for hit in pattern[index][row] if hit.step % metre.pulse and hit.length <= 1.5]
            for _ in range(int(rng.integers(1, 4) if dense else rng.integers(0, 2))):
                if len(weak) > 1:
                    gone = weak.pop(int(rng.integers(len(weak))))
                    pattern[index][row].remove(gone)
    for row in rows[:2]:
        for index in range(BARS):
            step = float(rng.choice(places))
            if rng.random() < 0.5 and free(pattern[index][row], step):
                pattern[index][row].append(hit_at(step, int(rng.integers(46, 60)), places))
    if "H" in pattern[3] and rng.random() < 0.5:
        strokes = [hit for hit in pattern[3]["H"] if hit.step % metre.pulse and hit.step >= metre.steps / 2]
        if strokes:
            chosen = strokes[int(rng.integers(len(strokes)))]
            pattern[3]["H"] = [hit for hit in pattern[3]["H"] if not 0 <= hit.step - chosen.step < 2]
            pattern[3].setdefault("O", []).append(replace(chosen, velocity=86, length=2))


def _with_other_time(style: Style, groove: Groove, rng: np.random.Generator) -> Groove:
    """Some songs keep time (hats, shaker, ride) as another of the style's grooves does over the same beat."""
    others = [
        other
        for other in style.grooves
        if other is not groove
        and other.metre == groove.metre
        and shuffles(other) == shuffles(groove)
        and any(row in other.rows and other.rows[row] != groove.rows[row] for row in _HANDS if row in groove.rows)
    ]
    if not others or rng.random() >= _OTHER_TIME:
        return groove
    other = others[int(rng.integers(len(others)))]
    taken = {row: other.rows[row] for row in _HANDS if row in groove.rows and row in other.rows}
    return replace(groove, rows={**groove.rows, **taken})


def _extra_row(pattern: list[Bar], style: Style, groove: Groove, metre: Metre, rng: np.random.Generator) -> None:
    """Some songs borrow a row from the style's other grooves for their strong sections."""
    pool = [
        (row, other)
        for other in style.grooves
        if other is not groove and other.metre == groove.metre and shuffles(other) == shuffles(groove)
        for row in other.rows
        if row in _EXTRA_ROWS and row not in groove.rows
    ]
    if not pool or rng.random() < 0.45:
        return
    row, other = pool[int(rng.integers(len(pool)))]
    for index, bar in enumerate(pattern):
        bar[row] = list(groove_hits(other, row, index, metre))
