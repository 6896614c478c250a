"""What a generator returns: the audio, the arrangement behind it, and the recipe to make it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.music import Key
from grammy_desktop.core.tempo_map import TempoMap, beat_at, seconds_at, tempo_changes


@dataclass(frozen=True)
class Note:
    """A note as performed. `start` and `length` in quarter-note beats from the song's start (swing and feel included).

    bend: how its pitch moves: (beats after `start`, semitones from `pitch`) in order of time. From point to point it moves
    without corners (half a cosine), before the first and after the last it stays. Empty: it does not move.
    """

    start: float
    length: float
    pitch: int
    velocity: int
    bend: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Part:
    """One player: `name` is unique in the song, `stem` is the stem it is heard in, `program` the General MIDI program."""

    name: str
    stem: str
    notes: tuple[Note, ...]
    program: int = 0
    is_drums: bool = False
    sound: str = ""
    """What renders it (an id of the composer's sound table); empty where another engine decides."""


@dataclass(frozen=True)
class Section:
    """`start` and `bars` count bars from 0; `energy` is 0 to 1."""

    name: str
    start: int
    bars: int
    energy: float


@dataclass(frozen=True)
class ChordEvent:
    """A chord in Harte notation (`A:min7/b3`); `start` and `length` in quarter-note beats."""

    start: float
    length: float
    symbol: str


@dataclass(frozen=True)
class KeyChange:
    """The song goes on in `key` from `beat` (quarter notes from the song's start)."""

    beat: float
    key: Key


@dataclass(frozen=True)
class Arrangement:
    """The score of a song. `tempo` in BPM (quarter notes), `metre` as (beats, unit); `key` is the home key.

    tempo_map: where the tempo changes ((beat, BPM) from that beat on); empty: `tempo` throughout.

    ending: how it ends ('hold', 'stop', 'tag', 'dj'; 'fade': fades out over its last seconds; 'loop': whole bars that follow
    upon themselves). key_changes are in order of time, the home key at the start not among them.
    """

    tempo: float
    key: Key
    metre: tuple[int, int]
    sections: tuple[Section, ...]
    chords: tuple[ChordEvent, ...]
    parts: tuple[Part, ...]
    key_changes: tuple[KeyChange, ...] = ()
    ending: str = "hold"
    tempo_map: TempoMap = ()

    def key_at(self, beat: float) -> Key:
        """The key that holds at a beat."""
        return next((change.key for change in reversed(self.key_changes) if change.beat <= beat + 1e-6), self.key)

    @property
    def beats_per_bar(self) -> float:
        """Quarter-note beats in one bar."""
        return self.metre[0] * 4 / self.metre[1]

    @property
    def bars(self) -> int:
        return sum(section.bars for section in self.sections)

    def seconds(self, beat: float) -> float:
        """When a beat is heard."""
        return seconds_at(beat, self.tempo, self.tempo_map)

    def beat_at(self, seconds: float) -> float:
        """The beat that is heard at a time."""
        return beat_at(seconds, self.tempo, self.tempo_map)

    def tempi(self) -> TempoMap:
        """(beat, BPM) of every tempo that is heard, the first at beat 0."""
        return tempo_changes(self.tempo, self.tempo_map)

    def bar_seconds(self, bar: float) -> float:
        """When a bar begins."""
        return self.seconds(bar * self.beats_per_bar)

    def section_times(self) -> tuple[tuple[str, float, float], ...]:
        """(name, start, end) in seconds."""
        return tuple((s.name, self.bar_seconds(s.start), self.bar_seconds(s.start + s.bars)) for s in self.sections)

    def to_json(self) -> dict[str, Any]:
        """What the window draws: all times in seconds; notes are in the MIDI file."""
        moving = (
            {"tempi": [{"start": round(self.seconds(beat), 6), "tempo": bpm} for beat, bpm in self.tempi()]}
            if self.tempo_map
            else {}
        )
        return {
            "tempo": self.tempo,
            **moving,
            "key": str(self.key),
            "metre": f"{self.metre[0]}/{self.metre[1]}",
            "bars": self.bars,
            "ending": self.ending,
            "key_changes": [
                {"start": round(self.seconds(change.beat), 6), "key": str(change.key)} for change in self.key_changes
            ],
            "sections": [
                {"name": name, "start": round(start, 6), "end": round(end, 6), "energy": section.energy}
                for (name, start, end), section in zip(self.section_times(), self.sections, strict=True)
            ],
            "chords": [
                {
                    "symbol": chord.symbol,
                    "start": round(self.seconds(chord.start), 6),
                    "end": round(self.seconds(chord.start + chord.length), 6),
                }
                for chord in self.chords
            ],
            "parts": [{"name": part.name, "stem": part.stem, "sound": part.sound} for part in self.parts],
        }


@dataclass(frozen=True)
class Licence:
    """`id` is an SPDX id or `LicenseRef-...`; `reason` one sentence a producer understands."""

    id: str
    sellable: bool
    reason: str


@dataclass(frozen=True)
class Recipe:
    """Everything needed to make the song again."""

    engine: str
    engine_version: str
    seed: int
    brief: Brief
    licence: Licence
    parameters: dict[str, Any] = field(default_factory=dict)
    weights_hash: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "engine": self.engine,
            "engine_version": self.engine_version,
            "seed": self.seed,
            "brief": self.brief.to_json(),
            "licence": {"id": self.licence.id, "sellable": self.licence.sellable, "reason": self.licence.reason},
            "parameters": dict(self.parameters),
            "weights_hash": self.weights_hash,
        }


@dataclass(frozen=True, eq=False)
class Song:
    """`mix` is the sample-wise sum of `stems` (as delivered in 24 bits); all share length and rate."""

    title: str
    mix: AudioClip
    stems: dict[str, AudioClip]
    recipe: Recipe
    arrangement: Arrangement | None = None
