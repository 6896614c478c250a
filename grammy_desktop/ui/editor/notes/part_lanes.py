"""From a score to lanes: parts grouped by the stem that they are heard in. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from grammy_desktop.core.edits import EditList
from grammy_desktop.core.song import Arrangement
from grammy_desktop.ui.editor.notes.note_data import PartNotes, moved_notes, part_notes
from grammy_desktop.ui.editor.notes.sound_names import part_name, plain_name
from grammy_desktop.ui.editor.scene import Lane, stem_token

STEM_ORDER = ("drums", "bass", "keys", "melody", "voice", "other")
PART = "part:"
"""What a part's lane id begins with."""


class PartLanes:
    """Keeps the arrays of the last score, so that what changes beside the notes costs nothing."""

    def __init__(self) -> None:
        self._score: Arrangement | None = None
        self._edits: tuple[EditList, ...] = ()
        self._rate = 0
        self._notes: dict[str, PartNotes] = {}

    def lanes(self, score: Arrangement, rate: int, edits: Sequence[EditList]) -> tuple[Lane, ...]:
        """One lane a part, as it is heard after `edits` (oldest first)."""
        if score is not self._score or tuple(edits) != self._edits or rate != self._rate:
            self._notes = {part.name: moved_notes(part_notes(part, score, rate), edits) for part in score.parts}
            self._score, self._edits, self._rate = score, tuple(edits), rate
        stems = list(dict.fromkeys(part.stem for part in score.parts))
        order = sorted(score.parts, key=lambda part: (stem_rank(part.stem), stems.index(part.stem)))
        made: list[Lane] = []
        for part in order:
            others = tuple(part_name(o.name) for o in score.parts if o.stem == part.stem and o.name != part.name)
            sound = plain_name(part.sound)
            name, token = part_name(part.name), stem_token(part.stem)
            made.append(
                Lane(
                    PART + part.name,
                    name,
                    token,
                    (sound,) if sound else (),
                    notes=self._notes[part.name],
                    part=part.name,
                    stem=part.stem,
                    joined=bool(made) and made[-1].stem == part.stem,
                    shared_with=others,
                )
            )
        return tuple(made)


def stem_rank(stem: str) -> int:
    """Drums first, what has no colour of its own last."""
    return STEM_ORDER.index(stem_token(stem).removeprefix("stem_"))
