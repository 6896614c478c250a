"""Recognises misspelt words: at most one slip in a short word, two in a long one, and never in a real word."""

from __future__ import annotations

import re

from grammy_desktop.assistant.lexicon import Lexicon
from grammy_desktop.assistant.real_words import REAL_WORDS
from grammy_desktop.assistant.vocabulary import FILLERS

SHORTEST, LONG = 4, 8
"""Letters: shorter words are never mended; from `LONG` on two slips are forgiven."""

_REPEATS = re.compile(r"([a-z])\1{2,}")
_ENDINGS = ("s", "es", "ed", "ing", "er", "y", "ish")


def mend(word: str, lexicon: Lexicon) -> str | None:
    """The known word that `word` was meant to be, or None."""
    if len(word) < SHORTEST or word in FILLERS or word in lexicon.words or word in REAL_WORDS or not word.isalpha():
        return None
    if not word.isascii() or any(word.endswith(end) and word[: -len(end)] in lexicon.words for end in _ENDINGS):
        return None
    stretched = _REPEATS.sub(r"\1", word)
    if stretched != word and stretched in lexicon.words:
        # 'traaaap', 'jazzz'
        return stretched
    twice = _REPEATS.sub(r"\1\1", word)
    if twice != word and twice in lexicon.words:
        return twice
    best: tuple[int, int, str] | None = None
    swapped = word[1] if word[1] != word[0] else ""
    for known in (*lexicon.by_letter.get(word[0], ()), *lexicon.by_letter.get(swapped, ())):
        slips = _allowed(word, known)
        if not slips:
            continue
        distance = slips_between(word, known, slips)
        if distance <= slips and (best is None or (distance, abs(len(known) - len(word)), known) < best):
            best = (distance, abs(len(known) - len(word)), known)
    return best[2] if best else None


def _allowed(word: str, known: str) -> int:
    """How many slips may lie between the two, by their lengths and first letters."""
    shorter = min(len(word), len(known))
    if shorter < SHORTEST or abs(len(word) - len(known)) > 2:
        return 0
    if word[0] != known[0]:
        # People seldom get the first letter wrong ('wrap' is not 'rap'), save by swapping the first two.
        return 1 if word[:2] == known[1::-1] and word[2:] == known[2:] else 0
    if shorter >= LONG:
        return 2
    if shorter >= 5:
        return 1
    # In four letters only two swapped ones or a doubled one tell enough.
    return 1 if sorted(word) == sorted(known) or (len(word) == 5 and _doubled(word, known)) else 0


def _doubled(word: str, known: str) -> bool:
    return any(word == known[:i] + known[i - 1] + known[i:] for i in range(1, len(known) + 1))


def slips_between(a: str, b: str, limit: int) -> int:
    """Damerau-Levenshtein distance (optimal string alignment: letters left out, added, changed, neighbours swapped).

    Anything above `limit` is told as `limit` + 1. F. J. Damerau, Comm. ACM 7 (1964).
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        earlier, before = before, row
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
