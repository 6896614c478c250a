"""What a user changed of a song after it was made: kept with its recipe, so that every revised song can be made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from grammy_desktop.core.errors import UserError


class Change(StrEnum):
    PART = "part"
    SECTION = "section"
    CHORD = "chord"
    CHORDS = "chords"
    SOUND = "sound"
    ADD = "add"
    REMOVE = "remove"
    MUTE = "mute"
    RESIZE = "resize"
    VARY = "vary"
    LOOP = "loop"


@dataclass(frozen=True)
class Revision:
    """One change. Which fields count follows from `kind`:

    part: `part` played anew with `seed`. section: section number `index` written anew with `seed`. chord: chord number `index`
    exchanged for another that fits. chords: `chords` by their numbers, as text. sound: `part` sounded by `sound`. add: the
    instrument `part` joins. remove: `part` leaves. mute: the `stems` that are not heard (none: all are heard again).
    resize: to `seconds`. vary: as `words` ask; `wishes` are the fields of the brief that they change, as JSON. loop: `bars` bars
    from the start of section `index` (None: of the song; 0 bars: all of it).

    Numbers count from 0 in the song as it was when the revision was made.
    """

    kind: Change
    part: str = ""
    sound: str = ""
    index: int | None = None
    seed: int = 0
    chords: Mapping[int, str] = field(default_factory=dict)
    stems: tuple[str, ...] = ()
    seconds: float = 0.0
    words: str = ""
    wishes: Mapping[str, Any] = field(default_factory=dict)
    bars: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything is mixed anew; otherwise stems that it does not touch stay as they are, byte by byte."""
        return self.kind in (Change.RESIZE, Change.VARY, Change.LOOP)

    def to_json(self) -> dict[str, Any]:
        values: dict[str, Any] = {"kind": self.kind.value}
        for name in ("part", "sound", "index", "seed", "seconds", "words", "bars"):
            value = getattr(self, name)
            if value not in ("", None) and (value != 0 or name == "index"):
                values[name] = value
        if self.chords:
            values["chords"] = {str(index): text for index, text in self.chords.items()}
        if self.wishes:
            values["wishes"] = dict(self.wishes)
        if self.stems or self.kind is Change.MUTE:
            values["stems"] = list(self.stems)
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Revision:
        """Raises `UserError` for a change that this version does not know."""
        try:
            kind = Change(values["kind"])
        except (KeyError, ValueError):
            raise UserError("This song was changed by a newer Grammy Desktop; update to change it further.") from None
        plain = {
            name: values[name]
            for name in ("part", "sound", "index", "seed", "seconds", "words", "bars")
            if name in values
        }
        chords = {int(index): str(text) for index, text in values.get("chords", {}).items()}
        wishes = dict(values.get("wishes", {}))
        return cls(kind, chords=chords, stems=tuple(values.get("stems", ())), wishes=wishes, **plain)

    def __str__(self) -> str:
        """What it is called in a list of takes."""
        number = "" if self.index is None else f" {self.index + 1}"
        match self.kind:
            case Change.PART:
                return f"New {self.part}"
            case Change.SECTION:
                return f"New section{number}"
            case Change.CHORD:
                return f"Other chord{number}"
            case Change.CHORDS:
                return "Chords " + ", ".join(f"{index + 1}: {text}" for index, text in sorted(self.chords.items()))
            case Change.SOUND:
                return f"{self.part}: {self.sound}"
            case Change.ADD:
                return f"With {self.part}"
            case Change.REMOVE:
                return f"Without {self.part}"
            case Change.MUTE:
                return f"Without {', '.join(self.stems)}" if self.stems else "All stems"
            case Change.RESIZE:
                return f"{self.seconds:g} seconds"
            case Change.VARY:
                return self.words.strip().capitalize()
            case Change.LOOP:
                bars = f", {self.bars} bars" if self.bars else ""
                return f"Loop{f' of section{number}' if number else ''}{bars}"


def revisions_of(parameters: Mapping[str, Any]) -> tuple[Revision, ...]:
    """Those of `Recipe.parameters`, in the order in which they were made."""
    return tuple(Revision.from_json(values) for values in parameters.get("revisions", ()))


def with_revisions(parameters: Mapping[str, Any], revisions: Sequence[Revision]) -> dict[str, Any]:
    """The parameters of a recipe with these revisions in place of its own."""
    kept = {name: value for name, value in parameters.items() if name != "revisions"}
    return {**kept, "revisions": [revision.to_json() for revision in revisions]} if revisions else kept


def counted(number: int, what: str) -> str:
    """'1 section', '4 sections'."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
