"""A user's MIDI file as an `Idea`: its melody becomes the hook, its harmony the chord loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.song import ChordEvent, Note
from grammy_desktop.generation.midi_import.align import aligned
from grammy_desktop.generation.midi_import.chords import find_chords
from grammy_desktop.generation.midi_import.grid import STRAIGHT, Feel, find_feel, quantised
from grammy_desktop.generation.midi_import.key_of_notes import estimate, judged
from grammy_desktop.generation.midi_import.melody import line_of, melody_voice
from grammy_desktop.generation.midi_import.midi_score import MidiScore, MidiVoice, RawNote, cut_bars
from grammy_desktop.generation.midi_import.read_midi import read_midi
from grammy_desktop.generation.midi_import.report import IdeaReport, ImportedIdea
from grammy_desktop.generation.midi_import.window import Window, choose_window

_KEY_BARS = 32
"""Bars from the idea's start whose notes tell its key: eight are few."""
_UNSURE = 0.25
"""A key estimated with less certainty is called a guess."""


def read_idea(path: Path) -> Idea:
    """The idea in a MIDI file, whole bars long. Raises UserError naming the file and what to do."""
    return import_idea(path).idea


def import_idea(path: Path) -> ImportedIdea:
    """The same with what was taken and left, in sentences."""
    score = aligned(read_midi(path))
    melodic = [voice for voice in score.voices if not voice.is_drums]
    if not melodic:
        raise UserError(
            f"“{path.name}” holds drums only; an idea needs a melody or chords on another channel than 10.",
            file=str(path),
        )
    voice = melody_voice(melodic)
    line = line_of(voice) if voice is not None else ()
    others = _others(melodic, voice, line)
    window = choose_window(cut_bars(score.bars()), line, others)
    feel = find_feel([note for voice in melodic for note in voice.notes])
    key, key_is_said, sure = _key(score, [*line, *others], window)
    # The chords follow the notes as played: a chord that is anticipated by a sixteenth is still the next bar's.
    chords = find_chords(
        quantised(_around(others, window), feel, origin=window.start),
        quantised(_around(line, window), feel, origin=window.start),
        bars=window.bars,
        metre=window.metre,
        key=key,
    )
    hook, pickup = _hook(line, window, feel)
    if not hook and not chords:
        raise UserError(
            f"“{path.name}” holds neither a melody nor chords that can be told; a line of at least three notes is needed.",
            file=str(path),
        )
    tempo = _tempo_at(score, window.start)
    idea = Idea(
        beats=window.bars * window.bar,
        hook=hook,
        chords=chords,
        tempo=tempo,
        metre=window.metre if score.says_metre else None,
        key=key,
        name=path.stem,
    )
    told = _Told(score, voice if hook else None, window, feel, idea, pickup, key_is_said, sure)
    return ImportedIdea(idea, told.report(), window.start)


def _others(melodic: Sequence[MidiVoice], voice: MidiVoice | None, line: Sequence[RawNote]) -> tuple[RawNote, ...]:
    """Every melodic note that is not the melody's, in order of time."""
    own = {(note.start, note.pitch) for note in line}
    notes = [note for one in melodic for note in one.notes if one is not voice or (note.start, note.pitch) not in own]
    return tuple(sorted(notes, key=lambda note: (note.start, note.pitch)))


def _around(notes: Sequence[RawNote], window: Window) -> list[RawNote]:
    """What sounds within the window: also what began before it and still sounds."""
    reached = [note for note in notes if note.start + note.held > window.start and note.start < window.end - 0.13]
    cut = []
    for note in reached:
        before = window.start - note.start
        if before > 0.13:
            note = replace(note, start=window.start, length=max(0.25, note.length - before), held=note.held - before)
        cut.append(note)
    return cut


def _hook(line: Sequence[RawNote], window: Window, feel: Feel) -> tuple[tuple[Note, ...], str]:
    """The melody on the grid from the window's start, and what became of its anacrusis ('', 'kept' or 'left').

    What leads into the first bar is put before the window's end, where it leads into the repetition, unless notes are there.
    """
    beats = window.bars * window.bar
    inside = quantised([note for note in line if window.holds(note)], feel, origin=window.start)
    notes = [note for note in inside if 0 <= note.start < beats]
    became = ""
    if window.pickup > 0:
        before = [note for note in line if window.start - window.pickup - 0.01 <= note.start < window.start - 0.13]
        moved = [replace(note, start=note.start + beats) for note in before]
        lead = [note for note in quantised(moved, feel, origin=window.start) if note.start < beats]
        free = not any(note.start >= lead[0].start - 1e-6 for note in notes) if lead else False
        became = "kept" if free else "left"
        notes += lead if free else []
    return _one_by_one(notes, beats), became


def _one_by_one(notes: Sequence[RawNote], beats: float) -> tuple[Note, ...]:
    made: list[Note] = []
    for note in sorted(notes, key=lambda note: (note.start, -note.pitch)):
        if made and note.start <= made[-1].start:
            continue
        if made and made[-1].start + made[-1].length > note.start:
            made[-1] = replace(made[-1], length=round(note.start - made[-1].start, 6))
        made.append(Note(note.start, round(min(note.length, beats - note.start), 6), note.pitch, note.velocity))
    return tuple(made)


def _tempo_at(score: MidiScore, beat: float) -> float | None:
    tempi = [tempo for when, tempo in score.tempi if when <= beat + 1e-6] or [tempo for _, tempo in score.tempi[:1]]
    return round(tempi[-1], 2) if tempi else None


def _key(score: MidiScore, notes: Sequence[RawNote], window: Window) -> tuple[Key, bool, float]:
    """The key of the window and what follows it, whether the file says it, and how sure it is."""
    end = window.start + _KEY_BARS * window.bar
    end = min([end, *(when for when, _ in score.keys if when > window.start + 1e-6)])
    near = [note for note in notes if window.start - 0.13 <= note.start < end] or list(notes)
    low = [note.pitch for note in sorted(near, key=lambda note: (round(note.start), note.pitch))][:1]
    last = [note.pitch for note in near if note.start > window.end - window.bar - 0.13 and note.start < window.end]
    bass = [*low, *([min(last)] if last else [])]
    said = [key for when, key in score.keys if when <= window.start + 1e-6]
    if said:
        key, believed = judged(said[-1], near, bass)
        return key, believed, 1.0
    key, sure = estimate(near, bass)
    return key, False, sure


@dataclass(frozen=True)
class _Told:
    """Puts what happened into words."""

    score: MidiScore
    voice: MidiVoice | None
    window: Window
    feel: Feel
    idea: Idea
    pickup: str
    key_is_said: bool
    sure: float

    def report(self) -> IdeaReport:
        return IdeaReport(
            taken=tuple(sentence for sentence in (self._melody(), self._chords(), self._frame()) if sentence),
            left=tuple(self._left()),
            key_is_said=self.key_is_said,
            tempo_is_said=self.idea.tempo is not None,
            metre_is_said=self.idea.metre is not None,
        )

    def _bars(self) -> str:
        first = round(self.window.start / self.window.bar) + 1
        if self.window.bars == 1:
            return f"bar {first}"
        return f"bars {first} to {first + self.window.bars - 1}"

    def _melody(self) -> str:
        if self.voice is None:
            return ""
        name = f"“{self.voice.name}”" if self.voice.name else f"channel {self.voice.channel + 1}"
        return f"The hook is the melody of {name}: {len(self.idea.hook)} notes of {self._bars()}."

    def _chords(self) -> str:
        if not self.idea.chords:
            return ""
        return f"The chords of {self._bars()}: {', '.join(_plain(event) for event in self.idea.chords)}."

    def _frame(self) -> str:
        tempo = "" if self.idea.tempo is None else f"{self.idea.tempo:g} BPM, "
        metre = f"{self.window.metre[0]}/{self.window.metre[1]}"
        guess = "" if self.key_is_said else " (a guess)" if self.sure < _UNSURE else " (heard from the notes)"
        return f"{tempo}{metre}, {self.idea.key}{guess}."

    def _left(self) -> list[str]:
        left = list(self.score.notes_for_user)
        if any(voice.is_drums for voice in self.score.voices):
            left.append("The drums were left out; the style brings its own.")
        if not self.idea.chords:
            left.append("No chords were found beside the melody; the style brings its own.")
        if self.voice is None:
            left.append("No voice is like a melody; the style brings its own over the chords.")
        if self.feel != STRAIGHT:
            left.append(
                f"The notes swing ({self.feel.per_cent:.0f} %); they were set straight, the style swings them anew."
            )
        if self.pickup == "kept":
            left.append("The upbeat leads in at the end of the last bar, from where it leads into the repetition.")
        elif self.pickup == "left":
            left.append("The upbeat was left out, as the last bar has notes where it would lead in.")
        if len({round(tempo, 1) for _, tempo in self.score.tempi}) > 1:
            left.append("The tempo changes in the file; the one where the idea begins was taken.")
        if len({change.metre for change in self.score.metres}) > 1:
            left.append("The metre changes in the file; bars of the commonest one were taken.")
        if self.score.keys and not self.key_is_said:
            left.append(f"The file says {self.score.keys[0][1]}, but its notes are in {self.idea.key}.")
        bars = round(self.score.end / self.window.bar + 0.49)
        if bars > self.window.bars:
            left.append(f"Of {bars} bars, {self.window.bars} were taken; the song is made from these.")
        return left


def _plain(event: ChordEvent) -> str:
    chord = Chord.parse(event.symbol)
    root = event.symbol.partition(":")[0]
    quality = {"maj": "", "min": "m", "min7": "m7", "hdim7": "m7b5"}.get(chord.quality, chord.quality)
    return f"{root}{quality}"
