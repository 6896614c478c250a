"""Tonal balance: third-octave levels of mix and master over a logarithmic frequency axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from grammy_desktop.ui.editor.paint import faded, font
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.master.plot_frame import PlotFrame
from grammy_desktop.ui.theme import Theme

LOWEST_HZ, HIGHEST_HZ = 22.0, 20_000.0
TICKS = (
    (50, "50"),
    (100, "100"),
    (200, "200"),
    (500, "500"),
    (1000, "1 k"),
    (2000, "2 k"),
    (5000, "5 k"),
    (10_000, "10 k"),
)
STEP_DB = 12


class TonalPlot(PlotFrame):
    """Levels are shares of the whole power in dB, so that mix and master compare without their loudness."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Tonal balance", "Shown once there is a master")
        self.frequencies: Sequence[float] = ()
        self.curves: dict[str, Sequence[float]] = {}
        self._top, self._bottom = 0.0, -48.0

    @property
    def has_data(self) -> bool:
        return bool(self.frequencies) and bool(self.curves)

    def set_spectrum(self, spectrum: Mapping[str, Any] | None) -> None:
        """`details["spectrum"]`: frequencies, mix_db, master_db; band_low_db and band_high_db where they are known."""
        spectrum = spectrum or {}
        self.frequencies = spectrum.get("frequencies") or ()
        names = ("mix_db", "master_db", "band_low_db", "band_high_db")
        self.curves = {name: spectrum[name] for name in names if spectrum.get(name)}
        levels = [level for curve in self.curves.values() for level in curve if level is not None and level > -90]
        if levels:
            self._top = STEP_DB * (int(max(levels) // STEP_DB) + 1)
            self._bottom = max(self._top - 72, STEP_DB * (int(min(levels) // STEP_DB)))
        self.setAccessibleDescription(self.summary())
        self.update()

    def summary(self) -> str:
        """The largest change between mix and master, in words."""
        mix, master = self.curves.get("mix_db"), self.curves.get("master_db")
        if not mix or not master:
            return ""
        changes = [(b - a, f) for a, b, f in zip(mix, master, self.frequencies, strict=False) if a > -80 and b > -80]
        if not changes:
            return ""
        most, at = max(changes, key=lambda change: abs(change[0]))
        return f"most {signed(most, plus=True)}\u00a0dB at {at:.0f}\u00a0Hz"

    def x_of(self, frequency: float) -> float:
        share = log10(frequency / LOWEST_HZ) / log10(HIGHEST_HZ / LOWEST_HZ)
        return self.box.left() + self.box.width() * share

    def y_of(self, db: float) -> float:
        share = (self._top - max(self._bottom, db)) / (self._top - self._bottom)
        return self.box.top() + self.box.height() * share

    def _line(self, name: str) -> QPolygonF:
        pairs = zip(self.frequencies, self.curves[name], strict=False)
        return QPolygonF([QPointF(self.x_of(f), self.y_of(db)) for f, db in pairs if LOWEST_HZ <= f <= HIGHEST_HZ])

    def paint_plot(self, painter: QPainter) -> None:
        painter.fillRect(self.box, self.theme.color("well"))
        steps = range(int(self._bottom), int(self._top) + 1, STEP_DB)
        self.paint_y_axis(painter, [(self.y_of(db), signed(db, 0)) for db in steps])
        self.paint_x_axis(painter, [(self.x_of(f), text) for f, text in TICKS])
        painter.setClipRect(self.box)
        if "band_low_db" in self.curves and "band_high_db" in self.curves:
            upper, lower = self._line("band_high_db"), self._line("band_low_db")
            points = [upper.at(i) for i in range(upper.count())] + [lower.at(i) for i in reversed(range(lower.count()))]
            painter.setPen(QPen(self.theme.color("wave_peak"), 1))
            painter.setBrush(faded(self.theme.color("wave_peak"), 0.3))
            painter.drawPolygon(QPolygonF(points))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if "mix_db" in self.curves:
            pen = QPen(self.theme.color("text_2"), 1.5)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.drawPolyline(self._line("mix_db"))
        if "master_db" in self.curves:
            painter.setPen(QPen(self.theme.color("accent_text"), 2))
            painter.drawPolyline(self._line("master_db"))
        painter.setClipping(False)
        self._paint_legend(painter)

    def _paint_legend(self, painter: QPainter) -> None:
        rows = [("master_db", "Master", "accent_text", False), ("mix_db", "Mix", "text_2", True)]
        shown = [row for row in rows if row[0] in self.curves]
        if "band_low_db" in self.curves:
            shown.append(("band_low_db", "Released songs, middle 80 %", "wave_peak", False))
        painter.setFont(font(self.theme, "caption"))
        y = self.box.bottom() - 12 - 16 * (len(shown) - 1)
        for _, text, token, dashed in shown:
            pen = QPen(self.theme.color(token), 2)
            if dashed:
                pen.setDashPattern([2.5, 1.5])
            painter.setPen(pen)
            painter.drawLine(QPointF(self.box.left() + 12, y), QPointF(self.box.left() + 28, y))
            painter.setPen(self.theme.color("text_2"))
            box = QRectF(self.box.left() + 36, y - 8, 220, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            y += 16
