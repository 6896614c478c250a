"""A MIDI file as notes in quarter-note beats: what every kind of file (type 0, 1, 2, SMPTE, RMI) becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np

from grammy_desktop.core.music import Key

_BASS_TOP = 52
_MOST_BARS = 2_000
"""Bars of one metre; a damaged file may say that its next note comes in a year."""


@dataclass(frozen=True)
class RawNote:
    """As written in the file; times in quarter-note beats. `held`: how long it sounds with the sustain pedal."""

    start: float
    length: float
    pitch: int
    velocity: int
    held: float

    @property
    def end(self) -> float:
        return self.start + self.length


@dataclass(frozen=True)
class MidiVoice:
    """What one track plays on one channel. program: General MIDI, 0 to 127."""

    name: str
    channel: int
    program: int
    is_drums: bool
    notes: tuple[RawNote, ...]


@dataclass(frozen=True)
class MetreChange:
    beat: float
    metre: tuple[int, int]


@dataclass(frozen=True)
class MidiScore:
    """tempi: (beat, BPM) in order; metres and keys likewise; empty where the file is silent about them."""

    voices: tuple[MidiVoice, ...]
    tempi: tuple[tuple[float, float], ...]
    metres: tuple[MetreChange, ...]
    keys: tuple[tuple[float, Key], ...]
    notes_for_user: tuple[str, ...] = ()

    @property
    def end(self) -> float:
        """Where the last note ends, in beats."""
        return max((note.end for voice in self.voices for note in voice.notes), default=0.0)

    @property
    def says_metre(self) -> bool:
        """Whether the file names a metre: bars of one beat, which programs that follow a recording write, are none."""
        return any(change.metre[0] > 1 for change in self.metres)

    def bars(self) -> tuple[Bar, ...]:
        """Every bar from the file's start to its last note; bars of four beats where it names no metre."""
        changes = self.metres if self.says_metre else (MetreChange(self._first_downbeat(), (4, 4)),)
        if changes[0].beat > 0:
            changes = (MetreChange(changes[0].beat - 4.0 * ceil(changes[0].beat / 4.0), (4, 4)), *changes)
        ends = [change.beat for change in changes[1:]] + [max(self.end, changes[-1].beat + 1e-6)]
        return tuple(bar for change, end in zip(changes, ends, strict=True) for bar in _bars_of(change, end))

    def _first_downbeat(self) -> float:
        """The beat of the first four on which bars begin, told by where the bass is struck and the harmony changes; 0 where
        the file says nothing of beats at all."""
        if not self.metres:
            return 0.0
        beats = min(ceil(self.end) + 4, _MOST_BARS)
        sound, bass = np.zeros((beats, 12)), np.zeros(4)
        for voice in self.voices:
            for note in voice.notes:
                beat = round(note.start)
                if voice.is_drums or not 0 <= beat < beats:
                    continue
                for number in range(beat, min(beats, beat + max(1, min(8, round(note.held))))):
                    sound[number, note.pitch % 12] += 1.0
                if note.pitch < _BASS_TOP and abs(note.start - beat) < 0.15:
                    bass[beat % 4] += min(note.held, 4.0)
        change = np.zeros(4)
        for beat in range(2, beats - 2):
            before, after = sound[beat - 2 : beat].sum(axis=0), sound[beat : beat + 2].sum(axis=0)
            size = float(np.linalg.norm(before) * np.linalg.norm(after))
            change[beat % 4] += 1.0 - float(before @ after) / size if size > 0 else 0.0
        weights = bass / max(float(bass.sum()), 1e-9) + 2.0 * change / max(float(change.sum()), 1e-9)
        return float(np.argmax(weights))


@dataclass(frozen=True)
class Bar:
    """`length` as long as its metre says, but shorter where a change of metre cuts it (a pickup in notation programs)."""

    start: float
    length: float
    metre: tuple[int, int]

    @property
    def is_whole(self) -> bool:
        return abs(self.length - self.metre[0] * 4 / self.metre[1]) < 1e-3


def _bars_of(change: MetreChange, end: float) -> Iterator[Bar]:
    whole = change.metre[0] * 4 / change.metre[1]
    place = change.beat
    end = min(end, place + _MOST_BARS * whole)
    while place < end - 1e-3:
        # The last bar of a piece is whole even where its notes end early.
        yield Bar(place, whole, change.metre)
        place += whole


def cut_bars(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """The same with every bar ending where the next one begins."""
    cut = [Bar(bar.start, min(bar.length, after.start - bar.start), bar.metre) for bar, after in pairwise(bars)]
    return (*cut, *bars[-1:])
