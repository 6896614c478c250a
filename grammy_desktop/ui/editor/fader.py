"""A lane's small fader: −60 to +6 dB, drawn as a 4 px track with a round grip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.theme import Theme

LOWEST, HIGHEST = -60.0, 6.0
BEND = 2.2
"""Exponent of the travel: 0 dB lies at 80 % of the way, as on a console."""

ARROWS: dict[int, float] = {Qt.Key.Key_Left: -0.5, Qt.Key.Key_Down: -0.5, Qt.Key.Key_Right: 0.5, Qt.Key.Key_Up: 0.5}
"""dB a key press."""


def position_of(db: float) -> float:
    """0..1 along the travel."""
    return float(((min(HIGHEST, max(LOWEST, db)) - LOWEST) / (HIGHEST - LOWEST)) ** BEND)


def db_at(position: float) -> float:
    return float(LOWEST + (HIGHEST - LOWEST) * min(1.0, max(0.0, position)) ** (1 / BEND))


def db_text(db: float) -> str:
    """'−1.5', '+0.5', '0.0' with a true minus; the bottom is '−∞'."""
    if db <= LOWEST:
        return "−∞"
    text = f"{abs(db):.1f}"
    return text if text == "0.0" else ("−" if db < 0 else "+") + text


class Fader(QWidget):
    """Drag, wheel or arrow keys; double-click resets to 0 dB."""

    moved = Signal(float)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme, self.db = theme, 0.0
        self.setFixedHeight(24)
        self.setMinimumWidth(28)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{name} level")
        self.setToolTip("Level. Double-click: 0 dB.")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(42, 24)

    def set_db(self, db: float) -> None:
        self.db = db
        self.setAccessibleDescription(f"{db_text(db)} dB")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        travel = self.width() - 12
        x = 6 + travel * position_of(self.db)
        middle = self.height() / 2
        painter.setBrush(self.theme.color("control_hover"))
        painter.drawRoundedRect(QRectF(3, middle - 1.5, self.width() - 6, 3), 1.5, 1.5)
        painter.setBrush(self.theme.color("text_3"))
        painter.drawRoundedRect(QRectF(3, middle - 1.5, x - 3, 3), 1.5, 1.5)
        painter.setBrush(self.theme.color("text"))
        painter.drawEllipse(QRectF(x - 5, middle - 5, 10, 10))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._take(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._take(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._move(0.0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._move(self.db + (0.5 if event.angleDelta().y() > 0 else -0.5))
        event.accept()

    def event(self, event: QEvent) -> bool:
        # The editor's own arrow keys must not take those that are meant for a focused fader.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in ARROWS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        self._move(self.db + step)

    def _take(self, event: QMouseEvent) -> None:
        db = db_at((event.position().x() - 6) / max(1, self.width() - 12))
        self._move(0.0 if abs(db) < 0.4 else db)

    def _move(self, db: float) -> None:
        self.set_db(round(min(HIGHEST, max(LOWEST, db)), 1))
        self.moved.emit(self.db)
