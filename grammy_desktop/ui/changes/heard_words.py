"""What was heard of the recording behind a restyled song, and how sure each thing is. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grammy_desktop.library import VersionRecord
from grammy_desktop.ui.formats import NBSP

SURE, FAIR = 0.9, 0.7
"""As in the sentences of `generation.composer.restyle.certainty`."""
IN_LINE = ("tempo", "key", "chords", "melody")
"""What the one line tells; the rest is in the popover."""


@dataclass(frozen=True)
class HeardThing:
    """what: 'Tempo'. value: '104.0 BPM'; '' of chords and melody. level: 'ok', 'text_2' or 'warn', a token."""

    what: str
    value: str
    sure: str
    level: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """source: what the recording is called. exact: read from a score of our own. kept: what was changed of it, in words."""

    source: str
    exact: bool
    things: tuple[HeardThing, ...]
    notes: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def line(self) -> str:
        """'tempo 104.0 BPM, sure; key A minor, 85 % sure; chords 66 % sure'."""
        if self.exact:
            return "Played from its own score: nothing was guessed"
        said = [thing for thing in self.things if thing.what.lower() in IN_LINE]
        words = "; ".join(f"{_about(thing)} {thing.sure}" for thing in said)
        return words[:1].upper() + words[1:]


def heard_of(versions: Iterable[VersionRecord]) -> Heard | None:
    """Of the first of these versions that was made of a recording; None where none was."""
    facts = next((version.details["restyle"] for version in versions if version.details.get("restyle")), None)
    return None if facts is None else read_facts(facts)


def read_facts(facts: dict[str, Any]) -> Heard:
    """From the JSON that a restyled song keeps."""
    changed = [
        words
        for name, words in (
            ("tempo", f"Tempo changed to {facts.get('tempo')} BPM"),
            ("key", f"Key changed to {facts.get('key')}"),
            ("melody", "The melody is a new one"),
        )
        if facts.get(name, "keep") != "keep"
    ]
    return Heard(
        source=str(facts.get("source", "")),
        exact=bool(facts.get("exact")),
        things=tuple(_thing(item) for item in facts.get("heard", ())),
        notes=tuple(str(note) for note in facts.get("notes", ())),
        changed=tuple(changed),
    )


def _thing(item: dict[str, Any]) -> HeardThing:
    share = float(item["probability"])
    sure = "sure" if share >= SURE else f"{round(100 * share)}{NBSP}% sure"
    level = "ok" if share >= SURE else "text_2" if share >= FAIR else "warn"
    others = tuple(str(value) for value, _ in item.get("alternatives", ()))
    return HeardThing(str(item["what"]).capitalize(), str(item.get("value", "")), sure, level, others)


def _about(thing: HeardThing) -> str:
    return f"{thing.what.lower()} {thing.value}," if thing.value else thing.what.lower()
