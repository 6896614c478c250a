"""What the chips of a brief say, in order. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grammy_desktop.core.brief import Brief, Origin, form_moment
from grammy_desktop.core.styles import Style
from grammy_desktop.ui.formats import key_name, length, sentence, tempo_text


@dataclass(frozen=True)
class ChipText:
    """`field` is the brief's field; `item` the single mood, instrument or wish for the form."""

    field: str
    text: str
    origin: Origin
    item: str = ""


def chips_of(brief: Brief, styles: Mapping[str, Style]) -> list[ChipText]:
    """Order: genre, era, tempo, key, mood, energy, metre, swing, length, form, instruments, excluded, vocals.

    Era, energy and swing appear where the prompt or the user says something about them.
    """
    style = styles.get(brief.genre.value)
    genre = style.name if style is not None else sentence(brief.genre.value.replace("_", " "))
    chips = [
        ChipText("genre", genre, brief.genre.origin),
        *([ChipText("era", _ERAS.get(brief.era.value, brief.era.value), brief.era.origin)] if brief.era.value else []),
        ChipText("tempo", tempo_text(brief.tempo.value), brief.tempo.origin),
        ChipText("key", key_name(str(brief.key.value)), brief.key.origin),
        *(ChipText("mood", sentence(mood), brief.mood.origin, mood) for mood in brief.mood.value),
        *([ChipText("energy", energy_words(brief.energy.value), brief.energy.origin)] if _energy_told(brief) else []),
        ChipText("metre", brief.metre.value, brief.metre.origin),
        *(
            [ChipText("swing", swing_words(swing), brief.swing.origin)]
            if (swing := brief.swing.value) is not None
            else []
        ),
        ChipText("duration", length(brief.duration.value), brief.duration.origin),
        *(ChipText("form", form_words(wish), brief.form.origin, wish) for wish in brief.form.value),
        *(ChipText("instruments", sentence(n), brief.instruments.origin, n) for n in brief.instruments.value),
        *(ChipText("excluded", f"No {name}", brief.excluded.origin, name) for name in brief.excluded.value),
        ChipText("vocals", "Vocals" if brief.vocals.value else "No vocals", brief.vocals.origin),
    ]
    return chips


def remarks_of(brief: Brief) -> str:
    """What was adjusted and what was not understood, as one paragraph; empty where there is nothing to say."""
    unknown = [f"Not understood: {', '.join(brief.not_understood)}."] if brief.not_understood else []
    return " ".join([*brief.notes, *unknown])


def form_words(wish: str) -> str:
    """ "drop at 45" as “Drop at 0:45”."""
    moment = form_moment(wish)
    return f"{sentence(moment[0])} at {length(moment[1])}" if moment is not None else sentence(wish)


def energy_words(energy: float) -> str:
    """Of -1 to 1."""
    strength = "Much " if abs(energy) > 0.6 else "A little " if abs(energy) < 0.3 else ""
    return sentence(f"{strength}{'more' if energy > 0 else 'less'} energy".lower())


def swing_words(swing: float) -> str:
    return "Straight" if swing <= 50 else f"Swing {swing:.0f}\u00a0%"


_ERAS = {"modern": "Modern"}


def _energy_told(brief: Brief) -> bool:
    return brief.energy.origin is Origin.SAID and abs(brief.energy.value) >= 0.1
