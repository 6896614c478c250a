"""What the chips of a brief say, in order. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grammy_desktop.core.brief import Brief, Origin
from grammy_desktop.core.styles import Style
from grammy_desktop.ui.formats import key_name, length, sentence, tempo_text


@dataclass(frozen=True)
class ChipText:
    """`field` is the brief's field; `item` the single mood or instrument."""

    field: str
    text: str
    origin: Origin
    item: str = ""


def chips_of(brief: Brief, styles: Mapping[str, Style]) -> list[ChipText]:
    """Order: genre, tempo, key, mood, metre, length, instruments, excluded, vocals."""
    style = styles.get(brief.genre.value)
    genre = style.name if style is not None else sentence(brief.genre.value.replace("_", " "))
    chips = [
        ChipText("genre", genre, brief.genre.origin),
        ChipText("tempo", tempo_text(brief.tempo.value), brief.tempo.origin),
        ChipText("key", key_name(str(brief.key.value)), brief.key.origin),
        *(ChipText("mood", sentence(mood), brief.mood.origin, mood) for mood in brief.mood.value),
        ChipText("metre", brief.metre.value, brief.metre.origin),
        ChipText("duration", length(brief.duration.value), brief.duration.origin),
        *(ChipText("instruments", sentence(n), brief.instruments.origin, n) for n in brief.instruments.value),
        *(ChipText("excluded", f"No {name}", brief.excluded.origin, name) for name in brief.excluded.value),
        ChipText("vocals", "Vocals" if brief.vocals.value else "No vocals", brief.vocals.origin),
    ]
    return chips
