"""The stereo picture around the playhead, with its correlation."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from grammy_desktop.ui.editor.paint import faded, font
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.master.plot_frame import TITLE, PlotFrame
from grammy_desktop.ui.theme import Theme

POINTS = 1200
WINDOW_SECONDS = 0.4


def correlation(samples: NDArray[np.float32]) -> float | None:
    """−1..1 of a stretch [frames, 2]; None for silence or mono files (one channel)."""
    if samples.ndim != 2 or samples.shape[1] < 2 or not len(samples):
        return None
    left, right = samples[:, 0].astype(np.float64), samples[:, 1].astype(np.float64)
    power = math.sqrt(float(left @ left) * float(right @ right))
    return float(left @ right) / power if power > 1e-9 else None


def polar(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Points [n, 2] in the half disc: x is side (right positive), y is mid, radius grows with the square root of level."""
    mid = (samples[:, 0] + samples[:, 1]).astype(np.float64) / 2
    side = (samples[:, 1] - samples[:, 0]).astype(np.float64) / 2
    flip = np.where(mid < 0, -1.0, 1.0)
    x, y = side * flip, mid * flip
    radius = np.hypot(x, y)
    scale = np.sqrt(np.minimum(1.0, radius)) / np.maximum(radius, 1e-9)
    return np.stack([x * scale, y * scale], axis=1)


class Goniometer(PlotFrame):
    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Stereo", "Nothing sounds here")
        self._points: NDArray[np.float64] | None = None

    @property
    def has_data(self) -> bool:
        return self._points is not None

    def set_samples(self, samples: NDArray[np.float32] | None) -> None:
        """The stretch that sounds now, [frames, channels]."""
        value = correlation(samples) if samples is not None else None
        if samples is not None:
            self.empty = "Nothing sounds here" if samples.ndim == 2 and samples.shape[1] > 1 else "Mono: one channel"
        if samples is None or value is None:
            self._points = None
            self.note = self.note_strong = ""
        else:
            step = max(1, len(samples) // POINTS)
            self._points = polar(samples[::step, :2])
            self.note, self.note_strong = "correlation", signed(value, 2, plus=True)
        self.setAccessibleDescription(f"{self.note} {self.note_strong}".strip())
        self.update()

    @property
    def box(self) -> QRectF:
        return QRectF(16, TITLE, self.width() - 32, self.height() - TITLE - 12)

    def paint_plot(self, painter: QPainter) -> None:
        box = self.box
        radius = min(box.width() / 2 - 20, box.height())
        centre = QPointF(box.center().x(), box.bottom())
        painter.setPen(QPen(self.theme.color("line"), 1))
        for share in (0.5, 1.0):
            disc = QRectF(
                centre.x() - radius * share, centre.y() - radius * share, 2 * radius * share, 2 * radius * share
            )
            painter.drawArc(disc, 0, 180 * 16)
        across = radius * math.sqrt(0.5)
        painter.setFont(font(self.theme, "axis"))
        for sign, letter in ((-1, "L"), (1, "R")):
            painter.setPen(QPen(self.theme.color("line"), 1))
            painter.drawLine(centre, QPointF(centre.x() + sign * across, centre.y() - across))
            painter.setPen(self.theme.color("text_3"))
            at = QRectF(centre.x() + sign * (across + 10) - 8, centre.y() - across - 16, 16, 14)
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, letter)
        painter.setPen(QPen(faded(self.theme.color("wave_rms"), 0.55), 1.6, c=Qt.PenCapStyle.RoundCap))
        if self._points is not None:
            cloud = QPolygonF([QPointF(centre.x() + radius * x, centre.y() - radius * y) for x, y in self._points])
            painter.drawPoints(cloud)
