"""What the analysis of a recording returns. Times in seconds from the start of the file; every judgement says how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.music import Key

T = TypeVar("T")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate(Generic[T]):
    """The likeliest `value`, how probable it is (0 to 1) and the next best with their probabilities, best first."""

    value: T
    probability: float
    alternatives: tuple[tuple[T, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "value": _plain(self.value),
            "probability": round(self.probability, 3),
            "alternatives": [[_plain(value), round(share, 3)] for value, share in self.alternatives],
        }


@dataclass(frozen=True, eq=False)
class BeatGrid:
    """Where the beats are.

    times: [beats], the first at most 30 ms before the recording's start. A beat is a quarter note in simple metres, an eighth
    in 7/8 and 5/8; in 6/8, 9/8 and 12/8 it is the dotted quarter one taps. positions: [beats], 0 on the downbeat. metre:
    (beats, unit) as written. tempo: quarter notes per minute.
    octave_alternatives: tempi at which the same music could be written (half, double, ...), with probabilities.
    steady: whether one tempo throughout explains the beats (then `times` is an exact grid); residual_ms: how far the attacks
    lie from the beats, as a median.
    """

    times: Floats
    positions: NDArray[np.int64]
    metre: Estimate[tuple[int, int]]
    tempo: Estimate[float]
    octave_alternatives: tuple[tuple[float, float], ...]
    steady: bool
    residual_ms: float
    probability: float
    """That metre, tempo and downbeats are all right."""

    @property
    def quarters_per_beat(self) -> float:
        beats, unit = self.metre.value
        if unit == 8:
            return 1.5 if beats % 3 == 0 else 0.5
        return 4.0 / unit

    @property
    def quarters_per_bar(self) -> float:
        beats, unit = self.metre.value
        return beats * 4.0 / unit

    @property
    def downbeats(self) -> Floats:
        return np.asarray(self.times[self.positions == 0])

    def quarter_at(self, seconds: Floats) -> Floats:
        """Quarter notes since the first downbeat (negative before it), straight on beyond the first and last beat."""
        if self.times.size < 2:
            return np.asarray(seconds, dtype=np.float64) * self.tempo.value / 60.0
        first = int(np.argmax(self.positions == 0)) if (self.positions == 0).any() else 0
        count = np.arange(self.times.size, dtype=np.float64) - first
        seconds = np.asarray(seconds, dtype=np.float64)
        inside = np.interp(seconds, self.times, count)
        before = (seconds - self.times[0]) / (self.times[1] - self.times[0]) + count[0]
        after = (seconds - self.times[-1]) / (self.times[-1] - self.times[-2]) + count[-1]
        beats = np.where(seconds < self.times[0], before, np.where(seconds > self.times[-1], after, inside))
        return np.asarray(beats * self.quarters_per_beat, dtype=np.float64)


@dataclass(frozen=True)
class ChordSpan:
    """One chord in Harte notation with its bass ('A:min7/b3'; 'N' where none sounds); `alternatives` are other chords."""

    start: float
    end: float
    harte: str
    probability: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class KeySpan:
    start: float
    end: float
    key: Key
    probability: float


@dataclass(frozen=True)
class SectionSpan:
    """`label`: sections with the same letter sound alike. probability: that a boundary lies at `start`. energy: 0 to 1."""

    start: float
    end: float
    label: str
    probability: float
    energy: float


@dataclass(frozen=True)
class MelodyNote:
    """A note of the leading voice; pitch as MIDI number, strength 0 to 1."""

    start: float
    end: float
    pitch: int
    probability: float
    strength: float = 1.0


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """The leading voice frame by frame: `hz` is 0 where `voiced` is 0; `voiced` is the probability that it sounds."""

    times: Floats
    hz: Floats
    voiced: Floats


@dataclass(frozen=True, eq=False)
class Analysis:
    """Everything read from one recording. `beats` and what hangs on it are None where there is no beat to be found.

    tuning: cents of A4 against 440 Hz. cautions: sentences for the user about what makes this recording hard to judge.
    """

    duration: float
    tuning: float
    beats: BeatGrid | None
    key: Estimate[Key] | None
    keys: tuple[KeySpan, ...]
    chords: tuple[ChordSpan, ...]
    sections: tuple[SectionSpan, ...]
    melody: tuple[MelodyNote, ...]
    pitch: PitchTrack
    confidence: dict[str, float]
    """By part of the analysis ('beats', 'chords', 'key', 'melody', 'sections'): how much of it is probably right."""
    cautions: tuple[str, ...]
    model_versions: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON; the frame-by-frame pitch is left out."""
        beats = self.beats
        return {
            "duration": round(self.duration, 6),
            "tuning_cents": round(self.tuning, 1),
            "tempo": None if beats is None else beats.tempo.to_json(),
            "metre": None if beats is None else beats.metre.to_json(),
            "steady": None if beats is None else beats.steady,
            "beats": [] if beats is None else [round(float(time), 4) for time in beats.times],
            "positions": [] if beats is None else [int(position) for position in beats.positions],
            "octave_alternatives": [] if beats is None else [[t, round(p, 3)] for t, p in beats.octave_alternatives],
            "key": None if self.key is None else self.key.to_json(),
            "keys": [_span(span, key=str(span.key)) for span in self.keys],
            "chords": [
                _span(span, symbol=span.harte, alternatives=[[name, round(p, 3)] for name, p in span.alternatives])
                for span in self.chords
            ],
            "sections": [_span(span, label=span.label, energy=round(span.energy, 3)) for span in self.sections],
            "melody": [_span(note, pitch=note.pitch, strength=round(note.strength, 3)) for note in self.melody],
            "confidence": {name: round(value, 3) for name, value in self.confidence.items()},
            "cautions": list(self.cautions),
            "model_versions": dict(self.model_versions),
        }


def _plain(value: object) -> Any:
    if isinstance(value, Key):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _span(span: ChordSpan | KeySpan | SectionSpan | MelodyNote, **more: Any) -> dict[str, Any]:
    times = {"start": round(span.start, 4), "end": round(span.end, 4)}
    return {**times, **more, "probability": round(span.probability, 3)}
