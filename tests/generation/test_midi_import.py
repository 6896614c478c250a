"""MIDI files of every kind become ideas: melody, chords, key, tempo; what cannot be read is one sentence."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest
from midi_files import CHORDS, TUNE, arpeggios, block_chords, head, raw, save, track

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.brief import Origin
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, ChordEvent, Note, Part, Section
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.midi.file import write_midi
from grammy_desktop.generation.midi_import import brief_with_idea, import_idea, read_idea
from tests.acceptance.issue_4 import ideas


def symbols(idea: Idea) -> list[tuple[float, str]]:
    return [(chord.start, chord.symbol) for chord in idea.chords]


def tune(idea: Idea) -> list[tuple[float, float, int]]:
    return [(note.start, note.length, note.pitch) for note in idea.hook]


IN_BARS = [(4.0 * number, symbol) for number, symbol in enumerate(CHORDS)]


def test_melody_chords_and_frame_of_a_plain_file(tmp_path: Path) -> None:
    path = save(
        tmp_path / "Mein Lied.mid",
        track(TUNE, name="Flöte", program=73, extra=head()),
        track(block_chords(), name="Klavier", channel=1),
        track([(beat, 0.2, 36) for beat in range(16)], name="Schlagzeug", channel=9),
    )
    imported = import_idea(path)
    idea = imported.idea
    assert tune(idea) == TUNE
    assert symbols(idea) == IN_BARS
    assert (idea.beats, idea.tempo, idea.metre, idea.key, idea.name) == (16, 96, (4, 4), Key(0, "major"), "Mein Lied")
    assert "melody of “Flöte”" in imported.report.taken[0]
    assert any("drums were left out" in sentence for sentence in imported.report.left)
    assert imported.report.key_is_said


@pytest.mark.parametrize("kind", [0, 1])
def test_arpeggios_and_one_track_for_all(tmp_path: Path, kind: int) -> None:
    chords = track(arpeggios(), channel=1)
    melody = track(TUNE, channel=0, extra=head())
    tracks = [mido.merge_tracks([melody, chords])] if kind == 0 else [melody, chords]
    idea = read_idea(save(tmp_path / "one.mid", *tracks, kind=kind))
    assert symbols(idea) == IN_BARS
    assert tune(idea) == TUNE


def test_both_hands_of_a_piano_in_one_voice(tmp_path: Path) -> None:
    idea = read_idea(save(tmp_path / "piano.mid", track([*TUNE, *arpeggios_low()], extra=head())))
    assert [note.pitch for note in idea.hook] == [pitch for _, _, pitch in TUNE]
    assert symbols(idea) == IN_BARS


def arpeggios_low() -> list[tuple[float, float, int]]:
    return [(start, length, pitch - 12 if pitch >= 55 else pitch) for start, length, pitch in arpeggios()]


def test_separate_pieces_of_type_2(tmp_path: Path) -> None:
    few = track(TUNE[:3])
    idea = read_idea(save(tmp_path / "two.mid", few, track(TUNE, extra=head()), kind=2))
    assert len(idea.hook) == len(TUNE)
    assert idea.chords == ()


def test_running_status_and_velocity_zero(tmp_path: Path) -> None:
    pitches = [60, 62, 64, 67, 65, 64, 62, 60]
    body = bytes((0x00, 0xC0, 5, 0x00, 0x90, pitches[0], 90))
    for before, after in zip(pitches, [*pitches[1:], None], strict=True):
        # After the first note-on no status byte is repeated; a velocity of 0 ends a note.
        body += bytes((0x83, 0x60, before, 0)) + (b"" if after is None else bytes((0x00, after, 90)))
    idea = read_idea(raw(tmp_path / "running.mid", body + bytes((0x00, 0xFF, 0x2F, 0x00))))
    assert [(note.start, note.length, note.pitch) for note in idea.hook] == [
        (float(beat), 1.0, pitch) for beat, pitch in enumerate(pitches)
    ]
    assert idea.tempo is None
    assert idea.metre is None


def test_film_frames_count_like_beats(tmp_path: Path) -> None:
    # 25 frames of 40 ticks: 1,000 a second; at the file's 120 BPM a beat has 500.
    body = b"\x00\xff\x51\x03\x07\xa1\x20"
    for pitch in (60, 64, 67, 72, 71, 67, 64, 60):
        body += bytes((0x00, 0x90, pitch, 90, 0x83, 0x74, 0x80, pitch, 0))
    idea = read_idea(raw(tmp_path / "smpte.mid", body + b"\x00\xff\x2f\x00", division=(256 - 25) << 8 | 40))
    assert [(note.start, note.length) for note in idea.hook] == [(beat, 1.0) for beat in range(8)]
    assert idea.tempo == 120


def test_a_riff_around_the_file_is_taken_off(tmp_path: Path) -> None:
    plain = save(tmp_path / "plain.mid", track(TUNE, extra=head())).read_bytes()
    size = len(plain)
    wrapped = b"RIFF" + (size + 12).to_bytes(4, "little") + b"RMIDdata" + size.to_bytes(4, "little") + plain
    (tmp_path / "wrapped.rmi").write_bytes(wrapped)
    assert tune(read_idea(tmp_path / "wrapped.rmi")) == TUNE


BROKEN = {
    "empty.mid": (b"", "is no MIDI file"),
    "text.mid": (b"Dear diary, today I wrote a song.", "is no MIDI file"),
    "head.mid": (b"MThd\0\0\0\6\0\1\0\1\1\xe0", "holds no notes|is damaged"),
    "cut.mid": (b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\1\0\0\x90\x3c\x40", "is damaged: it ends in the middle"),
    "length.mid": (b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\xff\xff\xff\xff\0\x90\x3c\x40", "is damaged"),
    "silent.mid": (b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0", "holds no notes"),
    "noise.mid": (b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\x10" + bytes(range(200, 216)), "is damaged|holds no notes"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_files_are_one_sentence(tmp_path: Path, name: str) -> None:
    data, words = BROKEN[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError, match=words) as caught:
        read_idea(tmp_path / name)
    assert f"“{name}”" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_are_not_there_or_hold_nothing_to_use(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"“none\.mid” does not exist"):
        read_idea(tmp_path / "none.mid")
    with pytest.raises(UserError, match="is a folder"):
        read_idea(tmp_path)
    drums = save(tmp_path / "drums.mid", track([(beat, 0.2, 36) for beat in range(8)], channel=9))
    with pytest.raises(UserError, match=r"“drums\.mid” holds drums only"):
        read_idea(drums)


def test_any_damage_to_a_good_file_is_an_idea_or_a_sentence(tmp_path: Path) -> None:
    """Every byte in turn wrong, every length: nothing but a UserError may come out."""
    good = save(tmp_path / "good.mid", track(TUNE[:5], name="tune", extra=head(key="Eb"))).read_bytes()
    path = tmp_path / "bad.mid"
    for place in range(len(good)):
        for data in (good[:place], good[:place] + bytes((good[place] ^ 0xFF,)) + good[place + 1 :]):
            path.write_bytes(data)
            try:
                idea = read_idea(path)
            except UserError:
                continue
            assert idea.beats > 0


def test_a_key_signature_that_is_none_does_no_harm(tmp_path: Path) -> None:
    good = save(tmp_path / "good.mid", track(TUNE, extra=head(key="Eb"))).read_bytes()
    path = tmp_path / "odd.mid"
    path.write_bytes(good.replace(b"\xff\x59\x02\xfd\x00", b"\xff\x59\x02\x09\x00"))
    idea = read_idea(path)
    assert tune(idea) == TUNE
    assert idea.key == Key(0, "major")


def test_c_major_by_default_is_not_believed(tmp_path: Path) -> None:
    up = [(start, length, pitch + 3) for start, length, pitch in TUNE]
    imported = import_idea(save(tmp_path / "eb.mid", track(up, extra=head(key="C"))))
    assert imported.idea.key == Key(3, "major")
    assert not imported.report.key_is_said
    assert any("The file says C major" in sentence for sentence in imported.report.left)
    silent = import_idea(save(tmp_path / "no_key.mid", track(up, extra=head(key=None))))
    assert silent.idea.key == Key(3, "major")
    assert "heard from the notes" in silent.report.taken[-1] or "guess" in silent.report.taken[-1]


@pytest.mark.parametrize(("place", "late"), [(0.5, 0.03), (0.62, 0.0), (2 / 3, 0.02)])
def test_swing_and_lay_back_are_taken_out(tmp_path: Path, place: float, late: float) -> None:
    eighths = [(step / 2, 0.5, 60 + (step * 5) % 12) for step in range(32)]
    swung = [(int(start) + (place if start % 1 else 0.0) + late, 0.3, pitch) for start, _, pitch in eighths]
    imported = import_idea(save(tmp_path / "swing.mid", track(swung, name="lead", extra=head())))
    assert [(note.start, note.pitch) for note in imported.idea.hook] == [(start, pitch) for start, _, pitch in eighths]
    assert any("swing" in sentence for sentence in imported.report.left) == (place > 0.55)


def test_triplets_stay_triplets(tmp_path: Path) -> None:
    notes = [(beat + third / 3, 0.3, 60 + third) for beat in (0, 1, 4, 6) for third in range(3)]
    notes += [(2, 0.5, 67), (2.5, 0.5, 65), (3, 1, 64), (5, 1, 65), (7, 1, 60)]
    idea = read_idea(save(tmp_path / "triplets.mid", track(notes, name="melody", extra=head())))
    assert sorted(round(note.start * 12) for note in idea.hook) == sorted(round(start * 12) for start, _, _ in notes)


def test_an_upbeat_leads_in_from_the_last_bar(tmp_path: Path) -> None:
    upbeat = [(3.0, 0.5, 67), (3.5, 0.5, 69)]
    moved = [*upbeat, *((start + 4, length, pitch) for start, length, pitch in TUNE)]
    chords = [(start + 4, length, pitch) for start, length, pitch in block_chords()]
    path = save(tmp_path / "upbeat.mid", track(moved, name="melody", extra=head()), track(chords, channel=1))
    imported = import_idea(path)
    assert imported.idea.beats == 16
    assert tune(imported.idea)[: len(TUNE)] == [*TUNE[:-1], (12, 3, 72)]
    assert tune(imported.idea)[len(TUNE) :] == [(15.0, 0.5, 67), (15.5, 0.5, 69)]
    assert symbols(imported.idea) == IN_BARS
    assert any("upbeat" in sentence for sentence in imported.report.left)


def test_a_short_first_bar_of_notation_programs(tmp_path: Path) -> None:
    metres = [
        (0, mido.MetaMessage("time_signature", numerator=1, denominator=4)),
        (1, mido.MetaMessage("time_signature", numerator=4, denominator=4)),
    ]
    moved = [(0.0, 1.0, 67), *((start + 1, length, pitch) for start, length, pitch in TUNE)]
    path = save(tmp_path / "short.mid", track(moved, name="melody", extra=[*metres, *head(metre=None)]))
    idea = read_idea(path)
    assert idea.metre == (4, 4)
    assert tune(idea) == [*TUNE[:-1], (12, 3, 72), (15.0, 1.0, 67)]


@pytest.mark.parametrize(("metre", "bar"), [((3, 4), 3.0), ((6, 8), 3.0), ((7, 8), 3.5)])
def test_other_metres(tmp_path: Path, metre: tuple[int, int], bar: float) -> None:
    melody = [(bar * number + step * 0.5, 0.5, 72 + (number + step) % 7) for number in range(4) for step in range(5)]
    path = save(
        tmp_path / "metre.mid",
        track(melody, name="tune", extra=head(metre=metre)),
        track(block_chords(bar), channel=1),
    )
    idea = read_idea(path)
    assert idea.metre == metre
    assert idea.beats == 4 * bar
    assert [chord.symbol for chord in idea.chords] == list(CHORDS)
    assert [chord.start for chord in idea.chords] == [bar * number for number in range(4)]


def test_inversions_sevenths_and_changes_within_a_bar(tmp_path: Path) -> None:
    voicings = {
        "C:maj/3": (40, 55, 60, 64),
        "F:maj7": (41, 57, 60, 64),
        "D:min7": (38, 57, 60, 65),
        "B:dim7": (47, 62, 65, 68),
    }
    voicings |= {
        "G:sus4(b7)": (43, 60, 62, 65),
        "E:min": (40, 59, 64, 67),
        "A:maj": (45, 61, 64, 69),
        "D:hdim7": (38, 60, 65, 68),
    }
    notes = [(2.0 * place, 2.0, pitch) for place, tones in enumerate(voicings.values()) for pitch in tones]
    idea = read_idea(save(tmp_path / "chords.mid", track(notes, name="chords", extra=head())))
    assert idea.hook == ()
    assert symbols(idea) == [(2.0 * place, symbol) for place, symbol in enumerate(voicings)]


def test_the_pedal_holds_chords_together(tmp_path: Path) -> None:
    pedal = [
        (4 * bar + offset, mido.Message("control_change", channel=1, control=64, value=value))
        for bar in range(4)
        for offset, value in ((0.05, 127), (3.95, 0))
    ]
    short = [(start, 0.2, pitch) for start, _, pitch in block_chords()]
    path = save(tmp_path / "pedal.mid", track(TUNE, extra=head()), track(short, channel=1, extra=pedal))
    assert symbols(read_idea(path)) == IN_BARS


def test_eight_bars_where_the_second_four_differ(tmp_path: Path) -> None:
    again = [(start + 16, length, pitch) for start, length, pitch in TUNE]
    other = [(start + 16, length, pitch + (3 if start > 8 else -2)) for start, length, pitch in TUNE]
    chords = track(block_chords(repeats=2), channel=1)
    same = read_idea(save(tmp_path / "same.mid", track([*TUNE, *again], name="lead", extra=head()), chords))
    new = read_idea(save(tmp_path / "new.mid", track([*TUNE, *other], name="lead", extra=head()), chords))
    assert (same.beats, new.beats) == (16, 32)
    assert len(new.hook) == 2 * len(TUNE)


def test_our_own_song_comes_back(tmp_path: Path) -> None:
    """Write a song with our writer, read it as an idea: the same melody, the same chords."""
    hook = tuple(Note(start + 16 * turn, length, pitch, 90) for turn in range(2) for start, length, pitch in TUNE)
    comp = tuple(
        Note(start + 0.01, length * 0.9, pitch, 70) for start, length, pitch in block_chords(repeats=2) if pitch > 48
    )
    bass = tuple(Note(float(beat), 0.9, VOICE[beat // 4 % 4], 100) for beat in range(32))
    song = Arrangement(
        tempo=96.0,
        key=Key(0, "major"),
        metre=(4, 4),
        sections=(Section("verse", 0, 8, 0.5),),
        chords=tuple(ChordEvent(4.0 * bar, 4.0, CHORDS[bar % 4]) for bar in range(8)),
        parts=(Part("bass", "bass", bass, 33), Part("keys", "keys", comp, 4), Part("lead", "lead", hook, 81)),
    )
    write_midi(song, tmp_path / "song.mid")
    idea = read_idea(tmp_path / "song.mid")
    assert tune(idea) == TUNE
    assert symbols(idea) == IN_BARS
    assert (idea.tempo, idea.key) == (96.0, Key(0, "major"))


VOICE = (36, 33, 31, 36)


def test_the_file_fills_what_the_prompt_did_not_say(tmp_path: Path) -> None:
    styles = load_styles()
    imported = import_idea(save(tmp_path / "tune.mid", track(TUNE, name="melody", extra=head(tempo=101, metre=(3, 4)))))
    open_brief = brief_with_idea(read_prompt("lofi", styles), imported)
    assert (open_brief.tempo.value, open_brief.tempo.origin) == (101, Origin.SAID)
    assert (open_brief.key.value, open_brief.metre.value) == (Key(0, "major"), "3/4")
    said = read_prompt("lofi at 80 bpm in D minor", styles)
    brief = brief_with_idea(said, imported)
    assert (brief.tempo.value, brief.key.value) == (80, Key(2, "minor"))
    assert any("The prompt's tempo stays: 80 BPM" in note for note in brief.notes)
    assert any("“tune”: The hook is the melody of “melody”" in note for note in brief.notes)


def test_a_metre_that_cannot_be_played_is_told(tmp_path: Path) -> None:
    notes = [(step * 0.5, 0.5, 60 + step % 5) for step in range(28)]
    imported = import_idea(save(tmp_path / "seven.mid", track(notes, name="melody", extra=head(metre=(7, 8)))))
    brief = read_prompt("lofi", load_styles())
    assert brief_with_idea(brief, imported).metre == brief.metre
    assert any("7/8, which this style cannot be played in" in note for note in brief_with_idea(brief, imported).notes)
    assert brief_with_idea(brief, imported, metres=("7/8",)).metre.value == "7/8"


def test_composed_songs_come_back(tmp_path: Path) -> None:
    """A slice of the acceptance proof `ideas`, which asks for as much over all styles; rich chords are told apart less well."""
    styles = load_styles()
    agreed, known = [], []
    for style in ("house", "pop", "soul"):
        song = compose(read_prompt("song", styles, style=style, duration=40), styles[style], 1)
        write_midi(song, tmp_path / "song.mid")
        imported = import_idea(tmp_path / "song.mid")
        right, asked = ideas.chords_agreed(song, imported)
        agreed.append(right)
        known.append(asked)
        assert ideas.melody_is_whole(song, imported), style
    assert min(known) > 0
    assert sum(agreed) >= 0.85 * sum(known), (agreed, known)


@pytest.mark.parametrize("shift", [0.2, -0.3])
def test_notes_beside_the_beats_are_moved_onto_them(tmp_path: Path, shift: float) -> None:
    """As recordings without a click are: the file's beats lie somewhere else."""
    moved = [(start + 4 + shift, length, pitch) for start, length, pitch in TUNE]
    chords = [(start + 4 + shift, length, pitch) for start, length, pitch in block_chords()]
    path = save(tmp_path / "free.mid", track(moved, name="melody", extra=head()), track(chords, channel=1))
    imported = import_idea(path)
    assert tune(imported.idea) == TUNE
    assert symbols(imported.idea) == IN_BARS
    assert any("moved onto them" in sentence for sentence in imported.report.left)


def test_music_on_the_off_beat_stays_there(tmp_path: Path) -> None:
    skank = [(beat + 0.5, 0.3, pitch) for beat in range(16) for pitch in (60, 64, 67)]
    path = save(tmp_path / "ska.mid", track(skank, name="chords", extra=head()), track(TUNE, name="lead", channel=1))
    assert not any("moved onto them" in sentence for sentence in import_idea(path).report.left)


def test_bars_of_one_beat_are_no_metre(tmp_path: Path) -> None:
    """Programs that follow a recording write them; where bars of four begin, the bass and the harmony tell."""
    moved = [(start + 3, length, pitch) for start, length, pitch in TUNE]
    chords = [(start + 3, length, pitch) for start, length, pitch in block_chords()]
    frame = head(metre=(1, 4))
    path = save(tmp_path / "beats.mid", track(moved, name="melody", extra=frame), track(chords, channel=1))
    idea = read_idea(path)
    assert idea.metre is None
    assert tune(idea) == TUNE
    assert symbols(idea) == IN_BARS
