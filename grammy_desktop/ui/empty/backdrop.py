"""A quiet waveform behind the first-run page."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.theme import Theme

_STEP, _BAR = 6.6, 2.6
_SEED = 7
_MIDDLE = 152
"""Distance of the wave's middle from the page's top, px."""


class Backdrop(QWidget):
    """Decoration: it shows no song and says nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._backdrop_theme = theme
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._backdrop_theme.color("window"))
        count = int(self.width() / _STEP) + 1
        noise = np.random.default_rng(_SEED).random(count)
        places = np.linspace(0, 1, count)
        beat = 0.5 + 0.5 * np.abs(np.sin(places * 36))
        edges = np.clip(np.minimum(places, 1 - places) * 9, 0.12, 1)
        heights = (14 + 88 * (0.45 * noise + 0.55 * beat) * edges) * (0.75 + 0.25 * np.cos(places * 9))
        for place, height in zip(places, heights, strict=True):
            # Faded towards the middle, where words stand.
            strength = 0.10 + 0.55 * min(1.0, abs(place - 0.5) * 2.2) ** 1.5
            colour = self._backdrop_theme.color("line_strong", 0.42 * strength)
            painter.fillRect(QRectF(place * self.width(), _MIDDLE - height / 2, _BAR, height), colour)
