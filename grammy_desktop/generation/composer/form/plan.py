"""Form: which sections the song has, fitted to the wanted duration by bars, never by tempo."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grammy_desktop.core.styles import Form, FormBlock, Style
from grammy_desktop.generation.composer.events import SectionPlan
from grammy_desktop.generation.composer.form.energy import shape_energy
from grammy_desktop.generation.composer.form.fit import lengthen, numbered
from grammy_desktop.generation.composer.form.kinds import kind_of
from grammy_desktop.generation.composer.form.wishes import FormWishes, carry_out, place_moments
from grammy_desktop.generation.composer.rhythm import Metre

_FAST, _SLOW = 1.45, 0.72
"""Beyond these shares of the style's range the song is felt in half or double time."""
_STOP_SECONDS = 1.3
"""What rings on after a stop."""
_FADE_SECONDS = 10.0


@dataclass(frozen=True)
class Plan:
    """The whole form. All bars and beats are internal: one real bar is `factor` internal bars.

    `sections` end with the ending; the music lasts `music_bars` (the last of them perhaps cut short by the ending). The final
    chord starts at beat `last_chord` and is held for `hold` beats, so that it has rung out when the wanted duration is over.
    A song that fades or loops has no final chord: `hold` is 0 there, and `last_chord` the end of everything.
    """

    sections: tuple[SectionPlan, ...]
    metre: Metre
    factor: float
    tempo: float
    music_bars: int
    last_chord: float
    hold: float
    duration_beats: float
    ending: str = "hold"

    @property
    def bars(self) -> int:
        return self.sections[-1].end

    @property
    def cut(self) -> bool:
        """Whether the last bar is not played to its end."""
        return self.last_chord < self.music_bars * self.metre.quarters - 1e-6


def felt_factor(tempo: float, style: Style) -> float:
    """1, or 2 when a style written fast is asked for slowly (trap at 70), or 0.5 the other way round."""
    if tempo > style.tempo.high * _FAST:
        return 0.5
    if tempo < style.tempo.low * _SLOW and tempo * 2 <= style.tempo.high * 1.15:
        return 2.0
    return 1.0


def fade_seconds(duration: float) -> float:
    """How long a song of `duration` seconds fades out."""
    return min(_FADE_SECONDS, 0.3 * duration)


def plan_form(
    style: Style,
    *,
    tempo: float,
    metre: Metre,
    duration: float,
    wishes: FormWishes | None = None,
    energy: float = 0.0,
    ending: str = "hold",
    phrase: int = 4,
) -> Plan:
    """Fit the style's nearest form to `duration` seconds at `tempo` BPM.

    `ending` is the style's; one that is wished for wins. `phrase`: bars of the chord loop.
    """
    wishes = wishes if wishes is not None else FormWishes()
    ending = wishes.ending or ending
    factor = felt_factor(tempo, style)
    # The unit of planning is whole in both countings: a real bar, or an internal one when that is longer.
    per_unit = 2 if factor == 2.0 else 1
    clock = _Clock(tempo * factor, metre.quarters, per_unit, duration)
    units, ring = clock.units(ending, style.mix.tail_seconds)
    blocks = carry_out(numbered(lengthen(_choose_form(style, duration), units)), wishes)
    blocks = shape_energy(blocks, shift=energy, build=wishes.build)
    sections = numbered(place_moments(blocks, units, clock.unit_seconds, wishes, phrase))
    if ending == "dj":
        sections = _leave_in_steps(sections)
    # The final chord belongs to the last section.
    tail = 0 if ending in ("fade", "loop") else max(1, math.floor(ring / clock.unit_seconds + 1e-6))
    sections[-1] = replace(sections[-1], bars=sections[-1].bars + tail)
    plans = _place(sections, per_unit)
    music_bars = units * per_unit
    last_chord, hold = clock.final_chord(ending, music_bars, ring)
    if last_chord > music_bars * metre.quarters + 1e-6:
        music_bars = min(math.ceil(last_chord / metre.quarters - 1e-6), plans[-1].end)
    return Plan(plans, metre, factor, tempo * factor, music_bars, last_chord, hold, clock.beats(duration), ending)


@dataclass(frozen=True)
class _Clock:
    """Seconds against internal beats."""

    tempo: float
    quarters: float
    per_unit: int
    duration: float

    @property
    def unit_seconds(self) -> float:
        return self.per_unit * self.quarters * 60 / self.tempo

    def beats(self, seconds: float) -> float:
        return seconds * self.tempo / 60

    def units(self, ending: str, tail: float) -> tuple[int, float]:
        """(bars of music before the ending, seconds left for it)."""
        if ending == "loop":
            return max(1, round(self.duration / self.unit_seconds)), 0.0
        if ending == "fade":
            return max(1, math.ceil(self.duration / self.unit_seconds - 1e-6)), 0.0
        if ending in ("stop", "dj"):
            tail = min(_STOP_SECONDS, 0.3 * self.duration)
        else:
            tail = max(tail, self.unit_seconds)
            if tail > self.duration * 0.35:
                tail = min(tail, max(0.3 * self.duration, 1.0))
        units = math.floor((self.duration - tail) / self.unit_seconds + 1e-6)
        return units, self.duration - units * self.unit_seconds

    def final_chord(self, ending: str, music_bars: int, ring: float) -> tuple[float, float]:
        """(beat, length in beats) of the final chord."""
        end = music_bars * self.quarters
        if ending == "loop":
            return end, 0.0
        if ending == "fade":
            return self.beats(self.duration), 0.0
        if ending in ("stop", "dj"):
            # The band plays on until half a beat's grid comes nearest to the silence at the end, and stops there.
            spare = max(0.0, self.beats(ring) - self.beats(min(_STOP_SECONDS, 0.3 * self.duration)))
            extra = math.floor(spare * 2 + 1e-6) / 2 if music_bars else 0.0
            return end + extra, min(1.0, self.beats(0.45))
        return end, max(0.5, self.beats(ring - min(2.0, 0.45 * ring)))


def _choose_form(style: Style, duration: float) -> Form:
    return min(style.forms, key=lambda form: abs(math.log(form.seconds / duration)))


def _leave_in_steps(sections: list[FormBlock]) -> list[FormBlock]:
    """A disc jockey's outro: layers leave every few bars."""
    last = sections[-1]
    if kind_of(last.name) != "outro" or last.bars < 8:
        return sections
    half = last.bars // 2
    return numbered([
        *sections[:-1], replace(last, bars=last.bars - half), replace(last, bars=half, energy=round(0.75 * last.energy, 4))
    ])  # fmt: skip


def _place(sections: Sequence[FormBlock], per_unit: int) -> tuple[SectionPlan, ...]:
    """The blocks one after another, in internal bars."""
    plans: list[SectionPlan] = []
    start = 0
    for index, block in enumerate(sections):
        following = sections[index + 1].energy if index + 1 < len(sections) else 0.0
        kind = kind_of(block.name, block.energy)
        plans.append(SectionPlan(block.name, kind, start, block.bars * per_unit, block.energy, following))
        start += block.bars * per_unit
    return tuple(plans)
