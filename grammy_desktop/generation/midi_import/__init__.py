"""MIDI import: a user's own melody and chords become the idea that a song is made of."""

from grammy_desktop.generation.midi_import.brief_of import brief_with_idea
from grammy_desktop.generation.midi_import.idea_of_file import import_idea, read_idea
from grammy_desktop.generation.midi_import.report import IdeaReport, ImportedIdea

__all__ = ["IdeaReport", "ImportedIdea", "brief_with_idea", "import_idea", "read_idea"]
