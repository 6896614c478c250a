"""The prompt: grows from 86 to 172 px, then scrolls; the wand enhances, Esc brings the old words back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit

from grammy_desktop.core.brief import MAX_PROMPT
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import IconButton

SMALLEST, LARGEST = 86, 172


class PromptField(QPlainTextEdit):
    """`typed` fires on changes by the user; `submitted` on Ctrl+Enter; `restored` after Esc took an enhancement back."""

    typed = Signal(str)
    restored = Signal()

    def __init__(self, theme: Theme, *, role: str = "input") -> None:
        super().__init__()
        self._theme, self._role = theme, role
        self._before: str | None = None
        self.setPlaceholderText("Chill lo-fi hip hop, 90 BPM, rainy evening, soft sax hook")
        self.setAccessibleName("Prompt")
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.wand = IconButton(
            theme, "wand-sparkles", "Enhance the prompt", tip="Says more clearly what you mean", parent=self
        )
        self.textChanged.connect(self._changed)
        self._restyle()
        theme.changed.connect(self._restyle)
        self._grow()

    @property
    def text(self) -> str:
        return self.toPlainText().strip()

    def set_text(self, text: str) -> None:
        """Replace the words, undoable."""
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)

    def show_enhanced(self, text: str) -> None:
        """Put an enhancement in place; Esc brings back what was there."""
        before = self.toPlainText()
        self.set_text(text)
        self._before = before

    def put_back(self) -> bool:
        """Undo the enhancement; False when there is none."""
        if self._before is None:
            return False
        before, self._before = self._before, None
        self.set_text(before)
        self.restored.emit()
        return True

    @property
    def before(self) -> str | None:
        """What stood here before the enhancement."""
        return self._before

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if not self.put_back():
                self.clearFocus()
            return
        if event.text() and event.text().isprintable():
            self._before = None
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.ShortcutFocusReason:
            self.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.wand.move(self.width() - self.wand.width() - 6, self.height() - self.wand.height() - 6)
        self._grow()

    def _changed(self) -> None:
        if len(self.toPlainText()) > MAX_PROMPT:
            cursor = self.textCursor()
            cursor.deletePreviousChar()
            return
        self._grow()
        self.typed.emit(self.text)

    def _grow(self) -> None:
        lines = max(1, int(self.document().size().height()))
        wanted = round(lines * self.fontMetrics().lineSpacing() + 24)
        smallest = self._theme.row(SMALLEST)
        height = min(max(smallest, wanted), self._theme.row(LARGEST))
        if height != self.height():
            self.setFixedHeight(height)

    def _restyle(self) -> None:
        self.setFont(self._theme.font(self._role))
        # Room at the right for the wand, so that words never run under it.
        self.setViewportMargins(4, 0, 26, 0)
        self._grow()
