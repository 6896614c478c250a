"""How much the mastering chain turned down, over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from grammy_desktop.ui.editor.beat_grid import time_text
from grammy_desktop.ui.editor.paint import faded
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.master.plot_frame import PlotFrame
from grammy_desktop.ui.theme import Theme


class ReductionPlot(PlotFrame):
    """`details["gain_reduction"]`: times in seconds, db (0 or below; positive figures are taken as reduction too)."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Gain reduction", "Shown once there is a master")
        self.times: Sequence[float] = ()
        self.reduction: Sequence[float] = ()
        self._deepest = 1.0

    @property
    def has_data(self) -> bool:
        return len(self.times) > 1

    def set_reduction(self, data: Mapping[str, Any] | None) -> None:
        data = data or {}
        self.times = data.get("times") or ()
        self.reduction = [abs(db) for db in data.get("db") or ()]
        self.note = ""
        if self.has_data and self.reduction:
            most = max(self.reduction)
            at = self.times[self.reduction.index(most)]
            self.note = f"most {signed(most)}\u00a0dB · {time_text(at)}" if most >= 0.05 else "never turned down"
            self._deepest = float(max(1, ceil(most * 1.1)))
        self.setAccessibleDescription(self.note)
        self.update()

    def paint_plot(self, painter: QPainter) -> None:
        box = self.box
        painter.fillRect(box, self.theme.color("well"))
        step = max(1, round(self._deepest / 4))
        marks = range(0, int(self._deepest) + 1, step)
        self.paint_y_axis(painter, [(box.top() + box.height() * db / self._deepest, signed(-db, 0)) for db in marks])
        length = max(1e-6, self.times[-1])
        columns: dict[int, float] = {}
        for time, db in zip(self.times, self.reduction, strict=False):  # the deepest of each pixel column
            x = int(box.width() * time / length)
            columns[x] = max(columns.get(x, 0.0), db)
        line = [
            QPointF(box.left() + x, box.top() + box.height() * db / self._deepest) for x, db in sorted(columns.items())
        ]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(self.theme.color("wave_peak"), 0.35))
        painter.drawPolygon(QPolygonF([QPointF(box.left(), box.top()), *line, QPointF(line[-1].x(), box.top())]))
        painter.setPen(QPen(self.theme.color("wave_rms"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(line))
