"""Form: which sections the song has, fitted to the wanted duration by bars, never by tempo."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from grammy_desktop.core.styles import Form, FormBlock, Style
from grammy_desktop.generation.composer.events import SectionPlan
from grammy_desktop.generation.composer.rhythm import Metre

_KINDS = (
    ("intro", "intro"), ("verse", "verse"), ("act1", "verse"), ("act2", "solo"), ("act3", "chorus"), ("a", "verse"),
    ("pre", "pre"), ("chorus", "chorus"), ("hook", "chorus"), ("drop", "chorus"), ("b", "chorus"), ("solo", "solo"),
    ("bridge", "break"), ("break", "break"), ("build", "build"), ("riser", "build"), ("stop", "stop"), ("outro", "outro"),
    ("coda", "outro"),
)  # fmt: skip
_WHOLE = (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48)
_FAST, _SLOW = 1.45, 0.72
"""Beyond these shares of the style's range the song is felt in half or double time."""


@dataclass(frozen=True)
class Plan:
    """The whole form. All bars and beats are internal: one real bar is `factor` internal bars.

    `sections` end with the ending: its last `ending_bars` hold the final chord, which starts at beat `last_chord` and is
    held for `hold` beats, so that it has rung out when the wanted duration is over.
    """

    sections: tuple[SectionPlan, ...]
    metre: Metre
    factor: float
    tempo: float
    ending_bars: int
    hold: float
    duration_beats: float

    @property
    def bars(self) -> int:
        return self.sections[-1].end

    @property
    def music_bars(self) -> int:
        """Bars before the final chord."""
        return self.bars - self.ending_bars

    @property
    def last_chord(self) -> float:
        return self.music_bars * self.metre.quarters


def kind_of(name: str) -> str:
    """What a section called `name` does; verse when the name says nothing."""
    if name.lower() in ("act1", "act2", "act3"):
        stem = name.lower()
    else:
        stem = re.sub(r"(-\w+|\d+)$", "", name.lower())
    return next((kind for word, kind in _KINDS if stem == word), "verse")


def felt_factor(tempo: float, style: Style) -> float:
    """1, or 2 when a style written fast is asked for slowly (trap at 70), or 0.5 the other way round."""
    if tempo > style.tempo.high * _FAST:
        return 0.5
    if tempo < style.tempo.low * _SLOW and tempo * 2 <= style.tempo.high * 1.15:
        return 2.0
    return 1.0


def plan_form(style: Style, *, tempo: float, metre: Metre, duration: float) -> Plan:
    """Fit the style's nearest form to `duration` seconds at `tempo` BPM."""
    factor = felt_factor(tempo, style)
    internal = tempo * factor
    # The unit of planning is whole in both countings: a real bar, or an internal one when that is longer.
    per_unit = 2 if factor == 2.0 else 1
    unit_seconds = per_unit * metre.quarters * 60 / internal
    tail = max(style.mix.tail_seconds, unit_seconds)
    if tail > duration * 0.35:
        tail = min(tail, max(0.3 * duration, 1.0))
    units = math.floor((duration - tail) / unit_seconds + 1e-6)
    ring = duration - units * unit_seconds
    ending = max(1, math.floor(ring / unit_seconds + 1e-6))
    sections = _fit(_choose_form(style, duration), units)
    # The final chord belongs to the last section.
    sections[-1] = replace(sections[-1], bars=sections[-1].bars + ending)
    plans = []
    start = 0
    for index, block in enumerate(sections):
        following = sections[index + 1].energy if index + 1 < len(sections) else 0.0
        bars = block.bars * per_unit
        plans.append(SectionPlan(block.name, kind_of(block.name), start, bars, block.energy, following))
        start += bars
    beats_per_second = internal / 60
    return Plan(
        tuple(plans), metre, factor, internal, ending * per_unit,
        hold=max(0.5, (ring - min(2.0, 0.45 * ring)) * beats_per_second),
        duration_beats=duration * beats_per_second,
    )  # fmt: skip


def _choose_form(style: Style, duration: float) -> Form:
    return min(style.forms, key=lambda form: abs(math.log(form.seconds / duration)))


def _fit(form: Form, units: int) -> list[FormBlock]:
    """The form's blocks scaled to `units` bars in all, by whole phrases wherever possible."""
    if units < 1:
        # Not even one bar fits: the song is its final chord.
        return [replace(max(form.blocks, key=lambda block: block.energy), bars=0)]
    blocks = _thin(_lengthen(form, units), units)
    total = sum(block.bars for block in blocks)
    ideal = [block.bars * units / total for block in blocks]
    bars = [min(_WHOLE, key=lambda whole, want=want: abs(whole - want) / want) for want in ideal]  # type: ignore[misc]
    while (difference := units - sum(bars)) != 0:
        size = 4 if abs(difference) >= 4 else 2 if abs(difference) >= 2 else 1
        step = int(math.copysign(size, difference))
        options = [i for i in range(len(bars)) if bars[i] + step >= 1]
        if not options:
            step = int(math.copysign(1, difference))
            options = [i for i in range(len(bars)) if bars[i] + step >= 1]

        def cost(i: int, step: int = step) -> float:
            new = bars[i] + step
            edge = kind_of(blocks[i].name) in ("intro", "outro")
            odd = (1.5 if new % 2 else 0.0) + (0.5 if new % 4 else 0.0)
            return abs(new - ideal[i]) / ideal[i] + odd * (0.25 if edge else 1.0) + (1.0 if new < 1 else 0.0)

        chosen = min(options, key=cost)
        bars[chosen] += step
    return [replace(block, bars=count) for block, count in zip(blocks, bars, strict=True)]


def _lengthen(form: Form, units: int) -> list[FormBlock]:
    """Repeat the middle of the form when the song is much longer than it."""
    blocks = list(form.blocks)
    if units <= form.bars * 1.4 or len(blocks) < 4:
        return blocks
    first = 1 if kind_of(blocks[0].name) == "intro" else 0
    last = len(blocks) - (1 if kind_of(blocks[-1].name) == "outro" else 0)
    body = blocks[first:last]
    length = sum(block.bars for block in body)
    rounds = max(1, round((units - form.bars) / length))
    middle = list(body)
    for _ in range(rounds):
        middle += [replace(block, energy=min(1.0, block.energy + 0.03)) for block in body]
    return _numbered([*blocks[:first], *middle, *blocks[last:]])


def _numbered(blocks: list[FormBlock]) -> list[FormBlock]:
    """Distinct names: verse, verse2, verse3."""
    counts: dict[str, int] = {}
    result = []
    for block in blocks:
        stem = block.name if block.name.startswith("act") else re.sub(r"(-\w+|\d+)$", "", block.name)
        counts[stem] = counts.get(stem, 0) + 1
        name = stem if counts[stem] == 1 else f"{stem}{'-' if stem.startswith('act') else ''}{counts[stem]}"
        result.append(replace(block, name=name))
    return result


def _thin(blocks: list[FormBlock], units: int) -> list[FormBlock]:
    """Drop weak blocks until every block can have two bars (or one block is left)."""
    blocks = list(blocks)
    while len(blocks) > 1 and units < 2 * len(blocks):
        weakest = min(range(len(blocks)), key=lambda i: (blocks[i].energy, -i))
        del blocks[weakest]
    return blocks
