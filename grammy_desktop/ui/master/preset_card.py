"""A preset: its tone curve, name, and what it does."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from grammy_desktop.mastering import Preset
from grammy_desktop.ui.editor.paint import draw_icon, font
from grammy_desktop.ui.formats import MINUS
from grammy_desktop.ui.master.tone_curve import tone_curve
from grammy_desktop.ui.theme import Theme

CURVE_DB = 6.0
"""Half the height of the little plot."""


class PresetCard(QAbstractButton):
    """52 px; checkable, one of a group. `menu_wanted` carries where (global) the menu is to open."""

    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, preset: Preset) -> None:
        super().__init__()
        self._theme, self.preset = theme, preset
        self._curve = tone_curve(preset.chain)
        self.setCheckable(True)
        self.setFixedHeight(52)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Preset {preset.name}" + (", your own" if preset.own else ""))
        self.setAccessibleDescription(preset.description)
        self.setToolTip(preset.description)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(240, 52)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 52)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        self.menu_wanted.emit(event.globalPos() if by_mouse else self.mapToGlobal(QPoint(74, self.height())))
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, on = self._theme, self.isChecked()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(theme.color("accent_soft" if on else "control" if self.underMouse() else "raised"))
        edge = "accent_text" if on else "line"
        painter.setPen(QPen(theme.color(edge), 1) if on or not theme.is_dark else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 8, 8)
        self._paint_curve(painter, QRectF(12, 12, 50, 28), "accent_text" if on else "wave_rms")
        left, right = 74.0, self.width() - (34 if on else 10)
        name = font(theme, "body_medium")
        painter.setFont(name)
        painter.setPen(theme.color("text"))
        painter.drawText(QPointF(left, 22), _elided(self.preset.name, name, right - left))
        small = font(theme, "small")
        painter.setFont(small)
        painter.setPen(theme.color("text_2"))
        painter.drawText(QPointF(left, 39), _elided(self.summary, small, right - left))
        if on:
            draw_icon(painter, theme, "check", QRectF(self.width() - 28, 18, 16, 16), "accent_text")

    @property
    def summary(self) -> str:
        """What it does, without for whom it is."""
        text = self.preset.description.partition(":")[2].strip() or self.preset.description
        text = re.sub(r"-(?=\d)", MINUS, text or f"{self.preset.target_lufs:g}\u00a0LUFS")
        return text[:1].upper() + text[1:]

    def _paint_curve(self, painter: QPainter, box: QRectF, token: str) -> None:
        painter.setPen(QPen(self._theme.color("line_strong"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
        line = QPolygonF()
        for index, db in enumerate(self._curve):
            x = box.left() + box.width() * index / (len(self._curve) - 1)
            share = min(1.0, max(-1.0, float(db) / CURVE_DB))
            line.append(QPointF(x, box.center().y() - share * box.height() / 2))
        painter.setPen(QPen(self._theme.color(token), 1.75))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)


def _elided(text: str, face: QFont, width: float) -> str:
    return QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, width)
