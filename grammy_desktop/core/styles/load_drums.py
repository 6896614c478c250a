"""Reads what drummers play: grooves and fills, and the grids that all players are written in."""

from __future__ import annotations

from grammy_desktop.core.styles.grid import METRE, ROWS, SYMBOLS, is_triplet, split_metre, steps_in
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.core.styles.style import Fill, Groove


def read_grooves(reader: TableReader, *, needed: bool) -> tuple[tuple[Groove, ...], tuple[Fill, ...]]:
    """Grooves and fills; a style without drummer needs none."""
    grooves = tuple(_groove(table) for table in reader.tables("grooves", optional=not needed))
    fills = tuple(_fill(table) for table in reader.tables("fills", optional=True))
    return grooves, fills


def _groove(reader: TableReader) -> Groove:
    metre = _metre(reader)
    rows = _rows(reader.table("rows"), metre)
    groove = Groove(rows, reader.texts("low"), reader.texts("high", ()), metre)
    for name in (*groove.low, *groove.high):
        if name not in rows:
            reader.fail("low" if name in groove.low else "high", f"names the row {name!r}, which the groove lacks")
    reader.finish()
    return groove


def _fill(reader: TableReader) -> Fill:
    metre = _metre(reader)
    fill = Fill(_rows(reader.table("rows"), metre), reader.flag("big", False), metre)
    reader.finish()
    return fill


def _metre(reader: TableReader) -> str:
    metre = reader.text("metre", "4/4")
    if not METRE.fullmatch(metre):
        reader.fail("metre", "must be a metre such as '4/4'")
    return metre


def _rows(reader: TableReader, metre: str) -> dict[str, str]:
    rows = {name: reader.text(name) for name in reader.names()}
    for name, grid in rows.items():
        if name not in ROWS:
            reader.fail(name, f"is no drum row (known: {', '.join(ROWS)})")
        _check_grid(reader, name, grid, metre)
    return rows


def read_grids(reader: TableReader, field: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """A player's rhythms, each for 4/4 or for the metre that it names ('3/4: x---x---x---')."""
    grids = reader.texts(field, default)
    for text in grids:
        metre, grid = split_metre(text)
        _check_grid(reader, field, grid, metre)
    return grids


def _check_grid(reader: TableReader, field: str, grid: str, metre: str) -> None:
    wrong = set(grid) - SYMBOLS - {" "}
    if wrong:
        reader.fail(field, f"holds {sorted(wrong)[0]!r}, which is no grid symbol")
    steps = steps_in(metre)
    bars = grid.split()
    if not bars or any(len(bar) != steps and not is_triplet(bar, steps) for bar in bars):
        counts = f"{steps} steps" + (f" (or {steps * 3 // 4} in triplets)" if steps % 4 == 0 else "")
        reader.fail(field, f"must have {counts} in every bar of {metre}: {grid!r}")
