"""Melody: a two-bar motif developed over eight bars, a hook that comes back in every chorus and peaks once.

`motif.py` makes rhythms and contours, `pitches.py` finds the notes for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import MelodyHabits, MoodEffect, Style
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, chord_at
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.harmony import scale_over
from grammy_desktop.generation.composer.motif import Motif, answering, contrasting, make_motif
from grammy_desktop.generation.composer.pitches import Onset, find_pitches
from grammy_desktop.generation.composer.rhythm import Metre, beat, fitting

_PLANS = ("aaba", "aaba", "aaba", "abac", "aabc")
"""How eight bars are made of two-bar units, the commonest three times as likely."""
_ANSWER = "a'"
"""The motif as it answers itself: every second time that it is heard in a row."""
_LEVELS = (-0.8, -0.4, 0.0, 0.0, 0.4, 0.8)
"""Scale steps that a song's melody lies above its style's."""
_PEAK = 0.66
"""Where in a chorus its highest note lies."""
_SAME = 0.6
"""Share of a passage whose chords must be as before for its melody to come back."""


@dataclass(frozen=True)
class Theme:
    """What a song's melody is made of: by letter the motifs of its verse and of its hook, and their order.

    level: scale steps that it lies above the middle of its style's.
    """

    verse: dict[str, Motif]
    hook: dict[str, Motif]
    verse_plan: str
    hook_plan: str
    rest: float
    level: float = 0.0


def choose_theme(style: Style, metre: Metre, rng: np.random.Generator) -> Theme:
    """The song's motifs, on rhythms of the style."""
    habits = style.melody
    return Theme(
        verse=_motifs(fitting(habits.motifs, metre), metre, rng),
        hook=_motifs(fitting(habits.hooks, metre), metre, rng),
        verse_plan=_PLANS[int(rng.integers(len(_PLANS)))],
        hook_plan=_PLANS[int(rng.integers(len(_PLANS)))],
        rest=habits.rest,
        level=float(rng.choice(_LEVELS)),
    )


def _motifs(grids: Sequence[str], metre: Metre, rng: np.random.Generator) -> dict[str, Motif]:
    def grid() -> str:
        return grids[int(rng.integers(len(grids)))]

    own = make_motif(grid(), metre, rng, changes=int(rng.integers(1, 4)))
    return {
        "a": own,
        _ANSWER: answering(own, metre, rng),
        "b": contrasting(own, grid(), metre, rng),
        "c": contrasting(own, grid(), metre, rng),
    }


@dataclass(frozen=True)
class _Phrase:
    """A written phrase of up to eight bars: its chords (from the phrase's start) and its notes."""

    chords: tuple[Span, ...]
    events: list[Event]


def write_melody(
    style: Style, key: Key, plan: Plan, spans: list[Span], theme: Theme, mood: MoodEffect, rng: np.random.Generator
) -> list[Event]:
    """The melody of the whole song, in the style's range; parts take from it the sections in which they play."""
    writer = _Writer(style.melody, key, plan.metre, theme, mood, rng)
    choruses = 0
    melody: list[Event] = []
    for index, section in enumerate(plan.sections):
        bars = min(section.end, plan.music_bars) - section.start
        if bars <= 0 or section.kind == "stop":
            continue
        choruses += section.kind == "chorus"
        notes = writer.section(section, bars, _chords_in(spans, plan, section, bars))
        if plan.ending == "tag" and index == len(plan.sections) - 1:
            notes = _tagged(notes, bars * plan.metre.quarters, 2 * plan.metre.quarters)
        notes = [event.moved(section.start * plan.metre.quarters) for event in notes]
        if section.kind == "chorus" and choruses >= 3:
            notes = _ornament(notes, key, style.melody, rng)
        if section.kind in ("chorus", "solo") and notes:
            melody += _pickup(notes[0], melody, key, style.melody.range)
        melody += notes
    return _repair(melody, spans, style.melody.range)


def _chords_in(spans: list[Span], plan: Plan, section: SectionPlan, bars: int) -> list[Span]:
    """The section's chords with times from the section's start."""
    start = section.start * plan.metre.quarters
    end = start + bars * plan.metre.quarters
    return [replace(s, start=s.start - start, section=0) for s in spans if start - 1e-6 <= s.start < end - 1e-6]


class _Writer:
    """Writes phrases, and writes none twice: what comes back over (nearly) the same chords is the same melody."""

    def __init__(
        self, habits: MelodyHabits, key: Key, metre: Metre, theme: Theme, mood: MoodEffect, rng: np.random.Generator
    ) -> None:
        self._habits, self._key, self._metre = habits, key, metre
        self._theme, self._mood, self._rng = theme, mood, rng
        self._known: dict[tuple[object, ...], list[_Phrase]] = {}

    def section(self, section: SectionPlan, bars: int, spans: list[Span]) -> list[Event]:
        """One section: phrases of eight bars, the last note at home or leading on."""
        events: list[Event] = []
        for first in range(0, bars, 8):
            length = min(8, bars - first)
            offset = first * self._metre.quarters
            end = offset + length * self._metre.quarters
            local = [
                replace(s, start=s.start - offset) for s in spans if s.end > offset + 1e-6 and s.start < end - 1e-6
            ]
            if local:
                events += [e.moved(offset) for e in self._phrase(section, first, length, bars, local)]
        return events

    def _phrase(self, section: SectionPlan, first: int, length: int, bars: int, spans: list[Span]) -> list[Event]:
        place = (section.kind, first, length, bars)
        beats = length * self._metre.quarters
        for phrase in self._known.get(place, ()):
            if _alike(phrase.chords, spans, beats) >= _SAME:
                return phrase.events
        onsets = self._onsets(section, length, final=first + length >= bars)
        if section.kind in ("chorus", "solo"):
            onsets = _with_peak(onsets, (_PEAK * bars - first) * self._metre.quarters, beats)
        events = find_pitches(onsets, spans, self._habits, self._key, section, self._rng) if onsets else []
        self._known.setdefault(place, []).append(_Phrase(tuple(spans), events))
        return events

    def _onsets(self, section: SectionPlan, bars: int, *, final: bool) -> list[Onset]:
        """Rhythm and contour of up to eight bars, in two-bar units."""
        hook = section.kind in ("chorus", "solo", "intro", "outro", "build")
        motifs = self._theme.hook if hook else self._theme.verse
        order = self._theme.hook_plan if hook else self._theme.verse_plan
        onsets: list[Onset] = []
        for unit, letter in enumerate(order[: (bars + 1) // 2]):
            if section.kind in ("intro", "outro", "build") and unit % 2 == 1:
                continue  # only fragments of the hook, with room to breathe
            if section.kind == "break" and letter != "a":
                continue
            if self._rng.random() < self._theme.rest and unit in (1, 2) and section.kind != "chorus":
                continue
            # A hook that the user brought has no answer of its own.
            motif = motifs.get(_ANSWER, motifs["a"]) if letter == "a" and unit % 2 == 1 else motifs[letter]
            onsets += self._unit(motif, letter, unit, bars, section.kind)
        if final and onsets and section.kind in ("chorus", "outro", "solo"):
            onsets[-1] = replace(onsets[-1], unit=3)
        return onsets

    def _unit(self, motif: Motif, letter: str, unit: int, bars: int, kind: str) -> list[Onset]:
        """Two bars of a motif at their place in the phrase."""
        origin = unit * 2 * self._metre.quarters
        hits = [hit for hit in motif.rhythm if unit * 2 + hit.step / self._metre.steps < bars - 1e-6]
        level = self._theme.level + (1.0 if letter == "b" else 0.0) + (0.6 * unit if kind == "pre" else 0.0)
        onsets = []
        for index, hit in enumerate(hits):
            within = hit.step % self._metre.steps
            strong = within in self._metre.strong_steps or (hit.length >= 6 and hit.step % 4 == 0)
            last = index == len(hits) - 1
            contour = motif.contour[index % len(motif.contour)] + level
            accent = hit.velocity / 100
            onset = Onset(origin + beat(hit.step), beat(hit.length), accent, contour, unit, strong, last, hit.triplet)
            onsets.append(onset)
        return _thin_out(onsets, self._mood.density, self._rng)


def _alike(chords: Sequence[Span], others: Sequence[Span], beats: float) -> float:
    """The share of a passage in which two rows of chords agree."""
    steps = np.arange(0.0, beats, 0.5)
    first, second = list(chords), list(others)
    return float(np.mean([chord_at(first, step).chord == chord_at(second, step).chord for step in steps]))


def _with_peak(onsets: list[Onset], moment: float, beats: float) -> list[Onset]:
    """The held or strong note nearest to `moment` becomes the peak, when it lies in this phrase."""
    if not 0 <= moment < beats or len(onsets) < 4:
        return onsets
    near = [i for i, note in enumerate(onsets) if abs(note.start - moment) <= 0.12 * beats and not note.last]
    if not near:
        return onsets
    chosen = max(near, key=lambda i: (onsets[i].length >= 0.9, onsets[i].strong, -abs(onsets[i].start - moment)))
    return [replace(note, peak=True) if i == chosen else note for i, note in enumerate(onsets)]


def _thin_out(notes: list[Onset], density: float, rng: np.random.Generator) -> list[Onset]:
    """Fewer notes for calm moods: weak short notes go, their predecessors sing longer."""
    if density >= 0.9:
        return notes
    kept: list[Onset] = []
    for index, note in enumerate(notes):
        weak = not note.strong and index not in (0, len(notes) - 1)
        if weak and rng.random() < (0.95 - density) and kept:
            earlier = kept[-1]
            kept[-1] = replace(earlier, length=note.start + note.length - earlier.start)
            continue
        kept.append(note)
    return kept


def _tagged(notes: list[Event], end: float, phrase: float) -> list[Event]:
    """The last phrase in place of the two before it as well: sung three times."""
    if end < 3 * phrase:
        return notes
    last = [note for note in notes if note.start >= end - phrase]
    kept = [note for note in notes if note.start < end - 3 * phrase]
    return [*kept, *(note.moved(-2 * phrase) for note in last), *(note.moved(-phrase) for note in last), *last]


def _pickup(first: Event, melody: Sequence[Event], key: Key, limits: tuple[int, int]) -> list[Event]:
    """Two eighths that climb into a chorus, when the melody has left the last beat free."""
    if first.start < 1.0 or (melody and melody[-1].end > first.start - 1.0):
        return []
    below = [pitch for pitch in range(first.pitch - 1, limits[0] - 1, -1) if pitch % 12 in key.scale][:2]
    starts = (first.start - 1.0, first.start - 0.5)
    return [
        Event(start, 0.5, pitch, first.velocity - 8, "pickup")
        for start, pitch in zip(starts, reversed(below), strict=False)
    ]


def _ornament(notes: list[Event], key: Key, habits: MelodyHabits, rng: np.random.Generator) -> list[Event]:
    """The last choruses sing the hook with a grace note here and there."""
    scale = key.scale
    result: list[Event] = []
    for note in notes:
        if note.length >= 1.0 and rng.random() < 0.3 and result and note.start - result[-1].end >= 0.0:
            grace = next(p for p in range(note.pitch - 1, note.pitch - 4, -1) if p % 12 in scale or p == note.pitch - 3)
            if grace >= habits.range[0] and grace % 12 in scale:
                result.append(Event(note.start, 0.25, grace, note.velocity - 14))
                note = replace(note, start=note.start + 0.25, length=note.length - 0.25)
        result.append(note)
    return result


def _repair(melody: list[Event], spans: list[Span], limits: tuple[int, int]) -> list[Event]:
    """No note outside the scale of its chord; no held note that grinds against a chord that came under it later."""
    fixed: list[Event] = []
    for note in melody:
        span = chord_at(spans, note.start)
        following = chord_at(spans, note.start + note.length * 0.75)
        late = following is not span and note.length >= 1.5
        if late and note.pitch % 12 not in scale_over(following.chord, following.key):
            note = replace(note, length=max(0.25, following.start - note.start))
        scale = scale_over(span.chord, span.key)
        if note.pitch % 12 not in scale:
            near = [
                p
                for p in (note.pitch - 1, note.pitch + 1, note.pitch - 2)
                if p % 12 in scale and limits[0] <= p <= limits[1]
            ]
            if near:
                note = replace(note, pitch=near[0])
        fixed.append(note)
    return fixed
