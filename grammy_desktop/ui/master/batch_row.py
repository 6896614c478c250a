"""A file of the batch: its name, how far it is, and how it ended."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFrame

from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobSnapshot
from grammy_desktop.ui.jobs_tray import ProgressLine
from grammy_desktop.ui.stages import stage_words
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import ElidedLabel, Label, column, row


class BatchRow(QFrame):
    def __init__(self, theme: Theme, path: Path) -> None:
        super().__init__()
        self._theme, self.path = theme, path
        self.job: str | None = None
        self.state: JobState | None = None
        self.setProperty("surface", "card")
        self._icon = Label(theme)
        name = ElidedLabel(theme, path.name, "small_medium")
        self.words = Label(theme, "", "small", "text_2")
        self._line = ProgressLine(theme)
        self._line.hide()
        self.problem = Label(theme, "", "small", "warn")
        self.problem.setWordWrap(True)
        self.problem.hide()
        head = row(self._icon, name, self.words, spacing=8)
        head.setStretchFactor(name, 1)
        self.setLayout(column(head, self._line, self.problem, spacing=4, margins=(10, 7, 10, 7)))
        self._mark("file-audio", "text_2")
        self._say("")

    @property
    def ended(self) -> bool:
        return self.state is not None and self.state.ended

    def show_snapshot(self, snapshot: JobSnapshot) -> None:
        self.state = snapshot.state
        running = not snapshot.state.ended and snapshot.started is not None
        self._line.setVisible(running)
        self._line.set_fraction(snapshot.fraction)
        if not snapshot.state.ended:
            self._say(
                f"{stage_words(snapshot.stage)} · {round(snapshot.fraction * 100)}\u00a0%" if running else "Waiting"
            )
        elif snapshot.state is JobState.DONE:
            self._mark("check", "ok")
            self._say("Done")
        elif snapshot.state is JobState.CANCELLED:
            self._mark("x", "text_2")
            self._say("Stopped")
        else:
            self.show_problem(snapshot.message or "It could not be mastered.")

    def show_result(self, words: str) -> None:
        self._say(words)

    def show_problem(self, sentence: str) -> None:
        """Why this one has no master."""
        self.state = JobState.FAILED
        self._mark("triangle-alert", "warn")
        self._say("")
        self.problem.setText(sentence)
        self.problem.show()
        self.setAccessibleName(f"{self.path.name}: {sentence}")

    def _mark(self, icon: str, token: str) -> None:
        self._icon.setPixmap(self._theme.pixmap(icon, 14, token, ratio=self.devicePixelRatioF()))

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.setAccessibleName(f"{self.path.name}: {words}" if words else self.path.name)
