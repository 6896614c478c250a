"""One chip of the brief: filled dot = you said, ring = inferred, dashed outline = default."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from grammy_desktop.core.brief import Origin
from grammy_desktop.ui.theme import Theme

_ORIGIN_WORDS = {Origin.SAID: "you said", Origin.INFERRED: "inferred", Origin.DEFAULT: "default"}
_FLASH_MS = 240


class BriefChip(QAbstractButton):
    """26 px high. Click or Enter edits; Delete returns it to inferred."""

    forget = Signal()

    def __init__(self, theme: Theme, field: str, text: str, origin: Origin, *, tip: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.field, self.origin = field, origin
        self._flash = 0.0
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{field.capitalize()}: {text}, {_ORIGIN_WORDS[origin]}")
        how = (
            "Click to change, Delete to go back to what was inferred." if origin is Origin.SAID else "Click to change."
        )
        self.setToolTip(tip or f"{field.capitalize()} ({_ORIGIN_WORDS[origin]}). {how}")
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.OutQuad)
        self._animation.setStartValue(1.0)
        self._animation.setEndValue(0.0)
        self._animation.valueChanged.connect(self._set_flash)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font("small_medium"))
        mark = 0 if self.origin is Origin.DEFAULT else 14
        return QSize(metrics.horizontalAdvance(self.text()) + 18 + mark, self._theme.row(26))

    def flash(self) -> None:
        """Once, because a re-read changed it."""
        duration = self._theme.duration(_FLASH_MS)
        if duration:
            self._animation.setDuration(duration)
            self._animation.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.forget.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        theme = self._theme
        if self.origin is Origin.DEFAULT:
            painter.setPen(QPen(theme.color("line_strong"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(theme.color("control") if self.underMouse() else Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("control_hover" if self.underMouse() else "control"))
        painter.drawRoundedRect(box, 6, 6)
        if self._flash > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent", 0.45 * self._flash))
            painter.drawRoundedRect(box, 6, 6)
        left = 9.0
        if self.origin is not Origin.DEFAULT:
            paint_mark(painter, theme, left + 3, self.height() / 2, self.origin)
            left += 14
        painter.setFont(theme.font("small_medium"))
        painter.setPen(theme.color("text_2" if self.origin is Origin.DEFAULT else "text"))
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )

    def _set_flash(self, value: float) -> None:
        self._flash = float(value)
        self.update()


def paint_mark(painter: QPainter, theme: Theme, x: float, y: float, origin: Origin) -> None:
    """A filled dot (said), a ring (inferred), a dashed ring (default), 6 px."""
    colour = theme.color("accent_text" if origin is not Origin.DEFAULT else "text_3")
    box = QRectF(x - 2.75, y - 2.75, 5.5, 5.5)
    if origin is Origin.SAID:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(box)
        return
    style = Qt.PenStyle.SolidLine if origin is Origin.INFERRED else Qt.PenStyle.DotLine
    painter.setPen(QPen(colour, 1.4, style))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(0.3, 0.3, -0.3, -0.3))
