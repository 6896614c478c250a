"""Prompt enhancement without a network: says what was understood, fills in what was not, and suggests what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grammy_desktop.assistant.read_prompt import Reading, understand
from grammy_desktop.core.brief import Brief, Origin
from grammy_desktop.core.styles import INSTRUMENTS, PartStyle, Style, mood_effect
from grammy_desktop.core.styles.instruments import OTHER_INSTRUMENTS

_HEARD = ("drums", "bass", "chords", "lead", "pad", "arp", "counter")


@dataclass(frozen=True)
class Enhancement:
    """A clearer prompt, the feeling it carries (valence -1..1, arousal 0..1) and what could still be said."""

    original_prompt: str
    enhanced_prompt: str
    sentiment: str
    valence: float
    arousal: float
    suggestions: tuple[str, ...]
    brief: Brief
    instruments: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The object that `grammy enhance` prints."""
        brief = self.brief
        return {
            "original_prompt": self.original_prompt,
            "enhanced_prompt": self.enhanced_prompt,
            "sentiment": self.sentiment,
            "valence": round(self.valence, 2),
            "arousal": round(self.arousal, 2),
            "suggestions": list(self.suggestions),
            "genre": brief.genre.value,
            "mood": list(brief.mood.value),
            "suggested_bpm": brief.tempo.value,
            "suggested_key": str(brief.key.value),
            "duration": brief.duration.value,
            "instruments": list(self.instruments),
            "notes": list(brief.notes),
            "brief": brief.to_json(),
        }


def enhance(prompt: str, styles: Mapping[str, Style]) -> Enhancement:
    """Enhance a prompt. Errors as in `read_prompt`."""
    reading = understand(prompt, styles)
    brief, style = reading.brief, reading.genre.style
    effect = mood_effect(brief.mood.value)
    instruments = _instruments(brief, style)
    return Enhancement(
        original_prompt=prompt,
        enhanced_prompt=_describe(brief, style, instruments),
        sentiment="positive" if effect.valence > 0.15 else "negative" if effect.valence < -0.15 else "neutral",
        valence=effect.valence,
        arousal=effect.arousal,
        suggestions=tuple(_suggest(reading)),
        brief=brief,
        instruments=instruments,
    )


def _instruments(brief: Brief, style: Style) -> tuple[str, ...]:
    """What will be heard: the wished first, then the style's own, without the excluded."""
    own = [_name_of(part) for part in style.parts if part.role in _HEARD and not part.optional and not part.doubles]
    if OTHER_INSTRUMENTS in brief.excluded.value:
        own = []
    names = dict.fromkeys(name for name in (*brief.instruments.value, *own) if name not in brief.excluded.value)
    return tuple(names)[:8]


def _name_of(part: PartStyle) -> str:
    """What a musician calls the part's instrument."""
    if part.role == "drums":
        return "drums"
    named = [instrument for instrument in INSTRUMENTS if instrument.sound == part.sound]
    if not named:
        return "bass" if part.role == "bass" else part.name.replace("_", " ")
    return next((instrument for instrument in named if instrument.role == part.role), named[0]).name


def _describe(brief: Brief, style: Style, instruments: tuple[str, ...]) -> str:
    moods = ", ".join(brief.mood.value[:3])
    name = f"{brief.era.value} {style.name}" if brief.era.value else style.name
    # The name first: 'soulful House' would be read as another genre.
    text = f"{name}, {moods}," if moods else name
    text = text[0].upper() + text[1:]
    text += f" at {brief.tempo.value:g} BPM in {brief.key.value}"
    if brief.metre.value != "4/4":
        text += f", {brief.metre.value}"
    text += f", {brief.duration.value:g} seconds"
    if instruments:
        text += f", with {', '.join(instruments[:5])}"
    text += ", with vocals" if brief.vocals.value else ", instrumental"
    if brief.form.value:
        text += f", {', '.join(brief.form.value)}"
    if brief.swing.value is not None:
        text += f", swing {brief.swing.value:g} %"
    if brief.excluded.value:
        text += f", no {', no '.join(brief.excluded.value)}"
    return f"{text}."


def _suggest(reading: Reading) -> list[str]:
    brief, genre = reading.brief, reading.genre
    hints: list[str] = []
    if genre.origin is Origin.DEFAULT:
        hints.append("Name a genre, such as lo-fi, house, pop, cinematic, bossa nova or indie rock.")
    if brief.mood.origin is not Origin.SAID:
        hints.append(f"Say how it should feel, such as {' or '.join(genre.style.moods[:3])}.")
    if brief.tempo.origin is not Origin.SAID:
        tempo = genre.style.tempo
        hints.append(f"Give a tempo; {genre.style.name} usually runs from {tempo.low:g} to {tempo.high:g} BPM.")
    if brief.key.origin is not Origin.SAID:
        hints.append(f"Give a key, such as {brief.key.value}.")
    if brief.instruments.origin is not Origin.SAID:
        hints.append("Name an instrument for the lead, such as piano, saxophone or flute.")
    if brief.duration.origin is Origin.DEFAULT:
        hints.append("Say how long it should be, such as 90 seconds.")
    if brief.not_understood:
        hints.append(f"Not understood: {', '.join(brief.not_understood)}.")
    return hints
