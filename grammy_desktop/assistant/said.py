"""Values found in a prompt with where they stood, and the sentences to tell when they contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Said(Generic[T]):
    """A value said at a character position."""

    at: int
    value: T


def last_said(found: Iterable[Said[T]], what: str, notes: list[str], *, text: Callable[[T], str] = str) -> T | None:
    """The value said last, or None. Where others were said before, a note tells so; `what` names the kind of value."""
    ordered = [entry.value for entry in sorted(found, key=lambda entry: entry.at)]
    if not ordered:
        return None
    others = [text(value) for value in dict.fromkeys(ordered) if value != ordered[-1]]
    if others:
        notes.append(
            f"You asked for {what} {' and '.join(others)} first; the later wish, {text(ordered[-1])}, was taken."
        )
    return ordered[-1]
