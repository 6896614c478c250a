"""The one question that is asked before something is done: closing the window ends the work that is running."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, column, row

WIDTH = 400


class QuitDialog(QDialog):
    """`exec()` is truthy for "Stop and quit"; Esc, the window's × and Enter keep working."""

    def __init__(self, theme: Theme, running: int, window: QWidget) -> None:
        super().__init__(window)
        one = running == 1
        self.setWindowTitle("Quit Grammy Desktop")
        self.setPalette(theme.palette())
        self.setFont(theme.font("body"))
        words = f"{running} job{' is' if one else 's are'} still running"
        self.setAccessibleName(words)
        note = Label(
            theme, f"Quitting stops {'it' if one else 'them'}; you can start again next time.", "body", "text_2"
        )
        note.setWordWrap(True)
        self.keep = Button(theme, "Keep working", kind="primary")
        self.stop = Button(theme, "Stop and quit", kind="outline")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self.reject)
        self.stop.clicked.connect(self.accept)
        buttons = row(None, self.stop, self.keep, spacing=8)
        self.setLayout(column(Label(theme, words, "title"), note, 12, buttons, spacing=6, margins=(24, 20, 24, 20)))
        self.setFixedWidth(theme.row(WIDTH))
