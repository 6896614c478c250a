"""Harmony: which loop each section turns on, and a chord for every bar, cadences included."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.music import Chord, Key, roman_chord
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.events import SectionPlan, Span
from grammy_desktop.generation.composer.form import Plan

# Loops that show a mode's colour, for modes that a style sheet does not speak of.
_MODE_LOOPS: dict[str, tuple[str, ...]] = {
    "dorian": ("i7 IV i7 VII", "i IV VII v", "i ii IV v"),
    "phrygian": ("i bII i VII", "i bII VII i", "i VI bII VII"),
    "lydian": ("I I II I", "I II I I", "I I II vi"),
    "mixolydian": ("I bVII IV I", "I bVII I IV", "I I bVII I"),
    "locrian": ("i bII i VII", "i bV bII i"),
    "harmonic minor": ("i VI iv V", "i iv V i", "i iv i V"),
    "melodic minor": ("i IV V i", "i IV i V"),
}
_DOMINANT = re.compile(r"[b#]?(V|v|VII|bVII|vii|VII)(?![iI]).*")


@dataclass(frozen=True)
class Loops:
    """The loops of a song: `verse`, `chorus` and `contrast`, each a tuple of slots, each slot one or more numerals."""

    verse: tuple[tuple[str, ...], ...]
    chorus: tuple[tuple[str, ...], ...]
    contrast: tuple[tuple[str, ...], ...]


def parse_loop(text: str) -> tuple[tuple[str, ...], ...]:
    """'i (VI VII) iv V' -> (('i',), ('VI', 'VII'), ('iv',), ('V',))."""
    slots: list[tuple[str, ...]] = []
    for group, single in re.findall(r"\(([^)]*)\)|(\S+)", text):
        slots.append(tuple(group.split()) if group else (single,))
    return tuple(slots)


def choose_loops(style: Style, key: Key, rng: np.random.Generator) -> Loops:
    """One loop for the verses, the same or another for the choruses, one for contrast."""
    main = _loops_for(style.harmony.loops, key)
    contrast = _loops_for(style.harmony.contrast, key)
    verse = main[int(rng.integers(len(main)))]
    same = rng.random() < _SAME_LOOP.get(style.id, 0.4)
    chorus = verse if same else main[int(rng.integers(len(main)))]
    return Loops(parse_loop(verse), parse_loop(chorus), parse_loop(contrast[int(rng.integers(len(contrast)))]))


_SAME_LOOP = {"edm": 0.7, "house": 0.85, "trap": 0.9, "lofi": 0.5}
"""How likely verse and chorus share a loop; dance music stays on one."""


def _loops_for(table: dict[str, tuple[str, ...]], key: Key) -> tuple[str, ...]:
    if key.mode in table:
        return table[key.mode]
    if key.mode in _MODE_LOOPS:
        return _MODE_LOOPS[key.mode]
    return table["minor" if key.is_minor else "major"]


def write_harmony(style: Style, key: Key, plan: Plan, loops: Loops) -> list[Span]:
    """A chord for every moment of the song, the held ending included."""
    bar = plan.metre.quarters
    spans: list[Span] = []
    for index, section in enumerate(plan.sections):
        bars = min(section.end, plan.music_bars) - section.start
        if bars <= 0:
            continue
        slots = _section_slots(section, bars, loops, style.harmony.bars_per_chord, key)
        for start, length, numeral in slots:
            spans.append(Span(section.start * bar + start * bar, length * bar, roman_chord(numeral, key), index))
    ending = roman_chord(_ending(style, key), key)
    spans.append(Span(plan.last_chord, max(plan.hold, plan.ending_bars * bar), ending, len(plan.sections) - 1))
    return spans


def _ending(style: Style, key: Key) -> str:
    endings = style.harmony.endings
    return endings.get(key.mode) or endings["minor" if key.is_minor else "major"]


def _section_slots(
    section: SectionPlan, bars: int, loops: Loops, bars_per_chord: float, key: Key
) -> list[tuple[float, float, str]]:
    """(start bar, bars, numeral) from the section's start."""
    loop = {"chorus": loops.chorus, "solo": loops.chorus, "break": loops.contrast}.get(section.kind, loops.verse)
    if section.kind == "pre":
        # The pre-chorus hangs on the second half of the contrast loop and pushes to the dominant.
        loop = loops.contrast
    if section.kind in ("intro", "outro"):
        loop = _from_tonic(loops.verse)
    # A section too short for the whole loop at its usual pace takes the chords faster.
    pace = bars_per_chord
    while pace > 0.5 and bars < len(loop) * pace:
        pace /= 2
    if bars < len(loop) * pace:
        loop = loop[: max(1, int(bars / pace))]
    slots: list[tuple[float, float, str]] = []
    position, index = 0.0, 0
    while position < bars - 1e-6:
        slot = loop[index % len(loop)]
        length = min(pace, bars - position)
        for place, numeral in enumerate(slot):
            slots.append((position + place * length / len(slot), length / len(slot), numeral))
        position += length
        index += 1
    return _with_cadence(slots, section, key)


def _from_tonic(loop: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The loop turned so that it starts on its tonic, when it has one."""
    for index, slot in enumerate(loop):
        if re.fullmatch(r"[iI](?![iIvV]).*", slot[0]):
            return loop[index:] + loop[:index]
    return loop


def _with_cadence(
    slots: list[tuple[float, float, str]], section: SectionPlan, key: Key
) -> list[tuple[float, float, str]]:
    """The last chord of a section leads on: a dominant, unless it is one already."""
    start, length, numeral = slots[-1]
    if len(slots) < 3 or _DOMINANT.fullmatch(numeral) or key.mode in ("dorian", "lydian"):
        # In dorian and lydian a dominant would only make the fifth degree sound like home.
        return slots
    if key.mode in ("phrygian", "locrian"):
        dominant = "VII" if key.mode == "phrygian" else "bII"
    elif key.mode == "mixolydian":
        dominant = "bVII"
    elif key.is_minor:
        dominant = "V"
    else:
        dominant = "V"
    if "7" in numeral or "9" in numeral or "13" in numeral:
        dominant += "9sus" if dominant == "V" and not key.is_minor else "7"
    if section.kind in ("pre", "build", "break", "verse", "chorus", "solo", "intro", "outro"):
        slots[-1] = (start, length, dominant)
    return slots


def scale_over(chord: Chord, key: Key) -> tuple[int, ...]:
    """Pitch classes that sound right over a chord: the key's scale, bent where the chord demands it."""
    wanted = set(chord.pitch_classes)
    scale = set(key.scale)
    for pc in wanted - scale:
        scale.add(pc)
        for neighbour in ((pc - 1) % 12, (pc + 1) % 12):
            if neighbour in scale and neighbour not in wanted:
                scale.discard(neighbour)
    return tuple(sorted(scale))
