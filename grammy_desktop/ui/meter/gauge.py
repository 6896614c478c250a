"""The gauge: an arc of 252° with the score's notch and its band."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.theme import Theme

SWEEP = 252.0
START = 90.0 + SWEEP / 2
"""Qt's degrees (counter-clockwise from 3 o'clock) of the score 0."""

SETTLE_MS = 600


class Phase(StrEnum):
    EMPTY = "empty"
    SCORING = "scoring"
    NOT_MUSIC = "not music"
    SCORED = "scored"
    STALE = "stale"


@dataclass(frozen=True)
class GaugeState:
    """`fraction` None while scoring means that progress is not known yet; `words` is what is being done."""

    phase: Phase
    score: float | None = None
    band: float = 0.0
    fraction: float | None = None
    words: str = ""


def angle_of(score: float) -> float:
    """Qt's degrees of a score, kept on the arc."""
    return START - SWEEP * min(100.0, max(0.0, score)) / 100


class Gauge(QWidget):
    """Shows one `GaugeState`; a new score is counted up to."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.state = GaugeState(Phase.EMPTY)
        self.shown = 0.0
        """The score the notch stands at, while it moves."""
        self._from = 0.0
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._step)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)
        self.set_state(self.state)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(16 + 1.59 * self._radius_for(width) + 28)

    def sizeHint(self) -> QSize:
        return QSize(288, 226)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    def set_state(self, state: GaugeState) -> None:
        old, self.state = self.state, state
        self.setAccessibleName(self.spoken())
        if state.score is not None and state.score != old.score:
            self._from = self.shown if old.score is not None else 0.0
            self._animation.stop()
            duration = self._theme.duration(SETTLE_MS)
            if duration == 0 or not self.isVisible():
                self.shown = state.score
            else:
                self._animation.setDuration(duration)
                self._animation.start()
        self.update()

    def spoken(self) -> str:
        """What a screen reader says."""
        state = self.state
        if state.phase is Phase.SCORING:
            return f"Grammy Meter: {self.progress_words()}"
        if state.phase is Phase.NOT_MUSIC:
            return "Grammy Meter: this does not sound like music, no score is shown"
        if state.score is None:
            return "Grammy Meter: not scored yet"
        old = ", from before the last edit" if state.phase is Phase.STALE else ""
        return f"Grammy Meter {round(state.score)} of 100, plus or minus {round(state.band)}{old}"

    def progress_words(self) -> str:
        """'Listening · 40 %'."""
        words = self.state.words or "Listening"
        return words if self.state.fraction is None else f"{words} · {round(self.state.fraction * 100)}\u00a0%"

    def _step(self, fraction: float) -> None:
        if self.state.score is not None:
            self.shown = self._from + (self.state.score - self._from) * fraction
            self.update()

    # painting

    @staticmethod
    def _radius_for(width: float) -> float:
        return max(60.0, min(width / 2 - 36, 113.0))

    @property
    def _radius(self) -> float:
        """Of the arc's middle line."""
        return self._radius_for(self.width())

    @property
    def _centre(self) -> QPointF:
        return QPointF(self.width() / 2, 16 + self._radius)

    def _point(self, degrees: float, radius: float) -> QPointF:
        radians = math.radians(degrees)
        centre = self._centre
        return QPointF(centre.x() + radius * math.cos(radians), centre.y() - radius * math.sin(radians))

    def _arc(self, painter: QPainter, radius: float, first: float, last: float, pen: QPen) -> None:
        """An arc between two scores."""
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        centre = self._centre
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        begin = angle_of(first)
        painter.drawArc(box, round(begin * 16), round((angle_of(last) - begin) * 16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, state = self._theme, self.state
        self._arc(painter, self._radius, 0, 100, QPen(theme.color("control"), 10))
        self._paint_ticks(painter)
        if state.phase is Phase.SCORING:
            if state.fraction is not None:
                self._arc(painter, self._radius, 0, 100 * state.fraction, QPen(theme.color("text_3"), 10))
        elif state.score is not None:
            painter.setOpacity(0.5 if state.phase is Phase.STALE else 1.0)
            self._paint_value(painter)
            painter.setOpacity(1.0)
        self._paint_ends(painter)
        self._paint_middle(painter)

    def _paint_ticks(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.color("line_strong"), 1))
        for score in range(10, 100, 10):
            if score != 50:
                angle = angle_of(score)
                painter.drawLine(self._point(angle, self._radius - 14), self._point(angle, self._radius - 19))
        tip = self._point(90, self._radius - 9)
        painter.setPen(QPen(self._theme.color("text_2"), 1))
        painter.drawLine(QPointF(tip.x(), tip.y() + 7), QPointF(tip.x(), tip.y() + 14))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("text_2"))
        corners = [tip, QPointF(tip.x() + 4, tip.y() + 7), QPointF(tip.x() - 4, tip.y() + 7)]
        painter.drawPolygon(QPolygonF(corners))

    def _paint_value(self, painter: QPainter) -> None:
        theme, score, band = self._theme, self.shown, self.state.band
        self._arc(painter, self._radius, 0, score, QPen(theme.color("accent"), 10))
        if band:
            low, high = max(0.0, score - band), min(100.0, score + band)
            self._arc(painter, self._radius + 13, low, high, QPen(theme.color("accent_text"), 4))
        notch = QPen(theme.color("text"), 3.5)
        notch.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(notch)
        angle = angle_of(score)
        painter.drawLine(self._point(angle, self._radius - 8), self._point(angle, self._radius + 8))

    def _paint_ends(self, painter: QPainter) -> None:
        painter.setFont(font(self._theme, "caption"))
        painter.setPen(self._theme.color("text_3"))
        for score, text in ((0.0, "0"), (100.0, "100")):
            at = self._point(angle_of(score), self._radius)
            painter.drawText(QRectF(at.x() - 20, at.y() + 7, 40, 16), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_middle(self, painter: QPainter) -> None:
        theme, state, centre = self._theme, self.state, self._centre
        if state.phase is Phase.SCORING or state.score is None:
            words = {
                Phase.SCORING: self.progress_words(),
                Phase.NOT_MUSIC: "Not music",
                Phase.EMPTY: "Not scored yet",
            }.get(state.phase, "")
            painter.setFont(font(theme, "body_medium"))
            painter.setPen(theme.color("text_2"))
            wide = QRectF(centre.x() - self._radius, centre.y() - 20, 2 * self._radius, 40)
            painter.drawText(wide, Qt.AlignmentFlag.AlignCenter, words)
            return
        painter.setOpacity(0.5 if state.phase is Phase.STALE else 1.0)
        face = theme.font("score")
        painter.setFont(face)
        painter.setPen(theme.color("text"))
        text = str(round(self.shown))
        width = QFontMetricsF(face).horizontalAdvance(text)
        painter.drawText(QPointF(centre.x() - width / 2, centre.y() + 16), text)
        painter.setFont(font(theme, "body"))
        painter.setPen(theme.color("text_2"))
        band = QRectF(centre.x() - 40, centre.y() + 24, 80, 18)
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, f"± {round(state.band)}" if state.band else "")
        painter.setOpacity(1.0)
