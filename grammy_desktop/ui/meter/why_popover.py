"""Why: the figure, what it is held against, how it was found, and what it cannot know."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.formats import with_unit
from grammy_desktop.ui.meter.score_data import Insight
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Label, Popover, column

LIMIT = (
    "The figure is measured; whether it should be changed is a matter of taste, and this style's habits are not a rule."
)


class FigurePlot(QWidget):
    """Measured and reference as two marks on one scale."""

    def __init__(self, theme: Theme, value: float, reference: float, unit: str) -> None:
        super().__init__()
        self._theme, self._value, self._reference, self._unit = theme, value, reference, unit
        self.setFixedHeight(62)
        self.setAccessibleName(f"Measured {with_unit(value, unit)}, reference {with_unit(reference, unit)}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        box = QRectF(self.rect()).adjusted(0, 0, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("well"))
        painter.drawRoundedRect(box, 6, 6)
        values = (self._value, self._reference)
        span = max(abs(values[0] - values[1]) * 1.6, abs(values[1]) * 0.2, 1e-6)
        middle = sum(values) / 2
        y = box.center().y()
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.drawLine(QPointF(12, y), QPointF(box.right() - 12, y))
        for value, name, token, up in (
            (self._reference, "Reference", "text_2", False),
            (self._value, "Measured", "accent_text", True),
        ):
            x = 12 + (box.width() - 24) * (0.5 + (value - middle) / span / 2 * 1.4)
            x = min(box.right() - 14, max(14.0, x))
            painter.setPen(QPen(theme.color(token), 2))
            painter.drawLine(QPointF(x, y - 7), QPointF(x, y + 7))
            painter.setFont(font(theme, "caption"))
            align = Qt.AlignmentFlag.AlignRight if x > box.center().x() else Qt.AlignmentFlag.AlignLeft
            left = x - 150 if x > box.center().x() else x
            text_box = QRectF(left, y - 24 if up else y + 9, 150, 14)
            painter.drawText(text_box, align, f"{name} {with_unit(value, self._unit)}")


class WhyPopover(Popover):
    """320 wide; made anew for each insight."""

    def __init__(self, theme: Theme, window: QWidget, insight: Insight) -> None:
        super().__init__(theme, window, width=320)
        parts: list[QWidget] = [_wrapped(Label(theme, insight.text, "body_bold"))]
        if insight.detail:
            parts.append(_wrapped(Label(theme, insight.detail, "small", "text_2")))
        if insight.measured is not None:
            value, unit, reference, against = insight.measured
            parts.append(FigurePlot(theme, value, reference, unit))
            parts.append(_wrapped(Label(theme, f"Held against: {against}.", "small", "text_2")))
        parts.append(_wrapped(Label(theme, "Kind of evidence: measured on the file.", "small", "text_2")))
        if insight.source:
            parts.append(_wrapped(Label(theme, f"Rule: {insight.source}", "caption", "text_2")))
        parts.append(_wrapped(Label(theme, LIMIT, "caption", "text_3")))
        self.content.addLayout(column(*parts, spacing=8, margins=(16, 14, 16, 14)))


def _wrapped(label: Label) -> Label:
    label.setWordWrap(True)
    return label
