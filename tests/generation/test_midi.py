"""MIDI files, read back with mido."""

import io
from pathlib import Path

import mido
import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Note, Part, Section
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.midi.file import midi_bytes, write_midi
from grammy_desktop.generation.composer.midi.track import TICKS_PER_BEAT

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


def score(*parts: Part, tempo_map: tuple[tuple[float, float], ...] = ()) -> Arrangement:
    sections = (Section("verse", 0, 4, 0.5),)
    return Arrangement(120.0, Key.parse("A minor"), (4, 4), sections, (), parts, tempo_map=tempo_map)


def wheel(track: mido.MidiTrack) -> list[tuple[int, int]]:
    now, places = 0, []
    for message in track:
        now += message.time
        if message.type == "pitchwheel":
            places.append((now, message.pitch))
    return places


UP = ((0.0, -2.0), (0.5, 0.0))


def test_a_line_bends_on_its_wheel() -> None:
    line = Part("lead", "lead", (Note(0, 1, 60, 90, UP), Note(1, 1, 62, 90)), program=29)
    track = read(score(line)).tracks[1]
    places = wheel(track)
    assert places[0] == (0, -8192)
    assert places[-1] == (TICKS_PER_BEAT // 2, 0)
    assert [place for _, place in places] == sorted(place for _, place in places)
    controls = [(m.control, m.value) for m in track if m.type == "control_change"]
    assert controls == [(101, 0), (100, 0), (6, 2), (38, 0), (101, 127), (100, 127)]
    wider = Part("lead", "lead", (Note(0, 1, 60, 90, ((0.0, -5.0), (0.5, 0.0))),), program=29)
    assert (6, 5) in [(m.control, m.value) for m in read(score(wider)).tracks[1] if m.type == "control_change"]


def test_what_would_bend_others_is_left_out() -> None:
    chord = Part("guitar", "guitars", (Note(0, 2, 60, 90, UP), Note(0, 2, 64, 90)), program=27)
    assert wheel(read(score(chord)).tracks[1]) == []
    shaken = Part("guitar", "guitars", (Note(0, 2, 60, 90, UP), Note(0.02, 2, 64, 90, UP)), program=27)
    assert wheel(read(score(shaken)).tracks[1])[-1] == (TICKS_PER_BEAT // 2, 0)
    # The other note begins when the bend is over.
    later = Part("guitar", "guitars", (Note(0, 2, 60, 90, UP), Note(1, 2, 64, 90)), program=27)
    assert wheel(read(score(later)).tracks[1])


def test_more_than_fifteen_players_share_channels() -> None:
    parts = [Part(f"p{n}", "s", (Note(0, 1, 60, 90, UP),), program=n * 7 % 120) for n in range(19)]
    drums = Part("kit", "drums", (Note(0, 1, 36, 90),), is_drums=True)
    tracks = read(score(*parts, drums)).tracks[1:]
    assert len(tracks) == 20
    chosen: dict[int, int] = {}
    used: list[int] = []
    for track in tracks:
        [channel] = {message.channel for message in track if message.type == "note_on"}
        used.append(channel)
        for message in track:
            if message.type == "program_change":
                assert channel not in chosen, "two players choose the sound of one channel"
                chosen[channel] = message.program
    assert used[-1] == 9 and 9 not in used[:-1]
    for part, track, channel in zip(parts, tracks, used, strict=False):
        if used.count(channel) > 1:
            assert wheel(track) == [], f"{part.name} bends others"
    assert chosen[used[15]] // 8 == parts[15].program // 8 or all(
        p // 8 != parts[15].program // 8 for p in chosen.values()
    )


def test_tempo_map() -> None:
    arrangement = score(Part("lead", "lead", (Note(0, 8, 60, 90),)), tempo_map=((4.0, 60.0), (6.0, 90.0)))
    file = read(arrangement)
    now, seen = 0, []
    for message in file.tracks[0]:
        now += message.time
        if message.type == "set_tempo":
            seen.append((now / TICKS_PER_BEAT, round(60e6 / message.tempo, 3)))
    assert seen == [(0.0, 120.0), (4.0, 60.0), (6.0, 90.0)]
    assert file.length == pytest.approx(arrangement.seconds(8.0), abs=1e-3)


def test_names_in_any_script() -> None:
    file = read(score(Part("флейта ü", "lead", (Note(0, 1, 60, 90),))))
    assert file.tracks[1].name.encode("latin1").decode("utf-8") == "флейта ü"
