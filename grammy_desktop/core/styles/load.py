"""Loads the style sheets: the shipped ones, then the user's own, which may replace them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from grammy_desktop.core.music import Key
from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles.grid import METRE
from grammy_desktop.core.styles.inherit import Sheets, Table
from grammy_desktop.core.styles.load_drums import read_grooves
from grammy_desktop.core.styles.load_music import read_bass, read_feel, read_harmony, read_melody
from grammy_desktop.core.styles.load_parts import read_parts
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.core.styles.sounds import patch_names, shipped_patches
from grammy_desktop.core.styles.style import (
    BUILDS,
    ENDINGS,
    MIX_GROUPS,
    Form,
    FormBlock,
    Limits,
    Mastering,
    MixStyle,
    Style,
    TempoRange,
)
from grammy_desktop.core.toml_file import read_toml


def load_styles(user_dir: Path | None = None) -> dict[str, Style]:
    """All styles by id. A broken file raises UserError with one sentence naming file and field.

    Within a process they are read again only when a file was changed, added or taken away.
    """
    folders = [resource("styles")]
    if user_dir is not None and user_dir.is_dir():
        folders.append(user_dir)
    # What a sheet may name depends on the patches too.
    sources = [*folders, resource("patches"), *(_patch_folder(folder) for folder in folders[1:])]
    return dict(_load(tuple(folders), tuple(_state(folder) for folder in sources)))


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file that counts; () where there is no such folder."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            status = path.stat()
        except OSError:
            # A link into nowhere, or gone since: whoever reads the file says so.
            found.append((path.name, 0, -1))
            continue
        found.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(found)


@lru_cache(maxsize=2)
def _load(folders: tuple[Path, ...], _states: tuple[tuple[tuple[str, int, int], ...], ...]) -> Mapping[str, Style]:
    sheets = Sheets(list(folders))
    shipped = shipped_patches()
    styles: dict[str, Style] = {}
    for level, files in enumerate(sheets.files):
        patches = shipped | (patch_names(_patch_folder(folders[level])) if level else frozenset())
        for path in files:
            style = _style(sheets.whole(path, sheets.table(path), level), path, patches)
            styles[style.id] = style
    return MappingProxyType(styles)


def lineage(style: str | None) -> tuple[str, ...]:
    """A shipped style's id, its parent's, and so on: for tables that know only some of the styles. () for None."""
    names: list[str] = []
    while style and style not in names:
        names.append(style)
        path = resource("styles", f"{style}.toml")
        style = read_toml(path, "a style").get("parent") if path.is_file() else None
    return tuple(names)


def read_style(path: Path) -> Style:
    """One style file; a parent is looked for beside it, then among the shipped styles.

    UserError when it is not a valid style sheet or cannot be read.
    """
    table = read_toml(path, "a style")
    own = path.resolve().parent == resource("styles").resolve()
    sheets = Sheets([resource("styles")] if own else [resource("styles"), path.parent])
    patches = shipped_patches() | patch_names(_patch_folder(path.parent))
    return _style(sheets.whole(path, table), path, patches)


def _patch_folder(styles: Path) -> Path:
    """The user's patches lie beside the user's styles."""
    return styles.parent / "patches"


def _style(table: Table, path: Path, patches: frozenset[str]) -> Style:
    reader = TableReader(table, file=str(path))
    parts = read_parts(reader.table("parts"), patches)
    roles = {part.role for part in parts}
    grooves, fills = read_grooves(reader, needed=bool(roles & {"drums", "perc"}))
    style = Style(
        id=reader.text("id"),
        name=reader.text("name"),
        description=reader.text("description"),
        words=reader.texts("words"),
        moods=reader.texts("moods"),
        tempo=_tempo(reader.table("tempo")),
        keys=_keys(reader),
        metres=_metres(reader),
        grooves=grooves,
        fills=fills,
        feel=read_feel(reader.table("feel")),
        bass=read_bass(reader, needed="bass" in roles),
        harmony=read_harmony(reader.table("harmony")),
        melody=read_melody(reader.table("melody")),
        forms=tuple(_form(table) for table in reader.tables("forms")),
        parts=parts,
        mix=_mix(reader.table("mix")),
        mastering=_mastering(reader.table("mastering")),
        limits=_limits(reader.table("limits", {})),
        ending=reader.weights("ending", {"hold": 1.0}, among=ENDINGS),
        build=reader.text("build", "roll", among=BUILDS),
        parent=reader.text("parent", ""),
    )
    if not re.fullmatch(r"[a-z][a-z0-9_]*", style.id):
        reader.fail("id", "must be lower-case letters, digits and underscores")
    if len({part.stem for part in parts if not part.optional}) < style.limits.stems:
        reader.fail("parts", f"must give at least {style.limits.stems} stems (limits.stems may ask for fewer)")
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
        if not METRE.fullmatch(metre):
            reader.fail("metres", f"holds {metre!r}, which is not a metre such as '4/4'")
    return metres


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
        group=reader.text("group", "", among=("", *MIX_GROUPS)),
        crest_db=reader.number("crest_db", 0.0, low=0, high=30),
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


def _limits(reader: TableReader) -> Limits:
    limits = Limits(
        silence_seconds=reader.number("silence_seconds", 0.6, low=0, high=60),
        stems=int(reader.number("stems", 4, low=1, high=12)),
    )
    reader.finish()
    return limits
