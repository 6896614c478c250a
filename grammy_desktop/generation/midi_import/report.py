"""What was taken from a MIDI file and what was left, in sentences for the user."""

from __future__ import annotations

from dataclasses import dataclass

from grammy_desktop.core.idea import Idea


@dataclass(frozen=True)
class IdeaReport:
    """taken, left: sentences. key_is_said, tempo_is_said, metre_is_said: whether the file itself says so."""

    taken: tuple[str, ...]
    left: tuple[str, ...]
    key_is_said: bool
    tempo_is_said: bool
    metre_is_said: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*self.taken, *self.left)


@dataclass(frozen=True)
class ImportedIdea:
    """start: where in the file the idea begins, in quarter-note beats."""

    idea: Idea
    report: IdeaReport
    start: float = 0.0
