"""Two level bars with their scale. RMS solid, peak at 42 %, held peak as a 2 px line."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from grammy_desktop.playback.programme import PlaybackState
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.ballistics import FLOOR_DB, ChannelLevel

SCALE_FLOOR = -48.0
_MARKS = (-48, -36, -24, -18, -12, -6, 0)
_BAR, _GAP = 10, 4
_PEAK_ALPHA = 0.42


class LevelMeter(QWidget):
    """Fed by the clock; polled by screen readers through its accessible description."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._channels = (ChannelLevel(), ChannelLevel())
        self._last = 0.0
        self._hidden_because = ""
        self.setAccessibleName("Level meter")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(160)
        self.setMaximumWidth(268)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(268, 2 * _BAR + _GAP + 16)

    def feed(self, state: PlaybackState) -> None:
        now = time.monotonic()
        elapsed = min(0.25, now - self._last) if self._last else 0.033
        self._last = now
        for channel, peak, rms in zip(self._channels, state.peak, state.rms, strict=True):
            if state.playing and not self._hidden_because:
                channel.update(peak, rms, elapsed)
            else:
                channel.reset()
        self.update()

    def set_hidden(self, because: str) -> None:
        """Show no level but these words while a blind trial must not be given away; '' shows levels again."""
        self._hidden_because = because
        for channel in self._channels:
            channel.reset()
        self.update()

    def levels_text(self) -> str:
        """What 'Say levels' says."""
        if self._hidden_because:
            return self._hidden_because
        left, right = self._channels
        if max(left.peak, right.peak) <= FLOOR_DB:
            return "Silent"
        return f"Left {signed(left.peak)}, right {signed(right.peak)} dBFS"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width = self.width()
        gradient = QLinearGradient(0, 0, width, 0)
        stops = ((-48.0, "meter_low"), (-18.0, "meter_mid"), (-3.0, "meter_high"), (0.0, "meter_high"))
        for db, token in stops:
            gradient.setColorAt(self._share(db), self._theme.color(token))
        for index, channel in enumerate(self._channels):
            top = index * (_BAR + _GAP)
            painter.fillRect(QRectF(0, top, width, _BAR), self._theme.color("control"))
            painter.setOpacity(_PEAK_ALPHA)
            painter.fillRect(QRectF(0, top, width * self._share(channel.peak), _BAR), gradient)
            painter.setOpacity(1.0)
            painter.fillRect(QRectF(0, top, width * self._share(channel.rms), _BAR), gradient)
            if channel.held > SCALE_FLOOR:
                token = "meter_over" if channel.held > -0.05 else "text"
                x = min(width - 2.0, width * self._share(channel.held) - 1)
                painter.fillRect(QRectF(x, top, 2, _BAR), self._theme.color(token))
        self._paint_scale(painter, 2 * _BAR + _GAP + 3)
        if self._hidden_because:
            box = QRectF(0, 0, width, 2 * _BAR + _GAP)
            painter.fillRect(box, self._theme.color("control"))
            painter.setFont(self._theme.font("caption"))
            painter.setPen(self._theme.color("text_2"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._hidden_because)

    def _paint_scale(self, painter: QPainter, top: float) -> None:
        painter.setFont(self._theme.font("axis"))
        painter.setPen(self._theme.color("text_3"))
        for mark in _MARKS:
            x = self.width() * self._share(mark)
            box = QRectF(x - 16, top, 32, 13)
            box.moveLeft(min(max(box.left(), 0.0), self.width() - 32.0))
            align = Qt.AlignmentFlag.AlignLeft if mark == -48 else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box, Qt.AlignmentFlag.AlignRight if mark == 0 else align, signed(mark, 0))

    def _share(self, db: float) -> float:
        return min(1.0, max(0.0, (db - SCALE_FLOOR) / -SCALE_FLOOR))
