"""A user's MIDI file as the idea of a song, and the brief that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.idea import Idea
from grammy_desktop.generation.midi_import import IdeaReport, brief_with_idea, import_idea


@dataclass(frozen=True)
class BriefedIdea:
    """What `compose(brief, ..., idea=idea)` is given."""

    idea: Idea
    brief: Brief
    report: IdeaReport


def idea_from_midi(path: Path, brief: Brief, *, metres: tuple[str, ...] = ()) -> BriefedIdea:
    """The idea of a MIDI file; its tempo, key and metre fill what the prompt did not say. metres: those of the style.

    Raises UserError naming the file and what to do.
    """
    imported = import_idea(path)
    return BriefedIdea(imported.idea, brief_with_idea(brief, imported, metres=metres), imported.report)
