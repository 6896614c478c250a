"""MIDI import: a song of ours written as MIDI and read back is the same idea, in every style."""

from __future__ import annotations

import tempfile
from pathlib import Path

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.music import Chord
from grammy_desktop.core.song import Arrangement, ChordEvent
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.midi.file import write_midi
from grammy_desktop.generation.midi_import import ImportedIdea, import_idea
from tests.acceptance.context import Context

SEEDS = (1, 2)
SECONDS = 60.0
CHORDS, MELODIES, SIGNATURES = 0.90, 0.95, 0.95
"""Shares that must come back: of the time the chord (root and quality), of the songs the melody, of the songs the signature."""
_STEP = 0.25


def run(context: Context) -> None:
    styles = load_styles()
    same = heard = melodies = signatures = songs = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.mid"
        for style in sorted(styles):
            for seed in SEEDS:
                song = compose(read_prompt("song", styles, style=style, duration=SECONDS), styles[style], seed)
                write_midi(song, path)
                imported = import_idea(path)
                agreed, known = chords_agreed(song, imported)
                same, heard, songs = same + agreed, heard + known, songs + 1
                melodies += melody_is_whole(song, imported)
                key = imported.idea.key
                signatures += key is not None and key.signature_tonic == song.key.signature_tonic
    context.figure("songs", songs)
    context.figure("chords", round(same / heard, 4))
    context.figure("melodies", round(melodies / songs, 4))
    context.figure("signatures", round(signatures / songs, 4))
    context.check("chords by root and quality", same >= CHORDS * heard, f"{same / heard:.3f} of the time")
    context.check("melodies note for note", melodies >= MELODIES * songs, f"{melodies} of {songs}")
    context.check("key signatures", signatures >= SIGNATURES * songs, f"{signatures} of {songs}")


def chords_agreed(song: Arrangement, imported: ImportedIdea) -> tuple[int, int]:
    """(sixteenths with the same chord, sixteenths with one at all) under the idea."""
    agreed = known = 0
    for number in range(round(imported.idea.beats / _STEP)):
        beat = (number + 0.2) * _STEP
        true = _at(song.chords, beat + imported.start)
        found = _at(imported.idea.chords, beat)
        if true in ("", "N"):
            continue
        known += 1
        agreed += bool(found) and _named(found) == _named(true)
    return agreed, known


def melody_is_whole(song: Arrangement, imported: ImportedIdea) -> bool:
    """Whether a part of the song has just the hook's pitches there; chords count by their highest note."""
    hook = [note.pitch for note in imported.idea.hook]
    begin, end = imported.start - 0.13, imported.start + imported.idea.beats - 0.13
    return any(
        hook == tops
        for part in song.parts
        if (tops := _tops([(note.start, note.pitch) for note in part.notes if begin <= note.start < end]))
    )


def _tops(notes: list[tuple[float, int]]) -> list[int]:
    tops: list[tuple[float, int]] = []
    for start, pitch in sorted(notes, key=lambda note: (note[0], -note[1])):
        if not tops or start - tops[-1][0] > 0.06:
            tops.append((start, pitch))
    return [pitch for _, pitch in tops]


def _at(chords: tuple[ChordEvent, ...], beat: float) -> str:
    return next((c.symbol for c in chords if c.start <= beat < c.start + c.length), "")


def _named(symbol: str) -> tuple[int, str]:
    chord = Chord.parse(symbol)
    return chord.root, chord.quality
