"""How sure each thing is that was heard of a recording: a row for each, and what else it may be."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from grammy_desktop.ui.changes.heard_words import Heard
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Label, Popover, column

WIDTH = 348
ESTIMATE = "The figures are estimates. Where one is low, listen before you rely on it."
OWN_SCORE = "Tempo, chords and melody are the song's own, read from its score: nothing was guessed."


class HeardPopover(Popover):
    """Made anew each time."""

    def __init__(self, theme: Theme, window: QWidget, heard: Heard) -> None:
        super().__init__(theme, window, width=WIDTH)
        self.setAccessibleName(f"Restyled from {heard.source}")
        parts: list[QWidget | QGridLayout] = [self._text(f"Restyled from “{heard.source}”", "body_bold", "text")]
        if heard.exact:
            parts.append(self._text(OWN_SCORE, "small", "text_2"))
        else:
            parts.append(self._rows(heard))
        parts += [self._text(f"{words}.", "small", "text_2") for words in heard.changed]
        parts += [self._text(note, "small", "text_2") for note in heard.notes]
        if not heard.exact:
            parts.append(self._text(ESTIMATE, "caption", "text_3"))
        self.content.addLayout(column(*parts, spacing=8, margins=(16, 14, 16, 14)))
        self.closed.connect(self.deleteLater)

    def _rows(self, heard: Heard) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        line = 0
        for thing in heard.things:
            sure = Label(self._theme, thing.sure[:1].upper() + thing.sure[1:], "small_medium", thing.level)
            sure.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Label(self._theme, thing.what, "small", "text_2"), line, 0)
            grid.addWidget(Label(self._theme, thing.value, "small_medium"), line, 1)
            grid.addWidget(sure, line, 2)
            line += 1
            if thing.alternatives:
                others = Label(self._theme, f"or {', '.join(thing.alternatives)}", "caption", "text_3")
                grid.addWidget(others, line, 1, 1, 2)
                line += 1
        return grid

    def _text(self, words: str, role: str, token: str) -> Label:
        label = Label(self._theme, words, role, token)
        label.setWordWrap(True)
        label.setMinimumHeight(label.heightForWidth(WIDTH - 32))
        return label
