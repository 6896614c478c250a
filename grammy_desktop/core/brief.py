"""What a prompt asks for, and where each wish came from."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from grammy_desktop.core.music import Key

T = TypeVar("T")

MIN_DURATION, MAX_DURATION = 5.0, 600.0
"""Seconds a song may last."""

MAX_PROMPT = 2_000
"""Characters."""


class Origin(StrEnum):
    SAID = "said"
    INFERRED = "inferred"
    DEFAULT = "default"


@dataclass(frozen=True)
class Choice(Generic[T]):
    """A value with where it came from: said by the user, inferred from other words, or the default."""

    value: T
    origin: Origin


ERAS = ("", "60s", "70s", "80s", "90s", "2000s", "modern")
"""What `Brief.era` may be; "" where none was meant."""

FORM_WISHES = (
    "no intro", "short intro", "long intro", "no outro", "long outro",
    "no drop", "no chorus", "no break", "fade out", "cold end", "loop", "build",
)  # fmt: skip
"""The fixed part of the vocabulary of `Brief.form`."""

FORM_MOMENTS = ("drop", "chorus", "break")
"""Sections that may be wished at a moment: "drop at 45" in `Brief.form` wants the drop to begin at 45 seconds."""


def form_moment(wish: str) -> tuple[str, float] | None:
    """("drop", 45.0) of "drop at 45"; None for wishes without a moment."""
    name, _, seconds = wish.partition(" at ")
    return (name, float(seconds)) if name in FORM_MOMENTS and seconds else None


@dataclass(frozen=True)
class Brief:
    """Everything a generator needs to know.

    `genre` is a style id; `tempo` in BPM; `duration` in seconds; `metre` '4/4'. `form` holds wishes of `FORM_WISHES` and
    moments such as "drop at 45" (`form_moment`). `energy` runs from -1 (calmer than the style) to 1. `era` is one of `ERAS`.
    `swing` is the place of the second of a pair in per cent (50 straight, 66.7 triplet), None for the style's own.
    `notes` are sentences for the user: contradictions resolved, values adjusted and why.
    """

    prompt: str
    genre: Choice[str]
    mood: Choice[tuple[str, ...]]
    tempo: Choice[float]
    key: Choice[Key]
    metre: Choice[str]
    duration: Choice[float]
    instruments: Choice[tuple[str, ...]]
    excluded: Choice[tuple[str, ...]]
    vocals: Choice[bool]
    form: Choice[tuple[str, ...]] = field(default=Choice((), Origin.DEFAULT))
    energy: Choice[float] = field(default=Choice(0.0, Origin.DEFAULT))
    era: Choice[str] = field(default=Choice("", Origin.DEFAULT))
    swing: Choice[float | None] = field(default=Choice(None, Origin.DEFAULT))
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def said(self, **wishes: Any) -> Brief:
        """A copy in which the named fields hold the given values as said by the user."""
        changes: dict[str, Any] = {name: Choice(value, Origin.SAID) for name, value in wishes.items()}
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON; `origins` tells where each came from; `mode` repeats the key's mode."""
        values: dict[str, Any] = {"prompt": self.prompt}
        origins: dict[str, str] = {}
        for name in _CHOICES:
            choice: Choice[Any] = getattr(self, name)
            value = choice.value
            values[name] = str(value) if isinstance(value, Key) else list(value) if isinstance(value, tuple) else value
            origins[name] = choice.origin.value
        values["mode"] = self.key.value.mode
        values["not_understood"] = list(self.not_understood)
        values["notes"] = list(self.notes)
        values["origins"] = origins
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Brief:
        """The inverse of `to_json`. Fields that came later than the stored brief keep their defaults."""
        choices: dict[str, Any] = {}
        for name in _CHOICES:
            if name not in values and name in _LATER:
                continue
            value = values[name]
            if name == "key":
                value = Key.parse(value)
            elif isinstance(value, list):
                value = tuple(value)
            choices[name] = Choice(value, Origin(values["origins"].get(name, Origin.DEFAULT)))
        return cls(
            prompt=values["prompt"],
            not_understood=tuple(values.get("not_understood", ())),
            notes=tuple(values.get("notes", ())),
            **choices,
        )


_CHOICES = tuple(f.name for f in fields(Brief) if f.name not in ("prompt", "not_understood", "notes"))
_LATER = frozenset(f.name for f in fields(Brief) if f.default is not MISSING)
