"""A box with a tick: a style sheet alone can only fill it, and colour alone says too little."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from grammy_desktop.ui.theme import Theme

TICK = 12


class CheckBox(QCheckBox):
    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text)
        self._theme = theme
        self.setFont(theme.font("body"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        tick = self._theme.pixmap("check", TICK, "on_accent", ratio=self.devicePixelRatioF())
        QPainter(self).drawPixmap(box.center() - QPoint(TICK // 2 - 1, TICK // 2 - 1), tick)
