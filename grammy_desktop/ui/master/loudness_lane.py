"""Loudness of A and B over time, on the song's time axis, with the target as a line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen, QPolygonF

from grammy_desktop.ui.editor.paint import faded, font
from grammy_desktop.ui.editor.scene import Scene
from grammy_desktop.ui.editor.timeline import TimelineWidget
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.theme import Theme

HEIGHT, LOW_HEIGHT = 84, 60
MARGIN = 7
POINT_PIXELS = 2
"""How near two points of a curve are drawn."""
STEPS = (3, 6, 12)
"""LU between grid lines."""


@dataclass(frozen=True)
class LoudnessCurve:
    """Short-term and momentary loudness as (seconds, LUFS); stretches without a figure are left out."""

    short_term: tuple[tuple[float, float], ...] = ()
    momentary: tuple[tuple[float, float], ...] = ()

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> LoudnessCurve:
        """From `details["history"]` of a version: times in seconds, short_term and (where kept) momentary in LUFS or None."""
        history: Mapping[str, Any] = details.get("history") or {}
        times: Sequence[float] = history.get("times") or ()

        def pairs(values: Sequence[float | None]) -> tuple[tuple[float, float], ...]:
            return tuple((float(t), float(v)) for t, v in zip(times, values, strict=False) if v is not None)

        return cls(pairs(history.get("short_term") or ()), pairs(history.get("momentary") or ()))


class LoudnessLane(TimelineWidget):
    """A dashed, B solid and gold; the momentary loudness of what is heard as a faint area behind."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        super().__init__(scene, theme)
        self._curves: dict[str, LoudnessCurve] = {}
        self._names = {"a": "A", "b": "B"}
        self._target: float | None = None
        self._top, self._bottom = -6.0, -30.0
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Loudness over time")

    def set_low(self, low: bool) -> None:
        """In a low window the lane gives way."""
        self.setFixedHeight(LOW_HEIGHT if low else HEIGHT)

    def set_curves(self, curves: Mapping[str, LoudnessCurve], target: float | None) -> None:
        """By slot; `target` in LUFS, None without one."""
        self._curves, self._target = dict(curves), target
        values = sorted(v for curve in curves.values() for _, v in curve.short_term)
        if values:
            # The quietest twentieth (fade-outs, breaks) may leave the picture at the bottom.
            low = min(values[len(values) // 20], target if target is not None else 0.0)
            self._top = max(*values[-1:], target if target is not None else -70.0) + 3.0
            self._bottom = max(min(low - 3.0, self._top - 12.0), self._top - 36.0)
        said = ", ".join(f"{slot.upper()} up to {signed(max(v for _, v in c.short_term))}\u00a0LUFS short-term"
                         for slot, c in self._curves.items() if c.short_term)  # fmt: skip
        self.setAccessibleDescription(said or "Not measured")
        self.repaint_content()

    @property
    def has_data(self) -> bool:
        return any(curve.short_term for curve in self._curves.values())

    def y_of(self, lufs: float) -> float:
        share = (self._top - min(self._top, max(self._bottom, lufs))) / (self._top - self._bottom)
        return MARGIN + share * (self.height() - 2 * MARGIN)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def paint_content(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.theme.color("window"))
        painter.fillRect(self.well, self.theme.color("well"))
        painter.save()
        painter.setClipRect(self.well, Qt.ClipOperation.IntersectClip)
        self.paint_loop(painter, 0, self.height())
        self.paint_grid(painter, 0, self.height())
        marks = self._paint_levels(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_curves(painter)
        self._paint_target(painter)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_header(painter, marks)
        painter.setPen(QPen(self.theme.color("line"), 1))
        x = self.pixel(self.well.left() - 1)
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))

    def _paint_levels(self, painter: QPainter) -> list[tuple[float, str]]:
        """Grid lines; their places and figures."""
        room = (self.height() - 2 * MARGIN) / (self._top - self._bottom)
        step = next((step for step in STEPS if step * room >= 18), 12)
        first = int(self._top // step) * step
        marks = [(self.y_of(db), signed(db, 0)) for db in range(first, int(self._bottom) - 1, -step)]
        painter.setPen(QPen(self.theme.color("grid"), 1))
        for y, _ in marks:
            painter.drawLine(QPointF(self.well.left(), self.pixel(y)), QPointF(self.width(), self.pixel(y)))
        return marks

    def _paint_curves(self, painter: QPainter) -> None:
        shown = self._curves.get("b") or self._curves.get("a")
        if shown is not None and shown.momentary:
            line = self._line(shown.momentary)
            floor = float(self.height())
            if line:
                area = [QPointF(line[0].x(), floor), *line, QPointF(line[-1].x(), floor)]
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(faded(self.theme.color("accent_text"), 0.13))
                painter.drawPolygon(QPolygonF(area))
        for slot, pen in (("a", self._pen_a()), ("b", QPen(self.theme.color("accent_text"), 2))):
            curve = self._curves.get(slot)
            if curve is not None and curve.short_term:
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(QPolygonF(self._line(curve.short_term)))

    def _pen_a(self) -> QPen:
        pen = QPen(self.theme.color("wave_rms"), 1.5)
        pen.setDashPattern([3, 2])
        return pen

    def _line(self, curve: Sequence[tuple[float, float]]) -> list[QPointF]:
        """The part in view; of points on one spot only every few."""
        rate = self.axis.sample_rate
        first = max(0, bisect_left(curve, (self.axis.start / rate, -1e9)) - 2)
        last = bisect_left(curve, (self.axis.end / rate, 1e9)) + 2
        seen = curve[first:last]
        step = max(1, round(len(seen) / (self.well.width() / POINT_PIXELS)))
        start = (-first) % step  # the same points while the view moves
        return [QPointF(self.x_of(t * rate), self.y_of(v)) for t, v in seen[start::step]]

    def _paint_target(self, painter: QPainter) -> None:
        if self._target is None or not self.has_data:
            return
        y = self.pixel(self.y_of(self._target))
        pen = QPen(self.theme.color("text"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(self.well.left(), y), QPointF(self.width(), y))
        text, face = f"{signed(self._target)}\u00a0LUFS", font(self.theme, "caption_medium")
        width = QFontMetricsF(face).horizontalAdvance(text) + 12
        top = min(max(2.0, y - 8), self.height() - 18.0)
        chip = QRectF(self.width() - width - 4, top, width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("raised"))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setFont(face)
        painter.setPen(self.theme.color("text"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_header(self, painter: QPainter, marks: Sequence[tuple[float, str]]) -> None:
        theme, left = self.theme, 16.0
        painter.setFont(font(theme, "small_medium"))
        painter.setPen(theme.color("text"))
        painter.drawText(QPointF(left, 18), "Loudness")
        painter.setFont(font(theme, "caption"))
        if not self.has_data:
            painter.setPen(theme.color("text_3"))
            painter.drawText(QPointF(left, 34), "Not measured")
            return
        y = 33.0
        for slot, pen in (("a", self._pen_a()), ("b", QPen(theme.color("accent_text"), 2))):
            curve = self._curves.get(slot)
            if curve is not None and curve.short_term:
                painter.setPen(pen)
                painter.drawLine(QPointF(left, y - 4), QPointF(left + 14, y - 4))
                painter.setPen(theme.color("text_2"))
                painter.drawText(QPointF(left + 20, y), slot.upper())
                y += 15
        painter.setFont(font(theme, "axis"))
        painter.setPen(theme.color("text_3"))
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for mark, text in marks:
            if mark > 24 and mark < self.height() - 6:
                painter.drawText(QRectF(0, mark - 7, self.scene.header_width - 6, 14), align, text)
