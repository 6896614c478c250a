"""A tile that is dragged into a DAW: real files, prepared on press. Click or Ctrl+C copies them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy

from grammy_desktop.ui.theme import Theme


class DragTile(QAbstractButton):
    """`dragged` starts the drag; `copied` puts the files on the clipboard."""

    dragged = Signal()
    copied = Signal()

    def __init__(self, theme: Theme, icon: str, text: str) -> None:
        super().__init__()
        self._theme, self._icon = theme, icon
        self._pressed_at: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.set_text(text)
        self.clicked.connect(self.copied)
        theme.changed.connect(self.update)

    def set_text(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(f"{text}: drag to your DAW, or Ctrl+C to copy the file")
        self.setToolTip("Drag to your DAW, or click to copy the file")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self._theme.row(44))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        if start is None or not self.isEnabled():
            return
        if (event.position().toPoint() - start).manhattanLength() > QApplication.startDragDistance():
            self._pressed_at = None
            self.setDown(False)
            self.dragged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, ratio = self._theme, self.devicePixelRatioF()
        usable = self.isEnabled()
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("control" if self.underMouse() and usable else "raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        top = (self.height() - 16) // 2
        painter.drawPixmap(
            12, top, theme.pixmap("grip-vertical", 16, "text_3" if usable else "text_disabled", ratio=ratio)
        )
        painter.drawPixmap(34, top, theme.pixmap(self._icon, 16, "text" if usable else "text_disabled", ratio=ratio))
        painter.setFont(theme.font("small_medium"))
        painter.setPen(theme.color("text" if usable else "text_disabled"))
        painter.drawText(QRectF(58, 0, self.width() - 62, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
