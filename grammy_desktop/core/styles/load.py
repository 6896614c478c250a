"""Loads the style sheets: the shipped ones, then the user's own, which may replace them."""

from __future__ import annotations

import re
from pathlib import Path

from grammy_desktop.core.music import MODES, Key
from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles.load_parts import read_grids, read_parts, read_rows
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.core.styles.style import (
    BassHabits,
    Feel,
    Fill,
    Form,
    FormBlock,
    Groove,
    Harmony,
    Mastering,
    MelodyHabits,
    MixStyle,
    Style,
    TempoRange,
)
from grammy_desktop.core.toml_file import read_toml

_METRE = re.compile(r"\d{1,2}/(4|8)")


def load_styles(user_dir: Path | None = None) -> dict[str, Style]:
    """All styles by id. A broken file raises UserError with one sentence naming file and field."""
    styles: dict[str, Style] = {}
    folders = [resource("styles")]
    if user_dir is not None and user_dir.is_dir():
        folders.append(user_dir)
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            style = read_style(path)
            styles[style.id] = style
    return styles


def read_style(path: Path) -> Style:
    """One style file. UserError when it is not a valid style sheet or cannot be read."""
    table = read_toml(path, "a style")
    reader = TableReader(table, file=str(path))
    style = Style(
        id=reader.text("id"),
        name=reader.text("name"),
        description=reader.text("description"),
        words=reader.texts("words"),
        moods=reader.texts("moods"),
        tempo=_tempo(reader.table("tempo")),
        keys=_keys(reader),
        metres=_metres(reader),
        grooves=tuple(_groove(table) for table in reader.tables("grooves")),
        fills=tuple(_fill(table) for table in reader.tables("fills")),
        feel=_feel(reader.table("feel")),
        bass=_bass(reader.table("bass")),
        harmony=_harmony(reader.table("harmony")),
        melody=_melody(reader.table("melody")),
        forms=tuple(_form(table) for table in reader.tables("forms")),
        parts=read_parts(reader.table("parts")),
        mix=_mix(reader.table("mix")),
        mastering=_mastering(reader.table("mastering")),
    )
    if not re.fullmatch(r"[a-z][a-z0-9_]*", style.id):
        reader.fail("id", "must be lower-case letters, digits and underscores")
    reader.finish()
    return style


def _tempo(reader: TableReader) -> TempoRange:
    tempo = TempoRange(*(reader.number(name, low=20, high=300) for name in ("low", "mode", "high")))
    if not tempo.low <= tempo.mode <= tempo.high:
        reader.fail("mode", "must lie between low and high")
    reader.finish()
    return tempo


def _keys(reader: TableReader) -> tuple[Key, ...]:
    keys = []
    for text in reader.texts("keys"):
        try:
            keys.append(Key.parse(text))
        except ValueError:
            reader.fail("keys", f"holds {text!r}, which is not a key such as 'A minor'")
    return tuple(keys)


def _metres(reader: TableReader) -> tuple[str, ...]:
    metres = reader.texts("metres")
    for metre in metres:
        if not _METRE.fullmatch(metre):
            reader.fail("metres", f"holds {metre!r}, which is not a metre such as '4/4'")
    return metres


def _groove(reader: TableReader) -> Groove:
    metre = reader.text("metre", "4/4")
    if not _METRE.fullmatch(metre):
        reader.fail("metre", "must be a metre such as '4/4'")
    beats, unit = (int(number) for number in metre.split("/"))
    rows = read_rows(reader.table("rows"), beats * 16 // unit)
    groove = Groove(rows, reader.texts("low"), reader.texts("high", ()), metre)
    for name in (*groove.low, *groove.high):
        if name not in rows:
            reader.fail("low" if name in groove.low else "high", f"names the row {name!r}, which the groove lacks")
    reader.finish()
    return groove


def _fill(reader: TableReader) -> Fill:
    fill = Fill(read_rows(reader.table("rows")), reader.flag("big", False))
    reader.finish()
    return fill


def _feel(reader: TableReader) -> Feel:
    feel = Feel(
        swing=reader.number("swing", 50.0, low=50, high=75),
        unit=reader.text("unit", "16th", among=("16th", "8th")),
        late=reader.numbers("late", {}),
        jitter=reader.numbers("jitter", {}),
    )
    reader.finish()
    return feel


def _bass(reader: TableReader) -> BassHabits:
    bass = BassHabits(
        rhythms=read_grids(reader, "rhythms"),
        rhythms_high=read_grids(reader, "rhythms_high"),
        kick_lock=reader.number("kick_lock", low=0, high=1),
        degrees=reader.numbers("degrees"),
        approach=reader.number("approach", 0.2, low=0, high=1),
        glide=reader.number("glide", 0.0, low=0, high=1),
        gate=reader.number("gate", 0.9, low=0.05, high=1),
    )
    unknown = set(bass.degrees) - {"root", "fifth", "octave", "seventh"}
    if unknown:
        reader.fail("degrees", f"names {sorted(unknown)[0]!r}; known are root, fifth, octave, seventh")
    reader.finish()
    return bass


def _harmony(reader: TableReader) -> Harmony:
    loops, contrast, endings = reader.table("loops"), reader.table("contrast"), reader.table("endings")
    harmony = Harmony(
        bars_per_chord=reader.number("bars_per_chord", 1.0, low=0.5, high=4),
        loops={name: loops.texts(name) for name in loops.names()},
        contrast={name: contrast.texts(name) for name in contrast.names()},
        endings={name: endings.text(name) for name in endings.names()},
    )
    for table, values in ((loops, harmony.loops), (contrast, harmony.contrast), (endings, harmony.endings)):
        for mode in ("major", "minor"):
            if mode not in values:
                table.fail(mode, "is missing")
        for mode in values:
            if mode not in MODES:
                table.fail(mode, "is no mode")
    reader.finish()
    return harmony


def _melody(reader: TableReader) -> MelodyHabits:
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


def _form(reader: TableReader) -> Form:
    blocks = []
    for block in reader.text("blocks").split("|"):
        match = re.fullmatch(r"\s*([\w-]+)\s+(\d+)\s+(\d*\.?\d+)\s*", block)
        if match is None or not 0 <= float(match[3]) <= 1 or int(match[2]) < 1:
            reader.fail("blocks", f"holds {block.strip()!r} where 'name bars energy' is wanted")
        blocks.append(FormBlock(match[1], int(match[2]), float(match[3])))
    form = Form(reader.number("seconds", low=5, high=600), reader.number("tempo", low=20, high=300), tuple(blocks))
    reader.finish()
    return form


def _mix(reader: TableReader) -> MixStyle:
    points = reader.raw("section_db")
    ok = isinstance(points, list) and points and all(isinstance(p, list) and len(p) == 2 for p in points)
    if not ok:
        reader.fail("section_db", "must be a list of [energy, LU] pairs")
    mix = MixStyle(
        reverb_time=reader.number("reverb_time", low=0.1, high=12),
        predelay_ms=reader.number("predelay_ms", low=0, high=200),
        delay_beats=reader.number("delay_beats", low=0.05, high=4),
        delay_feedback=reader.number("delay_feedback", low=0, high=0.9),
        tilt=reader.number("tilt", low=-12, high=0),
        section_db=tuple((float(energy), float(level)) for energy, level in points),
        tail_seconds=reader.number("tail_seconds", low=0, high=12),
        wow=reader.number("wow", 0.0, low=0, high=50),
        crush_bits=int(reader.number("crush_bits", 0, low=0, high=24)),
        lowpass=reader.number("lowpass", 0.0, low=0, high=24_000),
        saturation_db=reader.number("saturation_db", 0.0, low=0, high=24),
    )
    reader.finish()
    return mix


def _mastering(reader: TableReader) -> Mastering:
    mastering = Mastering(
        preset=reader.text("preset", "spotify-loud"),
        target_lufs=reader.number("target_lufs", low=-30, high=-4),
        loud_lufs=reader.number("loud_lufs", low=-30, high=-4),
    )
    reader.finish()
    return mastering
