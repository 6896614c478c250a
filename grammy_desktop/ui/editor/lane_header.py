"""The column left of a lane: stem colour, name, level, M, S and fader."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from grammy_desktop.ui.editor.fader import Fader, db_text
from grammy_desktop.ui.editor.lane_scale import scale_words
from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.editor.scene import Lane, Scene
from grammy_desktop.ui.theme import Theme


class LaneKey(QAbstractButton):
    """M or S: 20 x 18 to see, 24 x 24 to hit."""

    def __init__(self, theme: Theme, letter: str, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.setText(letter)
        self.setCheckable(True)
        self.setFixedSize(24, 24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({letter})")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(24, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(2.5, 3.5, 19, 17)
        mute = self.text() == "M"
        on = self.isChecked()
        filled = on and not mute
        painter.setBrush(self.theme.color("accent" if filled else "control"))
        painter.setPen(QPen(self.theme.color("warn"), 1) if on and mute else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font(self.theme, "caption", 600))
        painter.setPen(self.theme.color("on_accent" if filled else "warn" if on else "text_2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())


class LaneHeader(QWidget):
    """Painted name and level with real child controls, so that keys and screen readers reach them."""

    def __init__(self, scene: Scene, theme: Theme, lane: Lane) -> None:
        super().__init__()
        self.scene, self.theme, self.lane = scene, theme, lane
        self.setAccessibleName(f"Lane {lane.name}")
        self.mute = LaneKey(theme, "M", f"Mute {lane.name}")
        self.solo = LaneKey(theme, "S", f"Solo {lane.name}")
        self.fader = Fader(theme, lane.name)
        for child in (self.mute, self.solo, self.fader):
            child.setParent(self)
            child.setVisible(lane.is_stem)
        self.mute.clicked.connect(self._send)
        self.solo.clicked.connect(self._send)
        self.fader.moved.connect(self._send)
        scene.levels_changed.connect(self.refresh)
        theme.changed.connect(self.update)
        self.refresh()

    def _tell_scale(self) -> None:
        wave = self.lane.waveform
        self.setToolTip(scale_words(self.lane.gain) if self.lane.is_stem and wave is not None else "")

    def set_lane(self, lane: Lane) -> None:
        self.lane = lane
        self._tell_scale()
        self.update()

    def refresh(self) -> None:
        level = self.scene.level(self.lane.id)
        self.mute.setChecked(level.muted)
        self.solo.setChecked(level.soloed)
        self.fader.set_db(level.db)
        self.update()

    def _send(self) -> None:
        level = replace(
            self.scene.level(self.lane.id), db=self.fader.db, muted=self.mute.isChecked(), soloed=self.solo.isChecked()
        )
        self.scene.level_requested.emit(self.lane.id, level)
        self.update()

    @property
    def _inset(self) -> int:
        return 16 if self.width() >= self.theme.row(100) else 9

    def resizeEvent(self, _event: QResizeEvent) -> None:
        top = 25 if self.height() >= 52 else max(18, self.height() - 24)
        left = self._inset - 2
        self.mute.move(left, top)
        self.solo.move(left + 23, top)
        self.fader.setGeometry(left + 48, top, max(0, self.width() - left - 54), 24)
        self.fader.setVisible(self.lane.is_stem and self.width() >= self.theme.row(100))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("window"))
        if self.lane.is_stem:
            painter.fillRect(QRectF(0, 1, 3, self.height() - 1), self.theme.color(self.lane.token))
        left = self._inset
        face = font(self.theme, "body", 600)
        metrics = QFontMetricsF(face)
        base = (6 if self.height() < 52 else 8) + metrics.ascent()
        painter.setFont(face)
        painter.setPen(self.theme.color("text" if self.scene.is_heard(self.lane.id) else "text_3"))
        narrow = self.width() < self.theme.row(90)  # the name is worth more than the figures
        room = self.width() - left - (4 if narrow else 44 if self.lane.is_stem else 30)
        painter.drawText(QPointF(left, base), metrics.elidedText(self.lane.name, Qt.TextElideMode.ElideRight, room))
        painter.setFont(font(self.theme, "caption"))
        painter.setPen(self.theme.color("text_3"))
        if narrow:
            return
        if self.lane.is_stem:
            box = QRectF(0, base - 14, self.width() - 12, 18)
            text = db_text(self.scene.level(self.lane.id).db)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            return
        painter.setPen(self.theme.color("text_2"))
        small = QFontMetricsF(font(self.theme, "caption"))
        for row, text in enumerate(self.lane.details[: max(1, (self.height() - 28) // 16)]):
            line = small.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - left - 28)
            painter.drawText(QPointF(left, base + 17 + 16 * row), line)
        self._paint_scale(painter)

    def _paint_scale(self, painter: QPainter) -> None:
        """0, −6 and −12 dBFS at the heights where the waveform reaches them."""
        painter.setFont(font(self.theme, "axis"))
        painter.setPen(self.theme.color("text_3"))
        middle = self.height() / 2
        taken = -20.0
        for db in (0, -6, -12):
            y = max(8.0, middle - middle * 10 ** (db / 20))
            if y - taken >= 12 and y < middle - 4:
                text = str(db).replace("-", "−")
                align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(QRectF(0, y - 7, self.width() - 6, 14), align, text)
                taken = y
