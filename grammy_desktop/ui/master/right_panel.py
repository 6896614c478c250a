"""The right panel: listening, targets, figures, services."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from grammy_desktop.ui.master.listen_box import ListenBox
from grammy_desktop.ui.master.tables import MeasuredTable, PlatformTable
from grammy_desktop.ui.master.targets_box import TargetsBox
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import column, hline


class MasterRight(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.listen = ListenBox(theme)
        self.targets = TargetsBox(theme)
        self.measured = MeasuredTable(theme)
        self.platforms = PlatformTable(theme)
        body = QFrame()
        body.setProperty("surface", "clear")
        parts = (self.listen, hline(), self.targets, hline(), self.measured, hline(), self.platforms, None)
        body.setLayout(column(*parts, spacing=0))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self.setLayout(column(scroll, spacing=0))
