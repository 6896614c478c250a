"""The 'Over time' lane: score with its band, short-term loudness dashed."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from grammy_desktop.ui.editor.paint import faded, font
from grammy_desktop.ui.editor.scene import Scene
from grammy_desktop.ui.editor.timeline import TimelineWidget
from grammy_desktop.ui.theme import Theme

HEIGHT = 84
LOUDEST, QUIETEST = -6.0, -36.0
"""LUFS at the top and the bottom of the lane."""

DOT_PIXELS = 3
"""How near two points of the loudness curve are drawn."""


class OverTime(TimelineWidget):
    def __init__(self, scene: Scene, theme: Theme) -> None:
        super().__init__(scene, theme)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Over time: score and short-term loudness")

    def score_y(self, score: float) -> float:
        """20 to 100 points over the height."""
        return self.height() - 6 - (min(100.0, max(20.0, score)) - 20) / 80 * (self.height() - 12)

    def loudness_y(self, lufs: float) -> float:
        share = (min(LOUDEST, max(QUIETEST, lufs)) - QUIETEST) / (LOUDEST - QUIETEST)
        return self.height() - 6 - share * (self.height() - 12)

    @property
    def _shows_score(self) -> bool:
        return bool(self.scene.content.curves.score) and "score" in self.scene.overlays

    @property
    def _shows_loudness(self) -> bool:
        return bool(self.scene.content.curves.short_term) and "loudness" in self.scene.overlays

    def paint_content(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.theme.color("window"))
        painter.fillRect(self.well, self.theme.color("well"))
        painter.save()
        painter.setClipRect(self.well, Qt.ClipOperation.IntersectClip)
        self.paint_loop(painter, 0, self.height())
        self.paint_grid(painter, 0, self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._shows_score:
            self._paint_score(painter)
        if self._shows_loudness:
            self._paint_loudness(painter)
        painter.restore()
        painter.setPen(QPen(self.theme.color("line"), 1))
        x = self.pixel(self.well.left() - 1)
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        self._paint_header(painter)

    def _paint_score(self, painter: QPainter) -> None:
        curve = self.scene.content.curves.score
        first = max(0, bisect_left(curve, (self.axis.start,)) - 2)
        last = bisect_left(curve, (self.axis.end,)) + 2
        points = [((a + b) / 2, value, band) for a, b, value, band in curve[first:last]]
        xs = [self.x_of(frame) for frame, _, _ in points]
        upper = [QPointF(x, self.score_y(v + band)) for x, (_, v, band) in zip(xs, points, strict=True)]
        lower = [QPointF(x, self.score_y(v - band)) for x, (_, v, band) in zip(xs, points, strict=True)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(self.theme.color("accent_text"), 0.16 if self.theme.is_dark else 0.28))
        painter.drawPolygon(QPolygonF(upper + lower[::-1]))
        painter.setPen(QPen(self.theme.color("accent_text"), 2))
        painter.drawPolyline(QPolygonF([QPointF(x, self.score_y(v)) for x, (_, v, _) in zip(xs, points, strict=True)]))

    def _paint_loudness(self, painter: QPainter) -> None:
        pen = QPen(self.theme.color("wave_rms"), 1.5)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        curve = self.scene.content.curves.short_term
        margin = self.axis.frames_per_pixel * 40
        first = bisect_left(curve, (self.axis.start - margin, 0.0))
        last = bisect_left(curve, (self.axis.end + margin, 0.0))
        step = max(1, round((last - first) / (self.well.width() / DOT_PIXELS)))
        first -= first % step  # the same points while the view moves
        origin, scale = self.x_of(0.0), 1 / self.axis.frames_per_pixel
        floor, per_lu = self.loudness_y(QUIETEST), (self.height() - 12) / (LOUDEST - QUIETEST)
        points = [
            QPointF(origin + frame * scale, floor - (min(LOUDEST, max(QUIETEST, lufs)) - QUIETEST) * per_lu)
            for frame, lufs in curve[first : last + step : step]
        ]
        painter.drawPolyline(QPolygonF(points))

    def _paint_header(self, painter: QPainter) -> None:
        left = 16 if self.scene.header_width >= 100 else 9
        painter.setFont(font(self.theme, "body", 600))
        painter.setPen(self.theme.color("text"))
        painter.drawText(QPointF(left, 20), "Over time")
        painter.setFont(font(self.theme, "caption"))
        rows = []
        if self._shows_score:
            rows.append(("Meter", "accent_text", Qt.PenStyle.SolidLine))
        if self._shows_loudness:
            rows.append(("Short LUFS", "wave_rms", Qt.PenStyle.DashLine))
        y = 33.0
        for text, token, style in rows:
            painter.setPen(QPen(self.theme.color(token), 2, style))
            painter.drawLine(QPointF(left, y), QPointF(left + 12, y))
            painter.setPen(self.theme.color("text_2"))
            painter.drawText(QPointF(left + 19, y + 4), text)
            y += 17
        if not rows:
            painter.setPen(self.theme.color("text_3"))
            painter.drawText(QPointF(left, 38), "Not measured yet")
        self._paint_scale(painter)

    def _paint_scale(self, painter: QPainter) -> None:
        if self.scene.header_width < 120:  # no room beside the legend
            return
        painter.setFont(font(self.theme, "axis"))
        painter.setPen(self.theme.color("text_3"))
        if self._shows_score:
            marks = [(self.score_y(value), str(value)) for value in (80, 50)]
        elif self._shows_loudness:
            marks = [(self.loudness_y(value), f"−{-value}") for value in (-12, -24)]
        else:
            marks = []
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for y, text in marks:
            painter.drawText(QRectF(0, y - 7, self.scene.header_width - 6, 14), align, text)
