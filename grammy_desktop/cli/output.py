"""Strict JSON and plain words."""

from __future__ import annotations

import io
import json
import math
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import GrammyError


def plain(value: Any) -> Any:
    """`value` with paths as text and whatever cannot be measured (NaN, Infinity) as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def printable(text: str) -> str:
    """`text` as any stream can hold it: bytes of a file name that are no text are written as `\\udcff`, which JSON reads back."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def print_text(text: str) -> None:
    """A result for a person, on standard output."""
    print(printable(text), flush=True)


def print_json(value: Any) -> None:
    print_text(json.dumps(plain(value), ensure_ascii=False, allow_nan=False))


def use_utf8() -> None:
    """JSON and file names in UTF-8 whatever the system's code page; a terminal keeps its own encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def drop_output() -> None:
    """Nobody reads standard output any more (`grammy ... | head`): what is still buffered goes nowhere, without a complaint."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


def error_json(error: GrammyError) -> dict[str, Any]:
    return {"kind": error.kind.value, "message": error.message, "file": error.file}


def say(text: str) -> None:
    """One line for a person, on standard error: standard output belongs to results."""
    print(printable(text), file=sys.stderr, flush=True)


def table(rows: list[list[str]]) -> str:
    """Columns padded to their widest cell."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def level(value: float | None, unit: str) -> str:
    """'−14.0 LUFS' with a true minus sign; '—' when it cannot be measured."""
    return "—" if value is None else f"{value:.1f} {unit}".replace("-", "−")
