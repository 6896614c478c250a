"""Reads the players of a style sheet, and the grids that they and the drums are written in."""

from __future__ import annotations

import re

from grammy_desktop.core.styles.grid import ROWS, SYMBOLS
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.core.styles.style import ROLES, SYNTH_RECIPES, PartStyle

_SOUND = re.compile(r"sf:(0|128):(\d{1,3})")


def read_grids(reader: TableReader, field: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
    grids = reader.texts(field, default)
    for grid in grids:
        check_grid(reader, field, grid)
    return grids


def check_grid(reader: TableReader, field: str, grid: str, steps: int = 16) -> None:
    wrong = set(grid) - SYMBOLS - {" "}
    if wrong:
        reader.fail(field, f"holds {sorted(wrong)[0]!r}, which is no grid symbol")
    if not grid.split() or any(len(bar) != steps for bar in grid.split()):
        reader.fail(field, f"must have {steps} steps in every bar: {grid!r}")


def read_rows(reader: TableReader, steps: int = 16) -> dict[str, str]:
    rows = {name: reader.text(name) for name in reader.names()}
    for name, grid in rows.items():
        if name not in ROWS:
            reader.fail(name, f"is no drum row (known: {', '.join(ROWS)})")
        check_grid(reader, name, grid, steps)
    return rows


def read_parts(reader: TableReader) -> tuple[PartStyle, ...]:
    parts = tuple(_part(name, reader.table(name)) for name in reader.names())
    names = {part.name for part in parts}
    for part in parts:
        if part.doubles and part.doubles not in names:
            reader.fail(f"{part.name}.doubles", f"names {part.doubles!r}, which is no part")
    if len({part.stem for part in parts if not part.optional}) < 4:
        reader.fail("", "must give at least four stems")
    return parts


def _part(name: str, reader: TableReader) -> PartStyle:
    part = PartStyle(
        name=name,
        role=reader.text("role", among=ROLES),
        stem=reader.text("stem"),
        sound=reader.text("sound"),
        gain_db=reader.number("gain_db", low=-60, high=12),
        range=reader.pair("range", low=0, high=127),
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
        voicing=reader.text(
            "voicing", "close", among=("close", "drop2", "shell", "rootless", "spread", "power", "triad")
        ),
        rhythms=read_grids(reader, "rhythms", ()),
        rhythms_high=read_grids(reader, "rhythms_high", ()),
        gate=reader.number("gate", 0.95, low=0.05, high=1.2),
        roll_ms=reader.number("roll_ms", 0.0, low=0, high=200),
    )
    for sound in (part.sound, *part.alternatives):
        if not is_sound(sound):
            reader.fail(
                "sound", f"is {sound!r}; wanted is 'sf:bank:program' or 'synth:recipe' ({', '.join(SYNTH_RECIPES)})"
            )
    reader.finish()
    return part


def is_sound(sound: str) -> bool:
    """Whether `sound` names a sound-font preset or a known recipe."""
    match = _SOUND.fullmatch(sound)
    if match is not None:
        return int(match[2]) <= 127
    return sound.startswith("synth:") and sound.removeprefix("synth:") in SYNTH_RECIPES
