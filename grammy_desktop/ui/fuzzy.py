"""How well a few typed letters fit a text. No Qt."""

from __future__ import annotations


def fuzzy_score(typed: str, text: str) -> float:
    """0 when the letters do not come in this order; else higher for word starts, runs and short texts. 1 for nothing typed."""
    wanted, given = typed.lower().strip(), text.lower()
    if not wanted:
        return 1.0
    if wanted in given:
        at = given.index(wanted)
        word_start = at == 0 or not given[at - 1].isalnum()
        return 100.0 + (50.0 if word_start else 0.0) + (25.0 if at == 0 else 0.0) - len(given) * 0.1
    score, place, run, first = 0.0, 0, 0, -1
    for letter in wanted.replace(" ", ""):
        found = given.find(letter, place)
        if found < 0:
            return 0.0
        run = run + 1 if found == place and place else 0
        starts_word = found == 0 or not given[found - 1].isalnum()
        score += 1.0 + 2.0 * run + (3.0 if starts_word else 0.0)
        first = found if first < 0 else first
        place = found + 1
    if place - first > 2 * len(wanted) + 2:
        return 0.0  # letters strewn over the text are no match
    return max(0.1, score - len(given) * 0.05)
