"""What the search field understands: words, "phrases", and tokens.

`bpm:70..120 bpm:90 score:>70 length:<60 key:"A minor" key:Am genre:lofi mood:calm tag:x engine:composer title:x is:starred`
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Key

RANGE_FIELDS = {"bpm": "tempo", "tempo": "tempo", "score": "score", "length": "duration", "duration": "duration"}
TEXT_FIELDS = {
    "genre": "genre",
    "style": "genre",
    "mood": "mood",
    "tag": "tag",
    "engine": "engine",
    "title": "title",
    "key": "key",
    "is": "is",
}
FLAGS = ("starred", "sellable", "pending")

_PART = re.compile(
    r'(?P<bare>[A-Za-z]+):(?=\s|$)|(?:(?P<field>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))'
)
_NUMBER = r"\d+(?:\.\d+)?"
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})?\.\.(?P<high>{_NUMBER})?|(?P<sign>[<>]=?)(?P<bound>{_NUMBER})|(?P<exact>{_NUMBER})"
)


@dataclass(frozen=True)
class Token:
    """One `key:value`. `field` is the track's own name for it; a range field has `low` and `high` (None is open)."""

    field: str
    value: str
    low: float | None = None
    high: float | None = None
    strict: bool = False
    """Whether the bounds themselves are left out (> and <)."""

    text: str = ""
    """As the user wrote it."""


@dataclass(frozen=True)
class SearchQuery:
    words: tuple[str, ...]
    tokens: tuple[Token, ...]

    @property
    def match(self) -> str | None:
        """The expression for the full-text index: every word as the beginning of a word; None without words."""
        usable = [word for word in self.words if any(character.isalnum() for character in word)]
        return " AND ".join(f'"{word.replace(chr(34), "")}"*' for word in usable) or None


def parse_query(text: str) -> SearchQuery:
    """Reads the search field; a token without a value yet is left out. Raises UserError for a value that cannot be meant."""
    words: list[str] = []
    tokens: list[Token] = []
    for part in _PART.finditer(text.replace("\0", " ")):
        name = (part["field"] or part["bare"] or "").lower()
        value = (part["quoted"] if part["quoted"] is not None else part["plain"] or "").strip()
        if name in RANGE_FIELDS:
            if value:
                tokens.append(_range_token(name, value))
        elif name in TEXT_FIELDS:
            if value:
                tokens.append(_text_token(name, value))
        else:
            words.extend(word for word in (part["field"] or part["bare"], value) if word)
    return SearchQuery(tuple(words), tuple(tokens))


def _text_token(name: str, value: str) -> Token:
    written = f'{name}:"{value}"' if " " in value else f"{name}:{value}"
    if name == "key":
        try:
            value = str(Key.parse(value))
        except ValueError:
            raise UserError(f'{written} is not a key. Write key:"A minor", key:Am or key:Eb.') from None
    if name == "is":
        value = value.lower()
        if value not in FLAGS:
            raise UserError(f"{written} is not known. Write {', '.join(f'is:{flag}' for flag in FLAGS)}.")
    return Token(TEXT_FIELDS[name], value, text=written)


def _range_token(name: str, value: str) -> Token:
    match = _RANGE.fullmatch(value)
    written = f"{name}:{value}"
    if match is None or value == "..":
        raise UserError(f"{written} is not a range. Write {name}:70..120, {name}:>70 or {name}:90.")
    low, high, strict = match["low"], match["high"], False
    if match["exact"]:
        # 90 finds 89.6: what a row shows is rounded.
        exact = float(match["exact"])
        return Token(RANGE_FIELDS[name], value, exact - 0.5, exact + 0.5, text=written)
    if match["sign"]:
        strict = len(match["sign"]) == 1
        low, high = (match["bound"], None) if match["sign"][0] == ">" else (None, match["bound"])
    bounds = [float(bound) if bound else None for bound in (low, high)]
    if bounds[0] is not None and bounds[1] is not None:
        bounds.sort(key=lambda bound: bound or 0.0)
    return Token(RANGE_FIELDS[name], value, bounds[0], bounds[1], strict, text=written)
