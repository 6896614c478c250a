"""Candidates: pairs of harmony and melody, and the one that the critic likes best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.music import Key
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.song import KeyChange
from grammy_desktop.core.styles import MoodEffect, Style
from grammy_desktop.generation.composer.critic import judge
from grammy_desktop.generation.composer.events import Event, Span
from grammy_desktop.generation.composer.form import Plan
from grammy_desktop.generation.composer.harmony import choose_lift, lifted, write_harmony
from grammy_desktop.generation.composer.loops import choose_loops
from grammy_desktop.generation.composer.melody import choose_theme, write_melody

CANDIDATES = 12
"""How many pairs of harmony and melody the critic hears."""
_PICKUP = 1.0
"""Beats before the lift in which a pickup already belongs to the new key."""


@dataclass(frozen=True)
class Lifted:
    """The song goes up by `semitones` from `beat` on (0: it does not)."""

    beat: float = 0.0
    semitones: int = 0


@dataclass(frozen=True)
class Draft:
    """A candidate: its chords and its melody, as they will sound."""

    spans: list[Span]
    melody: list[Event]
    lift: Lifted

    def key_changes(self, factor: float) -> tuple[KeyChange, ...]:
        """In real beats."""
        if not self.lift.semitones:
            return ()
        key = next(span.key for span in self.spans if span.start >= self.lift.beat - 1e-6)
        return (KeyChange(self.lift.beat / factor, key),)


def best_draft(
    style: Style,
    key: Key,
    plan: Plan,
    mood: MoodEffect,
    streams: dict[str, np.random.SeedSequence],
    progress: Progress,
) -> Draft:
    """The candidate that the critic likes best, lifted where the song goes up."""
    section, semitones = choose_lift(style, plan, np.random.default_rng(streams["lift"]))
    # What goes up later must not leave the singer's range then.
    low, high = style.melody.range
    habits = replace(style.melody, range=(low, high - semitones))
    spans, melody = _best(replace(style, melody=habits), key, plan, mood, streams, progress)
    if not semitones:
        return Draft(spans, melody, Lifted())
    beat = plan.sections[section].start * plan.metre.quarters
    return Draft(lifted(spans, section, semitones), _raised(melody, beat, semitones), Lifted(beat, semitones))


def _best(
    style: Style,
    key: Key,
    plan: Plan,
    mood: MoodEffect,
    streams: dict[str, np.random.SeedSequence],
    progress: Progress,
) -> tuple[list[Span], list[Event]]:
    harmony_seeds = streams["harmony"].spawn(CANDIDATES)
    melody_seeds = streams["melody"].spawn(CANDIDATES)
    rootless = any(part.voicing == "rootless" for part in style.parts)
    best: tuple[float, list[Span], list[Event]] | None = None
    for harmony_seed, melody_seed in zip(harmony_seeds, melody_seeds, strict=True):
        progress.check_cancelled()
        spans = write_harmony(style, key, plan, choose_loops(style, key, np.random.default_rng(harmony_seed)))
        rng = np.random.default_rng(melody_seed)
        theme = choose_theme(style, plan.metre, rng)
        melody = write_melody(style, key, plan, spans, theme, mood, rng)
        score = judge(spans, melody, key, rootless=rootless)
        if best is None or score > best[0]:
            best = (score, spans, melody)
    assert best is not None
    return best[1], best[2]


def _raised(melody: Sequence[Event], beat: float, semitones: int) -> list[Event]:
    """The melody with what belongs to the new key moved up."""
    return [
        replace(note, pitch=note.pitch + semitones)
        if note.start >= beat - 1e-6 or (note.tag == "pickup" and note.start >= beat - _PICKUP - 1e-6)
        else note
        for note in melody
    ]
