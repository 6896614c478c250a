"""Analyses with known answers: of a score, as if its recording had been heard perfectly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grammy_desktop.analysis import (
    Analysis,
    BeatGrid,
    ChordSpan,
    Estimate,
    KeySpan,
    MelodyNote,
    PitchTrack,
    SectionSpan,
)
from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, ChordEvent, Note, Part, Section
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose

STYLES = load_styles()


def composed(style: str, seed: int, seconds: float = 24.0, prompt: str = "a song") -> tuple[Arrangement, Brief]:
    brief = read_prompt(prompt, STYLES, style=style, duration=seconds)
    return compose(brief, STYLES[style], seed), brief


def tune(
    chords: str = "C:maj A:min F:maj G:maj C:maj",
    *,
    tempo: float = 120.0,
    metre: tuple[int, int] = (4, 4),
    bars_each: int = 2,
    tempo_map: tuple[tuple[float, float], ...] = (),
    melody: Sequence[tuple[float, float, int]] = (),
) -> Arrangement:
    """A written song: a chord every few bars, the last one held, and a melody (start, length, pitch)."""
    bar = metre[0] * 4 / metre[1]
    names = chords.split()
    events = tuple(ChordEvent(i * bars_each * bar, bars_each * bar, name) for i, name in enumerate(names))
    notes = tuple(Note(start, length, pitch, 90) for start, length, pitch in melody)
    parts = (Part("lead", "lead", notes),) if notes else ()
    sections = (Section("verse", 0, len(names) * bars_each, 0.6),)
    return Arrangement(tempo, Key(0, "major"), metre, sections, events, parts, tempo_map=tempo_map)


def analysis_of(
    score: Arrangement,
    *,
    offset: float = 0.0,
    from_beat: float = 0.0,
    steady: bool | None = None,
    chord_probability: float = 0.95,
    melody_probability: float = 0.9,
    melody: Sequence[Note] | None = None,
) -> Analysis:
    """What a perfect ear writes down of the score's recording, `offset` seconds of silence before it.

    from_beat: what comes before it in the first bar is an upbeat: the first bar line heard is the second.
    """

    def at(beat: float) -> float:
        return offset + score.seconds(beat) - score.seconds(from_beat)

    number, unit = score.metre
    step = 1.5 if unit == 8 and number % 3 == 0 else 4.0 / unit
    end = score.chords[-1].start + score.chords[-1].length
    beats = np.arange(from_beat, end, step)
    per_bar = round(score.beats_per_bar / step)
    notes = melody if melody is not None else [n for part in score.parts if part.stem == "lead" for n in part.notes]
    return Analysis(
        duration=at(end),
        tuning=0.0,
        beats=BeatGrid(
            times=np.array([at(beat) for beat in beats]),
            positions=np.round(beats / step).astype(np.int64) % per_bar,
            metre=Estimate((number, unit), 0.95),
            tempo=Estimate(score.tempo, 0.97, ((score.tempo / 2, 0.02),)),
            octave_alternatives=((score.tempo / 2, 0.02),),
            steady=not score.tempo_map if steady is None else steady,
            residual_ms=2.0,
            probability=0.95,
        ),
        key=Estimate(score.key, 0.97),
        keys=(KeySpan(0.0, at(end), score.key, 0.97),),
        chords=tuple(
            ChordSpan(max(0.0, at(c.start)), at(c.start + c.length), c.symbol, chord_probability)
            for c in score.chords
            if c.start + c.length > from_beat
        ),
        sections=tuple(
            SectionSpan(
                max(0.0, at(s.start * score.beats_per_bar)), at((s.start + s.bars) * score.beats_per_bar),
                s.name, 0.9, s.energy,
            )
            for s in score.sections
        ),
        melody=tuple(
            MelodyNote(at(n.start), at(n.start + n.length), n.pitch, melody_probability) for n in notes if n.start >= from_beat
        ),
        pitch=PitchTrack(np.zeros(0), np.zeros(0), np.zeros(0)),
        confidence={"beats": 0.95, "tempo": 0.97, "chords": chord_probability, "key": 0.97, "melody": melody_probability,
                    "sections": 0.9},
        cautions=(),
        model_versions={},
    )  # fmt: skip
