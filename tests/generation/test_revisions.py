"""Revisions of a score: what they name changes, nothing else does."""

from __future__ import annotations

from itertools import pairwise

import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Chord
from grammy_desktop.core.revision import Change, Revision
from grammy_desktop.core.song import Arrangement, Note
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.composition import Composition, first_composition
from grammy_desktop.generation.composer.revise.apply import revised
from grammy_desktop.generation.composer.revise.splice import Window, splice

STYLES = load_styles()
FEW = ("lofi", "house", "pop", "soul", "drum_and_bass")
EARLY = 0.6
"""Beats before a chord within which a stroke may be the chord's already."""


@pytest.fixture(scope="module", params=FEW)
def song(request: pytest.FixtureRequest) -> Composition:
    brief = read_prompt(f"song {request.param}", STYLES, style=request.param, duration=60.0)
    return first_composition(brief, STYLES[request.param], 3)


def notes(score: Arrangement) -> dict[str, set[Note]]:
    return {part.name: set(part.notes) for part in score.parts}


def changed(before: Arrangement, after: Arrangement) -> dict[str, set[Note]]:
    old, new = notes(before), notes(after)
    return {name: difference for name in {*old, *new} if (difference := old.get(name, set()) ^ new.get(name, set()))}


def hung_or_doubled(score: Arrangement) -> list[tuple[str, Note, Note]]:
    """Notes of one pitch that overlap, or are struck twice at once, in parts where that is no drum roll."""
    found = []
    for part in score.parts:
        if part.is_drums:
            continue
        by_pitch: dict[int, list[Note]] = {}
        for note in sorted(part.notes, key=lambda n: n.start):
            by_pitch.setdefault(note.pitch, []).append(note)
        found += [
            (part.name, first, second)
            for row in by_pitch.values()
            for first, second in pairwise(row)
            if first.start + first.length > second.start + 1e-6
        ]
    return found


def test_without_revisions_nothing_changes(song: Composition) -> None:
    assert compose(song.brief, song.style, song.seed) == song.arrangement


def test_reroll_of_a_part_changes_its_notes_only(song: Composition) -> None:
    for part in song.arrangement.parts:
        if song.role(part.name) == "fx":
            continue
        after = revised(song, Revision(Change.PART, part=part.name, seed=5)).arrangement
        group = {part.name, song_model(song, part.name)} | {p.name for p in song.players if p.doubles == part.name}
        group |= {p.name for p in song.players if p.doubles and p.doubles == song_model(song, part.name)}
        seen = set(changed(song.arrangement, after))
        assert part.name in seen and seen <= group
        assert after.chords == song.arrangement.chords and after.sections == song.arrangement.sections


def song_model(song: Composition, name: str) -> str:
    return next((p.doubles or p.name for p in song.players if p.name == name), name)


def test_the_same_seed_gives_the_same_part_and_another_another(song: Composition) -> None:
    def drums(seed: int) -> Arrangement:
        return compose(song.brief, song.style, song.seed, revisions=[Revision(Change.PART, part="drums", seed=seed)])

    assert drums(5) == drums(5) != drums(6)


def test_ducked_styles_keep_the_kick_where_it_was() -> None:
    brief = read_prompt("house", STYLES, style="house", duration=60.0)
    before = first_composition(brief, STYLES["house"], 3)
    after = revised(before, Revision(Change.PART, part="drums", seed=5))
    kicks = [{n for n in notes(s.arrangement)["drums"] if n.pitch in (35, 36)} for s in (before, after)]
    assert kicks[0] == kicks[1] and kicks[0]


def test_reroll_of_a_section_stays_between_its_bar_lines(song: Composition) -> None:
    score = song.arrangement
    index = max(range(len(score.sections)), key=lambda i: score.sections[i].energy)
    section = score.sections[index]
    start, end = section.start * score.beats_per_bar, (section.start + section.bars) * score.beats_per_bar
    after = revised(song, Revision(Change.SECTION, index=index, seed=4)).arrangement
    seen = changed(score, after)
    assert len(seen) >= 3
    for name, different in seen.items():
        for note in different:
            # A note that began before and was held into the section is let go at its bar line.
            assert note.start < end + 0.01, (name, note)
            assert note.start > start - 1.2 or note.start + note.length > start - 1.2, (name, note)
    assert not hung_or_doubled(after)


def test_chords_as_text_change_what_is_played_under_them_only(song: Composition) -> None:
    score = song.arrangement
    index = next(i for i, c in enumerate(score.chords) if c.start > 20 and "hdim" not in c.symbol)
    event = score.chords[index]
    after = revised(song, Revision(Change.CHORDS, chords={index: "F#m7b5/C"})).arrangement
    there = next(c for c in after.chords if abs(c.start - event.start) < 1e-6)
    assert Chord.parse(there.symbol) == Chord(6, "hdim7", 6)
    for name, different in changed(score, after).items():
        assert name not in ("drums", "riser", "vinyl")
        for note in different:
            inside = event.start - EARLY <= note.start < event.start + event.length
            held = note.start < event.start < note.start + note.length + EARLY
            goes_on = abs(note.start - event.start - event.length) < 0.01
            assert inside or held or goes_on, (name, note)
    allowed = {6, 9, 0, 4}
    for part in after.parts:
        if song.role(part.name) in ("chords", "pad"):
            inner = [n for n in part.notes if event.start + 0.05 <= n.start < event.start + event.length - EARLY]
            assert all(n.pitch % 12 in allowed for n in inner), part.name
        if song.role(part.name) == "bass":
            first = [n for n in part.notes if event.start - 0.1 <= n.start < event.start + 0.3]
            assert all(n.pitch % 12 == 0 for n in first)
    assert not hung_or_doubled(after)


def test_no_chord_leaves_singer_and_drummer_alone(song: Composition) -> None:
    score = song.arrangement
    index = next(i for i, c in enumerate(score.chords) if c.start > 20)
    event = score.chords[index]
    after = revised(song, Revision(Change.CHORDS, chords={index: "N.C."})).arrangement
    assert next(c for c in after.chords if abs(c.start - event.start) < 1e-6).symbol == "N"
    for part in after.parts:
        if song.role(part.name) in ("bass", "chords", "pad", "arp", "counter"):
            assert not [n for n in part.notes if event.start - 0.05 <= n.start < event.start + event.length - EARLY]


def test_another_chord_is_one_that_the_style_knows(song: Composition) -> None:
    index = len(song.arrangement.chords) // 2
    start = song.arrangement.chords[index].start
    after = revised(song, Revision(Change.CHORD, index=index, seed=1)).arrangement
    before, now = (
        next(c for c in s.chords if c.start <= start + 1e-6 < c.start + c.length) for s in (song.arrangement, after)
    )
    assert Chord.parse(before.symbol).root != Chord.parse(now.symbol).root


def hook(song: Composition) -> tuple[str, list[Note]]:
    factor, bar = song.plan.factor, song.plan.metre.quarters
    section = next(s for s in song.plan.sections if s.kind == "chorus")
    start = section.start * bar / factor
    lead = next(p.name for p in song.players if p.role == "lead" and not p.doubles)
    part = next(p for p in song.score.parts if p.name == lead)
    return lead, [n for n in part.notes if start - 0.1 <= n.start < start + 4 * bar / factor - 0.1][:8]


def occurs(song: Composition, lead: str, wanted: list[Note]) -> bool:
    played = next(p.notes for p in song.score.parts if p.name == lead)
    return any(
        all(
            abs((a.start - run[0].start) - (b.start - wanted[0].start)) < 0.3
            and a.pitch - run[0].pitch == b.pitch - wanted[0].pitch
            for a, b in zip(run, wanted, strict=True)
        )
        for i in range(len(played) - len(wanted) + 1)
        for run in (played[i : i + len(wanted)],)
    )


@pytest.mark.parametrize("seconds", [30.0, 180.0])
def test_another_length_keeps_the_hook_the_players_and_the_ending(song: Composition, seconds: float) -> None:
    after = revised(song, Revision(Change.RESIZE, seconds=seconds))
    lead, wanted = hook(song)
    assert len(wanted) >= 4 and occurs(after, lead, wanted)
    assert {p.sound for p in after.players} == {p.sound for p in song.players}
    last = max(n.start + n.length for p in after.arrangement.parts if p.stem != "fx" for n in p.notes)
    assert 0.0 <= seconds - after.arrangement.seconds(last) <= 2.3 or after.arrangement.ending == "fade"


def test_chord_edits_survive_another_length(song: Composition) -> None:
    section = next(s for s in song.score.sections if s.bars >= 4)
    start = section.start * song.score.beats_per_bar
    index = next(i for i, c in enumerate(song.score.chords) if c.start >= start - 1e-6)
    edited = revised(song, Revision(Change.CHORDS, chords={index: "F#m7b5"}))
    after = revised(edited, Revision(Change.RESIZE, seconds=120.0))
    assert any(c.symbol.endswith(":hdim7") for c in after.arrangement.chords)


def test_darker_keeps_hook_form_and_length(song: Composition) -> None:
    after = revised(song, Revision(Change.VARY, words="darker", wishes={"mood": ["dark"], "energy": -0.2}))
    lead, wanted = hook(song)
    assert [s.name for s in after.score.sections] == [s.name for s in song.score.sections]
    assert after.style.mix.tilt < song.style.mix.tilt
    assert lead not in {p.name for p in after.score.parts} or occurs(after, lead, wanted)
    assert after.brief.mood.value == ("dark",) and after.score.chords == song.score.chords


def test_another_tempo_keeps_the_bars(song: Composition) -> None:
    tempo = round(song.brief.tempo.value * 0.9)
    after = revised(song, Revision(Change.VARY, words="slower", wishes={"tempo": float(tempo)}))
    assert after.score.tempo == tempo and [s.bars for s in after.score.sections] == [
        s.bars for s in song.score.sections
    ]


def test_loops_are_whole_bars(song: Composition) -> None:
    index = max(range(len(song.score.sections)), key=lambda i: song.score.sections[i].energy)
    loop = revised(song, Revision(Change.LOOP, index=index, bars=2))
    score = loop.arrangement
    length = 2 * score.beats_per_bar
    assert score.ending == "loop" and score.bars == 2
    assert all(0.0 <= n.start < length for p in score.parts for n in p.notes)
    # What is struck a little ahead of the first bar line rings on past the last one.
    inner = [n for p in score.parts if not p.is_drums for n in p.notes if n.start < length - 0.11]
    assert all(n.start + n.length <= length + 0.11 for n in inner)
    assert sum(c.length for c in score.chords) == pytest.approx(length)
    with pytest.raises(UserError, match="loop"):
        revised(loop, Revision(Change.PART, part="drums"))


def test_players_come_and_go(song: Composition) -> None:
    more = revised(song, Revision(Change.ADD, part="cello"))
    (new,) = {p.name for p in more.score.parts} - {p.name for p in song.score.parts}
    assert not changed(song.arrangement, more.arrangement).keys() - {new}
    less = revised(more, Revision(Change.REMOVE, part=new))
    assert less.arrangement == song.arrangement
    muted = revised(song, Revision(Change.MUTE, stems=("drums",)))
    assert "drums" not in {p.stem for p in muted.arrangement.parts}
    assert revised(muted, Revision(Change.MUTE, stems=())).arrangement == song.arrangement


@pytest.mark.parametrize(
    "revision",
    [
        Revision(Change.PART, part="bagpipes"),
        Revision(Change.SECTION, index=99),
        Revision(Change.CHORDS, chords={999: "Am"}),
        Revision(Change.CHORDS, chords={0: "Hm"}),
        Revision(Change.CHORDS),
        Revision(Change.ADD, part="kazoo quartet"),
        Revision(Change.MUTE, stems=("nothing",)),
        Revision(Change.RESIZE, seconds=2.0),
        Revision(Change.LOOP, index=0, bars=500),
    ],
)
def test_what_has_no_place_is_said_in_a_sentence(revision: Revision) -> None:
    brief = read_prompt("lofi", STYLES, style="lofi", duration=30.0)
    song = first_composition(brief, STYLES["lofi"], 3)
    with pytest.raises(UserError) as told:
        revised(song, revision)
    assert told.value.message.endswith(".")


def test_splice_joins_held_notes() -> None:
    old = (Note(0.0, 8.0, 60, 80), Note(8.0, 4.0, 62, 80))
    new = (Note(2.0, 2.0, 60, 70),)
    joined = splice(old, new, [Window(2.0, 4.0)], "pad")
    assert joined == (Note(0.0, 2.0, 60, 80), Note(2.0, 6.0, 60, 70), Note(8.0, 4.0, 62, 80))
    sung = splice(old, (Note(2.0, 4.0, 64, 70),), [Window(2.0, 4.0)], "lead")
    assert sung == (Note(0.0, 2.0, 60, 80), Note(2.0, 2.0, 64, 70), Note(8.0, 4.0, 62, 80))
