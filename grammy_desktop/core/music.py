"""Pitches, keys and how musicians write them.

MIDI 60 = C4 = middle C. A pitch class is 0 (C) to 11 (B).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
}
"""Semitones above the tonic."""

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
# The tonic's spelling that gives the key signature with fewer accidentals.
_MAJOR_TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
# How far a mode's tonic lies above the tonic of the major key with the same signature.
_PARENT_OFFSET = {
    "major": 0,
    "dorian": 2,
    "phrygian": 4,
    "lydian": 5,
    "mixolydian": 7,
    "minor": 9,
    "harmonic minor": 9,
    "melodic minor": 9,
    "locrian": 11,
}
_FLAT_SIGNATURES = {"F", "Bb", "Eb", "Ab", "Db", "Gb", "Cb"}


def pitch_class(name: str) -> int:
    """0..11 of 'C', 'F#', 'Bb', 'E♭'. Raises ValueError for anything else."""
    match = re.fullmatch(r"([A-Ga-g])([#b♯♭]{0,2})", name.strip())
    if match is None:
        raise ValueError(f"{name!r} is not a note name")
    step = _LETTERS[match[1].upper()]
    for sign in match[2]:
        step += 1 if sign in "#♯" else -1
    return step % 12


@dataclass(frozen=True)
class Key:
    """A tonic and a mode, e.g. `Key(9, "minor")`; `str()` writes 'A minor'."""

    tonic: int
    mode: str

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"unknown mode {self.mode!r}")
        if not 0 <= self.tonic <= 11:
            raise ValueError(f"tonic must be a pitch class 0 to 11, not {self.tonic}")

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read 'A minor', 'F# dorian', 'Eb major', 'Am', 'C'. Raises ValueError."""
        match = re.fullmatch(r"\s*([A-Ga-g][#b♯♭]?)\s*(.*?)\s*", text)
        if match is None:
            raise ValueError(f"{text!r} is not a key")
        word = match[2].lower() if match[2] != "M" else "major"
        mode = {"": "major", "m": "minor", "min": "minor", "maj": "major", "aeolian": "minor", "ionian": "major"}
        return cls(pitch_class(match[1][0].upper() + match[1][1:]), mode.get(word, word))

    @property
    def is_minor(self) -> bool:
        """Whether the third is minor (dorian and phrygian count)."""
        return 3 in MODES[self.mode]

    @property
    def tonic_name(self) -> str:
        if self.mode == "major":
            return _MAJOR_TONICS[self.tonic]
        if self.mode in ("minor", "harmonic minor", "melodic minor"):
            return _MINOR_TONICS[self.tonic]
        return (_FLATS if self._flat_signature else _SHARPS)[self.tonic]

    @property
    def signature_tonic(self) -> str:
        """Tonic of the major key with this key's signature, for MIDI and notation."""
        return _MAJOR_TONICS[(self.tonic - _PARENT_OFFSET[self.mode]) % 12]

    @property
    def _flat_signature(self) -> bool:
        return self.signature_tonic in _FLAT_SIGNATURES

    @property
    def prefers_flats(self) -> bool:
        """Whether notes outside the tonic are spelled with flats in this key."""
        return self._flat_signature

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes, tonic first."""
        return tuple((self.tonic + step) % 12 for step in MODES[self.mode])

    def spell(self, pitch: int) -> str:
        """Name of a pitch (class or MIDI) in this key's accidentals."""
        return (_FLATS if self._flat_signature else _SHARPS)[pitch % 12]

    def __str__(self) -> str:
        return f"{self.tonic_name} {self.mode}"


QUALITIES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "min6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "minmaj7": (0, 3, 7, 11),
    "dim7": (0, 3, 6, 9),
    "hdim7": (0, 3, 6, 10),
    "sus4(b7)": (0, 5, 7, 10),
    "maj(9)": (0, 4, 7, 14),
    "min(9)": (0, 3, 7, 14),
    "6(9)": (0, 4, 7, 9, 14),
    "9": (0, 4, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "min9": (0, 3, 7, 10, 14),
    "sus4(b7,9)": (0, 5, 7, 10, 14),
    "7(b9)": (0, 4, 7, 10, 13),
    "7(#9)": (0, 4, 7, 10, 15),
    "7(#11)": (0, 4, 7, 10, 18),
    "7(b13)": (0, 4, 7, 10, 20),
    "maj7(#11)": (0, 4, 7, 11, 18),
    "min6(9)": (0, 3, 7, 9, 14),
    "min11": (0, 3, 7, 10, 14, 17),
    "13": (0, 4, 7, 10, 14, 21),
    "maj13": (0, 4, 7, 11, 14, 21),
    "min13": (0, 3, 7, 10, 14, 21),
}
"""Harte shorthands (Harte et al., ISMIR 2005; `5` and the bracketed ones in its spirit) as semitones above the root."""

_DEGREE_NAMES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")
_MAJOR_DEGREES = MODES["major"]


@dataclass(frozen=True)
class Chord:
    """A root (pitch class), a quality of `QUALITIES` and, for inversions, the bass as semitones above the root."""

    root: int
    quality: str
    bass_interval: int = 0

    def __post_init__(self) -> None:
        if self.quality not in QUALITIES:
            raise ValueError(f"unknown chord quality {self.quality!r}")
        if not 0 <= self.root <= 11 or not 0 <= self.bass_interval <= 11:
            raise ValueError("root and bass interval are 0 to 11")

    @classmethod
    def parse(cls, symbol: str) -> Chord:
        """Read Harte notation: 'C', 'A:min7/b3', 'F#:maj'. Raises ValueError."""
        match = re.fullmatch(r"([A-G][#b]{0,2})(?::([^/]*))?(?:/([#b]{0,2})(\d{1,2}))?", symbol)
        if match is None:
            raise ValueError(f"{symbol!r} is no chord in Harte notation")
        bass = 0
        if match[4]:
            degree = (int(match[4]) - 1) % 7
            bass = (_MAJOR_DEGREES[degree] + match[3].count("#") - match[3].count("b")) % 12
        return cls(pitch_class(match[1]), match[2] or "maj", bass)

    @property
    def intervals(self) -> tuple[int, ...]:
        """Semitones above the root, tensions above the octave."""
        return QUALITIES[self.quality]

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Root first."""
        return tuple((self.root + interval) % 12 for interval in self.intervals)

    @property
    def bass(self) -> int:
        """Pitch class of the lowest note."""
        return (self.root + self.bass_interval) % 12

    @property
    def is_minor(self) -> bool:
        """Whether its third is minor."""
        return 3 in self.intervals

    def harte(self, key: Key | None = None) -> str:
        """Harte notation, the root spelled in `key`'s accidentals."""
        root = _SHARPS[self.root] if key is None else key.spell(self.root)
        if key is not None and self.root not in key.scale:
            # Borrowed roots are lowered degrees (bII, bIII, bVI, bVII), raised ones lead upwards.
            lowered = (self.root - key.tonic) % 12 in (1, 3, 8, 10)
            root = (_FLATS if lowered else _SHARPS)[self.root]
        over = f"/{_DEGREE_NAMES[self.bass_interval]}" if self.bass_interval else ""
        return f"{root}:{self.quality}{over}"


_NUMERALS = {"i": 0, "ii": 1, "iii": 2, "iv": 3, "v": 4, "vi": 5, "vii": 6}
_ROMAN = re.compile(r"([b#]*)(subV|VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(6/9|[^/]*)(?:/(.+))?")
# What follows the numeral, for an upper-case and a lower-case numeral.
_SUFFIXES: dict[str, tuple[str, str]] = {
    "": ("maj", "min"),
    "5": ("5", "5"),
    "6": ("6", "min6"),
    "6/9": ("6(9)", "min6(9)"),
    "7": ("7", "min7"),
    "9": ("9", "min9"),
    "11": ("sus4(b7,9)", "min11"),
    "13": ("13", "min13"),
    "maj7": ("maj7", "minmaj7"),
    "maj9": ("maj9", "minmaj7"),
    "maj13": ("maj13", "minmaj7"),
    "add9": ("maj(9)", "min(9)"),
    "sus": ("sus4", "sus4"),
    "sus4": ("sus4", "sus4"),
    "sus2": ("sus2", "sus2"),
    "7sus": ("sus4(b7)", "sus4(b7)"),
    "7sus4": ("sus4(b7)", "sus4(b7)"),
    "9sus": ("sus4(b7,9)", "sus4(b7,9)"),
    "13sus": ("sus4(b7,9)", "sus4(b7,9)"),
    "7b9": ("7(b9)", "7(b9)"),
    "7#9": ("7(#9)", "7(#9)"),
    "7#11": ("7(#11)", "7(#11)"),
    "7b13": ("7(b13)", "7(b13)"),
    "7alt": ("7(b13)", "7(b13)"),
    "7b5": ("7(#11)", "hdim7"),
    "maj7#11": ("maj7(#11)", "maj7(#11)"),
    "maj9#11": ("maj7(#11)", "maj7(#11)"),
    "°": ("dim", "dim"),
    "°7": ("dim7", "dim7"),
    "ø": ("hdim7", "hdim7"),
    "ø7": ("hdim7", "hdim7"),
    "m7b5": ("hdim7", "hdim7"),
    "+": ("aug", "aug"),
}


def roman_chord(symbol: str, key: Key) -> Chord:
    """The chord of a Roman numeral such as 'ii9', 'bVII', 'V7b9', 'I/3', 'V/vi'. Raises ValueError.

    Case is quality. In minor keys III, VI and VII stand on the natural-minor degrees and V is major. A figure after the
    slash is the scale degree in the bass; a numeral after it makes the chord that degree's secondary dominant. `subV7` is the
    tritone substitute of V, a semitone above the tonic (`subV7/ii`: above the second degree's chord).
    """
    match = _ROMAN.fullmatch(symbol)
    if match is None:
        raise ValueError(f"{symbol!r} is no Roman numeral")
    accidentals, numeral, suffix, over = match[1], match[2], match[3], match[4]
    if suffix not in _SUFFIXES:
        raise ValueError(f"{symbol!r} has an unknown suffix {suffix!r}")
    scale = MODES["minor"] if key.is_minor else MODES["major"]
    if over and not over.isdigit():
        target = roman_chord(over, key)
        return roman_chord(numeral + suffix, Key(target.root, "major"))
    if numeral == "subV":
        return Chord((key.tonic + 1) % 12, _SUFFIXES[suffix][0])
    step = scale[_NUMERALS[numeral.lower()]] + accidentals.count("#") - accidentals.count("b")
    root = (key.tonic + step) % 12
    quality = _SUFFIXES[suffix][0 if numeral.isupper() else 1]
    chord = Chord(root, quality)
    if not over:
        return chord
    bass = (key.tonic + scale[(int(over) - 1) % 7]) % 12
    if bass not in chord.pitch_classes and (bass + 1) % 12 in chord.pitch_classes:
        # The leading tone under a major V of a minor key.
        bass = (bass + 1) % 12
    return Chord(root, quality, (bass - root) % 12)
