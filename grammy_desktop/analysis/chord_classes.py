"""The chords that are told apart, and how they are written."""

from __future__ import annotations

from grammy_desktop.core.music import QUALITIES, Chord, Key

HEARD = (
    "maj", "min", "7", "maj7", "min7", "6", "min6", "dim", "dim7", "hdim7", "aug", "sus4", "sus2", "sus4(b7)", "5",
    "9", "maj9", "min9", "maj(9)", "min(9)",
)  # fmt: skip
"""Qualities in the order of the network's outputs."""

COUNT = len(HEARD)
NO_CHORD = 12 * COUNT
"""The class in which no chord sounds; class `root * COUNT + quality` is a chord."""

CLASSES = NO_CHORD + 1

_NEAREST = {
    "minmaj7": "min", "6(9)": "6", "min6(9)": "min6", "sus4(b7,9)": "sus4(b7)", "7(b9)": "7", "7(#9)": "7", "7(#11)": "7",
    "7(b13)": "7", "maj7(#11)": "maj7", "min11": "min9", "13": "9", "maj13": "maj9", "min13": "min9",
}  # fmt: skip
"""What comes closest to a quality that is not told apart."""

SEVENTHS = {
    "maj": "maj", "min": "min", "7": "7", "maj7": "maj7", "min7": "min7", "9": "7", "maj9": "maj7", "min9": "min7",
    "6": "maj", "min6": "min", "maj(9)": "maj", "min(9)": "min",
}  # fmt: skip
"""Reduction to major, minor and their sevenths (as mir_eval's `sevenths`); what is missing has no place there."""

MAJMIN = {name: "min" if reduced.startswith("min") else "maj" for name, reduced in SEVENTHS.items()}
"""Reduction to major and minor triads (as mir_eval's `majmin`)."""


def heard_quality(quality: str) -> str:
    """The quality of `HEARD` that stands for any quality of `core.music.QUALITIES`."""
    return quality if quality in HEARD else _NEAREST[quality]


def class_of(chord: Chord | None) -> int:
    """The class of a chord; None is no chord."""
    return NO_CHORD if chord is None else chord.root * COUNT + HEARD.index(heard_quality(chord.quality))


def chord_of(index: int, bass_interval: int = 0) -> Chord | None:
    """The chord of a class; None for no chord."""
    return None if index == NO_CHORD else Chord(index // COUNT, HEARD[index % COUNT], bass_interval)


def harte_of(chord: Chord | None, key: Key | None) -> str:
    return "N" if chord is None else chord.harte(key)


def pitch_classes_of(index: int) -> tuple[int, ...]:
    """Of a class; empty for no chord."""
    if index == NO_CHORD:
        return ()
    return tuple((index // COUNT + step) % 12 for step in QUALITIES[HEARD[index % COUNT]])
