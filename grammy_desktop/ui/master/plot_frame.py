"""What the small plots of the Master page share: a titled well with grid lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.theme import Theme

TITLE = 36


class PlotFrame(QWidget):
    """Subclasses paint into `box`; `note` stands at the right of the title."""

    def __init__(self, theme: Theme, title: str, empty: str) -> None:
        super().__init__()
        self.theme, self._title, self.empty = theme, title, empty
        self.note = ""
        self.note_strong = ""
        self.setMinimumHeight(90)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    @property
    def has_data(self) -> bool:
        raise NotImplementedError

    @property
    def box(self) -> QRectF:
        """Where the curves are."""
        return QRectF(40, TITLE + 4, self.width() - 54, self.height() - TITLE - 28)

    def paint_plot(self, painter: QPainter) -> None:
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.theme
        painter.fillRect(self.rect(), theme.color("window"))
        painter.setFont(font(theme, "body_bold"))
        painter.setPen(theme.color("text"))
        row = QRectF(16, 0, self.width() - 32, TITLE)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self._title)
        beside = painter.fontMetrics().horizontalAdvance(self._title) + 12
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if self.note_strong:
            painter.drawText(row, right, self.note_strong)
            row.setRight(row.right() - painter.fontMetrics().horizontalAdvance(self.note_strong) - 6)
        painter.setFont(font(theme, "small"))
        painter.setPen(theme.color("text_2"))
        if painter.fontMetrics().horizontalAdvance(self.note) <= row.width() - beside:
            painter.drawText(row, right, self.note)
        if self.has_data:
            self.paint_plot(painter)
        else:
            painter.setPen(theme.color("text_3"))
            painter.drawText(self.box, Qt.AlignmentFlag.AlignCenter, self.empty)

    def paint_y_axis(self, painter: QPainter, marks: Sequence[tuple[float, str]]) -> None:
        """(y, text) with a grid line each."""
        painter.setFont(font(self.theme, "axis"))
        for y, text in marks:
            painter.setPen(QPen(self.theme.color("grid"), 1))
            painter.drawLine(QPointF(self.box.left(), y), QPointF(self.box.right(), y))
            painter.setPen(self.theme.color("text_3"))
            box = QRectF(0, y - 7, self.box.left() - 6, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def paint_x_axis(self, painter: QPainter, marks: Sequence[tuple[float, str]]) -> None:
        painter.setFont(font(self.theme, "axis"))
        for x, text in marks:
            painter.setPen(QPen(self.theme.color("grid"), 1))
            painter.drawLine(QPointF(x, self.box.top()), QPointF(x, self.box.bottom()))
            painter.setPen(self.theme.color("text_3"))
            painter.drawText(QRectF(x - 24, self.box.bottom() + 4, 48, 14), Qt.AlignmentFlag.AlignCenter, text)
