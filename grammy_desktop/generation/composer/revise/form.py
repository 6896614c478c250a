"""The whole song at another length, in another mood, or cut into a loop: what makes it itself is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grammy_desktop.core.brief import MAX_DURATION, MIN_DURATION, Brief
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Key
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.revision import counted
from grammy_desktop.core.song import Arrangement, ChordEvent, KeyChange, Note, Part, Section
from grammy_desktop.core.styles import mood_effect
from grammy_desktop.generation.composer.composition import Composition, plan_song, streams_of, written
from grammy_desktop.generation.composer.draft import Draft, Lifted, best_draft, lift_draft
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.harmony import choose_lift
from grammy_desktop.generation.composer.idea_draft import idea_draft
from grammy_desktop.generation.composer.orchestration import choose_players
from grammy_desktop.generation.composer.revise.transplant import transplanted
from grammy_desktop.generation.composer.revise.variation import other_sounds, shaded

_EARLY = 0.1
"""Beats before a bar line that a player may strike what stands on it."""
_SHORTEST = 0.05


def resized(song: Composition, seconds: float, progress: Progress | None = None) -> Composition:
    """The song in `seconds`: its hook, chords, groove, players and sounds, in a form that fits."""
    if not MIN_DURATION <= seconds <= MAX_DURATION:
        raise UserError(f"A song can last {MIN_DURATION:g} to {MAX_DURATION:g} seconds, not {seconds:g}.")
    brief = song.brief.said(duration=float(seconds))
    plan = plan_song(brief, song.style, np.random.default_rng(streams_of(song.seed)["form"]))
    return _on_plan(song, brief, plan, progress)


def varied(song: Composition, wishes: Mapping[str, Any], progress: Progress | None = None) -> Composition:
    """The song as changed fields of the brief want it (`Brief.said`): mood, energy, tempo, key, instruments, swing.

    The hook and the form stay. Another tempo keeps the bars, so that the song lasts longer or shorter; another mode makes
    the chords of that mode, and the hook keeps its rhythm and line.
    """
    changes = {name: _value(name, value) for name, value in wishes.items()}
    before, tempo = song.brief, changes.get("tempo", song.brief.tempo.value)
    if tempo != before.tempo.value and "duration" not in changes:
        longer = before.duration.value * before.tempo.value / tempo
        changes["duration"] = min(MAX_DURATION, max(MIN_DURATION, longer))
    brief = before.said(**changes)
    streams = streams_of(song.seed)
    style = shaded(song.style, mood_effect(before.mood.value), mood_effect(brief.mood.value))
    players = song.players
    if {"instruments", "excluded"} & set(changes):
        players = choose_players(style, brief, np.random.default_rng(streams["players"]))
    if brief.mood.value != before.mood.value:
        players = other_sounds(players, mood_effect(brief.mood.value), song.seed)
    plan = plan_song(brief, style, np.random.default_rng(streams["form"]))
    return _on_plan(replace(song, style=style, players=players), brief, plan, progress)


def _on_plan(song: Composition, brief: Brief, plan: Plan, progress: Progress | None) -> Composition:
    """The song's material laid out on another plan; what the old form did not have is written from the same loops and theme."""
    watch = progress or NoProgress()
    streams, mood, key = streams_of(song.seed), mood_effect(brief.mood.value), brief.key.value
    pick = song.draft.pick
    fresh = (
        best_draft(song.style, key, plan, mood, streams, watch, pin=pick)
        if song.idea is None
        else idea_draft(song.idea, song.style, key, plan, mood, streams, watch, pin=pick)
    )
    draft = fresh
    if key.mode == song.key.mode:
        section, semitones = choose_lift(song.style, plan, np.random.default_rng(streams["lift"]))
        spans, melody = fresh.home()
        shift = (key.tonic - song.key.tonic + 5) % 12 - 5
        level = transplanted(song.draft, song.plan, Draft(spans, melody, Lifted(), pick), plan, key, shift)
        draft = lift_draft(level, plan, section, semitones)
    moved = replace(song, brief=brief, plan=plan, draft=draft, section_seeds={}, silent=())
    return written(moved, watch)


def _value(name: str, value: Any) -> Any:
    """A field of the brief from JSON."""
    if name == "key" and isinstance(value, str):
        return Key.parse(value)
    return tuple(value) if isinstance(value, list) else value


def cut_loop(song: Composition, index: int | None, bars: int) -> Composition:
    """`bars` bars from the start of section `index` (None: of the song; 0 bars: all there are) as a loop.

    Raises `UserError` for a section that is not there and for more bars than there are.
    """
    score = song.score
    first, there = 0, max(1, round(song.plan.music_bars / song.plan.factor))
    if index is not None:
        if not 0 <= index < len(score.sections):
            raise UserError(
                f"This song has {counted(len(score.sections), 'section')}; there is no section {index + 1}."
            )
        first = score.sections[index].start
        there = min(there - first, score.sections[index].bars)
    if bars < 0 or bars > there:
        place = f"section {index + 1}" if index is not None else "the song"
        raise UserError(f"A loop can have 1 to {there} bars here: {place} has no more.")
    if there < 1:
        raise UserError("That section is the song's end and holds no whole bar; choose another one.")
    return replace(song, score=loop_of_score(score, first, bars or there), is_loop=True)


def loop_of_score(score: Arrangement, first: int, bars: int) -> Arrangement:
    """Bars of a score as a song of its own that follows upon itself; what is held over an edge is struck at the loop's start."""
    bar = score.beats_per_bar
    start, length = first * bar, bars * bar
    parts = []
    for part in score.parts:
        notes = tuple(sorted(_looped(part, start, length), key=lambda n: (n.start, n.pitch)))
        if notes:
            parts.append(replace(part, notes=notes))
    chords = tuple(
        ChordEvent(max(0.0, c.start - start), min(c.start + c.length, start + length) - max(c.start, start), c.symbol)
        for c in score.chords
        if c.start < start + length - 1e-6 and c.start + c.length > start + 1e-6
    )
    sections = tuple(
        Section(s.name, max(0, s.start - first), min(s.start + s.bars, first + bars) - max(s.start, first), s.energy)
        for s in score.sections
        if s.start < first + bars and s.start + s.bars > first
    )
    changes = tuple(
        KeyChange(change.beat - start, change.key)
        for change in score.key_changes
        if start < change.beat < start + length
    )
    return replace(
        score,
        key=score.key_at(start),
        parts=tuple(parts),
        chords=chords,
        sections=sections,
        key_changes=changes,
        ending="loop",
    )


def _looped(part: Part, start: float, length: float) -> list[Note]:
    notes = []
    for note in part.notes:
        first, last = note.start - start, note.start + note.length - start
        if -_EARLY <= first < length - _EARLY:
            # Struck a little ahead of the first bar line: at the loop's end, so that it is ahead each time.
            place = first % length
            room = length - first if not part.is_drums else note.length
            notes.append(replace(note, start=round(place, 6), length=round(max(_SHORTEST, min(note.length, room)), 6)))
        elif first < -_EARLY and last > _EARLY and not part.is_drums:
            notes.append(replace(note, start=0.0, length=round(max(_SHORTEST, min(last, length)), 6)))
    return notes
