"""A lead sheet played by a style's band: its chords and melody as the composition's own, the rest as for any song."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from grammy_desktop.analysis import Analysis
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.music import Chord
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import PartStyle, Style, mood_effect
from grammy_desktop.generation.composer.comping import active
from grammy_desktop.generation.composer.composition import Composition, streams_of, written
from grammy_desktop.generation.composer.draft import Draft, Lifted
from grammy_desktop.generation.composer.events import Event, Span
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.melody import choose_theme, write_melody
from grammy_desktop.generation.composer.orchestration import choose_players
from grammy_desktop.generation.composer.restyle.hear import hear_sheet
from grammy_desktop.generation.composer.restyle.register import able, in_register
from grammy_desktop.generation.composer.restyle.sheet import LeadSheet
from grammy_desktop.generation.composer.restyle.style_form import plan_of, song_seconds_of
from grammy_desktop.generation.composer.restyle.wishes import Kept, brief_for, moved


def restyle_arrangement(
    analysis: Analysis,
    style: Style,
    seed: int,
    *,
    brief: Brief | None = None,
    kept: Kept | None = None,
    progress: Progress | None = None,
) -> Arrangement:
    """A recording rearranged: its tempo map, key, chords, melody and bars, in the style's drums, bass, comping and sounds.

    brief: wishes besides (instruments, excluded, mood, swing); its tempo, key, metre and duration are the recording's. The same
    analysis, style, seed and wishes give the same score. Raises `UserError` for what cannot be restyled, `Cancelled`.
    """
    sheet = moved(hear_sheet(analysis), kept or Kept())
    return restyled_song(sheet, style, seed, brief=brief, kept=kept, progress=progress).arrangement


def restyled_song(
    sheet: LeadSheet,
    style: Style,
    seed: int,
    *,
    brief: Brief | None = None,
    kept: Kept | None = None,
    name: str = "a song",
    progress: Progress | None = None,
) -> Composition:
    """The sheet as a composition that can be revised like any other.

    kept: what the sheet was moved by (`moved`), for the brief. name: of the source, for its prompt.
    """
    watch = progress or NoProgress()
    plan = plan_of(sheet, style)
    own = brief_for(sheet, style, song_seconds_of(sheet, style, plan.ending), kept or Kept(), name=name)
    if brief is not None:
        own = replace(
            own, mood=brief.mood, instruments=brief.instruments, excluded=brief.excluded, swing=brief.swing,
            notes=brief.notes, not_understood=brief.not_understood,
        )  # fmt: skip
    watch.check_cancelled()
    spans = _spans(sheet, plan)
    melody = _melody(sheet, style, plan, spans, own, seed)
    streams = streams_of(seed)
    players = _heard(choose_players(style, own, np.random.default_rng(streams["players"])), melody, plan)
    score = replace(sheet.score, parts=(), sections=(), chords=())
    factor = plan.factor
    silent = tuple((start * factor, end * factor) for start, end in sheet.silent)
    draft = Draft(spans, melody, _lift(sheet, plan))
    song = written(Composition(own, style, seed, plan, draft, players, score, silent=silent), watch)
    return replace(song, score=replace(song.score, tempo_map=sheet.score.tempo_map))


def song_from_recipe(values: Mapping[str, Any], style: Style, brief: Brief, seed: int) -> Composition:
    """The composition that a recipe's `parameters["restyle"]` was made from: the sheet there is the one that was played.

    brief: the recipe's own. Raises `UserError` for damaged values.
    """
    song = restyled_song(
        LeadSheet.from_json(values["sheet"]), style, seed, brief=brief, name=str(values.get("source", ""))
    )
    return replace(song, brief=brief)


def _spans(sheet: LeadSheet, plan: Plan) -> list[Span]:
    """The chords section by section in internal beats; where none sounds, the one before (or to come) is thought on."""
    score, bar = sheet.score, plan.metre.quarters
    edges = [section.start * bar for section in plan.sections[1:]]
    known = [Chord.parse(event.symbol) for event in score.chords if event.symbol != NO_CHORD]
    current = known[0]
    spans: list[Span] = []
    for event in score.chords:
        current = current if event.symbol == NO_CHORD else Chord.parse(event.symbol)
        start, end = event.start * plan.factor, (event.start + event.length) * plan.factor
        key = score.key_at(event.start)
        if not spans and start > 0:
            start = 0.0
        if start >= plan.last_chord - 1e-6:
            rest = plan.bars * bar - plan.last_chord
            spans.append(Span(plan.last_chord, max(plan.hold, rest), current, len(plan.sections) - 1, key))
            break
        cuts = [start, *(edge for edge in edges if start + 1e-6 < edge < end - 1e-6), end]
        for first, last in pairwise(cuts):
            spans.append(Span(first, last - first, current, _section_at(plan, first), key))
    return spans


def _section_at(plan: Plan, beat: float) -> int:
    bar = plan.metre.quarters
    return max(i for i, section in enumerate(plan.sections) if section.start * bar <= beat + 1e-6)


def _lift(sheet: LeadSheet, plan: Plan) -> Lifted:
    """A song that goes up once, in the same mode, is a lifted one."""
    changes = sheet.score.key_changes
    if not changes or changes[0].key.mode != sheet.score.key.mode:
        return Lifted()
    step = (changes[0].key.tonic - sheet.score.key.tonic + 5) % 12 - 5
    return Lifted(changes[0].beat * plan.factor, step)


def _melody(sheet: LeadSheet, style: Style, plan: Plan, spans: list[Span], brief: Brief, seed: int) -> list[Event]:
    """The sheet's melody in the style's register; where it is not to be trusted, what the style would sing over the chords."""
    factor = plan.factor
    kept = [
        Event(
            note.start * factor, note.length * factor, note.pitch, float(note.velocity), triplet=_is_triplet(note.start)
        )
        for note in sheet.melody
        if not _inside(note.start, sheet.unsure)
    ]
    melody = in_register(kept, style.melody.range)
    if not sheet.unsure:
        return melody
    streams = streams_of(seed)
    rng = np.random.default_rng(streams["melody"])
    theme = choose_theme(style, plan.metre, rng)
    # A melody over chords that modulate is written in the home key; the chords bend its scale.
    written_one = write_melody(style, brief.key.value, plan, spans, theme, mood_effect(brief.mood.value), rng)
    own = [note for note in written_one if _inside(note.start / factor, sheet.unsure)]
    return sorted([*_cut(melody, own), *own], key=lambda note: note.start)


def _inside(beat: float, stretches: tuple[tuple[float, float], ...]) -> bool:
    return any(start - 1e-6 <= beat < end - 1e-6 for start, end in stretches)


def _is_triplet(beat: float) -> bool:
    return abs(beat * 4 - round(beat * 4)) > 0.1


def _cut(melody: list[Event], others: list[Event]) -> list[Event]:
    """No kept note sounds into the first of the others that follow it."""
    starts = np.array([note.start for note in others])
    result = []
    for note in melody:
        inside = starts[(starts > note.start + 1e-6) & (starts < note.end)] if len(starts) else starts
        result.append(replace(note, length=float(inside.min()) - note.start) if len(inside) else note)
    return result


def _heard(players: tuple[PartStyle, ...], melody: list[Event], plan: Plan) -> tuple[PartStyle, ...]:
    """The players with a lead that enters wherever there is a melody to play."""
    bar = plan.metre.quarters
    band = [able(part, melody) if part.role == "lead" and not part.doubles else part for part in players]
    for section in plan.sections:
        sung = any(section.start * bar - 1e-6 <= note.start < section.end * bar - 1e-6 for note in melody)
        leads = [i for i, part in enumerate(band) if part.role == "lead" and not part.doubles]
        if not sung or not leads or section.kind == "stop" or any(active(section, band[i]) for i in leads):
            continue
        nearest = min(leads, key=lambda i: (_away(band[i], section.energy), i))
        part = band[nearest]
        band[nearest] = replace(
            part, min_energy=min(part.min_energy, section.energy), max_energy=max(part.max_energy, section.energy)
        )
    return tuple(band)


def _away(part: PartStyle, energy: float) -> float:
    return max(part.min_energy - energy, energy - part.max_energy, 0.0)
