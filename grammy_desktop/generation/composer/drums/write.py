"""Drums: a groove by energy, small changes every four bars, fills into sections, rolls in build-ups, crashes on arrivals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.styles import Groove, Style
from grammy_desktop.core.styles.grid import ROWS, Hit
from grammy_desktop.generation.composer.drums.builds import Build, build_bar, choose_build
from grammy_desktop.generation.composer.drums.fills import OwnFill, own_fills
from grammy_desktop.generation.composer.drums.habits import four_bars
from grammy_desktop.generation.composer.drums.strokes import BACKBEAT_ROWS, BARS, FOOT, GHOST, Bar
from grammy_desktop.generation.composer.events import Event, SectionPlan, until
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.rhythm import Metre, beat

_STRONG = 0.55
"""Energy of a section that is led on to with a whole bar."""
_ENTRIES = (2, 2, 3, 4)
LOW, HIGH = 0.45, 0.75
"""Energy bands: below LOW only a groove's `low` rows, above HIGH everything."""

PERCUSSION_ROWS = frozenset({
    "Sh", "Tb", "Cg", "Cgl", "Cgm", "Bg", "Bgl", "Cb", "Ti", "Til", "Ag", "Agl", "Ca", "Ma", "Gu", "Gul", "Wb", "Wbl", "Tr",
    "Jb", "Su", "Sum", "Pc", "Cl", "Sn",
})  # fmt: skip
"""What a second player takes over, where a style has a percussionist beside its drummer."""


@dataclass(frozen=True)
class DrumScore:
    """`kicks` holds the kick's steps by bar, for the bass."""

    events: list[Event]
    kicks: dict[int, tuple[float, ...]]


@dataclass(frozen=True)
class _Kit:
    """What a song's drummer plays from: a groove for verses and one for choruses, each as this song has it.

    entry: bars before a strong section in which a drummer who was silent comes in.
    """

    verse: tuple[Groove, tuple[Bar, ...]]
    chorus: tuple[Groove, tuple[Bar, ...]]
    fills: tuple[OwnFill, ...]
    build: Build
    entry: int


def write_drums(style: Style, plan: Plan, min_energy: float, rng: np.random.Generator) -> DrumScore:
    """The drums of the whole song; silent in sections below `min_energy`. Nothing for a style without grooves."""
    grooves = _grooves_for(style, plan.metre)
    if not grooves:
        return DrumScore([], {})
    kit = _choose_kit(style, grooves, plan.metre, rng)
    bars: dict[int, Bar] = {}
    for section in plan.sections:
        groove, pattern = kit.chorus if section.kind in ("chorus", "solo") else kit.verse
        for bar in range(section.start, min(section.end, plan.music_bars)):
            bars[bar] = _bar(plan, section, groove, pattern, kit, bar, rng) if section.energy >= min_energy else {}
        if section.energy < min_energy and section.lifts and section.following >= _STRONG:
            _come_in(kit, plan, section, bars)
        if section.energy >= min_energy or section.lifts:
            _lead_on(kit, plan, section, bars, rng)
    _arrivals(plan, bars, min_energy)
    events = [
        Event(bar * plan.metre.quarters + beat(hit.step), beat(hit.length), ROWS[row], hit.velocity, row, hit.triplet)
        for bar, rows in sorted(bars.items())
        for row, hits in rows.items()
        for hit in hits
    ]
    events = until(events, plan.last_chord) + _last_strike(plan, min_energy)
    kicks = {
        bar: tuple(sorted(hit.step for hit in rows.get("K", ()) if hit.velocity > 50)) for bar, rows in bars.items()
    }
    return DrumScore(sorted(events, key=lambda e: (e.start, e.pitch)), kicks)


def _choose_kit(style: Style, grooves: list[Groove], metre: Metre, rng: np.random.Generator) -> _Kit:
    order = rng.permutation(len(grooves))
    first, second = grooves[int(order[0])], grooves[int(order[-1])]
    verse = (first, four_bars(style, first, metre, rng))
    chorus = (second, four_bars(style, second, metre, rng))
    exact = tuple(fill for fill in style.fills if fill.metre == metre.text)
    fills = exact or tuple(fill for fill in style.fills if fill.metre == "4/4")
    roll = "" if style.build == "groove" else "T" if "T" in style.grooves[0].rows else "S"
    return _Kit(verse, chorus, own_fills(fills, metre, rng), choose_build(roll, rng), int(rng.choice(_ENTRIES)))


def _grooves_for(style: Style, metre: Metre) -> list[Groove]:
    """Grooves written for the metre, else the 4/4 ones (they are adapted bar by bar)."""
    exact = [groove for groove in style.grooves if groove.metre == metre.text]
    return exact or [groove for groove in style.grooves if groove.metre == "4/4"] or list(style.grooves)


def _rows_for(groove: Groove, pattern: tuple[Bar, ...], section: SectionPlan) -> tuple[str, ...]:
    if section.kind == "break" or (section.kind == "intro" and section.energy < 0.3):
        quiet = tuple(row for row in groove.low if row not in ("K", *BACKBEAT_ROWS))
        return quiet if section.energy >= 0.25 else ()
    if section.energy < LOW:
        return groove.low
    rows = tuple(dict.fromkeys(row for bar in pattern for row in bar))
    if section.energy <= HIGH:
        return tuple(row for row in rows if (row in groove.rows and row not in groove.high) or row in ("O", FOOT))
    return rows


def _bar(
    plan: Plan,
    section: SectionPlan,
    groove: Groove,
    pattern: tuple[Bar, ...],
    kit: _Kit,
    bar: int,
    rng: np.random.Generator,
) -> Bar:
    """One bar of the groove, or of a build-up; with a little life every eighth bar."""
    if section.kind == "stop":
        return {}
    if section.kind == "build" and kit.build.row:
        return build_bar(kit.build, section, bar, plan.metre, groove)
    place = bar - section.start
    scale = 0.82 + 0.22 * section.energy
    if section.kind == "build":
        scale *= 0.7 + 0.3 * (place + 1) / section.bars
    rows: Bar = {}
    for row in _rows_for(groove, pattern, section):
        hits = pattern[place % BARS].get(row, [])
        if section.energy < LOW:
            hits = [hit for hit in hits if hit.velocity > GHOST]
        rows[row] = [replace(hit, velocity=round(hit.velocity * scale)) for hit in hits]
    if section.kind == "build" and section.lifts and bar == section.end - 1:
        return {row: [hit for hit in hits if hit.step < plan.metre.steps / 2] for row, hits in rows.items()}
    if section.bars >= 16 and place < section.bars // 2 and section.kind in ("intro",):
        # A long intro grows: the second half brings the rest of its rows.
        rows = {row: hits for row, hits in rows.items() if row in groove.low[:1]}
    if place % 8 == 7 and rows:
        _vary(rows, plan.metre, rng)
    return rows


def _vary(rows: Bar, metre: Metre, rng: np.random.Generator) -> None:
    """One added kick, ghost or open hat."""
    choice = int(rng.integers(3))
    end = metre.steps
    if any(hit.triplet for hits in rows.values() for hit in hits):
        return
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


def _lead_on(kit: _Kit, plan: Plan, section: SectionPlan, bars: dict[int, Bar], rng: np.random.Generator) -> None:
    """Fills: always at a section's end, often after eight bars, now and then after four. Never in its first bar."""
    last = min(section.end, plan.music_bars) - 1
    if section.kind in ("build", "stop") or (section.kind == "break" and not section.lifts) or not kit.fills:
        return
    playing = any(bars.get(bar) for bar in range(section.start, last + 1))
    for bar in range(section.start + 1, last + 1):
        place = bar - section.start
        final = bar == last
        chance = 1.0 if final else 0.8 if place % 8 == 7 else 0.25 if place % 8 == 3 else 0.0
        if rng.random() >= chance or (final and plan.cut and section.end >= plan.music_bars):
            continue
        if not playing and not (final and section.lifts):
            continue
        big = final and section.lifts and section.following >= _STRONG
        if section.energy < LOW and not (final and section.lifts):
            continue
        _apply_fill(kit, plan.metre, bars, bar, rng, big=big, share=1.0 if big else 0.5 if final else 0.25)


def _come_in(kit: _Kit, plan: Plan, section: SectionPlan, bars: dict[int, Bar]) -> None:
    """Before a strong section a silent drummer comes in softly, with the groove to come, without its backbeat."""
    if section.kind not in ("verse", "pre", "chorus", "solo"):
        return
    groove, pattern = kit.chorus
    rows = [row for row in groove.rows if row in groove.low or row not in (*groove.high, *BACKBEAT_ROWS)]
    last = min(section.end, plan.music_bars)
    for bar in range(max(section.start + 1, last - kit.entry), last):
        heard = {row: pattern[bar % BARS].get(row, []) for row in rows}
        bars[bar] = {
            row: [replace(hit, velocity=round(hit.velocity * 0.72)) for hit in hits if hit.velocity > GHOST]
            for row, hits in heard.items()
        }


def _apply_fill(
    kit: _Kit, metre: Metre, bars: dict[int, Bar], bar: int, rng: np.random.Generator, *, big: bool, share: float
) -> None:
    """The last `share` of the bar comes from a fill; the groove plays before it."""
    fills = [fill for fill in kit.fills if fill.big == big] or list(kit.fills)
    fill = fills[int(rng.integers(len(fills)))]
    start = metre.steps * (1 - share)
    rows = {row: [hit for hit in hits if hit.step < start] for row, hits in bars.get(bar, {}).items()}
    for row, hits in fill.rows.items():
        for hit in hits:
            if hit.step >= start - 1e-6:
                # Fills grow towards their end.
                growth = 0.78 + 0.22 * (hit.step - start) / max(1.0, metre.steps - start)
                rows.setdefault(row, []).append(replace(hit, velocity=round(hit.velocity * growth)))
    bars[bar] = rows


def _arrivals(plan: Plan, bars: dict[int, Bar], min_energy: float) -> None:
    """Crash and kick on the first step of strong sections."""
    for index, section in enumerate(plan.sections):
        strong = section.energy >= 0.6 and section.energy >= min_energy and section.kind not in ("build", "stop")
        if strong and index > 0 and section.start < plan.music_bars:
            strike(bars.setdefault(section.start, {}), 0.7 + 0.4 * section.energy)
        long_section = section.bars >= 16 and strong
        if long_section and section.start + 8 < plan.music_bars:
            bars[section.start + 8].setdefault("Cr", []).append(Hit(0, 8, 88))


def strike(rows: Bar, scale: float, *, length: float = 8.0) -> None:
    """A crash and a kick on the first step, scale 0 to 1; a soft groove is not broken by a loud cymbal."""
    loudest = max((hit.velocity for hits in rows.values() for hit in hits), default=112)
    rows.setdefault("Cr", []).append(Hit(0, length, min(loudest + 4, round(min(1.0, scale) * 112))))
    if not any(hit.step == 0 for hit in rows.get("K", ())):
        rows.setdefault("K", []).append(Hit(0, 1, round(min(1.0, scale) * 114)))


def _last_strike(plan: Plan, min_energy: float) -> list[Event]:
    """What falls on the final chord."""
    final = plan.sections[-1]
    if not plan.hold or (final.energy < max(0.3, min_energy) and plan.ending not in ("stop", "dj")):
        return []
    rows: Bar = {}
    strike(rows, 0.75 + 0.3 * final.energy, length=min(8.0, plan.hold * 4))
    if plan.ending == "stop":
        rows["S"] = [Hit(0, 1, 112)]
    return [
        Event(plan.last_chord, beat(hit.length), ROWS[row], hit.velocity, row)
        for row, hits in rows.items()
        for hit in hits
    ]
