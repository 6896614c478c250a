"""Names songs: two words that come from the prompt, its mood and its style."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import numpy as np

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.resources import resource


def title_for(brief: Brief, seed: int) -> str:
    """A title such as 'Rooftop Rain'; the same for the same brief and seed. Words stand in `resources/titles.toml`."""
    tables = tomllib.loads(resource("titles.toml").read_text(encoding="utf-8"))
    rng = np.random.default_rng([seed & 0xFFFFFFFF, 0x7171])
    own = _prompt_words(brief.prompt, tables["prompt"]["words"])
    if len(own) >= 2:
        return f"{own[0]} {own[1]}"
    second = _pick(rng, _styled(tables["styles"], brief.genre.value))
    first = own[0] if own else _pick(rng, _moody(tables["moods"], brief.mood.value))
    if set(first.casefold().split()) & set(second.casefold().split()):
        return second
    pattern = "{first} {second}" if own else _pick(rng, tables["patterns"])
    return pattern.format(first=first, second=second)


def _prompt_words(prompt: str, known: list[str]) -> list[str]:
    words = re.findall(r"[a-z]+", prompt.lower())
    return [word.capitalize() for word in dict.fromkeys(words) if word in known][:2]


def _styled(table: dict[str, list[str]], genre: str) -> list[str]:
    return table.get(genre) or table["default"]


def _moody(table: dict[str, list[str]], moods: tuple[str, ...]) -> list[str]:
    words = [word for mood in moods for word in table.get(mood, ())]
    return words or table["default"]


def _pick(rng: np.random.Generator, choices: Any) -> str:
    return str(choices[int(rng.integers(len(choices)))])
