"""Ctrl+K: fuzzy over commands, then settings, then songs. `>` commands, `#` songs, `?` help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.fuzzy import fuzzy_score
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets.popover import paint_shadow

WIDTH, TOP, ROW, ROWS = 640, 112, 38, 8
_FIELD, _FOOT, _GROUP = 52, 36, 28


@dataclass(frozen=True)
class Entry:
    """`note` explains or says why it cannot run; `keys` is the shortcut."""

    group: str
    text: str
    run: Callable[[], object]
    icon: str = ""
    note: str = ""
    keys: str = ""
    enabled: bool = True


class Palette(QWidget):
    """Covers the window with a scrim; `songs(query)` and `settings()` give entries besides the commands."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        commands: CommandTable,
        *,
        songs: Callable[[str], list[Entry]],
        settings: Callable[[], list[Entry]],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme, self._commands, self._songs, self._settings = theme, commands, songs, settings
        self._entries: list[Entry] = []
        self._current = 0
        self._first = 0
        self._back: QWidget | None = None
        self.field = QLineEdit(self)
        self.field.setProperty("kind", "bare")
        self.field.setAccessibleName("Search or run a command")
        self.field.setPlaceholderText("Search or run a command")
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        window.installEventFilter(self)
        self.setMouseTracking(True)
        self.hide()

    @property
    def entries(self) -> list[Entry]:
        return self._entries

    def open(self, text: str = "") -> None:
        self._back = self._window.focusWidget()
        self.setGeometry(self._window.rect())
        self.field.setFont(self._theme.font("hero_input"))
        panel = self.panel()
        self.field.setGeometry(int(panel.left()) + 46, int(panel.top()) + 11, WIDTH - 120, 30)
        self.show()
        self.raise_()
        self.field.setText(text)
        self.search(text)
        self.field.setFocus()

    def close_palette(self) -> None:
        if self.isVisible():
            self.hide()
            if self._back is not None:
                self._back.setFocus(Qt.FocusReason.PopupFocusReason)

    def search(self, text: str) -> None:
        """Best first within commands, settings, songs."""
        prefix = text[:1] if text[:1] in (">", "#", "?") else ""
        words = text.removeprefix(prefix).strip()
        entries: list[Entry] = []
        if prefix in ("", ">", "?"):
            entries += _ranked(self._command_entries(help_only=prefix == "?"), words)[
                : 40 if prefix or not words else 6
            ]
        if prefix == "":
            entries += _ranked(self._settings(), words)[:3] if words else []
        if prefix in ("", "#"):
            entries += self._songs(words)[: 5 if prefix == "" else 30] if words or prefix else []
        self._entries = entries
        self._current = self._first = 0
        self.update()

    def run_current(self) -> None:
        if 0 <= self._current < len(self._entries):
            entry = self._entries[self._current]
            if entry.enabled:
                self.close_palette()
                entry.run()

    def panel(self) -> QRectF:
        lines = self._lines()
        height = _FIELD + 8 + sum(_GROUP if line is None else ROW for line in lines) + (0 if lines else 44) + _FOOT
        return QRectF((self.width() - WIDTH) / 2, TOP, WIDTH, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self.close_palette()
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event.key())
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._entry_at(event.position().y())
        if not self.panel().contains(event.position()):
            self.close_palette()
        elif index is not None:
            self._current = index
            self.run_current()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._entry_at(event.position().y())
        if index is not None and index != self._current:
            self._current = index
            self.update()

    def _key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.run_current()
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        if self._entries:
            self._current = (self._current + step) % len(self._entries)
            self._first = min(max(self._first, self._current - ROWS + 1), self._current)
            self.update()

    def _command_entries(self, *, help_only: bool) -> list[Entry]:
        entries = []
        for command in self._commands.bound():
            if command.id == "view.palette" or (help_only and command.category != "Window"):
                continue
            why = self._commands.why_disabled(command.id)
            action = self._commands.action(command.id)
            keys = self._commands.shortcut_text(command.id)
            entries.append(Entry("Commands", command.text, action.trigger, command.icon, why, keys, not why))
        return entries

    def _lines(self) -> list[int | None]:
        """Entry numbers in view; None is a group's heading."""
        lines: list[int | None] = []
        group = ""
        for index in range(self._first, min(len(self._entries), self._first + ROWS)):
            if self._entries[index].group != group:
                group = self._entries[index].group
                lines.append(None)
            lines.append(index)
        return lines

    def _entry_at(self, y: float) -> int | None:
        top = self.panel().top() + _FIELD + 4
        for line in self._lines():
            height = _GROUP if line is None else ROW
            if line is not None and top <= y < top + height:
                return line
            top += height
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.fillRect(self.rect(), QColor(0, 0, 0, 128))
        panel = self.panel()
        paint_shadow(painter, panel, 14, 0.5)
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(panel.adjusted(0.5, 0.5, -0.5, -0.5), 14, 14)
        self._icon(painter, "search", panel.left() + 18, panel.top() + 18, "text_2")
        self._keycaps(painter, "Esc", panel.right() - 16, panel.top() + _FIELD / 2)
        painter.fillRect(QRectF(panel.left() + 1, panel.top() + _FIELD, WIDTH - 2, 1), theme.color("line"))
        top = panel.top() + _FIELD + 4
        for line in self._lines():
            if line is None:
                top += self._paint_group(painter, panel, top)
            else:
                self._paint_entry(painter, panel, top, line)
                top += ROW
        if not self._entries:
            self._text(
                painter,
                QRectF(panel.left() + 20, top, WIDTH - 40, 40),
                f"Nothing matches {self.field.text()}.",
                "body",
                "text_2",
            )
        self._paint_foot(painter, panel)

    def _paint_group(self, painter: QPainter, panel: QRectF, top: float) -> float:
        index = self._entry_at(top + _GROUP + 2)
        name = self._entries[index].group if index is not None else ""
        self._text(painter, QRectF(panel.left() + 20, top + 4, 200, 22), name, "caption_medium", "text_3")
        return _GROUP

    def _paint_entry(self, painter: QPainter, panel: QRectF, top: float, index: int) -> None:
        entry = self._entries[index]
        chosen = index == self._current
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_soft"))
            painter.drawRoundedRect(QRectF(panel.left() + 8, top, WIDTH - 16, ROW), 6, 6)
        if entry.icon:
            self._icon(painter, entry.icon, panel.left() + 20, top + 11, "accent_text" if chosen else "text_2")
        token = "text" if entry.enabled else "text_disabled"
        painter.setFont(self._theme.font("body_medium"))
        width = painter.fontMetrics().horizontalAdvance(entry.text)
        self._text(painter, QRectF(panel.left() + 48, top, 420, ROW), entry.text, "body_medium", token)
        note_left = panel.left() + 48 + width + 12
        room = max(0.0, panel.right() - 140 - note_left)
        self._text(painter, QRectF(note_left, top, room, ROW), entry.note, "small", "text_2" if chosen else "text_3")
        if entry.keys:
            self._keycaps(painter, entry.keys, panel.right() - 20, top + ROW / 2)

    def _paint_foot(self, painter: QPainter, panel: QRectF) -> None:
        top = panel.bottom() - _FOOT
        painter.fillRect(QRectF(panel.left() + 1, top, WIDTH - 2, 1), self._theme.color("line"))
        self._text(painter, QRectF(panel.left() + 20, top, 260, _FOOT), "↑ ↓ choose   ↵ run", "caption", "text_2")
        box = QRectF(panel.right() - 320, top, 300, _FOOT)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.color("text_2"))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, flags, "Type # for songs, > for commands, ? for help")

    def _keycaps(self, painter: QPainter, keys: str, right: float, middle: float) -> None:
        painter.setFont(self._theme.font("caption_medium"))
        for key in reversed(_key_names(keys)):
            width = painter.fontMetrics().horizontalAdvance(key) + 12
            box = QRectF(right - width, middle - 9, width, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("control"))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(self._theme.color("text_2"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
            right -= width + 6

    def _icon(self, painter: QPainter, name: str, x: float, y: float, token: str) -> None:
        pixmap = self._theme.pixmap(name, 16, token, ratio=self.devicePixelRatioF())
        painter.drawPixmap(round(x), round(y), pixmap)

    def _text(self, painter: QPainter, box: QRectF, text: str, role: str, token: str) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.color(token))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


def _ranked(entries: list[Entry], words: str) -> list[Entry]:
    scored = [(fuzzy_score(words, entry.text), entry) for entry in entries]
    return [entry for score, entry in sorted(scored, key=lambda pair: -pair[0]) if score > 0]


_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "↵"}


def _key_names(keys: str) -> list[str]:
    """'Ctrl+Shift+Left' as its keycaps; a plus key stays a plus."""
    parts = [part for part in keys.split("+") if part] + (["+"] if keys.endswith("+") else [])
    return [_ARROWS.get(part, part) for part in parts]
