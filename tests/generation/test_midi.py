"""MIDI files, read back with mido."""

import io
from pathlib import Path

import mido
import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.midi import TICKS_PER_BEAT, midi_bytes, write_midi

STYLES = load_styles()


def song(style: str, prompt: str = "song") -> Arrangement:
    return compose(read_prompt(prompt, STYLES, style=style, duration=30), STYLES[style], 1)


def read(arrangement: Arrangement) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(midi_bytes(arrangement)))


def meta(file: mido.MidiFile, kind: str) -> list[mido.MetaMessage]:
    return [message for message in file.tracks[0] if message.type == kind]


@pytest.mark.parametrize("style", sorted(STYLES))
def test_round_trip(style: str) -> None:
    arrangement = song(style)
    file = read(arrangement)
    assert file.type == 1
    assert file.ticks_per_beat == TICKS_PER_BEAT
    parts = [part for part in arrangement.parts if part.stem != "fx"]
    tracks = file.tracks[1:]
    assert [track.name for track in tracks] == [part.name for part in parts]
    channels = []
    for track, part in zip(tracks, parts, strict=True):
        now, on, notes = 0, {}, []
        for message in track:
            now += message.time
            if message.type == "program_change":
                assert message.program == part.program
                channels.append(message.channel)
                assert (message.channel == 9) == part.is_drums
            elif message.type == "note_on":
                assert message.note not in on, "a note begins while it sounds"
                on[message.note] = (now, message.velocity)
            elif message.type == "note_off":
                start, velocity = on.pop(message.note)
                notes.append((start, message.note, velocity, now - start))
        assert not on
        expected = sorted((round(n.start * TICKS_PER_BEAT), n.pitch, n.velocity) for n in part.notes)
        assert sorted(note[:3] for note in notes) == expected
        assert all(note[3] >= 1 for note in notes)
    melodic = [channel for channel in channels if channel != 9]
    assert len(set(melodic)) == len(melodic)


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("in F# minor", "F#m"),
        ("in Eb major", "Eb"),
        ("in D dorian", "C"),
        ("in A mixolydian", "D"),
        ("in G# minor", "G#m"),
        ("in F lydian", "C"),
    ],
)
def test_key_signatures(prompt: str, key: str) -> None:
    assert [message.key for message in meta(read(song("pop", prompt)), "key_signature")] == [key]


def test_tempo_metre_and_markers() -> None:
    arrangement = song("pop", "6/8 at 97.3 bpm")
    file = read(arrangement)
    assert [m.tempo for m in meta(file, "set_tempo")] == [round(60e6 / 97.3)]
    assert [(m.numerator, m.denominator) for m in meta(file, "time_signature")] == [(6, 8)]
    now, markers = 0, []
    for message in file.tracks[0]:
        now += message.time
        if message.type == "marker":
            markers.append((message.text, now))
    assert markers == [(s.name, round(s.start * 3 * TICKS_PER_BEAT)) for s in arrangement.sections]


def test_length_in_seconds() -> None:
    arrangement = song("house", "at 124 bpm")
    end = max(n.start + n.length for p in arrangement.parts for n in p.notes if p.stem != "fx")
    assert read(arrangement).length == pytest.approx(arrangement.seconds(end), abs=4.0)


def test_same_score_same_bytes(tmp_path: Path) -> None:
    arrangement = song("trap")
    assert midi_bytes(arrangement) == midi_bytes(arrangement)
    path = tmp_path / "song.mid"
    write_midi(arrangement, path)
    assert path.read_bytes() == midi_bytes(arrangement)
    assert [p.name for p in tmp_path.iterdir()] == ["song.mid"]
