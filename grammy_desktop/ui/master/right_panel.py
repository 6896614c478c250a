"""The right panel: listening, the assistant, targets, figures, services."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from grammy_desktop.mastering.platforms import PlatformTable as Table
from grammy_desktop.ui.master.findings_box import FindingsBox
from grammy_desktop.ui.master.listen_box import ListenBox
from grammy_desktop.ui.master.measured_table import MeasuredTable
from grammy_desktop.ui.master.platform_table_view import PlatformTable
from grammy_desktop.ui.master.targets_box import TargetsBox
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import column, hline


class MasterRight(QWidget):
    def __init__(self, theme: Theme, table: Table) -> None:
        super().__init__()
        self.listen = ListenBox(theme)
        self.findings = FindingsBox(theme)
        self.targets = TargetsBox(theme)
        self.measured = MeasuredTable(theme)
        self.platforms = PlatformTable(theme, table)
        body = QFrame()
        body.setProperty("surface", "clear")
        parts = (
            self.listen,
            hline(),
            self.targets,
            self.findings,
            hline(),
            self.measured,
            hline(),
            self.platforms,
            None,
        )
        body.setLayout(column(*parts, spacing=0))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        self.setLayout(column(self._scroll, spacing=0))

    def bring_into_view(self, part: QWidget) -> None:
        self._scroll.ensureWidgetVisible(part, 0, 12)
