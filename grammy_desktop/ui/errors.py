"""Turns the three kinds of error into a banner in place. Nobody else decides how an error looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from grammy_desktop.core.bug_report import bug_report_text
from grammy_desktop.core.errors import ErrorKind, GrammyError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton, Label, column, row

Action = tuple[str, Callable[[], object]]


@dataclass(frozen=True)
class ErrorLook:
    """`token` colours icon and border; `copy_report` offers our bug's report."""

    token: str
    icon: str
    message: str
    copy_report: bool


def look_of(error: BaseException) -> ErrorLook:
    """What an error looks like: yours to mend and the environment in `warn`, ours in `danger` with a report."""
    if isinstance(error, GrammyError) and error.kind is not ErrorKind.BUG:
        return ErrorLook("warn", "triangle-alert", error.message, False)
    text = error.message if isinstance(error, GrammyError) else "Something in Grammy broke."
    return ErrorLook("danger", "triangle-alert", f"{text} Your songs are safe.", True)


def show_error(
    theme: Theme,
    error: BaseException,
    paths: AppPaths,
    *,
    place: QVBoxLayout,
    at: int = 0,
    actions: Sequence[Action] = (),
) -> ErrorBanner:
    """Put a banner into `place`, instead of one that is already there."""
    for index in range(place.count()):
        item = place.itemAt(index)
        if item is not None and isinstance(old := item.widget(), ErrorBanner):
            old.dismiss()
    banner = ErrorBanner(theme, error, paths, actions=actions)
    place.insertWidget(at, banner)
    return banner


class ErrorBanner(QFrame):
    """One sentence, the buttons that mend, ×."""

    def __init__(
        self,
        theme: Theme,
        error: BaseException,
        paths: AppPaths,
        *,
        actions: Sequence[Action] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._error, self._paths = theme, error, paths
        self.look = look_of(error)
        self.setProperty("surface", "card")
        icon = Label(theme)
        icon.setPixmap(theme.pixmap(self.look.icon, 16, self.look.token, ratio=self.devicePixelRatioF()))
        self.message = Label(theme, self.look.message, "small", self.look.token)
        self.message.setWordWrap(True)
        close = IconButton(theme, "x", "Dismiss", side=24, icon_size=14)
        close.clicked.connect(self.dismiss)
        line = row(icon, spacing=10)
        line.addWidget(self.message, 1)
        line.addWidget(close)
        buttons = row(spacing=6)
        chosen = [*actions, *([("Copy report", self.copy_report)] if self.look.copy_report else [])]
        for text, run in chosen:
            button = Button(theme, text, kind="outline", size="card")
            button.clicked.connect(lambda _=False, call=run: call())
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = column(line, spacing=8, margins=(12, 8, 8, 8))
        if chosen:
            layout.addLayout(buttons)
        self.setLayout(layout)
        self.setAccessibleName(self.look.message)

    def copy_report(self) -> None:
        """The report goes to the clipboard; nothing is sent."""
        QApplication.clipboard().setText(bug_report_text(self._paths, self._error))

    def dismiss(self) -> None:
        self.hide()
        self.setParent(None)
        self.deleteLater()
