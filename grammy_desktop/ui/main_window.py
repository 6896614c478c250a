"""The frame of the window: app bar, pages, transport. Holds no logic about songs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from grammy_desktop.ui.app_bar import PAGES, AppBar
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.focus_ring import FocusRing
from grammy_desktop.ui.memory import Memory, ShortMemory
from grammy_desktop.ui.page import Page
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import hline

MINIMUM = (1120, 640)
COMPACT_PLACE = 1380
"""Below this width 'On this computer' is an icon."""


class MainWindow(QMainWindow):
    """`set_page` fills a page; the transport is set once. `width_changed` tells panels what gives way."""

    page_changed = Signal(str)
    width_changed = Signal(int)
    height_changed = Signal(int)
    escape_pressed = Signal()
    closing = Signal(QCloseEvent)

    def __init__(self, theme: Theme, commands: CommandTable, memory: Memory | None = None) -> None:
        super().__init__()
        self.theme, self.commands = theme, commands
        self.memory: Memory = memory or ShortMemory()
        self._pages: dict[str, Page] = {}
        self._hero: QWidget | None = None
        self._page_id = "create"
        self.setWindowTitle("Grammy Desktop")
        self.setMinimumSize(*MINIMUM)
        self.app_bar = AppBar(theme, commands)
        self.app_bar.page_chosen.connect(self.show_page)
        self.stack = QStackedWidget()
        self._bottom = QVBoxLayout()
        self._transports: list[QWidget] = []
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.app_bar)
        layout.addWidget(hline())
        layout.addWidget(self.stack, 1)
        layout.addWidget(hline())
        layout.addLayout(self._bottom)
        self.setCentralWidget(body)
        for page_id, _, _ in PAGES:
            self.set_page(page_id, QWidget(), QWidget(), QWidget())
        commands.attach(self)
        self._bind()
        self.focus_ring = FocusRing(theme, self)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_page("create")
        self._restore()

    @property
    def page_id(self) -> str:
        return self._page_id

    def page(self, page_id: str) -> Page:
        return self._pages[page_id]

    def set_page(self, page_id: str, left: QWidget, centre: QWidget, right: QWidget) -> None:
        old = self._pages.get(page_id)
        page = Page(page_id, left, centre, right, self.memory)
        self._pages[page_id] = page
        self.stack.addWidget(page)
        page.apply_widths(self.width(), self.theme.text_scale)
        if old is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        if page_id == self._page_id:
            self.stack.setCurrentWidget(page)

    def set_transport(self, transport: QWidget) -> None:
        self._bottom.addWidget(transport)
        self._transports.append(transport)

    def set_hero(self, hero: QWidget | None) -> None:
        """A widget that takes the Create page's place while there are no songs; None brings the page back."""
        if self._hero is not None and hero is not self._hero:
            self.stack.removeWidget(self._hero)
        self._hero = hero
        if hero is not None:
            self.stack.addWidget(hero)
        self.show_page(self._page_id)

    def show_page(self, page_id: str) -> None:
        """Instant, as pages are not animated."""
        self._page_id = page_id
        self.app_bar.pages.set_value(page_id)
        hero = self._hero if page_id == "create" else None
        self.stack.setCurrentWidget(hero or self._pages[page_id])
        self.page_changed.emit(page_id)

    def _bind(self) -> None:
        bind = self.commands.bind
        for page_id, _, _ in PAGES:
            bind(f"view.{page_id}", partial(self.show_page, page_id))
        bind("view.previous_page", lambda: self._step_page(-1))
        bind("view.next_page", lambda: self._step_page(1))
        bind("view.left", lambda: self._pages[self._page_id].toggle_left())
        bind("view.right", lambda: self._pages[self._page_id].toggle_right())
        bind("view.full_screen", self._toggle_full_screen)
        bind("view.next_region", self._next_region)
        bind("app.quit", self.close)

    def _step_page(self, step: int) -> None:
        order = [page_id for page_id, _, _ in PAGES]
        self.show_page(order[(order.index(self._page_id) + step) % len(order)])

    def _toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _next_region(self) -> None:
        """F6: app bar, left, centre, right, transport, and round again."""
        page = self._pages[self._page_id]
        middle: list[QWidget] = [page.left, page.centre, page.right]
        if self.stack.currentWidget() is self._hero and self._hero is not None:
            middle = [self._hero]
        regions = [self.app_bar, *middle, *self._transports]
        focused = QApplication.focusWidget()
        current = next((i for i, r in enumerate(regions) if focused is not None and r.isAncestorOf(focused)), -1)
        for step in range(1, len(regions) + 1):
            target = _first_focusable(regions[(current + step) % len(regions)])
            if target is not None:
                with self.focus_ring.by_keyboard():
                    target.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _restyle(self) -> None:
        self.setPalette(self.theme.palette())
        self.setFont(self.theme.font("body"))
        self.setStyleSheet(self.theme.stylesheet())
        for page in self._pages.values():
            page.apply_widths(self.width(), self.theme.text_scale)

    def _restore(self) -> None:
        geometry = self.memory.recall("window.geometry")
        if not (isinstance(geometry, str) and self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))):
            self.resize(1440, 900)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self.app_bar.set_compact(width < COMPACT_PLACE)
        for page in self._pages.values():
            page.apply_widths(width, self.theme.text_scale)
        self.width_changed.emit(width)
        self.height_changed.emit(event.size().height())

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Every control hands Tab up to its window; this is where focus by keyboard is known. Qt also comes here when the
        # focused control is hidden or disabled: that is not the keyboard, and no ring may appear.
        focused = QApplication.focusWidget()
        if focused is not None and not (focused.isVisible() and focused.isEnabled()):
            return super().focusNextPrevChild(forward)
        with self.focus_ring.by_keyboard():
            return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        focused = QApplication.focusWidget()
        if isinstance(focused, QLineEdit | QPlainTextEdit):
            focused.clearFocus()
        else:
            self.escape_pressed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.memory.remember("window.geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        event.accept()
        self.closing.emit(event)


def _first_focusable(region: QWidget) -> QWidget | None:
    widgets = [region, *region.findChildren(QWidget)]
    return next(
        (w for w in widgets if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus), None
    )
