"""Which sound a part is played on: a list of every sound by its plain name, narrowed by typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from grammy_desktop.ui.changes.ask_popover import AskPopover
from grammy_desktop.ui.fuzzy import fuzzy_score
from grammy_desktop.ui.theme import Theme

ROWS = 8


class SoundQuestion(AskPopover):
    """`accepted` carries the sound's id. `choices` are (id, name)."""

    def __init__(
        self, theme: Theme, window: QWidget, part: str, choices: Sequence[tuple[str, str]], current: str
    ) -> None:
        super().__init__(theme, window, f"Sound of {part}", "Play it on this")
        self._choices, self._current = choices, current
        self.text = self.field("", "Search sounds", hint="Search: flute, warm pad, upright bass")
        self.list = QListWidget()
        self.list.setFont(theme.font("body"))
        self.list.setStyleSheet(
            f"QListWidget {{ background: {theme.hex('well')}; border: 1px solid {theme.hex('line')}; border-radius: 6px; }}"
            f"QListWidget::item {{ color: {theme.hex('text')}; padding: 3px 10px; border-radius: 4px; }}"
            f"QListWidget::item:selected {{ color: {theme.hex('text')}; background: {theme.hex('accent_soft')}; }}"
        )
        self.list.setAccessibleName("Sounds")
        self.list.setFixedHeight(theme.row(26) * ROWS)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemDoubleClicked.connect(lambda _item: self._accept())
        self.list.currentItemChanged.connect(lambda *_: self._check())
        self.text.installEventFilter(self)
        self.add(self.text, self.list)
        self.text.textChanged.connect(self._narrow)
        self._narrow("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down move in the list while typing goes on."""
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self.list.setCurrentRow(min(self.list.count() - 1, max(0, self.list.currentRow() + step)))
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, text: str) -> None:
        words = text.strip()
        found = self._choices
        if words:
            rated = [(fuzzy_score(words, choice[1]), choice) for choice in self._choices]
            found = [choice for points, choice in sorted(rated, key=lambda pair: -pair[0]) if points > 0]
        self.list.clear()
        for sound, name in found:
            item = QListWidgetItem(f"{name}  (now)" if sound == self._current else name)
            item.setData(Qt.ItemDataRole.UserRole, sound)
            self.list.addItem(item)
        now = next((row for row, (sound, _) in enumerate(found) if sound == self._current), 0)
        self.list.setCurrentRow(0 if words else now)
        if not words:
            self.list.scrollToItem(self.list.currentItem(), QListWidget.ScrollHint.PositionAtCenter)
        self._check()

    def _check(self) -> None:
        item = self.list.currentItem()
        self.button.setEnabled(item is not None and item.data(Qt.ItemDataRole.UserRole) != self._current)

    def _accept(self) -> None:
        item = self.list.currentItem()
        if item is not None and self.button.isEnabled():
            self.close_popover()
            self.accepted.emit(str(item.data(Qt.ItemDataRole.UserRole)))
