"""Fills a brief with what an idea says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grammy_desktop.core.brief import Brief, Choice, Origin
from grammy_desktop.generation.midi_import.report import ImportedIdea

_SLOWEST, _FASTEST = 20.0, 300.0
"""BPM that a song may have."""
_PLAYABLE = frozenset({"2/4", "3/4", "4/4", "6/8", "9/8", "12/8"})
"""Metres that every style can be played in."""


def brief_with_idea(
    brief: Brief, imported: ImportedIdea, *, metres: frozenset[str] | tuple[str, ...] = _PLAYABLE
) -> Brief:
    """Tempo, key and metre of the file where the prompt does not say others; notes tell the user what was done.

    metres: what the brief's style can be played in besides those that every style can.
    """
    idea = imported.idea
    changes: dict[str, Any] = {}
    notes = [f"“{idea.name}”: {sentence}" for sentence in imported.report.sentences]
    if idea.tempo is not None and _SLOWEST <= idea.tempo <= _FASTEST:
        notes += _fill(brief, "tempo", idea.tempo, changes, f"{idea.tempo:g} BPM")
    if idea.key is not None:
        notes += _fill(brief, "key", idea.key, changes, str(idea.key))
    if idea.metre is not None:
        metre = f"{idea.metre[0]}/{idea.metre[1]}"
        if metre in _PLAYABLE or metre in metres:
            notes += _fill(brief, "metre", metre, changes, metre)
        else:
            notes.append(f"“{idea.name}” is in {metre}, which this style cannot be played in.")
    return replace(brief, notes=(*brief.notes, *notes), **changes)


def _fill(brief: Brief, field: str, value: Any, changes: dict[str, Any], words: str) -> list[str]:
    """Takes the value where the prompt is silent; else says that the prompt's stays."""
    choice: Choice[Any] = getattr(brief, field)
    if choice.origin is not Origin.SAID:
        changes[field] = Choice(value, Origin.SAID)
        return []
    if choice.value == value:
        return []
    said = f"{choice.value:g} BPM" if field == "tempo" else str(choice.value)
    return [f"The prompt's {field} stays: {said} instead of the file's {words}."]
