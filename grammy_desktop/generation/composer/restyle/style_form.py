"""A sheet's form as the target style would plan it: its names and energies, its ending, counted as it is felt."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grammy_desktop.core.song import Section
from grammy_desktop.core.styles import FormBlock, Style
from grammy_desktop.generation.composer.events import SectionPlan
from grammy_desktop.generation.composer.form.fit import numbered
from grammy_desktop.generation.composer.form.kinds import kind_of, stem_of
from grammy_desktop.generation.composer.form.plan import Plan, felt_factor
from grammy_desktop.generation.composer.restyle.sheet import LeadSheet
from grammy_desktop.generation.composer.rhythm import Metre

_USUAL = {
    "intro": 0.35, "verse": 0.55, "pre": 0.62, "chorus": 0.85, "solo": 0.75, "break": 0.38, "build": 0.62, "stop": 0.1,
    "outro": 0.42,
}  # fmt: skip
"""Energy of a kind of section that the style has not."""
_NAMES = {"break": "break", "solo": "solo"}
_SHADE = 0.25
"""How much of a section's own loudness among its kind is kept."""
_STOP_RING = 1.3
_LONGEST_RING = 9.0
"""Seconds that an ending rings at most."""


def plan_of(sheet: LeadSheet, style: Style) -> Plan:
    """The style's plan for exactly the sheet's bars, up to its last chord, and a musical ending."""
    score = sheet.score
    metre = Metre(*score.metre)
    factor = felt_factor(score.tempo, style)
    last_chord = sheet.last_chord * factor
    ending = "hold" if style.ending.get("hold") or style.ending.get("tag") or style.ending.get("fade") else "stop"
    ring = _ring_seconds(sheet, style, ending)
    beats_per_second = score.tempo * factor / 60.0
    music_bars = max(1, math.ceil(last_chord / metre.quarters - 1e-6))
    hold = max(0.5, (ring - min(2.0, 0.45 * ring)) * beats_per_second)
    if ending == "stop":
        hold = min(1.0, 0.45 * beats_per_second)
    tail = max(1, math.ceil(ring * beats_per_second / metre.quarters - 0.5))
    sections = _sections(_in_style(score.sections, style), factor, music_bars, tail)
    duration = (score.seconds(sheet.last_chord) + ring) * beats_per_second
    return Plan(sections, metre, factor, score.tempo * factor, music_bars, last_chord, hold, duration, ending)


def song_seconds_of(sheet: LeadSheet, style: Style, ending: str) -> float:
    """How long the restyled song lasts, to the millisecond."""
    return round(sheet.score.seconds(sheet.last_chord) + _ring_seconds(sheet, style, ending), 3)


def _ring_seconds(sheet: LeadSheet, style: Style, ending: str) -> float:
    """As long as the source holds its last chord, within what the style needs to ring out."""
    if ending == "stop":
        return _STOP_RING
    score, last = sheet.score, sheet.score.chords[-1]
    held = score.seconds(last.start + last.length) - score.seconds(last.start)
    bar = score.beats_per_bar * 60.0 / score.tempo
    least = min(_LONGEST_RING, max(style.mix.tail_seconds, bar))
    return min(_LONGEST_RING, max(least, held))


def _in_style(sections: Sequence[Section], style: Style) -> list[FormBlock]:
    """The sections under the style's names, with its energies shaded by how loud each is among its kind."""
    kinds = [kind_of(section.name, section.energy) for section in sections]
    levels = {
        kind: [s.energy for s, own in zip(sections, kinds, strict=True) if own == kind] for kind in dict.fromkeys(kinds)
    }
    blocks = []
    for section, kind in zip(sections, kinds, strict=True):
        name, energy = style_section(style, kind)
        mean = sum(levels[kind]) / len(levels[kind])
        shaded = min(1.0, max(0.1, energy + _SHADE * (section.energy - mean)))
        blocks.append(FormBlock(name, section.bars, round(shaded, 3)))
    return numbered(blocks)


def style_section(style: Style, kind: str) -> tuple[str, float]:
    """(name, energy) of what the style calls a section of that kind."""
    blocks = [b for form in style.forms for b in form.blocks if kind_of(b.name, b.energy) == kind]
    if not blocks:
        return _NAMES.get(kind, kind), _USUAL[kind]
    return stem_name(blocks[0].name), sum(block.energy for block in blocks) / len(blocks)


def stem_name(name: str) -> str:
    """The name without its number, as it is spelled."""
    return name[: len(stem_of(name))]


def _sections(blocks: Sequence[FormBlock], factor: float, music_bars: int, tail: int) -> tuple[SectionPlan, ...]:
    """In internal bars, one after another up to the ending, which the last one holds."""
    starts: list[tuple[int, FormBlock]] = []
    position = 0
    for block in blocks:
        start = min(round(position * factor), music_bars - 1)
        # What is felt in half time begins on its bar lines; a section too short for that is its neighbour's.
        if not starts or start > starts[-1][0]:
            starts.append((start, block))
        position += block.bars
    ends = [start for start, _ in starts[1:]] + [music_bars + tail]
    plans = []
    for index, ((start, block), end) in enumerate(zip(starts, ends, strict=True)):
        following = starts[index + 1][1].energy if index + 1 < len(starts) else 0.0
        kind = kind_of(block.name, block.energy)
        plans.append(SectionPlan(block.name, kind, start, end - start, block.energy, following))
    return tuple(plans)
