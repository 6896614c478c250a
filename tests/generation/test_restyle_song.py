"""Restyled songs as the band plays them: what was kept, what is the style's, and that they can be made and changed again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from restyle_helpers import STYLES, analysis_of, composed, tune

from grammy_desktop.analysis import ChordSpan
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.revision import Change, Revision
from grammy_desktop.generation.composer.restyle import (
    LeadSheet,
    hear_sheet,
    restyle_arrangement,
    restyled_song,
    sheet_of_score,
    song_from_recipe,
)
from grammy_desktop.generation.composer.revise.apply import revised
from tests.acceptance.issue_4.restyle_facts import chord_shares, contour


def leads(style: str) -> set[str]:
    return {part.name for part in STYLES[style].parts if part.role == "lead" and not part.doubles}


@pytest.mark.parametrize(
    "target", ["lofi", "house", "swing_jazz", "drum_and_bass", "cinematic", "trap", "ambient", "metal"]
)
def test_harmony_tempo_and_melody_are_kept(target: str) -> None:
    score, _ = composed("pop", 3, 40.0)
    sheet = sheet_of_score(score, style=STYLES["pop"])
    song = restyled_song(sheet, STYLES[target], 4)
    made = song.arrangement
    assert (made.tempo, made.key, made.metre) == (score.tempo, score.key, score.metre)
    assert chord_shares(score, made, 0.0) == {"root": 1.0, "triad": 1.0, "seventh": 1.0}
    assert made.chords[-1].start == sheet.last_chord
    line, covered, same = contour(score, leads("pop"), made, leads(target), 0.0)
    # Swing moves every second eighth by a sixth of a beat, and with it what sounds together.
    assert line > 0.9 and covered > 0.6 and same > 0.85
    end = made.seconds(made.chords[-1].start) + 1.0
    assert end <= song.brief.duration.value < end + 10.0
    names = {part.name for part in STYLES[target].parts}
    assert {part.name for part in made.parts} <= names


def test_the_same_song_comes_again_and_another_seed_makes_another() -> None:
    analysis = analysis_of(tune(melody=[(beat, 0.5, 67 + int(beat) % 5) for beat in range(32)]))
    first = restyle_arrangement(analysis, STYLES["lofi"], 7)
    assert restyle_arrangement(analysis, STYLES["lofi"], 7) == first
    other = restyle_arrangement(analysis, STYLES["lofi"], 8)
    assert other != first and other.chords == first.chords


def test_a_recipe_makes_it_again() -> None:
    score, _ = composed("folk", 6, 30.0)
    sheet = sheet_of_score(score, style=STYLES["folk"])
    song = restyled_song(sheet, STYLES["synthwave"], 9, name="Demo")
    brief = Brief.from_json(json.loads(json.dumps(song.brief.to_json())))
    values = json.loads(json.dumps({"sheet": sheet.to_json(), "source": "Demo"}))
    again = song_from_recipe(values, STYLES["synthwave"], brief, 9)
    assert again.arrangement == song.arrangement and again.brief == song.brief


def test_a_moving_tempo_is_in_the_score() -> None:
    breathing = tuple((4.0 * bar, 90.0 + 4.0 * (bar % 4)) for bar in range(10))
    made = restyle_arrangement(analysis_of(tune(tempo=96.0, tempo_map=breathing)), STYLES["pop"], 1)
    source = tune(tempo=96.0, tempo_map=breathing)
    assert [made.seconds(c.start) for c in made.chords[:5]] == pytest.approx(
        [source.seconds(c.start) for c in source.chords], abs=0.01
    )


def test_nobody_plays_chords_where_none_were_heard() -> None:
    spans = [("C:maj", 0, 8), ("N", 8, 12), ("G:maj", 12, 18), ("C:maj", 18, 20)]
    analysis = replace(analysis_of(tune()), chords=tuple(ChordSpan(a, b, name, 0.9) for name, a, b in spans))
    made = restyle_arrangement(analysis, STYLES["pop"], 2)
    for part in made.parts:
        role = STYLES["pop"].part(part.name).role
        if role in ("bass", "chords", "pad", "arp"):
            assert not [n for n in part.notes if 16.2 < n.start < 23.5], part.name
    assert [c.symbol for c in made.chords if c.start == 16.0] == ["N"]


def test_a_melody_that_was_not_heard_is_the_style_s_own() -> None:
    analysis = replace(analysis_of(tune(bars_each=4)), melody=())
    sheet = hear_sheet(analysis)
    song = restyled_song(sheet, STYLES["pop"], 3)
    assert sheet.unsure and song.draft.melody
    low, high = STYLES["pop"].melody.range
    assert all(low <= note.pitch <= high for note in song.draft.melody)


@pytest.mark.parametrize("metre", [(3, 4), (6, 8), (7, 8)])
def test_other_metres_are_played(metre: tuple[int, int]) -> None:
    score = tune(metre=metre, melody=[(beat, 0.5, 67) for beat in range(20)])
    made = restyle_arrangement(analysis_of(score), STYLES["pop"], 3)
    assert made.metre == metre and len(made.parts) >= 4


@pytest.mark.parametrize(("target", "tempo", "factor"), [("trap", 70.0, 2.0), ("jazz_ballad", 150.0, 0.5)])
def test_half_and_double_time_are_felt_where_the_style_needs_them(target: str, tempo: float, factor: float) -> None:
    score = tune("C:maj A:min F:maj G:maj A:min F:maj C:maj", tempo=tempo, bars_each=1, melody=[(1.0, 1.0, 67)])
    song = restyled_song(hear_sheet(analysis_of(score)), STYLES[target], 3)
    assert song.plan.factor == factor
    assert song.arrangement.tempo == tempo
    assert chord_shares(score, song.arrangement, 0.0)["triad"] == 1.0


def test_it_can_be_revised_like_any_song() -> None:
    score, _ = composed("soul", 5, 30.0)
    song = restyled_song(sheet_of_score(score, style=STYLES["soul"]), STYLES["house"], 4)
    drums = revised(song, Revision(Change.PART, part="drums", seed=5)).arrangement
    changed = [p.name for p, q in zip(song.arrangement.parts, drums.parts, strict=True) if p != q]
    assert changed == ["drums"]
    chord = revised(song, Revision(Change.CHORDS, chords={1: "Gm7"})).arrangement
    assert chord.chords[1].symbol == "G:min7"
    fresh = revised(song, Revision(Change.SECTION, index=0, seed=3)).arrangement
    assert fresh.sections == song.arrangement.sections and fresh != song.arrangement
    assert revised(song, Revision(Change.RESIZE, seconds=45.0)).brief.duration.value == 45.0
    assert revised(song, Revision(Change.LOOP, index=0)).arrangement.ending == "loop"


def test_a_short_and_a_chordal_source_still_make_a_song() -> None:
    made = restyle_arrangement(analysis_of(tune("D:min", bars_each=5)), STYLES["pop"], 1)
    assert made.bars >= 4 and made.parts
    empty = LeadSheet(tune("D:min G:7"))
    assert restyled_song(empty, STYLES["pop"], 1).arrangement.parts


def test_work_stops_when_told_to() -> None:
    class Stopped(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        restyle_arrangement(analysis_of(tune()), STYLES["pop"], 1, progress=Stopped())
