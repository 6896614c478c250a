"""Pitches, keys, chords and Roman numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammy_desktop.core.music import MODES, QUALITIES, Chord, Key, pitch_class, roman_chord


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Am", "A minor"), ("F# dorian", "F# dorian"), ("Eb major", "Eb major"), ("C", "C major"), ("Bb min", "Bb minor"),
        ("D♭ maj", "Db major"), ("G# minor", "G# minor"), ("f harmonic minor", "F harmonic minor"), ("CM", "C major"),
    ],
)  # fmt: skip
def test_key_reads_and_writes(text: str, written: str) -> None:
    assert str(Key.parse(text)) == written


@pytest.mark.parametrize("text", ["", "H minor", "A blue", "12", "minor"])
def test_key_refuses(text: str) -> None:
    with pytest.raises(ValueError):
        Key.parse(text)


@given(st.integers(0, 11), st.sampled_from(sorted(MODES)))
def test_every_key_survives_writing(tonic: int, mode: str) -> None:
    key = Key(tonic, mode)
    assert Key.parse(str(key)) == key
    assert len(set(key.scale)) == 7


@given(st.integers(0, 11), st.sampled_from(sorted(QUALITIES)), st.integers(0, 11))
def test_every_chord_survives_harte_notation(root: int, quality: str, bass: int) -> None:
    chord = Chord(root, quality, bass)
    assert Chord.parse(chord.harte()) == chord
    assert Chord.parse(chord.harte(Key(5, "minor"))) == chord


@pytest.mark.parametrize(
    ("key", "numeral", "symbol"),
    [
        ("C major", "ii9", "D:min9"), ("C major", "V13", "G:13"), ("C major", "Imaj9", "C:maj9"), ("C major", "bVII", "Bb:maj"),
        ("C major", "iv", "F:min"), ("C major", "V/7", "G:maj/3"), ("C major", "I/3", "C:maj/3"), ("C major", "V/V", "D:maj"),
        ("C major", "V7b9", "G:7(b9)"), ("C major", "V9sus", "G:sus4(b7,9)"), ("C major", "6/9".join(["I", ""]), "C:6(9)"),
        ("F major", "bIII°7", "Ab:dim7"), ("A minor", "VI", "F:maj"), ("A minor", "V", "E:maj"), ("A minor", "bII", "Bb:maj"),
        ("A minor", "V/7", "E:maj/3"), ("A minor", "VII", "G:maj"), ("D dorian", "IV9", "G:9"), ("A minor", "iiø", "B:hdim7"),
        ("C major", "V/vi", "E:maj"), ("D minor", "i5", "D:5"), ("A minor", "i/3", "A:min/b3"),
    ],
)  # fmt: skip
def test_roman_numerals(key: str, numeral: str, symbol: str) -> None:
    parsed = Key.parse(key)
    assert roman_chord(numeral, parsed).harte(parsed) == symbol


@pytest.mark.parametrize("numeral", ["", "H", "IVxyz", "b", "9", "I//3"])
def test_roman_numerals_refuse(numeral: str) -> None:
    with pytest.raises(ValueError):
        roman_chord(numeral, Key(0, "major"))


def test_inversion_sounds_its_bass() -> None:
    chord = Chord.parse("A:min7/b3")
    assert chord.bass == pitch_class("C")
    assert chord.pitch_classes == (9, 0, 4, 7)
    assert chord.is_minor


@pytest.mark.parametrize("symbol", ["H:maj", "C:wrong", "C:maj/x", ""])
def test_harte_refuses(symbol: str) -> None:
    with pytest.raises(ValueError):
        Chord.parse(symbol)
