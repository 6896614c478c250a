"""Small helpers of everything that paints itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from grammy_desktop.ui.theme import Theme


def font(theme: Theme, role: str, weight: int | None = None) -> QFont:
    """A theme font with another weight (400, 500, 600)."""
    made = QFont(theme.font(role))
    if weight is not None:
        made.setWeight(QFont.Weight(weight))
    return made


def faded(colour: QColor, alpha: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


def draw_icon(painter: QPainter, theme: Theme, name: str, rect: QRectF, token: str) -> None:
    """Paint an icon of the theme into `rect` (square), sharp at the painter's pixel ratio."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(rect.topLeft(), theme.pixmap(name, round(rect.width()), token, ratio=ratio))
