"""Reads the players of a style sheet."""

from __future__ import annotations

from grammy_desktop.core.styles.grid import ROWS
from grammy_desktop.core.styles.load_drums import read_grids
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.core.styles.sounds import OWN_SOUNDS, is_sound
from grammy_desktop.core.styles.style import ARTICULATIONS, ROLES, SYNTH_RECIPES, VOICINGS, PartStyle


def read_parts(reader: TableReader, patches: frozenset[str]) -> tuple[PartStyle, ...]:
    """The players; `patches` are the names that `synth:` may name beside the built-in recipes."""
    parts = tuple(_part(name, reader.table(name), patches) for name in reader.names())
    names = {part.name for part in parts}
    for part in parts:
        if part.doubles and part.doubles not in names:
            reader.fail(f"{part.name}.doubles", f"names {part.doubles!r}, which is no part")
    return parts


def _part(name: str, reader: TableReader, patches: frozenset[str]) -> PartStyle:
    role = reader.text("role", among=ROLES)
    low, high = reader.pair("range", low=0, high=127)
    # A kit answers to every drum key, whatever range a sheet gives it.
    limits = (min(low, min(ROWS.values())), max(high, max(ROWS.values()))) if role in ("drums", "perc") else (low, high)
    part = PartStyle(
        name=name,
        role=role,
        stem=reader.text("stem"),
        sound=reader.text("sound"),
        gain_db=reader.number("gain_db", low=-60, high=12),
        range=limits,
        alternatives=reader.texts("alternatives", ()),
        pan=reader.number("pan", 0.0, low=-1, high=1),
        width=reader.number("width", 1.0, low=0, high=1.5),
        highpass=reader.number("highpass", 0.0, low=0, high=20_000),
        lowpass=reader.number("lowpass", 0.0, low=0, high=24_000),
        reverb_db=reader.optional_number("reverb", low=-60, high=6),
        delay_db=reader.optional_number("delay", low=-60, high=6),
        sidechain_db=reader.number("sidechain_db", 0.0, low=0, high=24),
        min_energy=reader.number("min_energy", 0.0, low=0, high=1),
        max_energy=reader.number("max_energy", 1.0, low=0, high=1),
        optional=reader.flag("optional", False),
        doubles=reader.text("doubles", ""),
        octave=int(reader.number("octave", 0, low=-3, high=3)),
        voicing=reader.text("voicing", "close", among=VOICINGS),
        rhythms=read_grids(reader, "rhythms", ()),
        rhythms_high=read_grids(reader, "rhythms_high", ()),
        gate=reader.number("gate", 0.95, low=0.05, high=1.2),
        roll_ms=reader.number("roll_ms", 0.0, low=0, high=200),
        strum_ms=reader.number("strum_ms", 0.0, low=0, high=120),
        slide=reader.number("slide", 0.0, low=0, high=1),
        bend=reader.number("bend", 0.0, low=0, high=1),
        vibrato=reader.number("vibrato", 0.0, low=0, high=1),
        articulation=reader.text("articulation", "normal", among=ARTICULATIONS),
    )
    _check_sounds(reader, part, patches)
    reader.finish()
    return part


def _check_sounds(reader: TableReader, part: PartStyle, patches: frozenset[str]) -> None:
    for place, sound in enumerate((part.sound, *part.alternatives)):
        if not is_sound(sound, patches):
            known = ", ".join((*SYNTH_RECIPES, *sorted(patches)))
            reader.fail(
                "alternatives" if place else "sound",
                f"names {sound!r}; wanted is 'sf:bank:program', 'synth:name' with a name of these: {known}; or {OWN_SOUNDS}",
            )
