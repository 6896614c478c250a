"""What the columns of a track take from a brief and from a finished version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grammy_desktop.core.song import Licence
from grammy_desktop.library.records import NewTrack, NewVersion

_FROM_DETAILS = ("duration", "tempo", "key", "metre")
_FROM_BRIEF = ("genre", "mood", "duration", "tempo", "key", "metre")


def mood_text(mood: Any) -> str:
    """A brief holds moods as a list; a row shows them as words."""
    if mood is None:
        return ""
    return mood if isinstance(mood, str) else ", ".join(str(word) for word in mood)


def pending_track(
    title: str, prompt: str, brief: dict[str, Any], engine: str, seed: int | None, licence: Licence, style: str | None
) -> NewTrack:
    """The row of a song that is about to be made; figures are the brief's wishes until the song exists."""
    return NewTrack(
        title=title,
        licence=licence,
        genre=style or brief.get("genre") or "",
        mood=mood_text(brief.get("mood")),
        tempo=brief.get("tempo"),
        key=brief.get("key"),
        metre=brief.get("metre"),
        duration=brief.get("duration"),
        engine=engine,
        seed=seed,
        prompt=prompt,
        brief=brief,
    )


def finished_facts(version: NewVersion, recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that the finished song decides: the recipe's brief, then what the version's details say was really made."""
    brief = recipe.get("brief") or {}
    facts = {name: brief[name] for name in _FROM_BRIEF if brief.get(name) is not None}
    if "mood" in facts:
        facts["mood"] = mood_text(facts["mood"])
    if isinstance(recipe.get("seed"), int):
        facts["seed"] = recipe["seed"]
    if recipe.get("engine"):
        facts["engine"] = recipe["engine"]
    licence = recipe.get("licence") or {}
    if {"id", "sellable", "reason"} <= set(licence):
        facts |= {"licence_id": licence["id"], "sellable": licence["sellable"], "licence_reason": licence["reason"]}
    facts |= {name: version.details[name] for name in _FROM_DETAILS if version.details.get(name) is not None}
    return facts
