"""Recognises misspelt words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from grammy_desktop.assistant.vocabulary import FILLERS
from grammy_desktop.core.styles import INSTRUMENTS, MOODS

SIMILARITY = 0.8
"""difflib ratio above which a word of five letters or more counts as misspelt rather than unknown."""


@dataclass(frozen=True)
class Guess:
    """`word` is the known word that was probably meant; `kind` 'genre', 'mood' or 'instrument'."""

    position: int
    word: str
    kind: str


def guess_word(position: int, word: str, genres: Iterable[str]) -> Guess | None:
    """What a word was meant to be, or None."""
    if len(word) < 5 or word in FILLERS or any(letter.isdigit() for letter in word):
        return None
    kinds: dict[str, str] = {known: "genre" for known in genres}
    kinds |= {known: "mood" for mood in MOODS for known in mood.words if known not in kinds}
    names = {known: instrument.name for instrument in INSTRUMENTS for known in instrument.words}
    kinds |= {known: "instrument" for known in names if known not in kinds}
    candidates = [known for known in kinds if len(known) >= 4 and " " not in known]
    close = difflib.get_close_matches(word, candidates, n=1, cutoff=SIMILARITY)
    if not close or close[0][0] != word[0]:
        # People seldom get the first letter wrong; 'wrap' is not 'rap'.
        return None
    kind = kinds[close[0]]
    return Guess(position, names[close[0]] if kind == "instrument" else close[0], kind)
