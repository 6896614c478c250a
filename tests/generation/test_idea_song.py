"""Songs made of a user's own idea."""

from __future__ import annotations

import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.song import Arrangement, ChordEvent, Note
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.composition import first_composition
from grammy_desktop.generation.composer.form.kinds import kind_of

STYLES = load_styles()
TUNE = ((0.0, 1.0, 69), (1.0, 0.5, 72), (1.5, 0.5, 76), (2.0, 1.5, 74), (4.0, 1.0, 72), (5.0, 1.0, 71), (6.0, 2.0, 69))
HOOK = tuple(Note(start, length, pitch, 90) for start, length, pitch in TUNE)
CHORDS = tuple(ChordEvent(4.0 * i, 4.0, s) for i, s in enumerate(("A:min7", "F:maj7", "C:maj", "G:7")))
A_MINOR = Key(9, "minor")


def make(idea: Idea, style: str, key: str = "A minor") -> Arrangement:
    return compose(read_prompt(f"a song in {key}", STYLES, style=style, duration=60.0), STYLES[style], 1, idea=idea)


def choruses(score: Arrangement) -> list[tuple[float, float]]:
    bar = score.beats_per_bar
    return [
        (s.start * bar, (s.start + s.bars) * bar)
        for s in score.sections
        if kind_of(s.name, s.energy) in ("chorus", "solo")
    ]


@pytest.mark.parametrize("style", ["pop", "lofi", "house"])
def test_the_chords_are_the_loop(style: str) -> None:
    score = make(Idea(16.0, (), CHORDS, key=A_MINOR), style)
    start, end = choruses(score)[0]
    heard = [c.symbol for c in score.chords if start - 0.01 <= c.start < min(end, start + 16.0) - 0.01]
    assert [Chord.parse(s) for s in heard] == [Chord.parse(c.symbol) for c in CHORDS][: len(heard)]
    assert len(heard) >= 2


@pytest.mark.parametrize("style", ["pop", "lofi", "house"])
@pytest.mark.parametrize(("key", "shift"), [("A minor", 0), ("C minor", 3)])
def test_the_hook_is_sung_in_the_chorus(style: str, key: str, shift: int) -> None:
    score = make(Idea(8.0, HOOK, CHORDS[:2], key=A_MINOR), style, key)
    start, _ = choruses(score)[0]
    sung = [
        [n for n in part.notes if start - 0.1 <= n.start < start + 8.0 - 0.1]
        for part in score.parts
        if not part.is_drums
    ]
    wanted = [(pitch + shift) % 12 for _, _, pitch in TUNE]
    assert any([n.pitch % 12 for n in row] == wanted for row in sung)


def test_a_hook_alone_finds_chords_and_the_song_goes_on_without_it() -> None:
    score = make(Idea(8.0, HOOK), "pop")
    assert len({c.symbol for c in score.chords}) >= 3
    verse = [n.pitch for p in score.parts if p.name == "lead" for n in p.notes if n.start < choruses(score)[0][0]]
    assert verse != [p for _, _, p in TUNE]


def test_the_same_idea_gives_the_same_song_and_none_the_old_one() -> None:
    brief = read_prompt("pop in A minor", STYLES, style="pop", duration=30.0)
    idea = Idea(8.0, HOOK, CHORDS[:2], key=A_MINOR)
    assert compose(brief, STYLES["pop"], 4, idea=idea) == compose(brief, STYLES["pop"], 4, idea=idea)
    assert first_composition(brief, STYLES["pop"], 4).arrangement == compose(brief, STYLES["pop"], 4)


def test_another_metre_is_stretched_bar_for_bar() -> None:
    waltz = Idea(
        12.0,
        (),
        tuple(ChordEvent(3.0 * i, 3.0, s) for i, s in enumerate(("A:min", "F:maj", "C:maj", "G:maj"))),
        metre=(3, 4),
        key=A_MINOR,
    )
    score = make(waltz, "pop")
    start, end = choruses(score)[0]
    lengths = {c.length for c in score.chords if start <= c.start < end - 4.1}
    assert lengths <= {4.0, 8.0}
