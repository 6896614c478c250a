"""Chords as musicians write them: 'Am7', 'F#m7b5/C', 'Bbmaj9', 'N.C.', and in Harte notation as well."""

from __future__ import annotations

import re

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Chord, Key, pitch_class

NO_CHORD = "N"
"""How a moment without a chord is written in an arrangement (Harte et al.)."""

_SILENT = {"N", "NC", "N.C.", "N.C", "NO CHORD", "-"}
_SYMBOL = re.compile(r"([A-Ga-g])([#b♯♭]{0,2})(.*)")

_QUALITIES = {
    "": "maj", "M": "maj", "maj": "maj", "major": "maj", "Δ": "maj7",
    "m": "min", "min": "min", "-": "min", "minor": "min",
    "dim": "dim", "°": "dim", "o": "dim", "aug": "aug", "+": "aug", "#5": "aug",
    "sus": "sus4", "sus2": "sus2", "sus4": "sus4", "5": "5",
    "6": "6", "maj6": "6", "M6": "6", "m6": "min6", "min6": "min6", "-6": "min6",
    "7": "7", "dom7": "7", "maj7": "maj7", "M7": "maj7", "major7": "maj7", "Δ7": "maj7", "j7": "maj7",
    "m7": "min7", "min7": "min7", "-7": "min7",
    "mmaj7": "minmaj7", "mM7": "minmaj7", "minmaj7": "minmaj7", "-Δ7": "minmaj7", "-maj7": "minmaj7",
    "dim7": "dim7", "°7": "dim7", "o7": "dim7",
    "m7b5": "hdim7", "min7b5": "hdim7", "-7b5": "hdim7", "ø": "hdim7", "ø7": "hdim7", "hdim7": "hdim7", "hdim": "hdim7",
    "7sus": "sus4(b7)", "7sus4": "sus4(b7)", "sus47": "sus4(b7)", "sus7": "sus4(b7)",
    "9sus": "sus4(b7,9)", "9sus4": "sus4(b7,9)", "11": "sus4(b7,9)", "13sus": "sus4(b7,9)", "13sus4": "sus4(b7,9)",
    "add9": "maj(9)", "add2": "maj(9)", "2": "maj(9)", "madd9": "min(9)", "minadd9": "min(9)", "madd2": "min(9)",
    "69": "6(9)", "6add9": "6(9)", "m69": "min6(9)", "min69": "min6(9)",
    "9": "9", "maj9": "maj9", "M9": "maj9", "m9": "min9", "min9": "min9", "-9": "min9",
    "7b9": "7(b9)", "7#9": "7(#9)", "7#11": "7(#11)", "7b5": "7(#11)", "7b13": "7(b13)", "7#5": "7(b13)", "7alt": "7(b13)",
    "aug7": "7(b13)", "+7": "7(b13)", "maj7#11": "maj7(#11)", "M7#11": "maj7(#11)", "maj9#11": "maj7(#11)",
    "m11": "min11", "min11": "min11", "-11": "min11", "13": "13", "maj13": "maj13", "M13": "maj13", "m13": "min13",
    "min13": "min13", "-13": "min13",
}  # fmt: skip
_WRITTEN = {
    "maj": "", "min": "m", "dim": "dim", "aug": "aug", "min6": "m6", "min7": "m7", "minmaj7": "mMaj7", "hdim7": "m7b5",
    "sus4(b7)": "7sus4", "maj(9)": "add9", "min(9)": "madd9", "6(9)": "6/9", "min9": "m9", "sus4(b7,9)": "9sus4",
    "7(b9)": "7b9", "7(#9)": "7#9", "7(#11)": "7#11", "7(b13)": "7b13", "maj7(#11)": "maj7#11", "min6(9)": "m6/9",
    "min11": "m11", "min13": "m13",
}  # fmt: skip
_LOWER_IS_MEANT = re.compile(r"(?i)^(maj|min|dim|aug|sus|add|dom|major|minor|hdim)")


def parse_chord(text: str) -> Chord | None:
    """The chord; None for 'N.C.' (no chord). Raises `UserError` naming what cannot be read."""
    plain = " ".join(text.split())
    if plain.upper() in _SILENT:
        return None
    if ":" in plain:
        try:
            return Chord.parse(plain)
        except ValueError:
            raise _unknown(text) from None
    match = _SYMBOL.fullmatch(plain)
    if match is None:
        raise _unknown(text)
    root = _class_of(match[1] + match[2], text)
    rest, bass = _split_bass(match[3])
    quality = _quality(rest)
    if quality is None:
        raise _unknown(text)
    return Chord(root, quality, 0 if bass is None else (_class_of(bass, text) - root) % 12)


def write_chord(symbol: str, key: Key | None = None) -> str:
    """'A:min7/b3' of an arrangement as musicians write it: 'Am7/C'."""
    if symbol == NO_CHORD:
        return "N.C."
    chord = Chord.parse(symbol)
    name = symbol.partition(":")[0]
    quality = _WRITTEN.get(chord.quality, chord.quality)
    if not chord.bass_interval:
        return f"{name}{quality}"
    flats = "b" in name or (key is not None and key.prefers_flats) or (chord.is_minor and "#" not in name)
    return f"{name}{quality}/{_spelled(chord.bass, flats=flats)}"


def _quality(text: str) -> str | None:
    bare = re.sub(r"[\s(),]", "", text).replace("♭", "b").replace("♯", "#").replace("−", "-").replace("/", "")
    if _LOWER_IS_MEANT.match(bare):
        bare = bare.lower()
    elif bare[:1] == "m" and len(bare) > 1:
        bare = "m" + bare[1:].replace("Maj", "maj").replace("ADD", "add")
    return _QUALITIES.get(bare)


def _split_bass(text: str) -> tuple[str, str | None]:
    """'m7b5/C' -> ('m7b5', 'C'); the slash of '6/9' is none."""
    match = re.fullmatch(r"(.*)/\s*([A-Ga-g][#b♯♭]{0,2})\s*", text)
    return (match[1], match[2]) if match is not None else (text, None)


def _class_of(name: str, text: str) -> int:
    try:
        return pitch_class(name)
    except ValueError:
        raise _unknown(text) from None


def _spelled(pitch: int, *, flats: bool) -> str:
    return Key(5, "major").spell(pitch) if flats else Key(7, "major").spell(pitch)


def _unknown(text: str) -> UserError:
    return UserError(
        f"“{text}” is no chord that can be read; write it like Am7, F#m7b5/C, Bbmaj9, G7sus4, N.C. or A:min7."
    )
