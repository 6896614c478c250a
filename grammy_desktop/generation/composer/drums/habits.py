"""A song's own way with its style's grooves: four bars of each, with ghosts, pushes and accents that come back all song long.

A style has two or three grooves; what a drummer makes of them tells one song from another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grammy_desktop.core.styles import Groove, Style
from grammy_desktop.core.styles.grid import TRIPLET, Hit, bars, read_hits
from grammy_desktop.generation.composer.rhythm import Metre, bar_hits

Bar = dict[str, list[Hit]]

BARS = 4
BACKBEAT_ROWS = ("S", "C", "R", "Sn")
GHOST = 45
"""Velocity up to which a hit counts as a ghost: quiet sections leave them out."""

_TIME_ROWS = ("H", "O", "P", "Sh", "D", "Tb", "Ma", "Ca", "Gu")
_COLOUR_ROWS = ("Pc", "Cg", "Cgl", "Cgm", "Bg", "Bgl", "Cb", "Wb", "Wbl", "Ag", "Agl", "T", "Th", "Tf", "Ti", "Til")
FOOT = "P"
"""The hi-hat that a foot plays, under hands that leave it alone."""

_HANDS = ("H", "O", "D", "Sh")
_OTHER_TIME = 0.3
"""How often a song keeps time as another groove of its style does."""
_RUNNING_KICKS = 6
"""Kicks in a bar from which they are a figure of their own."""
_RUNNING_ROWS = ("S", "T", "Pc", "R", "Cg", "Tf")

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
    _rolls(pattern, metre, rng)
    _cymbals(pattern, places, metre, rng)
    _colours(pattern, places, metre, rng)
    _foot(pattern, style, places, metre, rng)
    _extra_row(pattern, style, groove, metre, rng)
    return tuple(pattern)


def groove_hits(groove: Groove, row: str, index: int, metre: Metre) -> tuple[Hit, ...]:
    """The hits of bar `index` of a row, in steps from the bar's start."""
    if groove.metre == metre.text:
        pattern = bars(groove.rows[row])
        return read_hits(pattern[index % len(pattern)], metre.steps)
    hits = bar_hits(groove.rows[row], index, metre)
    if _shuffles(groove):
        # Triplet beats carry over to other metres as they are.
        return hits
    # A groove of another metre: its kick and backbeat have to be put where this metre has them.
    if row == "K":
        return tuple(hit for hit in hits if hit.step == 0 or hit.step >= metre.steps - 4) or (Hit(0, 1, 116),)
    if row in BACKBEAT_ROWS:
        return tuple(Hit(step, 1, 104 if i else 96) for i, step in enumerate(metre.backbeat_steps))
    return hits


def _shuffles(groove: Groove) -> bool:
    """Whether a groove is written in triplets, so that compound metres can take it over beat by beat."""
    return any(len(bar) == 12 for grid in groove.rows.values() for bar in bars(grid))


def _free(hits: Sequence[Hit], step: float, gap: float = 0.9) -> bool:
    return all(abs(hit.step - step) >= gap for hit in hits)


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
            step = places[-1 - int(rng.integers(2))] if rng.random() < 0.6 else float(rng.choice(places[1:]))
            if rng.random() < chance and _free(pattern[bar]["K"], step) and step % metre.pulse:
                pattern[bar]["K"].append(_hit(step, 62, places))
        return
    backbeats = {hit.step for row in BACKBEAT_ROWS for hit in pattern[0].get(row, ()) if hit.velocity > GHOST}
    options = [p for p in places if p % metre.pulse and all(abs(p - step) > 0.5 for step in backbeats)]
    weights = np.array([2.0 if p % 2 == 0 else 1.0 for p in options])
    for bar in (1, 3):
        for _ in range(int(rng.integers(0, 3))):
            step = float(rng.choice(options, p=weights / weights.sum()))
            if _free(pattern[bar]["K"], step, 1.1) and len(pattern[bar]["K"]) < 7:
                pattern[bar]["K"].append(_hit(step, int(rng.choice([72, 84, 92])), places))
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
            if rng.random() < 0.6 and _free(hits, step):
                hits.append(replace(chosen, step=step))
        for bar in bars_alike:
            pattern[bar]["K"] = list(hits)


def _cymbals(pattern: list[Bar], places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """Crashes and rides that keep time in quarters: an eighth added or a quarter left out, as the song has it."""
    eighths = [place for place in places if place % 2 == 0] if places[1] < 1.1 else list(places)
    for row in ("Cr", "D", "H", "Tb"):
        if not 3 <= len(pattern[0].get(row, ())) <= metre.steps // 4 + 1:
            continue
        for odd, chance in ((0, 0.35), (1, 0.75)):
            if rng.random() < chance:
                for bar in (odd, odd + 2) if rng.random() < 0.5 else (odd + 2,):
                    pattern[bar][row] = _answered(pattern[bar].get(row, []), eighths, metre, rng)


def _hit(step: float, velocity: int, places: Sequence[float]) -> Hit:
    return Hit(step, 1, velocity, False, places[1] > 1.1)


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
            if _free(pattern[bar]["S"], step) and _free(pattern[bar].get("K", ()), step, 0.4):
                pattern[bar]["S"].append(_hit(step, int(rng.integers(24, 40)), places))


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
            if rng.random() < 0.5 and _free(pattern[index][row], step):
                pattern[index][row].append(_hit(step, int(rng.integers(46, 60)), places))
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
        and _shuffles(other) == _shuffles(groove)
        and any(row in other.rows and other.rows[row] != groove.rows[row] for row in _HANDS if row in groove.rows)
    ]
    if not others or rng.random() >= _OTHER_TIME:
        return groove
    other = others[int(rng.integers(len(others)))]
    taken = {row: other.rows[row] for row in _HANDS if row in groove.rows and row in other.rows}
    return replace(groove, rows={**groove.rows, **taken})


def _rolls(pattern: list[Bar], metre: Metre, rng: np.random.Generator) -> None:
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


def _colours(pattern: list[Bar], places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """Percussion answers differently in every second bar, and in some songs has its own first bar too."""
    for row in _COLOUR_ROWS:
        if not any(bar.get(row) for bar in pattern):
            continue
        if rng.random() < 0.45:
            # The bar that the song comes back to is its own; rows that run over the bar line keep their way.
            again = pattern[0].get(row) == pattern[2].get(row)
            pattern[0][row] = _answered(pattern[0].get(row, []), places, metre, rng)
            if again:
                pattern[2][row] = list(pattern[0][row])
        for index in (1, 3):
            hits = pattern[index].get(row)
            for _ in range(int(rng.choice([0, 1, 1, 2])) if hits else 0):
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
    if draw < 0.6 and len(hits) < metre.steps * 0.6 and _free(hits, step):
        return [*hits, _hit(step, max(40, chosen.velocity - 14), places)]
    if _free([hit for hit in hits if hit is not chosen], step):
        return [replace(hit, step=step) if hit is chosen else hit for hit in hits]
    return hits


def _foot(pattern: list[Bar], style: Style, places: Sequence[float], metre: Metre, rng: np.random.Generator) -> None:
    """A drummer whose hands leave the hi-hat alone may keep its foot going."""
    if style.feel.sequenced or any(row in bar for bar in pattern for row in ("H", "O", FOOT)):
        return
    if not any(row in pattern[0] for row in ("S", "D")) or rng.random() < 0.4:
        return
    beats = [float(step) for step in range(0, metre.steps, metre.pulse)]
    steps = [float(step) for step in metre.backbeat_steps] if rng.random() < 0.6 else beats
    for index, bar in enumerate(pattern):
        extra = [float(rng.choice(places[1:]))] if index % 2 and rng.random() < 0.5 else []
        bar[FOOT] = [_hit(step, 52, places) for step in sorted({*steps, *extra})]


def _extra_row(pattern: list[Bar], style: Style, groove: Groove, metre: Metre, rng: np.random.Generator) -> None:
    """Some songs borrow a row from the style's other grooves for their strong sections."""
    pool = [
        (row, other)
        for other in style.grooves
        if other is not groove and other.metre == groove.metre and _shuffles(other) == _shuffles(groove)
        for row in other.rows
        if row in _EXTRA_ROWS and row not in groove.rows
    ]
    if not pool or rng.random() < 0.45:
        return
    row, other = pool[int(rng.integers(len(pool)))]
    for index, bar in enumerate(pattern):
        bar[row] = list(groove_hits(other, row, index, metre))
