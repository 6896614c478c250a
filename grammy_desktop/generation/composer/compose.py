"""From a brief to a score: form, harmony, melody, bass, drums, chords, effects, then their performance.

Every module draws from its own generator, spawned from the seed: other drums leave the melody as it was.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.music import Key
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.song import Arrangement, ChordEvent, Part, Section
from grammy_desktop.core.styles import Feel, MoodEffect, PartStyle, Style, midi_program, mood_effect
from grammy_desktop.generation.composer.draft import best_draft
from grammy_desktop.generation.composer.events import Event, Span
from grammy_desktop.generation.composer.form import Plan, plan_form
from grammy_desktop.generation.composer.form_wishes import FormWishes
from grammy_desktop.generation.composer.loops import phrase_bars
from grammy_desktop.generation.composer.orchestration import choose_players, silent_rows
from grammy_desktop.generation.composer.performance import perform
from grammy_desktop.generation.composer.players import write_parts
from grammy_desktop.generation.composer.rhythm import Metre

_MODULES = ("harmony", "melody", "players", "drums", "bass", "parts", "performance", "form", "lift")


def compose(brief: Brief, style: Style, seed: int, progress: Progress | None = None) -> Arrangement:
    """The score of a song: tempo and key exactly as the brief says, its length fitted to the brief's duration.

    The last chord is held so that its ring-out ends with the duration. The same brief, style and seed give the same score.
    Raises `Cancelled` when told to stop.
    """
    watch = progress if progress is not None else NoProgress()
    streams = dict(zip(_MODULES, np.random.SeedSequence(seed).spawn(len(_MODULES)), strict=True))
    plan = plan_song(brief, style, np.random.default_rng(streams["form"]))
    mood = mood_effect(brief.mood.value)
    key = brief.key.value
    draft = best_draft(style, key, plan, mood, streams, watch)
    players = choose_players(style, brief, np.random.default_rng(streams["players"]))
    watch.check_cancelled()
    written = write_parts(style, plan, draft, players, streams, watch, silent_rows=silent_rows(brief))
    parts = _perform_parts(_feel(style, brief), plan, players, written, mood, streams["performance"])
    return Arrangement(
        tempo=brief.tempo.value,
        key=key,
        metre=(plan.metre.beats, plan.metre.unit),
        sections=_sections(plan),
        chords=_chords(draft.spans, plan),
        parts=parts,
        key_changes=draft.key_changes(plan.factor),
        ending=plan.ending,
    )


def plan_song(brief: Brief, style: Style, rng: np.random.Generator) -> Plan:
    """The form that a brief asks for; how the song ends is the style's, drawn by `rng`, where the brief does not say."""
    kinds = list(style.ending)
    weights = np.array([style.ending[kind] for kind in kinds])
    return plan_form(
        style,
        tempo=brief.tempo.value,
        metre=Metre.parse(brief.metre.value),
        duration=brief.duration.value,
        wishes=FormWishes.read(brief.form.value),
        energy=brief.energy.value,
        ending=kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))],
        phrase=phrase_bars(style, brief.key.value),
    )


def _feel(style: Style, brief: Brief) -> Feel:
    """The style's feel, with the swing that the brief asks for."""
    swing = brief.swing.value
    return style.feel if swing is None else replace(style.feel, swing=min(75.0, max(50.0, swing)))


def _perform_parts(
    feel: Feel,
    plan: Plan,
    players: tuple[PartStyle, ...],
    written: dict[str, list[Event]],
    mood: MoodEffect,
    stream: np.random.SeedSequence,
) -> tuple[Part, ...]:
    parts = []
    for part, seed in zip(players, stream.spawn(len(players)), strict=True):
        events = _coloured(written[part.name], part, mood)
        notes = perform(events, part, feel, plan, np.random.default_rng(seed))
        if notes:
            is_drums = part.role in ("drums", "perc")
            parts.append(Part(part.name, part.stem, notes, midi_program(part.sound), is_drums, part.sound))
    return tuple(parts)


def _coloured(events: list[Event], part: PartStyle, mood: MoodEffect) -> list[Event]:
    """Moods change touch and articulation, not what is played."""
    if part.role == "fx":
        return events
    gate = min(1.0, mood.length) if part.role in ("lead", "chords", "arp") else 1.0
    return [
        replace(e, velocity=e.velocity + mood.velocity * 0.6, length=e.length * gate if e.length < 3 else e.length)
        for e in events
    ]


def _sections(plan: Plan) -> tuple[Section, ...]:
    scale = 1 / plan.factor
    return tuple(Section(s.name, round(s.start * scale), round(s.bars * scale), s.energy) for s in plan.sections)


def _chords(spans: list[Span], plan: Plan) -> tuple[ChordEvent, ...]:
    """The chords as heard: repeats merged, in real beats."""
    events: list[ChordEvent] = []
    before: Key | None = None
    for span in spans:
        symbol = span.chord.harte(span.key)
        start, length = span.start / plan.factor, span.length / plan.factor
        again = before == span.key and events and events[-1].symbol == symbol
        if again and abs(events[-1].start + events[-1].length - start) < 1e-6:
            events[-1] = replace(events[-1], length=events[-1].length + length)
        else:
            events.append(ChordEvent(start, length, symbol))
        before = span.key
    return tuple(events)
