"""A take as a card of 60 px: number key, bars, score, length and seed, star; progress, cancel; failure, Retry."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy

from grammy_desktop.ui.create.take_item import TakeItem, TakeState
from grammy_desktop.ui.mini_wave import heights_of, paint_bars
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton

HEIGHT = 60
_BARS_LEFT, _BARS_HEIGHT = 41, 22
_NARROW = 270
"""Below this width the bars are shorter, so that the words stay whole."""


class TakeCard(QAbstractButton):
    """Click opens and auditions; dragging it drags the file."""

    starred = Signal(bool)
    cancelled = Signal()
    retried = Signal()
    dismissed = Signal()
    dragged = Signal()

    def __init__(self, theme: Theme, item: TakeItem) -> None:
        super().__init__()
        self._theme, self._item, self._chosen = theme, item, False
        self._pressed_at: QPoint | None = None
        self.setFixedHeight(theme.row(HEIGHT))
        self.setMinimumWidth(200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._star = IconButton(theme, "star", "Star", parent=self)
        self._star.clicked.connect(lambda: self.starred.emit(not self._item.starred))
        self._cancel = IconButton(theme, "x", "Cancel", parent=self)
        self._cancel.clicked.connect(self._leave)
        self._retry = Button(theme, "Retry", kind="outline", size="card", parent=self)
        self._retry.clicked.connect(self.retried)
        self.show_item(item)
        theme.changed.connect(self.update)

    @property
    def item(self) -> TakeItem:
        return self._item

    def sizeHint(self) -> QSize:
        return QSize(288, self._theme.row(HEIGHT))

    def show_item(self, item: TakeItem) -> None:
        self._item = item
        ready, failed = item.state is TakeState.READY, item.state is TakeState.FAILED
        self._star.setVisible(ready)
        self._star.set_icon("star", "accent_text" if item.starred else "text_2", filled=item.starred)
        self._star.setAccessibleName("Unstar" if item.starred else "Star")
        self._cancel.setVisible(not ready)
        self._cancel.setAccessibleName("Dismiss" if failed else "Cancel")
        self._cancel.setToolTip("Dismiss" if failed else "Cancel")
        self._retry.setVisible(failed)
        self.setAccessibleName(f"Take {item.number}: {item.title}, {item.line}")
        self.setToolTip(item.line if failed else f"Take {item.number}  key {item.number}")
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        self._chosen = chosen
        self.update()

    def _leave(self) -> None:
        (self.dismissed if self._item.state is TakeState.FAILED else self.cancelled).emit()

    def resizeEvent(self, event: object) -> None:
        middle = (self.height() - 28) // 2
        self._star.move(self.width() - 36, middle)
        self._cancel.move(self.width() - 36, middle)
        self._retry.move(self.width() - 40 - self._retry.sizeHint().width(), (self.height() - 26) // 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        far = (
            start is not None
            and (event.position().toPoint() - start).manhattanLength() > QApplication.startDragDistance()
        )
        if far and self._item.state is TakeState.READY:
            self._pressed_at = None
            self.setDown(False)
            self.dragged.emit()
            return
        super().mouseMoveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, item = self._theme, self._item
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        border = "accent_text" if self._chosen else "raised" if theme.is_dark else "line"
        fill = "accent_soft" if self._chosen else "control" if self.underMouse() and theme.is_dark else "raised"
        painter.setPen(QPen(theme.color(border), 1))
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(box, 8, 8)
        self._paint_number(painter)
        bars = QRectF(_BARS_LEFT, (self.height() - _BARS_HEIGHT) / 2, self._bars_width, _BARS_HEIGHT)
        if item.state is TakeState.FAILED:
            icon = theme.pixmap("triangle-alert", 16, "warn", ratio=self.devicePixelRatioF())
            painter.drawPixmap(41, (self.height() - 16) // 2, icon)
        else:
            colour = theme.color("accent_text" if self._chosen else "wave_rms")
            heights = heights_of(item.details, self._bars_width // 3)
            paint_bars(painter, bars, heights, colour, pending=theme.color("control_hover"))
        self._paint_text(painter)
        if item.state is TakeState.RUNNING or (item.state is TakeState.READY and item.fraction > 0):
            painter.fillRect(
                QRectF(4, self.height() - 2.5, (self.width() - 8) * item.fraction, 2), theme.color("accent_text")
            )

    @property
    def _bars_width(self) -> int:
        return 96 if self.width() >= _NARROW else 66

    def _paint_number(self, painter: QPainter) -> None:
        theme = self._theme
        key = QRectF(11, (self.height() - 20) / 2, 20, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if self._chosen else "control"))
        painter.drawRoundedRect(key, 4, 4)
        painter.setFont(theme.font("caption_medium"))
        painter.setPen(theme.color("on_accent" if self._chosen else "text_2"))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, str(self._item.number))

    def _paint_text(self, painter: QPainter) -> None:
        theme, item = self._theme, self._item
        left = 66 if item.state is TakeState.FAILED else _BARS_LEFT + self._bars_width + 10
        right = 40 + (self._retry.sizeHint().width() + 8 if item.state is TakeState.FAILED else 0)
        width = self.width() - left - right
        middle = self.height() / 2
        for role, token, text, top in (
            ("small_medium", "text", item.title, middle - 17),
            ("caption", "text_2" if self._chosen else "text_3", item.line, middle + 1),
        ):
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(token))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width))
            painter.drawText(QRectF(left, top, width, theme.line_height(role)), Qt.AlignmentFlag.AlignVCenter, shown)
