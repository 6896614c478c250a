"""The keys A, B and X: a letter, and what it stands for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from grammy_desktop.ui.editor.paint import draw_icon, font
from grammy_desktop.ui.theme import Theme

HEIGHT = 52


class BigKey(QAbstractButton):
    """52 px; brass while it is heard. With `choosable` a chevron at the right opens the list of versions."""

    menu_wanted = Signal()

    def __init__(self, theme: Theme, letter: str, words: str, *, tip: str = "", choosable: bool = False) -> None:
        super().__init__()
        self._theme, self._words, self._tip = theme, words, tip
        self._choosable = choosable
        self.setText(letter)
        self.setCheckable(True)
        self.setFixedHeight(theme.row(HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_words(words)
        theme.changed.connect(self._restyle)

    @property
    def words(self) -> str:
        return self._words

    def set_words(self, words: str, tip: str = "") -> None:
        """`tip`: the long name."""
        self._words = words
        self.setAccessibleName(f"{self.text()}: {words}")
        self.setToolTip("\n".join(part for part in (f"{tip or words}  {self.text()}", self._tip) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(90, self._theme.row(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._theme.row(HEIGHT))

    def chevron_rect(self) -> QRectF:
        """24 x 24, at the upper right."""
        return QRectF(self.width() - 26, 2, 24, 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._choosable and self.chevron_rect().contains(event.position()):
            self.menu_wanted.emit()
            event.accept()
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._choosable:
            self.menu_wanted.emit()
        event.setAccepted(self._choosable)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, on, able = self._theme, self.isChecked(), self.isEnabled()
        surface = "accent" if on else "control_hover" if self.underMouse() and able else "control"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(surface))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        ink = "on_accent" if on else "text" if able else "text_disabled"
        painter.setPen(theme.color(ink))
        middle = self.height() / 2
        painter.setFont(font(theme, "title_large"))
        painter.drawText(QRectF(0, middle - 19, self.width(), 22), Qt.AlignmentFlag.AlignCenter, self.text())
        small = font(theme, "small_medium")
        painter.setFont(small)
        words = QFontMetricsF(small).elidedText(self._words, Qt.TextElideMode.ElideRight, self.width() - 8)
        painter.drawText(QRectF(0, middle + 3, self.width(), 16), Qt.AlignmentFlag.AlignCenter, words)
        if self._choosable:
            draw_icon(painter, theme, "chevron-down", QRectF(self.width() - 20, 7, 12, 12), ink)

    def _restyle(self) -> None:
        self.setFixedHeight(self._theme.row(HEIGHT))
        self.update()
