"""Sentences and tables that fit the terminal; 80 columns where there is none."""

from __future__ import annotations

import shutil
import sys
import textwrap

from grammy_desktop.cli.output import table

_NARROWEST, _WIDEST = 60, 120
_LEAST = 24
"""Columns that the last cell of a table keeps, however wide the others are."""


def width() -> int:
    return min(_WIDEST, max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns))


def sentence(text: str, mark: str = "- ") -> str:
    """`text` behind `mark`, its further lines indented as far."""
    return "\n".join(
        textwrap.wrap(text, width(), initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False)
    )


def list_table(rows: list[list[str]]) -> str:
    """A list to look through: within a terminal's edges, and elsewhere a line a row, for grep and the like."""
    return wrapped_table(rows) if sys.stdout.isatty() else table(rows)


def wrapped_table(rows: list[list[str]]) -> str:
    """As `output.table`, with the last column wrapped within its own edges."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    room = max(_LEAST, width() - sum(widths) - 2 * len(widths))
    lines: list[str] = []
    for row in rows:
        head = "".join(f"{cell.ljust(wide)}  " for cell, wide in zip(row, widths, strict=False))
        for number, part in enumerate(textwrap.wrap(row[-1], room, break_on_hyphens=False) or [""]):
            lines.append(f"{head if number == 0 else ' ' * len(head)}{part}".rstrip())
    return "\n".join(lines)
