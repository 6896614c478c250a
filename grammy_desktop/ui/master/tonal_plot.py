"""Tonal balance: third-octave levels of A and B over a logarithmic frequency axis, against released music of the style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF, QResizeEvent

from grammy_desktop.ui.editor.paint import faded, font
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.master.departures import Departure, departures
from grammy_desktop.ui.master.plot_frame import TITLE, PlotFrame
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Select

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
PIN = 18
LOW_PLOT = 200
"""Below this height the legend is one line, without the band."""


def hertz(frequency: float) -> str:
    """'85 Hz', '2.5 kHz'."""
    if frequency < 1000:
        return f"{frequency:.0f}\u00a0Hz"
    return f"{frequency / 1000:.1f}".removesuffix(".0") + "\u00a0kHz"


class TonalPlot(PlotFrame):
    """Levels are shares of the whole power in dB, so that mix and master compare without their loudness.

    `genre_picked` carries the id of the style whose band is wanted.
    """

    genre_picked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Tonal balance", "Shown once there is a master")
        self.frequencies: Sequence[float] = ()
        self.curves: dict[str, Sequence[float]] = {}
        self.band: tuple[Sequence[float | None], Sequence[float | None]] = ((), ())
        self.names = {"mix_db": "Mix", "master_db": "Master"}
        self.band_name = ""
        self.pins: list[Departure] = []
        self._top, self._bottom = 0.0, -48.0
        self.genre = Select(theme, (), name="Style of the band", tip="The music to hold the tone against")
        self.genre.setParent(self)
        self.genre.picked.connect(self.genre_picked)
        self.genre.hide()

    @property
    def has_data(self) -> bool:
        return bool(self.frequencies) and bool(self.curves)

    def set_genres(self, genres: Sequence[tuple[str, str]], current: str) -> None:
        """Styles whose band is known (id, name); none: no list is shown."""
        self.genre.set_options(genres, current if any(current == each for each, _ in genres) else None)
        self.genre.setVisible(bool(genres))
        self._place_genre()

    def set_names(self, a: str, b: str) -> None:
        """What the two curves are called in the legend."""
        self.names = {"mix_db": a, "master_db": b}
        self.update()

    def set_spectrum(self, spectrum: Mapping[str, Any] | None, band_name: str = "") -> None:
        """`details["spectrum"]`: frequencies, mix_db, master_db; band_low_db and band_high_db where they are known."""
        spectrum = spectrum or {}
        self.band_name = band_name
        self.frequencies = spectrum.get("frequencies") or ()
        self.curves = {name: spectrum[name] for name in ("mix_db", "master_db") if spectrum.get(name)}
        self.band = (spectrum.get("band_low_db") or (), spectrum.get("band_high_db") or ())
        in_view = [
            level
            for curve in (*self.curves.values(), *self.band)
            for f, level in zip(self.frequencies, curve, strict=False)
            if level is not None and level > -90 and 30 <= f <= 16_000
        ]
        if in_view:
            self._top = STEP_DB * (int(max(in_view) // STEP_DB) + 1)
            self._bottom = max(self._top - 60, STEP_DB * (int(min(in_view) // STEP_DB)))
        self.pins = self._departures()
        self.setAccessibleDescription(self.summary())
        self.update()

    def _departures(self) -> list[Departure]:
        curve = self.curves.get("master_db") or self.curves.get("mix_db")
        low, high = self.band
        return departures(self.frequencies, curve, low, high) if curve and low and high else []

    def summary(self) -> str:
        """The largest change between mix and master, and where the band is left, in words."""
        parts = []
        mix, master = self.curves.get("mix_db"), self.curves.get("master_db")
        pairs = zip(mix or (), master or (), self.frequencies, strict=False)
        changes = [(b - a, f) for a, b, f in pairs if a > -80 and b > -80]
        if changes:
            most, at = max(changes, key=lambda change: abs(change[0]))
            parts.append(f"most {signed(most, plus=True)}\u00a0dB at {at:.0f}\u00a0Hz")
        parts += [f"{pin_text(pin)} at {hertz(pin.frequency)}" for pin in self.pins]
        return "; ".join(parts)

    def x_of(self, frequency: float) -> float:
        share = log10(frequency / LOWEST_HZ) / log10(HIGHEST_HZ / LOWEST_HZ)
        return self.box.left() + self.box.width() * share

    def y_of(self, db: float) -> float:
        share = (self._top - max(self._bottom, db)) / (self._top - self._bottom)
        return self.box.top() + self.box.height() * share

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_genre()

    def _place_genre(self) -> None:
        width = min(self.genre.sizeHint().width() + 8, max(90, self.width() - 150))
        height = 26
        self.genre.setGeometry(self.width() - width - 12, (TITLE - height) // 2, width, height)

    def _polyline(self, curve: Sequence[float | None]) -> QPolygonF:
        """Through what is known."""
        pairs = zip(self.frequencies, curve, strict=False)
        known = ((f, db) for f, db in pairs if db is not None and LOWEST_HZ <= f <= HIGHEST_HZ)
        return QPolygonF([QPointF(self.x_of(f), self.y_of(db)) for f, db in known])

    def paint_plot(self, painter: QPainter) -> None:
        painter.fillRect(self.box, self.theme.color("well"))
        steps = range(int(self._bottom), int(self._top) + 1, STEP_DB)
        self.paint_y_axis(painter, [(self.y_of(db), signed(db, 0)) for db in steps])
        self.paint_x_axis(painter, [(self.x_of(f), text) for f, text in TICKS])
        painter.setClipRect(self.box)
        self._paint_band(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if "mix_db" in self.curves:
            painter.setPen(self._mix_pen())
            painter.drawPolyline(self._polyline(self.curves["mix_db"]))
        if "master_db" in self.curves:
            painter.setPen(QPen(self.theme.color("accent_text"), 2))
            painter.drawPolyline(self._polyline(self.curves["master_db"]))
        painter.setClipping(False)
        self._paint_legend(painter)
        for number, pin in enumerate(self.pins, start=1):
            self._paint_pin(painter, number, pin)

    def _mix_pen(self) -> QPen:
        pen = QPen(self.theme.color("text_2"), 1.5)
        pen.setDashPattern([3, 2])
        return pen

    def _paint_band(self, painter: QPainter) -> None:
        lower, upper = (self._polyline(curve) for curve in self.band)
        if not upper.count():
            return
        points = [upper.at(i) for i in range(upper.count())] + [lower.at(i) for i in reversed(range(lower.count()))]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(self.theme.color("wave_peak"), 0.3))
        painter.drawPolygon(QPolygonF(points))
        painter.setPen(QPen(self.theme.color("wave_peak"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(upper)
        painter.drawPolyline(lower)

    def _paint_pin(self, painter: QPainter, number: int, pin: Departure) -> None:
        """A brass disc with its number on the curve, and beside it how far outside."""
        x, y = self.x_of(pin.frequency), self.y_of(pin.level)
        x = min(max(x, self.box.left() + PIN / 2), self.box.right() - PIN / 2)
        y = min(max(y, self.box.top() + PIN / 2), self.box.bottom() - PIN / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("accent"))
        disc = QRectF(x - PIN / 2, y - PIN / 2, PIN, PIN)
        painter.drawEllipse(disc)
        painter.setFont(font(self.theme, "small_bold"))
        painter.setPen(self.theme.color("on_accent"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))
        face = font(self.theme, "caption_medium")
        text = pin_text(pin)
        width = QFontMetricsF(face).horizontalAdvance(text) + 8
        right = x + PIN / 2 + 4 + width < self.box.right()
        label = QRectF(x + PIN / 2 + 4 if right else x - PIN / 2 - 4 - width, y - 8, width, 16)
        if label.left() < self.box.left():  # no room at either side: above, or below
            top = y - PIN / 2 - 18 if y - PIN / 2 - 18 > self.box.top() else y + PIN / 2 + 2
            label.moveTo(self.box.right() - width, top)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(self.theme.color("well"), 0.8))
        painter.drawRoundedRect(label, 4, 4)
        painter.setFont(face)
        painter.setPen(self.theme.color("text"))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_legend(self, painter: QPainter) -> None:
        rows = [("master_db", self.names["master_db"], 2.0), ("mix_db", self.names["mix_db"], 1.5)]
        shown = [row for row in rows if row[0] in self.curves]
        low = self.box.height() < LOW_PLOT
        if self.band[0] and not low:
            shown.append(("band_low_db", self.band_name or "Released songs, middle 80 %", 0.0))
        painter.setFont(font(self.theme, "caption"))
        metrics = painter.fontMetrics()
        widths = [metrics.horizontalAdvance(text) + 40.0 for _, text, _ in shown]
        left, y = self.box.left() + 12, self.box.bottom() - 12 - (0 if low else 16 * (len(shown) - 1))
        if shown:  # the curves go on behind the words, but never through them
            width = min(sum(widths) if low else max(widths), self.box.width() - 12)
            back = QRectF(left - 6, y - 10, width, 20 if low else 16 * len(shown) + 4)
            painter.fillRect(back, faded(self.theme.color("well"), 0.82))
        for (name, text, _), width in zip(shown, widths, strict=True):
            if name == "band_low_db":
                painter.fillRect(QRectF(left, y - 4, 16, 8), faded(self.theme.color("wave_peak"), 0.6))
            else:
                painter.setPen(QPen(self.theme.color("accent_text"), 2) if name == "master_db" else self._mix_pen())
                painter.drawLine(QPointF(left, y), QPointF(left + 16, y))
            painter.setPen(self.theme.color("text_2"))
            room = QRectF(left + 24, y - 8, self.box.right() - left - 32, 16)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, round(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
            left, y = (left + width, y) if low else (left, y + 16)


def pin_text(pin: Departure) -> str:
    """'+2.1 dB over the band'."""
    side = "over" if pin.db > 0 else "under"
    return f"{signed(pin.db, plus=True)}\u00a0dB {side} the band"
