"""One message at the bottom of the page, with Undo. Stays while the pointer or focus is on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPropertyAnimation, QRectF, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton, Keycap, Label, row
from grammy_desktop.ui.widgets.popover import SHADOW, paint_shadow

SHOWN_MS = 6_000
_HEIGHT = 44


class Toast(QWidget):
    """A child of the window; `show_message` replaces what is shown."""

    closed = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._undo: Callable[[], object] | None = None
        self._run: Callable[[], object] | None = None
        self.icon = Label(theme)
        self.words = Label(theme, "", "body_medium")
        self.undo = Button(theme, "Undo", kind="link", size="card")
        self.undo_key = Keycap(theme, "Ctrl Z")
        self.dismiss = IconButton(theme, "x", "Dismiss", side=24, icon_size=14)
        margins = (SHADOW + 14, SHADOW, SHADOW + 10, SHADOW)
        self.setLayout(
            row(self.icon, self.words, 8, self.undo, self.undo_key, self.dismiss, spacing=8, margins=margins)
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._time_is_up)
        self.undo.clicked.connect(self.run_undo)
        self.dismiss.clicked.connect(self.close_toast)
        window.installEventFilter(self)
        self.hide()

    @property
    def undoable(self) -> bool:
        """Whether Ctrl+Z means this toast's Undo."""
        return self.isVisible() and self._undo is not None

    def show_message(
        self,
        text: str,
        *,
        icon: str = "check",
        undo: Callable[[], object] | None = None,
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """`undo` gets a button and Ctrl+Z; `action` (its words and what it does) a button only."""
        self._undo = undo
        self._run = undo or (action[1] if action is not None else None)
        self.undo.setText(action[0] if action is not None and undo is None else "Undo")
        self.icon.setPixmap(self._theme.pixmap(icon, 16, "text_2", ratio=self.devicePixelRatioF()))
        self.words.setText(text)
        self.setAccessibleName(text)
        self.undo.setVisible(self._run is not None)
        self.undo_key.setVisible(undo is not None)
        self._place()
        self.show()
        self.raise_()
        self._slide()
        self._timer.start()

    def run_undo(self) -> None:
        """What the button does."""
        run = self._run
        self.close_toast()
        if run is not None:
            run()

    def close_toast(self) -> None:
        """Gone, and its Undo with it."""
        self._timer.stop()
        self._undo = self._run = None
        self.hide()
        self.closed.emit()

    def _time_is_up(self) -> None:
        focused = self._window.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._timer.start()
        else:
            self.close_toast()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        self.setFixedHeight(_HEIGHT + 2 * SHADOW)
        self.resize(self.sizeHint().width(), _HEIGHT + 2 * SHADOW)
        self.move((self._window.width() - self.width()) // 2, self._window.height() - 72 - 10 - _HEIGHT - SHADOW)

    def _slide(self) -> None:
        duration = self._theme.duration(160)
        if not duration:
            return
        end = self.pos()
        animation = QPropertyAnimation(self, b"pos", self)
        animation.setDuration(duration)
        animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        animation.setStartValue(end + type(end)(0, 8))
        animation.setEndValue(end)
        animation.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        paint_shadow(painter, box, 10, 0.5 if self._theme.is_dark else 0.18)
        painter.setPen(QPen(self._theme.color("line_strong"), 1))
        painter.setBrush(self._theme.color("raised"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
