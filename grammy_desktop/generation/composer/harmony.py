"""Harmony: a chord for every bar, cadences at the ends of sections, a lift into the last chorus."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from grammy_desktop.core.music import Chord, Key, roman_chord
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.events import SectionPlan, Span
from grammy_desktop.generation.composer.form.kinds import stem_of
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.loops import Loops, Slots, choose_loops, parse_loop, shorter

__all__ = ["choose_lift", "choose_loops", "lifted", "parse_loop", "scale_over", "write_harmony"]

Slot = tuple[float, float, str]
"""(start bar, bars, numeral) from the section's start."""

_DOMINANT = re.compile(r"[b#]?(V|v|VII|vii|subV)(?![iI]).*")
_TAG_BARS = 2
"""Bars of the phrase that a tag plays three times."""


def write_harmony(style: Style, key: Key, plan: Plan, loops: Loops) -> list[Span]:
    """A chord for every moment of the song in the home key, the held ending included."""
    bar = plan.metre.quarters
    spans: list[Span] = []
    passes = {"verse": 0, "chorus": 0}
    for index, section in enumerate(plan.sections):
        bars = min(section.end, plan.music_bars) - section.start
        if bars <= 0:
            continue
        role = "chorus" if section.kind in ("chorus", "solo") else "verse"
        slots = _section_slots(style, section, bars, loops, key, first=passes[role] == 0)
        passes[role] += section.kind in ("verse", "chorus", "solo")
        if plan.ending == "tag" and index == len(plan.sections) - 1:
            slots = _tagged(slots, bars)
        for start, length, numeral in slots:
            spans.append(Span((section.start + start) * bar, length * bar, roman_chord(numeral, key), index, key))
    return _ended(spans, style, key, plan)


def _ended(spans: list[Span], style: Style, key: Key, plan: Plan) -> list[Span]:
    """Up to the final chord, and that chord."""
    spans = [
        replace(span, length=min(span.end, plan.last_chord) - span.start)
        for span in spans
        if span.start < plan.last_chord - 1e-6
    ]
    if plan.ending in ("fade", "loop") and spans:
        return spans
    rest = plan.bars * plan.metre.quarters - plan.last_chord
    ending = roman_chord(_ending(style, key), key)
    return [*spans, Span(plan.last_chord, max(plan.hold, rest), ending, len(plan.sections) - 1, key)]


def _ending(style: Style, key: Key) -> str:
    endings = style.harmony.endings
    return endings.get(key.mode) or endings["minor" if key.is_minor else "major"]


def _section_slots(style: Style, section: SectionPlan, bars: int, loops: Loops, key: Key, *, first: bool) -> list[Slot]:
    chorus = section.kind in ("chorus", "solo")
    loop = {"break": loops.contrast, "pre": loops.pre}.get(section.kind, loops.chorus if chorus else loops.verse)
    coloured = {"break": loops.contrast, "pre": loops.pre}.get(
        section.kind, loops.coloured if chorus else loops.coloured_verse
    )
    if style.harmony.jazz and stem_of(section.name) == "b":
        # The bridge of an AABA song goes elsewhere.
        loop = coloured = loops.contrast
    if section.kind in ("intro", "outro"):
        loop = coloured = _from_tonic(loops.verse)
    # A section too short for the whole loop at its usual pace takes the chords faster.
    pace = style.harmony.bars_per_chord
    while pace > 0.5 and bars < len(loop) * pace and len(loop) <= 8:
        pace /= 2
    count = max(1, int(bars / pace))
    loop, coloured = shorter(loop, count), shorter(coloured, count)
    slots: list[Slot] = []
    position, index = 0.0, 0
    while position < bars - 1e-6:
        # The first phrase of a kind of section is heard plain; the colour comes with its return, always in the same place.
        plain = index < len(loop) and first
        slot = (loop if plain else coloured)[index % len(loop)]
        length = min(pace, bars - position)
        for place, numeral in enumerate(slot):
            slots.append((position + place * length / len(slot), length / len(slot), numeral))
        position += length
        index += 1
    return _with_cadence(slots, style, key)


def _from_tonic(loop: Slots) -> Slots:
    """The loop turned so that it starts on its tonic, when it has one."""
    for index, slot in enumerate(loop):
        if len(loop) <= 8 and re.fullmatch(r"[iI](?![iIvV]).*", slot[0]):
            return loop[index:] + loop[:index]
    return loop


def _with_cadence(slots: list[Slot], style: Style, key: Key) -> list[Slot]:
    """The last chord of a section leads on: a dominant or subdominant, unless it is one already."""
    start, length, numeral = slots[-1]
    if style.harmony.cadence == "none" or len(slots) < 3 or _DOMINANT.fullmatch(numeral):
        return slots
    if key.mode in ("dorian", "lydian"):
        # In dorian and lydian a dominant would only make the fifth degree sound like home.
        return slots
    rich = re.search(r"7|9|13", numeral) is not None
    return [*slots[:-1], (start, length, _cadence(style, key, rich))]


def _cadence(style: Style, key: Key, rich: bool) -> str:
    modal = {"phrygian": "VII", "locrian": "bII", "mixolydian": "bVII"}.get(key.mode)
    if modal is not None:
        return modal + ("7" if rich else "")
    if style.harmony.cadence == "plagal":
        return ("iv" if key.is_minor else "IV") + (("7" if key.is_minor else "maj7") if rich else "")
    if not rich:
        return "V"
    return "V7" if key.is_minor else "V9sus"


def _tagged(slots: list[Slot], bars: int) -> list[Slot]:
    """The last phrase three times, where there is room for it."""
    if bars < 3 * _TAG_BARS:
        return slots
    first = bars - _TAG_BARS
    phrase = [
        (max(start, first), start + length - max(start, first), n)
        for start, length, n in slots
        if start + length > first
    ]
    head = bars - 3 * _TAG_BARS
    kept = [(start, min(length, head - start), n) for start, length, n in slots if start < head]
    for place in range(3):
        kept += [(start - first + head + place * _TAG_BARS, length, n) for start, length, n in phrase]
    return kept


def choose_lift(style: Style, plan: Plan, rng: np.random.Generator) -> tuple[int, int]:
    """(section that the song goes up with, semitones); 0 semitones where it does not."""
    lift = style.harmony.lift
    wanted = rng.random() < lift.chance
    choruses = [i for i, section in enumerate(plan.sections) if section.kind == "chorus"]
    if not wanted or len(choruses) < 2 or plan.ending == "loop":
        return 0, 0
    return choruses[-1], lift.semitones


def lifted(spans: Sequence[Span], section: int, semitones: int) -> list[Span]:
    """The chords with everything from `section` on moved up, and the new key's dominant before it."""
    if not semitones:
        return list(spans)
    result: list[Span] = []
    for span in spans:
        if span.section < section:
            result.append(span)
            continue
        if result and result[-1].section < section:
            result[-1:] = _turned(result[-1], (span.key.tonic + semitones) % 12)
        key = Key((span.key.tonic + semitones) % 12, span.key.mode)
        chord = replace(span.chord, root=(span.chord.root + semitones) % 12)
        result.append(replace(span, chord=chord, key=key))
    return result


def _turned(span: Span, tonic: int) -> list[Span]:
    """The chord with the dominant of the coming key in its second half (or all of it, when it is short)."""
    dominant = Chord((tonic + 7) % 12, "7")
    if span.length <= 2.0:
        return [replace(span, chord=dominant)]
    half = span.length / 2
    return [replace(span, length=half), replace(span, start=span.start + half, length=half, chord=dominant)]


@lru_cache(maxsize=4096)
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
