"""Drums: a groove by energy, small changes every four bars, fills into sections, rolls in build-ups, crashes on arrivals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.styles import Groove, Style
from grammy_desktop.core.styles.grid import ROWS, Hit, read_hits
from grammy_desktop.core.styles.grid import bars as grid_bars
from grammy_desktop.generation.composer.events import Event, SectionPlan
from grammy_desktop.generation.composer.form import Plan
from grammy_desktop.generation.composer.rhythm import Metre, bar_hits, beat

LOW, HIGH = 0.45, 0.75
"""Energy bands: below LOW only a groove's `low` rows, above HIGH everything."""

_BACKBEAT_ROWS = ("S", "C", "R", "Sn")
_HAT_ROWS = ("H", "O", "Sh", "D", "Tb")


@dataclass(frozen=True)
class DrumScore:
    """`kicks` holds the kick's steps by bar, for the bass."""

    events: list[Event]
    kicks: dict[int, tuple[float, ...]]


def write_drums(style: Style, plan: Plan, min_energy: float, rng: np.random.Generator) -> DrumScore:
    """The drums of the whole song; silent in sections below `min_energy`."""
    grooves = _grooves_for(style, plan.metre)
    order = rng.permutation(len(grooves))
    first, second = grooves[int(order[0])], grooves[int(order[-1])]
    bars: dict[int, dict[str, list[Hit]]] = {}
    for section in plan.sections:
        groove = second if section.kind in ("chorus", "solo") else first
        for bar in range(section.start, min(section.end, plan.music_bars)):
            bars[bar] = _bar(style, plan, section, groove, bar, rng) if section.energy >= min_energy else {}
        if section.energy >= min_energy or section.lifts:
            _lead_on(style, plan, section, bars, rng)
    _arrivals(plan, bars, min_energy)
    events = [
        Event(bar * plan.metre.quarters + beat(hit.step), beat(hit.length), ROWS[row], hit.velocity, row)
        for bar, rows in sorted(bars.items())
        for row, hits in rows.items()
        for hit in hits
    ]
    kicks = {
        bar: tuple(sorted(hit.step for hit in rows.get("K", ()) if hit.velocity > 50)) for bar, rows in bars.items()
    }
    return DrumScore(sorted(events, key=lambda e: (e.start, e.pitch)), kicks)


def _grooves_for(style: Style, metre: Metre) -> list[Groove]:
    """Grooves written for the metre, else the 4/4 ones (they are adapted bar by bar)."""
    exact = [groove for groove in style.grooves if groove.metre == metre.text]
    return exact or [groove for groove in style.grooves if groove.metre == "4/4"] or list(style.grooves)


def _rows_for(groove: Groove, section: SectionPlan) -> tuple[str, ...]:
    if section.kind == "break" or (section.kind == "intro" and section.energy < 0.3):
        quiet = tuple(row for row in groove.low if row not in ("K", *_BACKBEAT_ROWS))
        return quiet if section.energy >= 0.25 else ()
    if section.energy < LOW:
        return groove.low
    if section.energy <= HIGH:
        return tuple(row for row in groove.rows if row not in groove.high)
    return tuple(groove.rows)


def _bar(
    style: Style, plan: Plan, section: SectionPlan, groove: Groove, bar: int, rng: np.random.Generator
) -> dict[str, list[Hit]]:
    """One bar of the groove, or of a build-up; with a little life every fourth bar."""
    if section.kind == "stop":
        return {}
    if section.kind == "build":
        return _build_bar(
            section, bar, plan.metre, "T" if any("T" in g.rows for g in style.grooves[:1]) else "S", groove
        )
    scale = 0.82 + 0.22 * section.energy
    rows: dict[str, list[Hit]] = {}
    for row in _rows_for(groove, section):
        hits = _row_hits(groove, row, bar - section.start, plan.metre)
        rows[row] = [Hit(h.step, h.length, round(h.velocity * scale)) for h in hits]
    place = bar - section.start
    if section.bars >= 16 and place < section.bars // 2 and section.kind in ("intro",):
        # A long intro grows: the second half brings the rest of its rows.
        rows = {row: hits for row, hits in rows.items() if row in groove.low[:1]}
    if place % 4 == 3 and rows:
        _vary(rows, plan.metre, rng)
    return rows


def _row_hits(groove: Groove, row: str, index: int, metre: Metre) -> tuple[Hit, ...]:
    """The hits of bar `index` of a row, in steps from the bar's start."""
    if groove.metre == metre.text:
        pattern = grid_bars(groove.rows[row])
        return read_hits(pattern[index % len(pattern)])
    hits = bar_hits(groove.rows[row], index, metre)
    # A groove of another metre: its kick and backbeat have to be put where this metre has them.
    if row == "K":
        return tuple(hit for hit in hits if hit.step == 0 or hit.step >= metre.steps - 4) or (Hit(0, 1, 116),)
    if row in _BACKBEAT_ROWS:
        return tuple(Hit(step, 1, 104 if i else 96) for i, step in enumerate(metre.backbeat_steps))
    return hits


def _build_bar(section: SectionPlan, bar: int, metre: Metre, row: str, groove: Groove) -> dict[str, list[Hit]]:
    """A roll whose rate doubles as the build goes on: quarters, eighths, sixteenths, 32nds; the last half bar is silent."""
    place = (bar - section.start) / section.bars
    last = bar == section.end - 1
    step = 4.0 if place < 0.25 else 2.0 if place < 0.55 else 1.0 if place < 0.85 or section.bars < 4 else 0.5
    limit = metre.steps / 2 if last and section.lifts else float(metre.steps)
    hits: list[Hit] = []
    position = 0.0
    while position < limit - 1e-6:
        done = (bar - section.start + position / metre.steps) / section.bars
        hand = 0 if round(position / step) % 2 == 0 else -8
        hits.append(Hit(position, step, round(48 + 66 * done) + hand))
        position += step
    rows = {row: hits}
    four_on_floor = groove.rows.get("K", "").startswith("X...X...X...X...")
    if four_on_floor and place < 0.75:
        rows["K"] = [Hit(s, 1, 108) for s in range(0, metre.steps, 4)]
    return rows


def _vary(rows: dict[str, list[Hit]], metre: Metre, rng: np.random.Generator) -> None:
    """One added kick, ghost or open hat."""
    choice = int(rng.integers(3))
    end = metre.steps
    if choice == 0 and "K" in rows and len(rows["K"]) < 5:
        step = float(rng.choice([end - 6, end - 3, end - 2]))
        if all(abs(hit.step - step) >= 1 for hit in rows["K"]):
            rows["K"].append(Hit(step, 1, 82))
    elif choice == 1 and "S" in rows:
        step = float(rng.choice([end - 9, end - 7, end - 1]))
        if all(abs(hit.step - step) >= 1 for hit in rows["S"]):
            rows["S"].append(Hit(step, 1, 32))
    elif "H" in rows and "O" not in rows:
        rows["H"] = [hit for hit in rows["H"] if hit.step < end - 2]
        rows["O"] = [Hit(end - 2, 2, 84)]


def _lead_on(
    style: Style, plan: Plan, section: SectionPlan, bars: dict[int, dict[str, list[Hit]]], rng: np.random.Generator
) -> None:
    """Fills: always at a section's end, often after eight bars, now and then after four. Never in its first bar."""
    last = min(section.end, plan.music_bars) - 1
    if section.kind in ("build", "stop") or (section.kind == "break" and not section.lifts):
        return
    playing = any(bars.get(bar) for bar in range(section.start, last + 1))
    for bar in range(section.start + 1, last + 1):
        place = bar - section.start
        final = bar == last
        chance = 1.0 if final else 0.8 if place % 8 == 7 else 0.25 if place % 8 == 3 else 0.0
        if rng.random() >= chance:
            continue
        if not playing and not (final and section.lifts):
            continue
        big = final and section.lifts and section.following >= 0.55
        if section.energy < LOW and not (final and section.lifts):
            continue
        _apply_fill(style, plan.metre, bars, bar, rng, big=big, share=1.0 if big else 0.5 if final else 0.25)


def _apply_fill(
    style: Style,
    metre: Metre,
    bars: dict[int, dict[str, list[Hit]]],
    bar: int,
    rng: np.random.Generator,
    *,
    big: bool,
    share: float,
) -> None:
    """The last `share` of the bar comes from a fill; the groove plays before it."""
    fills = [fill for fill in style.fills if fill.big == big] or list(style.fills)
    fill = fills[int(rng.integers(len(fills)))]
    start = metre.steps * (1 - share)
    rows = {row: [hit for hit in hits if hit.step < start] for row, hits in bars.get(bar, {}).items()}
    for row, grid in fill.rows.items():
        for hit in bar_hits(grid, 0, metre):
            if hit.step >= start:
                # Fills grow towards their end.
                growth = 0.78 + 0.22 * (hit.step - start) / max(1.0, metre.steps - start)
                rows.setdefault(row, []).append(Hit(hit.step, hit.length, round(hit.velocity * growth)))
    bars[bar] = rows


def _arrivals(plan: Plan, bars: dict[int, dict[str, list[Hit]]], min_energy: float) -> None:
    """Crash and kick on the first step of strong sections, and on the final chord."""
    for index, section in enumerate(plan.sections):
        strong = section.energy >= 0.6 and section.energy >= min_energy and section.kind not in ("build", "stop")
        if strong and index > 0 and section.start < plan.music_bars:
            _strike(bars.setdefault(section.start, {}), 0.7 + 0.4 * section.energy)
        long_section = section.bars >= 16 and strong
        if long_section and section.start + 8 < plan.music_bars:
            bars[section.start + 8].setdefault("Cr", []).append(Hit(0, 8, 88))
    final = plan.sections[-1]
    if final.energy >= max(0.3, min_energy):
        rows: dict[str, list[Hit]] = {}
        _strike(rows, 0.75 + 0.3 * final.energy, length=min(8.0, plan.hold * 4))
        bars[plan.music_bars] = rows


def _strike(rows: dict[str, list[Hit]], scale: float, *, length: float = 8.0) -> None:
    rows.setdefault("Cr", []).append(Hit(0, length, round(min(1.0, scale) * 112)))
    if not any(hit.step == 0 for hit in rows.get("K", ())):
        rows.setdefault("K", []).append(Hit(0, 1, round(min(1.0, scale) * 114)))
