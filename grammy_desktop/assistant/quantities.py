"""How people write numbers and lengths of time: '90', '1,5', 'ninety', 'one twenty', '2 min 30'."""

from __future__ import annotations

import re

from grammy_desktop.assistant.vocabulary import NUMBER_WORDS

_UNITS = "|".join(word for word, value in NUMBER_WORDS.items() if value < 10)
_TENS = "|".join(word for word, value in NUMBER_WORDS.items() if value >= 20)
_SIMPLE = "|".join(NUMBER_WORDS)
_BELOW_100 = rf"(?:(?:{_TENS})(?:[ -](?:{_UNITS}))?|{_SIMPLE})"
_WORDS = (
    rf"(?:(?:(?:an?|one|two|three) hundred(?:(?: and)? {_BELOW_100})?)|one[ -](?:{_TENS})"
    rf"(?:[ -](?:{_UNITS}))?|{_BELOW_100})"
)

DIGITS = r"\d{1,6}(?:[.,]\d{1,3})?"
NUMBER = rf"(?:{DIGITS}|{_WORDS})"
"""A number in digits or words, without a group of its own."""

MINUTES = r"(?:minutes?|mins?|mintues?|minuts?|minuets)"
SECONDS = r"(?:seconds?|secs?|secounds?|seconts?|secons)"
HOURS = r"(?:hours?|hrs?)"


def number_of(text: str) -> float:
    """The value of what `NUMBER` matched."""
    if text[0].isdigit():
        return float(text.replace(",", "."))
    words = re.split(r"[ -]+", text)
    total = 0.0
    for index, word in enumerate(words):
        if word in ("a", "an"):
            total = 1
        elif word == "hundred":
            total = max(total, 1) * 100
        elif word in NUMBER_WORDS:
            value = NUMBER_WORDS[word]
            # 'one twenty' is 120, as musicians say tempos.
            total = 100 + value if index == 1 and total == 1 and value >= 20 else total + value
    return float(total)
