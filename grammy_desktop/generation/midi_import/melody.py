"""Which of a file's voices is the melody, and the melody as one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from grammy_desktop.generation.midi_import.midi_score import MidiVoice, RawNote

_MELODY_WORDS = re.compile(
    r"\b(melod\w*|lead|leads|vocals?|voice|vox|sing\w*|theme|topline|top line|tune|hook|solo|right hand|rh|melodie|gesang)\b",
    re.IGNORECASE,
)
_OTHER_WORDS = re.compile(
    r"\b(bass\w*|pads?|chords?|comp\w*|accomp\w*|rhythm|drums?|perc\w*|left hand|lh|strings?|arp\w*|counter\w*|"
    r"harmon(?:y|ies)|backing|fx|effects?|akkorde?|begleitung)\b",
    re.IGNORECASE,
)
_SINGING_PROGRAMS = frozenset({22, 40, 52, 53, 54, 56, 57, 59, *range(64, 88)})
_QUIET_PROGRAMS = frozenset({*range(32, 40), *range(48, 52), *range(88, 104), *range(119, 128)})
"""Basses, string ensembles, pads, effects."""
_LINE = 0.8
"""Share of its time in which a melody is alone in its voice; below, its highest notes are taken."""
_TOGETHER = 0.06
"""Beats within which notes begin together."""


def melody_voice(voices: Sequence[MidiVoice]) -> MidiVoice | None:
    """The likeliest of the melodic voices; None where none of them is like a melody."""
    scored = [(score(voice, voices), -place, voice) for place, voice in enumerate(voices) if not voice.is_drums]
    best = max(scored, default=None, key=lambda entry: entry[:2])
    return best[2] if best is not None and best[0] > 0.0 else None


def score(voice: MidiVoice, voices: Sequence[MidiVoice]) -> float:
    """How much a voice is like a melody: above 0 it may be one."""
    notes = voice.notes
    pitches = [note.pitch for note in notes]
    if len(notes) < 3 or len(set(pitches)) < 2:
        return -1.0
    alone = loneliness(notes)
    melodic = [note.pitch for other in voices if not other.is_drums for note in other.notes]
    higher = sum(pitch < median(pitches) for pitch in melodic) / max(1, len(melodic))
    points = 1.2 * alone + 1.0 * higher - 1.0
    points += 1.5 if _MELODY_WORDS.search(voice.name) else 0.0
    points -= 1.2 if _OTHER_WORDS.search(voice.name) else 0.0
    points += 0.25 if voice.program in _SINGING_PROGRAMS else 0.0
    points -= 0.5 if voice.program in _QUIET_PROGRAMS else 0.0
    points -= 0.8 if median(pitches) < 50 else 0.0
    # Two tones in turn, or one figure on the same beat for ever, are no tune.
    points += 0.3 * min(1.0, len(set(pitches)) / 5.0)
    if alone < 0.5:
        points += -0.5 if _is_blocks(notes) else 0.6
    return points


def loneliness(notes: Sequence[RawNote]) -> float:
    """Share of the notes during whose first half no other note of the voice begins, nor sounds from before."""
    alone = 0
    latest = -1.0
    for place, note in enumerate(notes):
        follower = notes[place + 1].start if place + 1 < len(notes) else note.end
        overlaps = latest > note.start + 0.35 * note.length and latest > note.start + 2 * _TOGETHER
        alone += not overlaps and follower - note.start > _TOGETHER
        latest = max(latest, note.end)
    return alone / max(1, len(notes))


def _is_blocks(notes: Sequence[RawNote]) -> bool:
    """Whether the voice plays chords: most of its notes begin three or more at a time, or its highest tone hardly moves."""
    groups = _groups(notes)
    tops = {max(group, key=lambda note: note.pitch).pitch for group in groups}
    thick = sum(len(group) >= 3 for group in groups)
    return thick > 0.5 * len(groups) or len(tops) <= max(2, len(groups) // 8)


def line_of(voice: MidiVoice) -> tuple[RawNote, ...]:
    """One note at a time: the voice itself, or the highest notes where it plays more."""
    notes = voice.notes
    if loneliness(notes) < _LINE:
        notes = _skyline(notes)
    line: list[RawNote] = []
    for note in sorted(notes, key=lambda note: (note.start, -note.pitch)):
        if line and note.start - line[-1].start <= _TOGETHER:
            continue
        if line and line[-1].end > note.start:
            last = line[-1]
            line[-1] = RawNote(last.start, note.start - last.start, last.pitch, last.velocity, last.held)
        line.append(note)
    return tuple(line)


def _skyline(notes: Sequence[RawNote]) -> tuple[RawNote, ...]:
    tops: list[RawNote] = []
    for group in _groups(notes):
        top = max(group, key=lambda note: note.pitch)
        held = tops[-1] if tops else None
        # What begins below a higher note that still sounds accompanies it.
        if held is not None and held.end > top.start + 2 * _TOGETHER and held.pitch > top.pitch:
            continue
        tops.append(top)
    if not tops:
        return ()
    floor = median(note.pitch for note in tops) - 13
    return tuple(note for note in tops if note.pitch >= floor)


def _groups(notes: Sequence[RawNote]) -> list[list[RawNote]]:
    """Notes that begin together."""
    groups: list[list[RawNote]] = []
    for note in sorted(notes, key=lambda note: note.start):
        if groups and note.start - groups[-1][0].start <= _TOGETHER:
            groups[-1].append(note)
        else:
            groups.append([note])
    return groups
