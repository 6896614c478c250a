"""What a restyled song keeps of its source: form, tempo map, key, chords and melody, as musicians hand them to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.score_file import arrangement_from_json, arrangement_to_json
from grammy_desktop.core.song import Arrangement, Note

MELODY = "melody"
"""The name of a sheet's only part."""


@dataclass(frozen=True)
class LeadSheet:
    """`score` holds one part at most, the melody as written (straight, without feel); its last chord is the held ending.

    unsure: (start, end) in quarter notes of stretches whose melody is not to be trusted; the style writes its own there.
    mended: beats whose chord was smoothed to what stands around it. begins: seconds into the source at which the sheet begins.
    """

    score: Arrangement
    unsure: tuple[tuple[float, float], ...] = ()
    mended: int = 0
    begins: float = 0.0

    @property
    def melody(self) -> tuple[Note, ...]:
        return self.score.parts[0].notes if self.score.parts else ()

    @property
    def last_chord(self) -> float:
        """The beat from which the last chord is held."""
        return self.score.chords[-1].start

    @property
    def silent(self) -> tuple[tuple[float, float], ...]:
        """(start, end) in beats of stretches without a chord."""
        return tuple((c.start, c.start + c.length) for c in self.score.chords if c.symbol == NO_CHORD)

    def to_json(self) -> dict[str, Any]:
        """What a recipe keeps; `from_json` makes the same sheet of it."""
        values: dict[str, Any] = {"score": arrangement_to_json(self.score)}
        if self.unsure:
            values["unsure"] = [list(stretch) for stretch in self.unsure]
        if self.mended:
            values["mended"] = self.mended
        if self.begins:
            values["begins"] = round(self.begins, 6)
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LeadSheet:
        """Raises `UserError` for what is no sheet."""
        try:
            unsure = tuple((float(start), float(end)) for start, end in values.get("unsure", ()))
            score, begins = arrangement_from_json(values["score"]), float(values.get("begins", 0.0))
            return cls(score, unsure, int(values.get("mended", 0)), begins)
        except (KeyError, TypeError, ValueError, AttributeError, UserError) as error:
            raise UserError("What this song was restyled from is damaged; restyle its source again.") from error
