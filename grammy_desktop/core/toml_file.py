"""TOML files that users write by hand: read, or refused in words that tell them which line to mend."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import UserError

_LONGEST_QUOTE = 40
_QUOTED_NAME = "has a name that needs quotes: only letters from a to z, digits, - and _ do without"
_UNTYPED = "holds a character that cannot be typed: write the line anew"
_NO_EQUALS = "Expected '=' after a key"
_FAULTS = (
    (_NO_EQUALS, "needs “=” between a name and its value"),
    ("Invalid value", "has no value that can be read: write a number, true or false, or a text in quotes"),
    (r"Illegal character '\n'", "has a text without its closing quote"),
    ("Expected \"'", "has a text without its closing quote"),
    ("Unterminated string", "has a text without its closing quote"),
    ("Unescaped '\\'", "has a backslash in a text: write it twice, or put the text in single quotes"),
    ("Invalid hex value", "has a backslash in a text: write it twice, or put the text in single quotes"),
    ("Expected newline or end of document", "has something left over: one setting to a line, texts in quotes"),
    ("Unclosed array", "has a list without its closing “]”"),
    ("Unclosed inline table", "has a “{” without its “}”"),
    ("Expected ']", "has a heading without its closing bracket"),
    ("Duplicate inline table key", "sets something that was set before: keep one of them"),
    ("Cannot ", "sets something that was set before: keep one of them"),
    ("Invalid date", "has a date that does not exist"),
    ("Invalid statement", "does not begin with a name: write name = value"),
    ("Invalid initial character", _QUOTED_NAME),
    ("Illegal character", _UNTYPED),
    ("Found invalid character", _UNTYPED),
)
"""How the parser's sentences begin, and what a person makes of them."""
_OTHER_FAULT = "is not written as TOML is: name = value"
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The file's data. Raises UserError naming the file, which was to be `what` ("a preset"), and the line that is wrong."""
    text = ""
    try:
        # Editors on Windows put a mark in front.
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise UserError(f"“{path.name}” does not exist.", file=str(path)) from None
    except IsADirectoryError:
        raise UserError(f"“{path.name}” is a folder, not {what}.", file=str(path)) from None
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(
            f"“{path.name}” could not be read as {what}: {toml_fault(error, text)}.", file=str(path)
        ) from error


def toml_fault(error: Exception, text: str) -> str:
    """What is wrong, for the end of a sentence: Python's own words name codecs, the errno and the grammar."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8; save it as UTF-8 in a text editor"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    if not isinstance(error, tomllib.TOMLDecodeError):
        # Numbers of thousands of digits.
        return "it holds a number that is too long"
    return _line_fault(str(error), text)


def _line_fault(said: str, text: str) -> str:
    fault = next((words for start, words in _FAULTS if said.startswith(start)), _OTHER_FAULT)
    position = _POSITION.search(said)
    lines = text.splitlines()
    if position is None or not lines:
        return f"something in it {fault}"
    number = int(position[1]) if position[1] else max(n for n, line in enumerate(lines, 1) if line.strip() or n == 1)
    line = " ".join(lines[number - 1].split()) if number <= len(lines) else ""
    line = "".join(letter for letter in line if letter.isprintable())
    if said.startswith(_NO_EQUALS) and "=" in line:
        fault = _QUOTED_NAME
    if len(line) > _LONGEST_QUOTE:
        line = f"{line[: _LONGEST_QUOTE - 1].rstrip()}…"
    return f"line {number} (“{line}”) {fault}" if line else f"line {number} {fault}"
