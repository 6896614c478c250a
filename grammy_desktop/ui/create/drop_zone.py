"""The dashed place under the takes: what can be dropped, and a click to choose a file instead."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from grammy_desktop.ui.theme import Theme


class DropZone(QAbstractButton):
    """Dropping works everywhere in the window; this says so and opens the file dialog."""

    def __init__(
        self,
        theme: Theme,
        title: str = "Drop audio or MIDI",
        line: str = "Match it, restyle or import it",
        height: int = 72,
    ) -> None:
        super().__init__()
        self._theme, self._title, self._line, self._height = theme, title, line, height
        self.setAccessibleName(f"{title}. {line}")
        self.setToolTip("Drop a file anywhere in the window and choose there. Click: choose a file to import.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.row(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.setPen(QPen(theme.color("line_strong"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("raised") if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setFont(theme.font("small_medium"))
        width = painter.fontMetrics().horizontalAdvance(self._title) + 24
        left = (self.width() - width) / 2
        middle = self.height() / 2
        icon = theme.pixmap("file-headphone", 16, "text_2", ratio=self.devicePixelRatioF())
        painter.drawPixmap(round(left), round(middle - 18), icon)
        painter.setPen(theme.color("text_2"))
        painter.drawText(QRectF(left + 24, middle - 20, width, 20), Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text_3"))
        painter.drawText(QRectF(0, middle + 3, self.width(), 16), Qt.AlignmentFlag.AlignCenter, self._line)
