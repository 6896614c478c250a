"""Chords as text: every way of writing one, and one clear sentence for what is none."""

from __future__ import annotations

import pytest

from grammy_desktop.core.chord_text import NO_CHORD, parse_chord, write_chord
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import QUALITIES, Chord, Key


@pytest.mark.parametrize(
    ("text", "root", "quality", "bass"),
    [
        ("Am7", 9, "min7", 0),
        ("F#m7b5/C", 6, "hdim7", 6),
        ("Bbmaj9", 10, "maj9", 0),
        ("B♭M7", 10, "maj7", 0),
        ("C", 0, "maj", 0),
        ("c", 0, "maj", 0),
        ("C-7", 0, "min7", 0),
        ("C6/9", 0, "6(9)", 0),
        ("Ebm6/9/Gb", 3, "min6(9)", 3),
        ("F#mMaj7", 6, "minmaj7", 0),
        ("Cm(maj7)", 0, "minmaj7", 0),
        ("G7sus4", 7, "sus4(b7)", 0),
        ("E7(#9)", 4, "7(#9)", 0),
        ("D / F#", 2, "maj", 4),
        ("A:min7/b3", 9, "min7", 3),
        ("Gaug", 7, "aug", 0),
        ("Dadd9", 2, "maj(9)", 0),
    ],
)
def test_spellings(text: str, root: int, quality: str, bass: int) -> None:
    assert parse_chord(text) == Chord(root, quality, bass)


def test_no_chord() -> None:
    assert parse_chord("N.C.") is None and parse_chord("n") is None
    assert write_chord(NO_CHORD) == "N.C."


@pytest.mark.parametrize("text", ["H7", "", "Amx", "A:foo", "7", "A/H", "N.C.7", "Am7 Dm7"])
def test_what_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(UserError) as told:
        parse_chord(text)
    assert f"“{text}”" in told.value.message and "Am7" in told.value.message


def test_every_quality_is_written_so_that_it_can_be_read() -> None:
    for quality in QUALITIES:
        for root in range(12):
            for bass in (0, 3, 7):
                chord = Chord(root, quality, bass)
                assert parse_chord(write_chord(chord.harte(Key(root, "minor")), Key(root, "minor"))) == chord
