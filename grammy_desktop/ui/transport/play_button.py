"""The round button in the middle of everything."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from grammy_desktop.ui.theme import Theme

SIDE = 44


class PlayButton(QAbstractButton):
    """`text` on `window`; shows pause while playing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._playing = False
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Play or stop  Space")
        self.set_playing(False)
        theme.changed.connect(self.update)

    def set_playing(self, playing: bool) -> None:
        self._playing = playing
        self.setAccessibleName("Stop, Space" if playing else "Play, Space")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        token = "text" if self.isEnabled() else "text_disabled"
        colour = self._theme.color(token)
        if self.underMouse() and self.isEnabled():
            colour = self._theme.color("text_2")
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(self.rect()))
        name = "pause" if self._playing else "play"
        icon = self._theme.pixmap(name, 20, "window", ratio=self.devicePixelRatioF(), filled=True)
        shift = 0 if self._playing else 1
        painter.drawPixmap((SIDE - 20) // 2 + shift, (SIDE - 20) // 2, icon)
