"""A prompt that is read piece by piece: what has been understood is ticked off, what is left was not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"w/o?(?!\w)|[^\W_]+(?:(?:['&](?=[^\W\d_])|(?<=\d)[./](?=\d))[^\W_]+)*[#♯♭]?|&|\+")
# One character for one, so that positions stay.
_SAME = str.maketrans("’‘`´′“”„–—−，：；．\u00a0\u3000", "'''''\"\"\"---,:;.  ")
_ACCENTS = re.compile(r"[\u0300-\u036f]")


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """A word without accents: 'reggaetón' -> 'reggaeton'."""
    return word if word.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", word))


@dataclass(frozen=True, slots=True)
class Token:
    """A word as typed at `start` to `end`; `word` is what it is read as: lower case, no accents."""

    start: int
    end: int
    word: str


def words_of(text: str) -> tuple[str, ...]:
    """The words of a phrase, read as those of a prompt are."""
    return tuple(_read_as(match[0]) for match in _WORD.finditer(text.lower().translate(_SAME)))


def _read_as(word: str) -> str:
    return "and" if word in ("&", "+", "n") else plain(word)


class Scan:
    """Keeps the prompt, its words, and which of its characters have been understood."""

    def __init__(self, prompt: str) -> None:
        self.original = unicodedata.normalize("NFC", prompt).translate(_SAME)
        lower = self.original.lower()
        if len(lower) != len(self.original):
            # A few letters change length in lower case; positions must agree.
            lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.original)
        self.text = lower
        self._taken = bytearray(len(lower))
        self.tokens = [Token(m.start(), m.end(), _read_as(m[0])) for m in _WORD.finditer(lower)]

    def take(self, start: int, end: int) -> None:
        self._taken[start:end] = b"\x01" * (end - start)

    def free(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) < 0

    def matches(self, pattern: re.Pattern[str], *, cased: bool = False) -> Iterator[re.Match[str]]:
        """Matches in what nobody has taken yet."""
        for match in pattern.finditer(self.original if cased else self.text):
            if self.free(*match.span()):
                yield match

    def rest(self) -> list[str]:
        """The words that nobody has taken, in order, as typed but in lower case."""
        return [self.text[t.start : t.end] for t in self.tokens if self.free(t.start, t.end)]

    def before(self, position: int, length: int = 24) -> str:
        """What stands just before a position."""
        return self.text[max(0, position - length) : position]

    def after(self, position: int, length: int = 24) -> str:
        """What stands just after a position."""
        return self.text[position : position + length]
