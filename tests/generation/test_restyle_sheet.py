"""From what was heard to what would be written: bars, chords, melody and form of a recording."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from restyle_helpers import STYLES, analysis_of, composed, tune

from grammy_desktop.analysis import ChordSpan, MelodyNote, SectionSpan
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Note
from grammy_desktop.generation.composer.restyle import Kept, LeadSheet, hear_sheet, judgements, moved, sheet_of_score
from grammy_desktop.generation.composer.restyle.certainty import notes_on
from grammy_desktop.generation.composer.restyle.quantise import on_grid, straightened, swing_point

MELODY = [
    (0.0, 1.0, 67),
    (1.0, 0.5, 69),
    (1.5, 1.5, 71),
    (4.0, 2.0, 72),
    (10.5, 1.0, 64),
    (16.0, 4.0, 65),
    (25.0, 1.0, 62),
]


def chords(sheet: LeadSheet) -> list[tuple[float, str]]:
    return [(chord.start, chord.symbol) for chord in sheet.score.chords]


def test_a_perfectly_heard_song_is_written_down_as_it_is() -> None:
    score = tune(melody=MELODY)
    sheet = hear_sheet(analysis_of(score, offset=0.37))
    assert (sheet.score.tempo, sheet.score.tempo_map, sheet.score.key, sheet.score.metre) == (
        120.0,
        (),
        score.key,
        (4, 4),
    )
    assert chords(sheet) == [(c.start, c.symbol) for c in score.chords]
    assert [(n.start, n.length, n.pitch) for n in sheet.melody] == MELODY
    assert sheet.begins == pytest.approx(0.37) and not sheet.unsure and not sheet.mended
    assert LeadSheet.from_json(json.loads(json.dumps(sheet.to_json()))) == sheet


@pytest.mark.parametrize("metre", [(3, 4), (6, 8), (7, 8)])
def test_other_metres_keep_their_bars(metre: tuple[int, int]) -> None:
    score = tune(metre=metre)
    sheet = hear_sheet(analysis_of(score))
    assert sheet.score.metre == metre
    assert chords(sheet) == [(c.start, c.symbol) for c in score.chords]


def test_an_upbeat_has_a_bar_of_its_own() -> None:
    score = tune(melody=[(3.0, 1.0, 67), *((n[0] + 4.0, n[1], n[2]) for n in MELODY)])
    sheet = hear_sheet(analysis_of(score, from_beat=3.0))
    assert sheet.melody[0].start == 3.0 and sheet.melody[1].start == 4.0
    assert chords(sheet)[:3] == [(0.0, "N"), (3.0, "C:maj"), (8.0, "A:min")]
    # A band that plays half the bar before the first bar line plays all of it.
    longer = hear_sheet(analysis_of(score, from_beat=2.0))
    assert chords(longer)[:2] == [(0.0, "C:maj"), (8.0, "A:min")] and longer.begins == pytest.approx(-1.0)


def test_a_moving_tempo_is_kept_bar_by_bar() -> None:
    breathing = tuple((4.0 * bar, 100.0 + 6.0 * (bar % 3)) for bar in range(10))
    score = tune(tempo=106.0, tempo_map=breathing)
    sheet = hear_sheet(analysis_of(score))
    for beat in (0.0, 4.0, 10.0, 17.0, 30.0):
        assert sheet.score.seconds(beat) == pytest.approx(score.seconds(beat), abs=0.002)
    assert not hear_sheet(analysis_of(tune())).score.tempo_map


def test_a_miscounted_bar_is_no_breath() -> None:
    analysis = analysis_of(tune(tempo=100.0), steady=False)
    assert analysis.beats is not None
    times = analysis.beats.times.copy()
    times[20:] += 1.5
    sheet = hear_sheet(replace(analysis, beats=replace(analysis.beats, times=times)))
    assert {tempo for _, tempo in sheet.score.tempo_map} == {100.0}


def test_chords_snap_to_beats_and_doubtful_ones_to_the_key() -> None:
    analysis = analysis_of(tune())
    heard = [
        ChordSpan(0.03, 2.06, "C:maj", 0.9),
        ChordSpan(2.06, 2.5, "F#:dim", 0.2),
        ChordSpan(2.5, 7.9, "A:min7", 0.9),
        ChordSpan(7.9, 12.1, "Db:maj", 0.3, (("F:maj", 0.25),)),
        ChordSpan(12.1, 20.0, "G:maj", 0.9),
    ]
    sheet = hear_sheet(replace(analysis, chords=tuple(heard)))
    assert chords(sheet) == [(0.0, "C:maj"), (5.0, "A:min7"), (16.0, "F:maj"), (24.0, "G:maj"), (36.0, "G:maj")]
    assert sheet.mended == 9 and "9 beats" in notes_on(sheet)[0]


def test_a_long_stretch_without_a_chord_stays_empty_and_a_breath_does_not() -> None:
    spans = [("C:maj", 0, 3.5), ("N", 3.5, 4), ("F:maj", 4, 8), ("N", 8, 12), ("G:maj", 12, 18), ("C:maj", 18, 20)]
    analysis = replace(analysis_of(tune()), chords=tuple(ChordSpan(a, b, name, 0.9) for name, a, b in spans))
    sheet = hear_sheet(analysis)
    assert sheet.silent == ((16.0, 24.0),)
    assert chords(sheet)[:2] == [(0.0, "C:maj"), (8.0, "F:maj")]


def test_swing_is_taken_out_and_triplets_stay() -> None:
    swung = [place + part for place in range(8) for part in (0.0, 0.64)]
    point = swing_point(swung)
    assert point == pytest.approx(0.64, abs=0.01)
    places, marks = on_grid(straightened(swung, point))
    assert np.allclose(np.mod(places, 0.5), 0.0) and not marks.any()
    triplets = np.array([place + part for place in range(4) for part in (0.01, 0.34, 0.66)])
    assert swing_point(triplets.tolist()) == 0.5
    assert np.allclose(np.mod(on_grid(triplets)[0] * 3, 1.0) % 1.0, 0.0, atol=1e-6)


def test_where_the_melody_is_doubtful_the_style_writes_one() -> None:
    score = tune(melody=MELODY)
    weak = hear_sheet(analysis_of(score, melody_probability=0.4))
    assert weak.unsure == ((0.0, 32.0),)
    none = hear_sheet(replace(analysis_of(score), melody=()))
    assert none.unsure and "No melody" in notes_on(none)[0]
    assert not hear_sheet(analysis_of(score)).unsure


def test_a_slip_of_an_octave_and_a_split_note_are_mended() -> None:
    notes = [MelodyNote(0.0, 0.5, 67, 0.9), MelodyNote(0.5, 0.7, 86, 0.5), MelodyNote(1.0, 1.36, 69, 0.9),
             MelodyNote(1.37, 2.0, 69, 0.9), *(MelodyNote(t, t + 0.9, 72, 0.9) for t in range(3, 15))]  # fmt: skip
    sheet = hear_sheet(replace(analysis_of(tune()), melody=tuple(notes)))
    assert [(n.start, n.length, n.pitch) for n in sheet.melody][:3] == [(0.0, 1.0, 67), (2.0, 2.0, 69), (6.0, 1.75, 72)]


def test_form_is_told_by_loudness_and_return() -> None:
    labels = [("A", 0, 4, 0.4), ("B", 4, 12, 0.6), ("C", 12, 20, 0.9), ("B", 20, 28, 0.6), ("D", 28, 32, 0.3), ("C", 32, 38, 1.0),
              ("E", 38, 40, 0.35)]  # fmt: skip
    score = tune(bars_each=8)
    spans = tuple(SectionSpan(a * 2.0, b * 2.0, label, 0.8, energy) for label, a, b, energy in labels)
    sheet = hear_sheet(replace(analysis_of(score), sections=spans))
    found = [(s.name, s.start) for s in sheet.score.sections]
    assert found == [("intro", 0), ("verse", 4), ("chorus", 12), ("verse", 20), ("break", 28), ("chorus", 32)]


def test_a_song_of_one_piece_is_given_a_second_half() -> None:
    sheet = hear_sheet(analysis_of(tune(bars_each=4)))
    assert [(s.name, s.start) for s in sheet.score.sections] == [("verse", 0), ("chorus", 8)]


def test_another_tempo_and_key_move_everything() -> None:
    sheet = hear_sheet(analysis_of(tune(melody=MELODY)))
    other = moved(sheet, Kept.read("96", "D major", "keep"))
    assert (other.score.tempo, str(other.score.key)) == (96.0, "D major")
    assert [symbol for _, symbol in chords(other)] == ["D:maj", "B:min", "G:maj", "A:maj", "D:maj"]
    assert [n.pitch for n in other.melody] == [pitch + 2 for _, _, pitch in MELODY]
    assert moved(sheet, Kept.read(melody="new")).unsure == ((0.0, 32.0),)
    with pytest.raises(UserError, match=r"minor; name a major key, or A minor, which has the same notes"):
        moved(sheet, Kept.read(key="D minor"))


def test_the_alternatives_count_and_name_the_same_music_otherwise() -> None:
    breathing = tuple((4.0 * bar, 118.0 + 2.0 * (bar % 3)) for bar in range(10))
    sheet = hear_sheet(analysis_of(tune(melody=MELODY, tempo_map=breathing)))
    for ratio in (0.5, 2.0):
        other = moved(sheet, Kept(tempo=sheet.score.tempo * ratio)).score
        assert other.tempo == sheet.score.tempo * ratio and other.bars == sheet.score.bars * ratio
        times = [other.seconds(chord.start) for chord in other.chords]
        assert times == pytest.approx([sheet.score.seconds(c.start) for c in sheet.score.chords])
        assert [n.pitch for n in other.parts[0].notes] == [n.pitch for n in sheet.melody]
    home = moved(sheet, Kept.read(key="A minor")).score
    assert str(home.key) == "A minor" and home.chords == sheet.score.chords and home.parts == sheet.score.parts


@pytest.mark.parametrize(
    ("tempo", "key", "melody"),
    [("fast", "keep", "keep"), ("9", "keep", "keep"), ("keep", "H", "keep"), ("keep", "keep", "old")],
)
def test_wishes_that_cannot_be_read_are_named(tempo: str, key: str, melody: str) -> None:
    with pytest.raises(UserError, match=r"“(fast|9|H|old)”"):
        Kept.read(tempo, key, melody)


def test_how_sure_it_is_is_said_in_words() -> None:
    analysis = analysis_of(tune(melody=MELODY), chord_probability=0.61)
    said = [judgement.sentence for judgement in judgements(analysis)]
    assert said[0] == "tempo 120.0 BPM, sure" and "chords 61 % sure: listen before you rely on them" in said
    tempo, key = judgements(analysis)[0], judgements(analysis)[2]
    assert {value for value, _ in tempo.alternatives} >= {"60.0 BPM", "240.0 BPM"}
    assert key.alternatives[0][0] == "A minor"


def test_what_cannot_be_restyled_is_refused_in_a_sentence() -> None:
    good = analysis_of(tune())
    bad = {
        "lasts 5.0 seconds": replace(good, duration=5.0),
        "lasts 61 minutes": replace(good, duration=3_660.0),
        "is silent": replace(good, confidence={}, beats=None),
        "No beat was found": replace(good, beats=None),
        "No chords were heard": replace(good, chords=(ChordSpan(0.0, 20.0, "N", 0.9),)),
    }
    for words, analysis in bad.items():
        with pytest.raises(UserError, match=words) as caught:
            hear_sheet(analysis, name="x.wav")
        assert "x.wav" in caught.value.message
    with pytest.raises(UserError, match="damaged"):
        LeadSheet.from_json({"score": 3})


@pytest.mark.parametrize("style", ["pop", "swing_jazz", "edm", "cinematic", "reggae"])
def test_the_sheet_of_a_score_is_exact(style: str) -> None:
    score, _ = composed(style, 5, 40.0)
    sheet = sheet_of_score(score, style=STYLES[style])
    assert sheet.score.sections == score.sections and sheet.score.key == score.key
    ending = [] if score.ending != "fade" else [sheet.score.chords[-1]]
    assert len(sheet.score.chords) == len(score.chords) + len(ending)
    leads = {part.name for part in STYLES[style].parts if part.role == "lead"}
    played = [n for part in score.parts if part.name in leads for n in part.notes]
    assert bool(sheet.melody) == any(n.start < sheet.last_chord for n in played)
    for note in sheet.melody:
        near = [n for n in played if abs(n.start - note.start) < 0.3 and n.pitch == note.pitch]
        assert near, f"{note} was never played"
    ends = [(a.start + a.length, b.start) for a, b in zip(sheet.melody, sheet.melody[1:], strict=False)]
    assert all(end <= start + 1e-6 for end, start in ends)


def test_a_score_without_chords_has_nothing_to_keep() -> None:
    with pytest.raises(UserError, match="no chords"):
        sheet_of_score(replace(tune(), chords=()))


def test_a_key_that_rises_for_good_is_kept() -> None:
    score = tune("C:maj G:maj C:maj G:maj D:maj A:maj D:maj A:maj D:maj", bars_each=2)
    analysis = analysis_of(score, melody=[Note(0.0, 1.0, 60, 90)])
    home, later = analysis.keys[0], Key(2, "major")
    keys = (replace(home, end=16.0), replace(home, start=16.0, key=later, probability=0.9))
    sheet = hear_sheet(replace(analysis, keys=keys))
    assert [(c.beat, c.key) for c in sheet.score.key_changes] == [(32.0, later)]
