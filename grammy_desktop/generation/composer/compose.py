"""From a brief to a score: form, harmony, melody, bass, drums, chords, effects, then their performance.

Every module draws from its own generator, spawned from the seed: other drums leave the melody as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.music import Key
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.song import Arrangement, ChordEvent, Part, Section
from grammy_desktop.core.styles import MoodEffect, PartStyle, Style, midi_program, mood_effect
from grammy_desktop.generation.composer.bass import place_root, write_bass
from grammy_desktop.generation.composer.comping import (
    Voicings,
    active,
    write_arpeggio,
    write_comping,
    write_counter,
    write_pad,
)
from grammy_desktop.generation.composer.critic import judge
from grammy_desktop.generation.composer.drums import DrumScore, write_drums
from grammy_desktop.generation.composer.events import Event, Span
from grammy_desktop.generation.composer.form import Plan, plan_form
from grammy_desktop.generation.composer.harmony import choose_loops, write_harmony
from grammy_desktop.generation.composer.melody import choose_theme, write_melody
from grammy_desktop.generation.composer.orchestration import choose_players
from grammy_desktop.generation.composer.performance import perform
from grammy_desktop.generation.composer.rhythm import Metre
from grammy_desktop.generation.composer.texture import write_effects

CANDIDATES = 16
"""How many pairs of harmony and melody the critic hears."""

_MODULES = ("harmony", "melody", "players", "drums", "bass", "parts", "performance")
_SEQUENCED_KITS = ("kit_909", "kit_trap")


@dataclass(frozen=True)
class Draft:
    """A candidate: its chords and its melody."""

    spans: list[Span]
    melody: list[Event]


def compose(brief: Brief, style: Style, seed: int, progress: Progress | None = None) -> Arrangement:
    """The score of a song: tempo and key exactly as the brief says, its length fitted to the brief's duration.

    The last chord is held so that its ring-out ends with the duration. The same brief, style and seed give the same score.
    Raises `Cancelled` when told to stop.
    """
    watch = progress if progress is not None else NoProgress()
    streams = dict(zip(_MODULES, np.random.SeedSequence(seed).spawn(len(_MODULES)), strict=True))
    metre = Metre.parse(brief.metre.value)
    plan = plan_form(style, tempo=brief.tempo.value, metre=metre, duration=brief.duration.value)
    mood = mood_effect(brief.mood.value)
    key = brief.key.value
    draft = _best_draft(style, key, plan, mood, streams, watch)
    players = choose_players(style, brief, np.random.default_rng(streams["players"]))
    watch.check_cancelled()
    written = _write_parts(style, key, plan, draft, players, streams, watch)
    parts = _perform_parts(style, plan, players, written, mood, streams["performance"])
    return Arrangement(
        tempo=brief.tempo.value,
        key=key,
        metre=(metre.beats, metre.unit),
        sections=_sections(plan),
        chords=_chords(draft.spans, plan, key),
        parts=parts,
    )


def _best_draft(
    style: Style, key: Key, plan: Plan, mood: MoodEffect, streams: dict[str, np.random.SeedSequence], progress: Progress
) -> Draft:
    """The candidate that the critic likes best."""
    harmony_seeds = streams["harmony"].spawn(CANDIDATES)
    melody_seeds = streams["melody"].spawn(CANDIDATES)
    best: tuple[float, Draft] | None = None
    for harmony_seed, melody_seed in zip(harmony_seeds, melody_seeds, strict=True):
        progress.check_cancelled()
        spans = write_harmony(style, key, plan, choose_loops(style, key, np.random.default_rng(harmony_seed)))
        rng = np.random.default_rng(melody_seed)
        melody = write_melody(style, key, plan, spans, choose_theme(style, rng), mood, rng)
        score = judge(spans, melody, key, rootless=any(part.voicing == "rootless" for part in style.parts))
        if best is None or score > best[0]:
            best = (score, Draft(spans, melody))
    assert best is not None
    return best[1]


def _write_parts(
    style: Style,
    key: Key,
    plan: Plan,
    draft: Draft,
    players: tuple[PartStyle, ...],
    streams: dict[str, np.random.SeedSequence],
    progress: Progress,
) -> dict[str, list[Event]]:
    """What each player plays, by part name."""
    kit = next((part for part in players if part.role == "drums"), None)
    model = kit or next((part for part in style.parts if part.role == "drums"), None)
    drums = write_drums(style, plan, model.min_energy if model else 0.0, np.random.default_rng(streams["drums"]))
    voicings = Voicings(draft.spans)
    seeds = dict(zip((part.name for part in players), streams["parts"].spawn(len(players)), strict=True))
    written: dict[str, list[Event]] = {}
    for part in players:
        progress.check_cancelled()
        if not part.doubles:
            rng = np.random.default_rng(streams["bass"] if part.role == "bass" else seeds[part.name])
            written[part.name] = _write_part(part, style, key, plan, draft, drums, voicings, rng)
    for part in players:
        if part.doubles:
            written[part.name] = _double(written.get(part.doubles, []), part, plan)
    return written


def _write_part(
    part: PartStyle,
    style: Style,
    key: Key,
    plan: Plan,
    draft: Draft,
    drums: DrumScore,
    voicings: Voicings,
    rng: np.random.Generator,
) -> list[Event]:
    spans = draft.spans
    match part.role:
        case "drums" | "perc":
            return drums.events
        case "fx":
            return write_effects(plan, key, part)
        case "bass":
            events = write_bass(style, key, plan, spans, drums.kicks, part, rng)
            events = _only_active(events, plan, part)
            return events + _final(plan, part, [place_root(spans[-1].chord.bass, part, None)], 88)
        case "lead":
            events = _only_active(_fold(draft.melody, part), plan, part)
            return events + (_final_lead(plan, part, key, draft.melody) if events else [])
    chords = voicings.for_part(part.voicing, *part.range)
    if part.role == "chords":
        return write_comping(plan, spans, chords, part, rng) + _final(plan, part, chords[-1], 74)
    if part.role == "arp":
        return write_arpeggio(plan, spans, chords, part, rng) + _final(plan, part, chords[-1][:1], 66)
    if part.role == "pad":
        return write_pad(plan, spans, chords, part) + _final(plan, part, chords[-1], 70)
    return write_counter(plan, spans, draft.melody, part) + _final(plan, part, chords[-1][1:2], 64)


def _only_active(events: list[Event], plan: Plan, part: PartStyle) -> list[Event]:
    """The events of the sections in which a part plays."""
    bar = plan.metre.quarters
    windows = [(s.start * bar, s.end * bar) for s in plan.sections if active(s, part)]
    return [e for e in events if any(start - 1e-6 <= e.start < end - 1e-6 for start, end in windows)]


def _fold(melody: list[Event], part: PartStyle) -> list[Event]:
    """The melody in the octave that suits the part's range, straying notes folded back into it."""
    if not melody:
        return []
    low, high = part.range
    middle = float(np.median([event.pitch for event in melody]))
    shift = 12 * round(((low + high) / 2 - middle) / 12)
    return [replace(event, pitch=_into(event.pitch + shift, low, high)) for event in melody]


def _into(pitch: int, low: int, high: int) -> int:
    while pitch > high:
        pitch -= 12
    while pitch < low:
        pitch += 12
    return pitch if pitch <= high else low + (pitch - low) % max(1, high - low + 1)


def _double(events: list[Event], part: PartStyle, plan: Plan) -> list[Event]:
    """What another part plays, octaves away, where this part is active."""
    low, high = part.range
    copies = [replace(event, pitch=_into(event.pitch + 12 * part.octave, low, high)) for event in events]
    return _only_active(copies, plan, part)


def _final(plan: Plan, part: PartStyle, pitches: Sequence[int], velocity: float) -> list[Event]:
    """The held end, for parts that play in the last section."""
    if not active(plan.sections[-1], part):
        return []
    level = velocity * (0.8 + 0.25 * plan.sections[-1].energy)
    return [Event(plan.last_chord, plan.hold, pitch, level) for pitch in pitches]


def _final_lead(plan: Plan, part: PartStyle, key: Key, melody: list[Event]) -> list[Event]:
    """The melody comes home: the tonic nearest to its last note."""
    low, high = part.range
    last = _fold(melody[-1:], part)[-1].pitch
    tonics = [pitch for pitch in range(low, high + 1) if pitch % 12 == key.tonic]
    return _final(plan, part, [min(tonics, key=lambda p: (abs(p - last), p))], 80) if tonics else []


def _perform_parts(
    style: Style,
    plan: Plan,
    players: tuple[PartStyle, ...],
    written: dict[str, list[Event]],
    mood: MoodEffect,
    stream: np.random.SeedSequence,
) -> tuple[Part, ...]:
    seeds = stream.spawn(len(players))
    sequenced = any(
        part.role == "drums" and part.sound.removeprefix("synth:") in _SEQUENCED_KITS for part in style.parts
    )
    parts = []
    for part, seed in zip(players, seeds, strict=True):
        events = _coloured(written[part.name], part, mood)
        notes = perform(events, part, style.feel, plan, np.random.default_rng(seed), sequenced=sequenced)
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


def _chords(spans: list[Span], plan: Plan, key: Key) -> tuple[ChordEvent, ...]:
    """The chords as heard: repeats merged, in real beats."""
    events: list[ChordEvent] = []
    for span in spans:
        symbol = span.chord.harte(key)
        start, length = span.start / plan.factor, span.length / plan.factor
        if events and events[-1].symbol == symbol and abs(events[-1].start + events[-1].length - start) < 1e-6:
            events[-1] = replace(events[-1], length=events[-1].length + length)
        else:
            events.append(ChordEvent(start, length, symbol))
    return tuple(events)
