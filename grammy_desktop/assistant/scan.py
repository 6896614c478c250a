"""A prompt that is read piece by piece: what has been understood is ticked off, what is left was not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’&/#♯♭-][^\W_]+)*[#♯♭]?")


@lru_cache(maxsize=4096)
def _whole(phrase: str) -> re.Pattern[str]:
    """A pattern of the phrase as whole words, hyphens as good as blanks. (The `re` module's own cache is too small.)"""
    return re.compile(r"(?<![\w&])" + re.escape(phrase).replace(r"\ ", r"[\s-]+") + r"(?![\w&])")


class Scan:
    """Keeps the prompt and which of its characters have been understood."""

    def __init__(self, prompt: str) -> None:
        self.original = prompt
        self.text = prompt.lower()
        if len(self.text) != len(prompt):
            # A few letters change length in lower case; positions must agree.
            self.text = "".join(c.lower() if len(c.lower()) == 1 else c for c in prompt)
        self._taken = [False] * len(prompt)

    def take(self, start: int, end: int) -> None:
        self._taken[start:end] = [True] * (end - start)

    def release(self, start: int, end: int) -> None:
        """Give back what was taken only to keep others from it."""
        self._taken[start:end] = [False] * (end - start)

    def free(self, start: int, end: int) -> bool:
        return not any(self._taken[start:end])

    def matches(self, pattern: str | re.Pattern[str], *, cased: bool = False) -> Iterator[re.Match[str]]:
        """Matches in what nobody has taken yet."""
        for match in re.finditer(pattern, self.original if cased else self.text):
            if self.free(*match.span()):
                yield match

    def phrases(self, phrases: Iterable[str]) -> list[tuple[int, str]]:
        """(position, phrase) of each phrase found as whole words, longest first when they overlap; taken as they are found."""
        found: list[tuple[int, str]] = []
        for phrase in sorted(set(phrases), key=lambda text: (-len(text), text)):
            if re.split("[ -]", phrase, maxsplit=1)[0] not in self.text:
                continue
            for match in self.matches(_whole(phrase)):
                self.take(*match.span())
                found.append((match.start(), phrase))
        return sorted(found)

    def rest(self) -> list[tuple[int, str]]:
        """The words that nobody has taken, in order."""
        return [(m.start(), m[0]) for m in _WORD.finditer(self.text) if self.free(*m.span())]

    def before(self, position: int, length: int = 24) -> str:
        """What stands just before a position."""
        return self.text[max(0, position - length) : position]
