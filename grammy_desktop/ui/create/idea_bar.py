"""The user's own MIDI file on the Create page: what of it the song will be made of, and a way to leave it out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from grammy_desktop.core.brief import Brief
from grammy_desktop.generation.midi_import import ImportedIdea
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import ElidedLabel, IconButton, Label, column, row

SUFFIXES = (".mid", ".midi")


class IdeaBar(QFrame):
    """Shown while there is an idea."""

    removed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._icon = Label(theme)
        self._icon.setPixmap(theme.pixmap("file-music", 16, "accent_text", ratio=self.devicePixelRatioF()))
        self.name = ElidedLabel(theme, "", "small_medium")
        self.words = ElidedLabel(theme, "", "caption", "text_2")
        self.remove = IconButton(theme, "x", "Leave the idea out", side=24, icon_size=14)
        self.remove.clicked.connect(self.removed)
        layout = row(self._icon, spacing=8, margins=(10, 6, 6, 6))
        layout.addLayout(column(self.name, self.words, spacing=0), 1)
        layout.addWidget(self.remove)
        self.setLayout(layout)
        self.hide()

    def show_idea(self, imported: ImportedIdea | None) -> None:
        """None: there is no idea (any more)."""
        self.setVisible(imported is not None)
        if imported is None:
            return
        idea = imported.idea
        parts = [words for words, there in (("hook", idea.hook), ("chords", idea.chords)) if there]
        self.name.setText(f"Your idea: {idea.name}")
        self.words.setText(f"Its {' and '.join(parts)}, in the prompt's style")
        self.setAccessibleName(f"{self.name.text()}. {self.words.text()}")
        self.setToolTip("\n".join(imported.report.sentences))


def without_report(brief: Brief, imported: ImportedIdea | None) -> Brief:
    """The brief without what the idea's own tooltip tells."""
    if imported is None:
        return brief
    told = {f"“{imported.idea.name}”: {sentence}" for sentence in imported.report.sentences}
    return replace(brief, notes=tuple(note for note in brief.notes if note not in told))


def midi_of(paths: list[Path]) -> Path | None:
    """The MIDI file among what was dropped, where that is all that was."""
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in SUFFIXES else None
