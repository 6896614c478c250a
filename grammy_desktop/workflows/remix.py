"""Reads what a variation is to be like: "darker", "slower and with strings", as changed wishes of the song's brief."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from grammy_desktop.core.brief import Brief, Choice, Origin
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.styles import Style, mood_of

_FASTER = 1.12
"""How much faster "faster" is."""
_STEP = 0.35
"""How far "more energetic" goes, of the whole way from -1 to 1."""
_ENERGY = {
    r"\b(more energ\w+|more power\w*|bigger|louder|stronger|harder|fuller|busier)\b": _STEP,
    r"\b(less energ\w+|less busy|smaller|quieter|softer|calmer|sparser|thinner|more minimal)\b": -_STEP,
}
_TEMPO = {r"\b(faster|quicker|speed (it )?up|more uptempo)\b": _FASTER, r"\b(slower|slow (it )?down)\b": 1 / _FASTER}
_KEPT = ("mood", "tempo", "key", "duration", "instruments", "excluded", "form", "energy", "swing")
"""Fields of a brief that a variation may change."""
_SAME = re.compile(r"\b(the )?same( song)?( but)?\b|\bmake it\b|\bversion\b|\ba (bit|little)\b|\bmuch\b", re.IGNORECASE)
_COMPARATIVE = re.compile(r"\b([a-z]{2,}?)(ier|er)\b", re.IGNORECASE)


def read_variation(words: str, brief: Brief, styles: Mapping[str, Style]) -> dict[str, Any]:
    """The fields of `Brief.said` that the words change, as plain values for JSON; tuples as lists.

    Raises `UserError` where nothing can be understood, and for another style: that is what `restyle` does.
    """
    from grammy_desktop.assistant import read_prompt

    plain = _positive(_SAME.sub(" ", words))
    wishes: dict[str, Any] = {}
    if plain.strip():
        heard = read_prompt(plain, styles, style=brief.genre.value, duration=brief.duration.value)
        named = read_prompt(plain, styles)
        if named.genre.origin is Origin.SAID and named.genre.value != brief.genre.value:
            raise UserError(f"“{named.genre.value}” is another style; restyle the song to hear it in that style.")
        wishes = _said(heard, named, brief)
    _relative(words.lower(), brief, wishes)
    if not wishes:
        raise UserError(
            f"“{words}” says nothing that a song can be made to; try “darker”, “calmer”, “80 BPM” or “with strings”."
        )
    return {name: _plain(value) for name, value in wishes.items()}


def _positive(text: str) -> str:
    """'darker' -> 'dark', 'happier' -> 'happy', 'sadder' -> 'sad'; words that are no moods stay."""

    def stem(match: re.Match[str]) -> str:
        base = match[1].lower()
        for guess in (base + "y", base, base + "e", base[:-1]) if match[2] == "ier" else (base, base + "e", base[:-1]):
            if mood_of(guess) is not None:
                return guess
        return match[0]

    return _COMPARATIVE.sub(stem, re.sub(r"\bmore\b", " ", text, flags=re.IGNORECASE))


def _said(heard: Brief, named: Brief, brief: Brief) -> dict[str, Any]:
    wishes: dict[str, Any] = {}
    for name in _KEPT:
        choice: Choice[Any] = getattr(named if name == "duration" else heard, name)
        if choice.origin is Origin.SAID:
            wishes[name] = choice.value
    if "instruments" in wishes or "excluded" in wishes:
        wanted, unwanted = wishes.get("instruments", ()), wishes.get("excluded", ())
        wishes["instruments"] = _merged(brief.instruments.value, wanted, unwanted)
        wishes["excluded"] = _merged(brief.excluded.value, unwanted, wanted)
    if "mood" in wishes and "energy" not in wishes and heard.energy.value:
        wishes["energy"] = heard.energy.value
    if (
        "key" in wishes
        and wishes["key"].tonic != brief.key.value.tonic
        and not re.search(r"\b[A-Ga-g][#b♯♭]?\b", heard.prompt)
    ):
        # Only a mode was named: the tonic stays.
        wishes["key"] = type(brief.key.value)(brief.key.value.tonic, wishes["key"].mode)
    return wishes


def _merged(before: tuple[str, ...], more: tuple[str, ...], without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (*before, *more) if name not in without))


def _relative(text: str, brief: Brief, wishes: dict[str, Any]) -> None:
    """'Faster' and 'softer' count from what the song is."""
    for pattern, factor in _TEMPO.items():
        if re.search(pattern, text):
            wishes["tempo"] = float(round(brief.tempo.value * factor))
    for pattern, step in _ENERGY.items():
        if re.search(pattern, text):
            wishes["energy"] = round(min(1.0, max(-1.0, brief.energy.value + step)), 2)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, int | float | str | list) else str(value)
