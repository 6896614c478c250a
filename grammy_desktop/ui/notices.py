"""The line above the transport where errors about the whole window stand; no height when there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from grammy_desktop.core.bug_report import bug_report_text
from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.errors import Action, ErrorBanner, show_error
from grammy_desktop.ui.theme import Theme


class Notices(QWidget):
    """At most one banner."""

    def __init__(self, theme: Theme, paths: AppPaths) -> None:
        super().__init__()
        self._theme, self._paths = theme, paths
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 0, 16, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @property
    def banner(self) -> ErrorBanner | None:
        for index in range(self._layout.count()):
            item = self._layout.itemAt(index)
            if item is not None and isinstance(widget := item.widget(), ErrorBanner):
                return widget
        return None

    def show_error(self, error: BaseException, *, actions: Sequence[Action] = ()) -> None:
        show_error(self._theme, error, self._paths, place=self._layout, actions=actions)

    def show_message(self, message: str, *, actions: Sequence[Action] = ()) -> None:
        """Trouble of the machine: no output, an unreadable file."""
        self.show_error(EnvironmentFailure(message), actions=actions)

    def clear(self) -> None:
        if self.banner is not None:
            self.banner.dismiss()

    def copy_report(self, error: object) -> None:
        if isinstance(error, BaseException):
            QApplication.clipboard().setText(bug_report_text(self._paths, error))
