"""The thin bar under the lanes: where the view is in the song."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.editor.time_axis import TimeAxis
from grammy_desktop.ui.theme import Theme


class ViewBar(QWidget):
    def __init__(self, axis: TimeAxis, theme: Theme) -> None:
        super().__init__()
        self._axis, self._theme = axis, theme
        self._offset: float | None = None
        self.setFixedHeight(12)
        self.setAccessibleName("Scroll in time")
        axis.changed.connect(self.update)
        theme.changed.connect(self.update)

    def thumb(self) -> QRectF:
        frames = max(1.0, float(self._axis.frames))
        left = self._axis.start / frames * self.width()
        right = min(1.0, self._axis.end / frames) * self.width()
        return QRectF(left, 3, max(24.0, right - left), 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        if self._axis.end - self._axis.start >= self._axis.frames * 0.999:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("control_hover"))
        painter.drawRoundedRect(self.thumb(), 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        thumb, x = self.thumb(), event.position().x()
        self._offset = x - thumb.left() if thumb.left() <= x <= thumb.right() else thumb.width() / 2
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._offset is not None:
            self._axis.scroll_to((event.position().x() - self._offset) / max(1, self.width()) * self._axis.frames)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._offset = None
