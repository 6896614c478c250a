"""A song as a few bars: 2 px wide, 1 px apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.theme import Theme

BAR, GAP = 2, 1


def heights_of(details: dict[str, Any] | None, bars: int) -> tuple[float, ...]:
    """0..1 a bar from a version's stored envelope; () when none was kept."""
    envelope = (details or {}).get("envelope") or {}
    low, high = envelope.get("low") or [], envelope.get("high") or []
    if not low or len(low) != len(high) or bars < 1:
        return ()
    rms = envelope.get("rms") or []
    swing = np.asarray(rms, float) if len(rms) == len(low) else (np.asarray(high, float) - np.asarray(low, float)) / 2
    edges = np.linspace(0, len(swing), bars + 1).astype(int)
    levels = [float(swing[a : max(b, a + 1)].mean()) for a, b in pairwise(edges)]
    loudest = max(levels) or 1.0
    return tuple(level / loudest for level in levels)


def paint_bars(
    painter: QPainter, box: QRectF, heights: Sequence[float], colour: QColor, *, pending: QColor | None = None
) -> None:
    """Bars around the middle of `box`; without heights, a row of dots in `pending`."""
    step = BAR + GAP
    count = max(1, int(box.width() // step))
    for bar in range(count):
        height = 2.0
        paint = pending or colour
        if heights:
            height = max(2.0, box.height() * heights[min(len(heights) - 1, bar * len(heights) // count)])
            paint = colour
        painter.fillRect(QRectF(box.left() + bar * step, box.center().y() - height / 2, BAR, height), paint)


class MiniWave(QWidget):
    """The inspector's waveform."""

    def __init__(self, theme: Theme, token: str = "accent_text") -> None:
        super().__init__()
        self._theme, self._token = theme, token
        self._details: dict[str, Any] | None = None
        self.setFixedHeight(28)
        self.setAccessibleName("Waveform of the whole song")
        theme.changed.connect(self.update)

    def show_details(self, details: dict[str, Any] | None) -> None:
        self._details = details
        self.update()

    def paintEvent(self, event: object) -> None:
        heights = heights_of(self._details, max(1, self.width() // (BAR + GAP)))
        colour, pending = self._theme.color(self._token), self._theme.color("control_hover")
        paint_bars(QPainter(self), QRectF(self.rect()), heights, colour, pending=pending)
