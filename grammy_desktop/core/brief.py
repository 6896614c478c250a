"""What a prompt asks for, and where each wish came from."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
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


@dataclass(frozen=True)
class Brief:
    """Everything a generator needs to know. `genre` is a style id; `tempo` in BPM; `duration` in seconds; `metre` '4/4'."""

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
    not_understood: tuple[str, ...] = ()

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
        values["origins"] = origins
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Brief:
        """The inverse of `to_json`."""
        choices: dict[str, Any] = {}
        for name in _CHOICES:
            value = values[name]
            if name == "key":
                value = Key.parse(value)
            elif isinstance(value, list):
                value = tuple(value)
            choices[name] = Choice(value, Origin(values["origins"][name]))
        return cls(prompt=values["prompt"], not_understood=tuple(values.get("not_understood", ())), **choices)


_CHOICES = tuple(f.name for f in fields(Brief) if f.name not in ("prompt", "not_understood"))
