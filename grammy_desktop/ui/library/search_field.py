"""The search field: `key:value` becomes a token; result count and time stand at its right."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, row

SEARCH_AFTER_MS = 120
_TOKEN = re.compile(r'^[A-Za-z]+:(?:"[^"]+"|[^\s"]+)$')


class SearchField(QFrame):
    """`searched` carries the whole query as text."""

    searched = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tokens: list[str] = []
        self._buttons: list[Button] = []
        self.setProperty("surface", "well")
        self.setFixedHeight(theme.row(34))
        self._icon = Label(theme)
        self.edit = QLineEdit()
        self.edit.setProperty("kind", "bare")
        self.edit.setPlaceholderText("Search, or bpm:70..120, key:Am, score:>70, tag:rain")
        self.edit.setAccessibleName("Search the library")
        self.edit.installEventFilter(self)
        self.result = Label(theme, "", "caption", "text_3")
        self._row = row(self._icon, spacing=6, margins=(10, 0, 10, 0))
        self._row.addWidget(self.edit, 1)
        self._row.addWidget(self.result)
        self.setLayout(self._row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_AFTER_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.query))
        self.edit.textEdited.connect(self._edited)
        self._restyle()
        theme.changed.connect(self._restyle)

    @property
    def query(self) -> str:
        return " ".join([*self._tokens, self.edit.text().strip()]).strip()

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(self._tokens)

    def set_query(self, query: str) -> None:
        """Replace everything; searches at once."""
        self._tokens = []
        words: list[str] = []
        for part in re.findall(r'[A-Za-z]+:"[^"]*"|\S+', query):
            (self._tokens if _TOKEN.match(part) else words).append(part)
        self.edit.setText(" ".join(words))
        self._show_tokens()
        self.searched.emit(self.query)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Backspace and not self.edit.text() and self._tokens:
                self._tokens.pop()
                self._show_tokens()
                self._timer.start()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take_tokens(whole=True)
                self.searched.emit(self.query)
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            focused = event.type() == QEvent.Type.FocusIn
            self.setProperty("focused", focused)
            self.style().unpolish(self)
            self.style().polish(self)
        return False

    def _edited(self) -> None:
        if self.edit.text().endswith(" "):
            self._take_tokens(whole=False)
        self._timer.start()

    def _take_tokens(self, *, whole: bool) -> None:
        """Words that have become tokens move out of the text."""
        parts = re.findall(r'[A-Za-z]+:"[^"]*"|\S+', self.edit.text())
        found = [part for part in parts if _TOKEN.match(part)]
        if not found:
            return
        rest = [part for part in parts if part not in found]
        self._tokens += found
        self.edit.setText(" ".join(rest) + (" " if rest and not whole else ""))
        self._show_tokens()

    def _show_tokens(self) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        for place, token in enumerate(self._tokens, 1):
            button = Button(
                self._theme, token, kind="link", size="card", name=f"Filter {token}, remove", tip="Click to remove"
            )
            button.setProperty("token_chip", True)
            button.clicked.connect(lambda _=False, gone=token: self._remove(gone))
            self._buttons.append(button)
            self._row.insertWidget(place, button)

    def _remove(self, token: str) -> None:
        self._tokens.remove(token)
        self._show_tokens()
        self.searched.emit(self.query)

    def _restyle(self) -> None:
        self.edit.setFont(self._theme.font("body"))
        self._icon.setPixmap(self._theme.pixmap("search", 16, "text_2", ratio=self.devicePixelRatioF()))
