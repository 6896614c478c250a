"""A floating panel with a painted shadow, inside its window: closes on Esc or a click outside, and gives focus back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from grammy_desktop.ui.theme import Theme

SHADOW = 24
"""Pixels around the panel for the shadow; it may not reach further."""


class Popover(QWidget):
    """Put content into `content` (a QVBoxLayout); `open_at` shows it under an anchor."""

    closed = Signal()

    def __init__(self, theme: Theme, window: QWidget, *, width: int, radius: int = 10) -> None:
        super().__init__(window)
        self._theme = theme
        self._radius = radius
        self._anchor: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(width + 2 * SHADOW)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW)
        self.content.setSpacing(0)
        self.hide()
        theme.changed.connect(self.update)

    def open_at(self, anchor: QWidget, *, align: str = "left") -> None:
        """Show below `anchor` (above when there is no room), its left or right edge on the anchor's."""
        self._anchor = anchor
        window = self.window()
        self.adjustSize()
        top_left = anchor.mapTo(window, QPoint(0, 0))
        x = top_left.x() - SHADOW
        if align == "right":
            x = top_left.x() + anchor.width() - self.width() + SHADOW
        x = max(8 - SHADOW, min(x, window.width() - self.width() + SHADOW - 8))
        y = top_left.y() + anchor.height() + 6 - SHADOW
        if y + self.height() - SHADOW > window.height():
            y = max(8 - SHADOW, top_left.y() - self.height() + SHADOW - 6)
        self.move(x, y)
        self.show()
        self.raise_()
        window.installEventFilter(self)
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_popover(self) -> None:
        if not self.isVisible():
            return
        self.window().removeEventFilter(self)
        self.hide()
        if self._anchor is not None:
            self._anchor.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def panel_rect(self) -> QRect:
        return self.rect().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self.close_popover()
        if event.type() == QEvent.Type.MouseButtonPress:
            self.close_popover()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel_rect().contains(event.position().toPoint()):
            self.close_popover()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_popover()
            event.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_shadow(painter, QRectF(self.panel_rect()), self._radius, 0.5 if self._theme.is_dark else 0.18)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.panel_rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._radius, self._radius)
        painter.fillPath(path, self._theme.color("raised"))
        painter.setPen(QPen(self._theme.color("line_strong" if self._theme.is_dark else "line"), 1))
        painter.drawPath(path)


def paint_shadow(painter: QPainter, rect: QRectF, radius: float, strength: float) -> None:
    """A soft shadow as stacked rounded rectangles; no blur is needed for 24 px."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    steps = 12
    for step in range(steps):
        spread = SHADOW * (1 - step / steps)
        painter.setBrush(QColor(0, 0, 0, round(255 * strength * 0.16 * ((step + 1) / steps) ** 2)))
        grown = rect.adjusted(-spread, -spread + 8, spread, spread * 0.7 + 4)
        painter.drawRoundedRect(grown, radius + spread, radius + spread)
    painter.restore()
