"""One ring for all controls: 2 px, 2 px outside the control, only when focus came by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from grammy_desktop.ui.theme import Theme

_OUTSIDE = 4
"""2 px of ring and 2 px of surface between."""


class FocusRing(QWidget):
    """Lies over its window, follows the focused control and lets the mouse through.

    Only focus that moves inside `by_keyboard()` is shown: the window wraps Tab and F6 in it.
    """

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._target: QWidget | None = None
        self._by_keyboard = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)

    @contextmanager
    def by_keyboard(self) -> Iterator[None]:
        self._by_keyboard = True
        try:
            yield
        finally:
            self._by_keyboard = False

    @property
    def target(self) -> QWidget | None:
        """The control the ring is around."""
        return self._target

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        elif event.type() in (QEvent.Type.Hide, QEvent.Type.DeferredDelete):
            self._follow(None)
        return False

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        # Text fields show focus by their own border.
        shown = self._by_keyboard and new is not None and not isinstance(new, QLineEdit | QPlainTextEdit)
        self._follow(new if shown and new is not None and new.window() is self.window() else None)

    def _follow(self, target: QWidget | None) -> None:
        if self._target is not None:
            self._target.removeEventFilter(self)
        self._target = target
        if target is None:
            self.hide()
        else:
            target.installEventFilter(self)
            self._place()

    def _place(self) -> None:
        if self._target is None:
            return
        corner = self._target.mapTo(self.window(), QPoint(0, 0))
        self.setGeometry(
            corner.x() - _OUTSIDE,
            corner.y() - _OUTSIDE,
            self._target.width() + 2 * _OUTSIDE,
            self._target.height() + 2 * _OUTSIDE,
        )
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("focus"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)
