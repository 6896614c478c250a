"""A song as it is being composed: everything behind its score, so that it can be changed in places and written again."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.music import Key
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.song import Arrangement, ChordEvent, Part, Section
from grammy_desktop.core.styles import Feel, MoodEffect, PartStyle, Style, midi_program, mood_effect
from grammy_desktop.generation.composer.draft import Draft, best_draft
from grammy_desktop.generation.composer.events import Event, Span
from grammy_desktop.generation.composer.form.plan import Plan, plan_form
from grammy_desktop.generation.composer.form.wishes import FormWishes
from grammy_desktop.generation.composer.idea_draft import idea_draft
from grammy_desktop.generation.composer.loops import phrase_bars
from grammy_desktop.generation.composer.orchestration import choose_players, silent_rows
from grammy_desktop.generation.composer.performance.perform import perform
from grammy_desktop.generation.composer.players import write_parts
from grammy_desktop.generation.composer.revise.splice import Window, silenced
from grammy_desktop.generation.composer.rhythm import Metre

Streams = dict[str, np.random.SeedSequence]

_MODULES = ("harmony", "melody", "players", "drums", "bass", "parts", "performance", "form", "lift")
_HARMONIC = ("bass", "chords", "pad", "arp", "counter")
"""Who is silent where there is no chord."""


@dataclass(frozen=True)
class Composition:
    """A song's plan, chords, melody and players, and the score that came of them.

    rerolls: seeds of parts that were played anew. section_seeds: of sections that were written anew. silent: (start, end) in
    internal beats without a chord. muted: stems that are not heard. idea: what the user brought. is_loop: `score` was cut out
    of the song. `score` holds all parts, `arrangement` those that are heard.
    """

    brief: Brief
    style: Style
    seed: int
    plan: Plan
    draft: Draft
    players: tuple[PartStyle, ...]
    score: Arrangement
    rerolls: Mapping[str, int] = field(default_factory=dict)
    section_seeds: Mapping[int, int] = field(default_factory=dict)
    silent: tuple[tuple[float, float], ...] = ()
    muted: tuple[str, ...] = ()
    idea: Idea | None = None
    is_loop: bool = False

    @property
    def arrangement(self) -> Arrangement:
        heard = tuple(part for part in self.score.parts if part.stem not in self.muted)
        return replace(self.score, parts=heard)

    @property
    def key(self) -> Key:
        return self.brief.key.value

    def role(self, part: str) -> str:
        """What the player of that name does; '' for nobody."""
        return next((player.role for player in self.players if player.name == part), "")


def streams_of(seed: int, *more: int) -> Streams:
    """A generator of its own for every module, so that other drums leave the melody as it was. more: makes them others."""
    root = np.random.SeedSequence([seed, *more]) if more else np.random.SeedSequence(seed)
    return dict(zip(_MODULES, root.spawn(len(_MODULES)), strict=True))


def own_stream(seed: int, part: str, reroll: int) -> np.random.SeedSequence:
    """Where a part that is played anew draws from."""
    return np.random.SeedSequence([seed, reroll, zlib.crc32(part.encode())])


def first_composition(
    brief: Brief, style: Style, seed: int, progress: Progress | None = None, *, idea: Idea | None = None
) -> Composition:
    """The song as the brief has it, before anything was changed."""
    watch = progress if progress is not None else NoProgress()
    streams = streams_of(seed)
    plan = plan_song(brief, style, np.random.default_rng(streams["form"]))
    mood = mood_effect(brief.mood.value)
    if idea is None:
        draft = best_draft(style, brief.key.value, plan, mood, streams, watch)
    else:
        draft = idea_draft(idea, style, brief.key.value, plan, mood, streams, watch)
    players = choose_players(style, brief, np.random.default_rng(streams["players"]))
    watch.check_cancelled()
    empty = Arrangement(brief.tempo.value, brief.key.value, (plan.metre.beats, plan.metre.unit), (), (), ())
    return written(Composition(brief, style, seed, plan, draft, players, empty, idea=idea), watch)


def written(song: Composition, progress: Progress | None = None) -> Composition:
    """The song with its whole score written anew from its plan, draft and players."""
    plan = song.plan
    score = Arrangement(
        tempo=song.brief.tempo.value,
        key=song.key,
        metre=(plan.metre.beats, plan.metre.unit),
        sections=_sections(plan),
        chords=chord_events(song.draft.spans, plan, song.silent),
        parts=played_parts(song, streams_of(song.seed), progress),
        key_changes=song.draft.key_changes(plan.factor),
        ending=plan.ending,
    )
    return replace(song, score=score)


def played_parts(song: Composition, streams: Streams, progress: Progress | None = None) -> tuple[Part, ...]:
    """All parts as written and performed from the song's draft with these generators."""
    watch = progress if progress is not None else NoProgress()
    own = {name: own_stream(song.seed, name, reroll) for name, reroll in song.rerolls.items()}
    events = write_parts(
        song.style, song.plan, song.draft, song.players, streams, watch, silent_rows=silent_rows(song.brief), own=own
    )
    mood = mood_effect(song.brief.mood.value)
    feel = _feel(song.style, song.brief)
    parts = []
    for part, seed in zip(song.players, streams["performance"].spawn(len(song.players)), strict=True):
        coloured = _coloured(events[part.name], part, mood)
        rng = np.random.default_rng(own[part.name].spawn(2)[1] if part.name in own else seed)
        notes = perform(coloured, part, feel, song.plan, rng)
        if song.silent and part.role in _HARMONIC:
            notes = silenced(
                notes, [Window(a / song.plan.factor, b / song.plan.factor) for a, b in song.silent], part.role
            )
        if notes:
            is_drums = part.role in ("drums", "perc")
            parts.append(Part(part.name, part.stem, notes, midi_program(part.sound), is_drums, part.sound))
    return tuple(parts)


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


def chord_events(spans: list[Span], plan: Plan, silent: tuple[tuple[float, float], ...] = ()) -> tuple[ChordEvent, ...]:
    """The chords as heard: repeats merged, in real beats; `NO_CHORD` where the song is to be without one."""
    events: list[ChordEvent] = []
    before: Key | None = None
    for span in spans:
        quiet = any(start - 1e-6 <= span.start < end - 1e-6 for start, end in silent)
        symbol = NO_CHORD if quiet else span.chord.harte(span.key)
        start, length = span.start / plan.factor, span.length / plan.factor
        again = before == span.key and events and events[-1].symbol == symbol
        if again and abs(events[-1].start + events[-1].length - start) < 1e-6:
            events[-1] = replace(events[-1], length=events[-1].length + length)
        else:
            events.append(ChordEvent(start, length, symbol))
        before = span.key
    return tuple(events)


def _feel(style: Style, brief: Brief) -> Feel:
    """The style's feel, with the swing that the brief asks for."""
    swing = brief.swing.value
    return style.feel if swing is None else replace(style.feel, swing=min(75.0, max(50.0, swing)))


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
