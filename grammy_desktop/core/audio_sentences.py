"""What is said about a bad file: one sentence, on one line, that names it."""

from __future__ import annotations

from pathlib import Path

from grammy_desktop.core.errors import UserError

_LONGEST_DURATION = 30 * 24 * 3600.0
"""Seconds."""
_LONGEST_NAME = 120
"""Letters of a name in a sentence."""


def bad(path: Path, why: str) -> UserError:
    """UserError '“name” why.'"""
    return UserError(f"“{one_line(path.name)}” {why}.", file=str(path))


def cut_short(there: float, named: float) -> str:
    """'is cut short...' for so many seconds of so many; what no disk could hold is a lie of the header."""
    if named > _LONGEST_DURATION:
        return f"is damaged: it holds {there:.1f} s of sound, its header names an impossible length"
    digits = 1 if abs(named - there) >= 0.1 else 3
    return f"is cut short: it holds {there:.{digits}f} s of the {named:.{digits}f} s its header names"


def one_line(name: str) -> str:
    """A file's name as it can stand in a sentence: no line breaks, nothing that is no text, not 250 letters."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME // 2]}…{text[-_LONGEST_NAME // 3 :]}"
