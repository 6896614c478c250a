"""Editing a chip in place: menus for what has a list, a small popover for the tempo."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QMenu, QPushButton, QWidget

from grammy_desktop.core.brief import MAX_DURATION, MIN_DURATION
from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import Style
from grammy_desktop.ui.formats import key_name, length
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, Popover, column, row

LENGTHS = (15.0, 30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0, 240.0, 300.0)
_TAP_RESET_S = 2.0


def choose_from(
    theme: Theme,
    anchor: QWidget,
    options: Iterable[tuple[object, str]],
    current: object,
    pick: Callable[[object], None],
) -> QMenu:
    """A menu under `anchor`; the current value is ticked."""
    menu = QMenu(anchor)
    menu.setFont(theme.font("body"))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for value, text in options:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(value == current)
        action.triggered.connect(lambda _=False, chosen=value: pick(chosen))
    menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 4)))
    return menu


def style_menu(
    theme: Theme, anchor: QWidget, styles: Iterable[Style], current: str, pick: Callable[[object], None]
) -> QMenu:
    """The styles by name, not shown yet; what derives from a style stands in a menu of its own beside it."""
    menu = QMenu(anchor)
    menu.setFont(theme.font("body"))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    ordered = sorted(styles, key=lambda style: style.name.lower())
    families: dict[str, list[Style]] = {}
    for style in ordered:
        families.setdefault(style.parent or style.id, []).append(style)
    known = {style.id: style for style in ordered}
    for family in sorted(families, key=lambda name: known[name].name.lower() if name in known else name):
        members = sorted(families[family], key=lambda style: bool(style.parent))
        place = menu
        if len(members) > 1:
            place = menu.addMenu(known[family].name if family in known else members[0].name)
            place.setFont(menu.font())
        for style in members:
            action = place.addAction(style.name)
            action.setToolTip(style.description)
            action.setCheckable(True)
            action.setChecked(style.id == current)
            action.triggered.connect(lambda _=False, chosen=style.id: pick(chosen))
    return menu


class TempoPopover(Popover):
    """A number and Tap."""

    def __init__(self, theme: Theme, window: QWidget, tempo: float, pick: Callable[[float], None]) -> None:
        super().__init__(theme, window, width=224)
        self._taps: list[float] = []
        self._pick = pick
        self.field = QDoubleSpinBox()
        self.field.setRange(30.0, 300.0)
        self.field.setDecimals(1)
        self.field.setValue(tempo)
        self.field.setFont(theme.font("body"))
        self.field.setAccessibleName("Tempo in BPM")
        self.field.editingFinished.connect(self._done)
        tap = Button(theme, "Tap", tip="Click in time, four times or more")
        tap.clicked.connect(lambda: self.tap(time.monotonic()))
        self.content.addLayout(row(self.field, Label(theme, "BPM", "small", "text_2"), tap, margins=(12, 12, 12, 12)))
        self.setFocusProxy(self.field)

    def tap(self, moment: float) -> None:
        """Tempo from the mean gap between taps; a pause of 2 s starts over."""
        if self._taps and moment - self._taps[-1] > _TAP_RESET_S:
            self._taps.clear()
        self._taps.append(moment)
        if len(self._taps) >= 3:
            gap = (self._taps[-1] - self._taps[0]) / (len(self._taps) - 1)
            self.field.setValue(round(60.0 / gap, 1))
            self._pick(self.field.value())

    def _done(self) -> None:
        if self.isVisible():
            self._pick(self.field.value())
            self.close_popover()


class KeyPopover(Popover):
    """Twelve tonics in major and minor."""

    def __init__(self, theme: Theme, window: QWidget, current: Key, pick: Callable[[Key], None]) -> None:
        super().__init__(theme, window, width=296)
        grid = QGridLayout()
        grid.setSpacing(4)
        self.buttons: dict[Key, QPushButton] = {}
        for index in range(24):
            key = Key(index % 12, "major" if index < 12 else "minor")
            button = Button(theme, key_name(str(key)).split()[0], size="card", name=str(key))
            button.set_kind("primary" if key == current else "control")
            button.setFixedWidth(40)
            button.clicked.connect(lambda _=False, chosen=key: self._choose(chosen, pick))
            self.buttons[key] = button
            grid.addWidget(button, index // 6 + (1 if index >= 12 else 0) + 1, index % 6)
        grid.addWidget(Label(theme, "Major", "caption", "text_3"), 0, 0, 1, 6)
        grid.addWidget(Label(theme, "Minor", "caption", "text_3"), 3, 0, 1, 6)
        self.content.addLayout(column(grid, margins=(14, 12, 14, 14)))

    def _choose(self, key: Key, pick: Callable[[Key], None]) -> None:
        self.close_popover()
        pick(key)


class LengthPopover(Popover):
    """Seconds, within what the app can make, and the usual lengths."""

    def __init__(self, theme: Theme, window: QWidget, seconds: float, pick: Callable[[float], None]) -> None:
        super().__init__(theme, window, width=268)
        self._pick = pick
        self.field = QDoubleSpinBox()
        self.field.setRange(MIN_DURATION, MAX_DURATION)
        self.field.setDecimals(0)
        self.field.setValue(seconds)
        self.field.setFont(theme.font("body"))
        self.field.setAccessibleName("Length in seconds")
        self.field.editingFinished.connect(lambda: self._done(self.field.value()))
        grid = QGridLayout()
        grid.setSpacing(4)
        for index, usual in enumerate(LENGTHS):
            button = Button(theme, length(usual), size="card")
            button.clicked.connect(lambda _=False, chosen=usual: self._done(chosen))
            grid.addWidget(button, index // 5, index % 5)
        field = row(self.field, Label(theme, "seconds", "small", "text_2"), None)
        self.content.addLayout(column(field, grid, margins=(12, 12, 12, 12)))
        self.setFocusProxy(self.field)

    def _done(self, seconds: float) -> None:
        if self.isVisible():
            self.close_popover()
            self._pick(seconds)
