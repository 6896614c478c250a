"""Reads how a style's musicians play and what chords and melodies they favour."""

from __future__ import annotations

from grammy_desktop.core.music import MODES, Key, roman_chord
from grammy_desktop.core.styles.load_drums import read_grids
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.core.styles.style import (
    BASS_DEGREES,
    CADENCES,
    BassHabits,
    Feel,
    Harmony,
    Lift,
    MelodyHabits,
)

Loops = dict[str, tuple[str, ...]]


def read_feel(reader: TableReader) -> Feel:
    feel = Feel(
        swing=reader.number("swing", 50.0, low=50, high=75),
        unit=reader.text("unit", "16th", among=("16th", "8th")),
        late=reader.numbers("late", {}),
        jitter=reader.numbers("jitter", {}),
        sequenced=reader.flag("sequenced", False),
        rubato_ms=reader.number("rubato_ms", 0.0, low=0, high=150),
    )
    reader.finish()
    return feel


def read_bass(style: TableReader, *, needed: bool) -> BassHabits:
    """Needed where a bass plays; without a bass player every field has a default."""
    if not needed and not style.has("bass"):
        return BassHabits()
    reader = style.table("bass")
    bass = BassHabits(
        rhythms=read_grids(reader, "rhythms"),
        rhythms_high=read_grids(reader, "rhythms_high"),
        kick_lock=reader.number("kick_lock", low=0, high=1),
        degrees=reader.weights("degrees", {"root": 1.0}, among=BASS_DEGREES),
        approach=reader.number("approach", 0.2, low=0, high=1),
        glide=reader.number("glide", 0.0, low=0, high=1),
        gate=reader.number("gate", 0.9, low=0.05, high=1),
        walking=reader.flag("walking", False),
        pedal=reader.flag("pedal", False),
    )
    reader.finish()
    return bass


def read_harmony(reader: TableReader) -> Harmony:
    lift = reader.table("lift", {})
    harmony = Harmony(
        bars_per_chord=reader.number("bars_per_chord", 1.0, low=0.25, high=16),
        loops=_loops(reader.table("loops")),
        contrast=_loops(reader.table("contrast")),
        endings=_endings(reader.table("endings")),
        same_loop=reader.number("same_loop", 0.4, low=0, high=1),
        pre=_loops(reader.table("pre", {}), whole=False),
        cadence=reader.text("cadence", "dominant", among=CADENCES),
        borrow=reader.number("borrow", 0.0, low=0, high=1),
        jazz=reader.flag("jazz", False),
        lift=Lift(lift.number("chance", 0.0, low=0, high=1), int(lift.number("semitones", 1, low=1, high=4))),
    )
    lift.finish()
    reader.finish()
    return harmony


def _loops(reader: TableReader, *, whole: bool = True) -> Loops:
    loops = {name: reader.texts(name) for name in reader.names()}
    _check_modes(reader, loops, whole)
    for mode, texts in loops.items():
        for text in texts:
            _check_numerals(reader, mode, text)
    return loops


def _endings(reader: TableReader) -> dict[str, str]:
    endings = {name: reader.text(name) for name in reader.names()}
    _check_modes(reader, endings, True)
    for mode, text in endings.items():
        _check_numerals(reader, mode, text)
    return endings


def _check_modes(reader: TableReader, values: Loops | dict[str, str], whole: bool) -> None:
    for mode in ("major", "minor"):
        if whole and mode not in values:
            reader.fail(mode, "is missing")
    for mode in values:
        if mode not in MODES:
            reader.fail(mode, "is no mode")


def _check_numerals(reader: TableReader, mode: str, text: str) -> None:
    """Every chord of a loop must be readable in its mode."""
    numerals = text.replace("(", " ").replace(")", " ").split()
    if not numerals:
        reader.fail(mode, "must hold chords")
    for numeral in numerals:
        try:
            roman_chord(numeral, Key(0, mode))
        except ValueError as error:
            reader.fail(mode, f"holds a chord that cannot be read: {error}")


def read_melody(reader: TableReader) -> MelodyHabits:
    melody = MelodyHabits(
        motifs=read_grids(reader, "motifs"),
        hooks=read_grids(reader, "hooks"),
        range=reader.pair("range", low=24, high=108),
        steps=reader.number("steps", 0.75, low=0, high=1),
        pentatonic=reader.number("pentatonic", 0.5, low=0, high=1),
        rest=reader.number("rest", 0.0, low=0, high=1),
        leap=int(reader.number("leap", 7, low=2, high=24)),
    )
    reader.finish()
    return melody
