"""One category: name, kind of evidence, value and band, over a bar with a tick at 50."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from grammy_desktop.ui.editor.paint import faded, font
from grammy_desktop.ui.meter.score_data import APPEAL_TIP, TYPICAL, Category
from grammy_desktop.ui.theme import Theme


class CategoryBar(QWidget):
    def __init__(self, theme: Theme, category: Category) -> None:
        super().__init__()
        self._theme = theme
        self.category = category
        self.faded = False
        self.setFixedHeight(theme.row(31))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self.set_category(category)

    def sizeHint(self) -> QSize:
        return QSize(240, self._theme.row(31))

    def _restyle(self) -> None:
        self.setFixedHeight(self._theme.row(31))
        self.update()

    def set_category(self, category: Category, *, stale: bool = False) -> None:
        self.category, self.faded = category, stale
        value = "not measured" if category.value is None else f"{round(category.value)} of 100"
        band = f", plus or minus {round(category.band)}" if category.value is not None and category.band else ""
        self.setAccessibleName(f"{category.title} {value}{band}, {category.kind}")
        lines = [APPEAL_TIP] if category.id == "commercial_appeal" else []
        lines += [line for line in (category.evidence, *category.reasons) if line]
        self.setToolTip("\n".join(lines))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.5 if self.faded else 1.0)
        theme, category = self._theme, self.category
        title = font(theme, "body_medium")
        painter.setFont(title)
        painter.setPen(theme.color("text"))
        base, line = float(theme.row(14)), float(theme.row(18))
        painter.drawText(QPointF(0, base), category.title)
        painter.setPen(theme.color("text_3"))
        x = QFontMetricsF(title).horizontalAdvance(category.title) + 5
        right = float(self.width() - theme.row(32))
        room = right - x - theme.row(14)
        small = font(theme, "small")
        if QFontMetricsF(small).horizontalAdvance(category.kind) > room:
            small = font(theme, "caption")
        painter.setFont(small)
        kind = QFontMetricsF(small).elidedText(category.kind, Qt.TextElideMode.ElideRight, room + 4)
        painter.drawText(QPointF(x, base), kind)
        top = self.height() - 10.0
        self._paint_track(painter, top)
        if category.value is None:
            self._text(painter, QRectF(0, 0, self.width(), line), "—", "text_3", "body_medium")
            return
        self._text(painter, QRectF(0, 0, right + 6, line), str(round(category.value)), "text", "body_bold")
        self._text(painter, QRectF(0, 0, self.width(), line), f"±{round(category.band)}", "text_3", "small")
        self._paint_value(painter, category.value, top)

    def _text(self, painter: QPainter, box: QRectF, text: str, token: str, role: str) -> None:
        painter.setFont(font(self._theme, role))
        painter.setPen(self._theme.color(token))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_track(self, painter: QPainter, top: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("control"))
        painter.drawRoundedRect(QRectF(0, top, self.width(), 6), 3, 3)

    def _paint_value(self, painter: QPainter, value: float, top: float) -> None:
        theme, width = self._theme, float(self.width())
        at = value / 100 * width
        low = max(0.0, value - self.category.band) / 100 * width
        high = min(100.0, value + self.category.band) / 100 * width
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(theme.color("text_2"), 0.45))
        painter.drawRect(QRectF(at, top, high - at, 6))
        painter.setBrush(theme.color("wave_rms"))
        painter.drawRoundedRect(QRectF(0, top, max(6.0, at), 6), 3, 3)
        if self.category.band:
            painter.setBrush(theme.color("text"))
            for x in (low, high):
                painter.drawRect(QRectF(min(width - 1.5, x), top - 3, 1.5, 12))
        x = width * TYPICAL / 100
        painter.setPen(QPen(theme.color("text_3" if at < x else "window"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, top - 1), QPointF(x, top + 7))
