"""The form of every question before a change: a title, fields, a sentence where an answer cannot be, one button."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLayout, QLineEdit, QWidget

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, Popover, column, row
from grammy_desktop.ui.widgets.popover import SHADOW


class AskPopover(Popover):
    """Subclasses `add` fields and answer in `_accept`. Enter in a field presses the button."""

    accepted = Signal(object)

    def __init__(
        self, theme: Theme, window: QWidget, title: str, button: str, *, note: str = "", width: int = 320
    ) -> None:
        super().__init__(theme, window, width=width)
        self.setAccessibleName(title)
        self.problem = Label(theme, "", "small", "warn")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.button = Button(theme, button, kind="primary")
        self.button.clicked.connect(self._accept)
        cancel = Button(theme, "Cancel", kind="ghost")
        cancel.clicked.connect(self.close_popover)
        self.note = Label(theme, note, "small", "text_2")
        self.note.setWordWrap(True)
        self.note.setVisible(bool(note))
        self.extra = row()
        self._fields = column(spacing=10)
        bottom = row(self.extra, None, cancel, self.button)
        parts = (Label(theme, title, "body_bold"), self._fields, self.problem, self.note, bottom)
        self.content.addLayout(column(*parts, spacing=10, margins=(16, 14, 16, 16)))
        self._text_width = width - 32
        _fit(self.note, self._text_width)
        self.closed.connect(self.deleteLater)

    def add(self, *fields: QWidget | QLayout) -> None:
        """Under the title and what was added before."""
        for field in fields:
            if isinstance(field, QLayout):
                self._fields.addLayout(field)
            else:
                self._fields.addWidget(field)

    def field(self, text: str, name: str, *, hint: str = "") -> QLineEdit:
        """A line to type in."""
        made = QLineEdit(text)
        made.setFont(self._theme.font("input"))
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.returnPressed.connect(self._accept)
        return made

    def open_for(self, anchor: QWidget, *, focus: QWidget | None = None, align: str = "left") -> None:
        self.open_at(anchor, align=align)
        if focus is not None:
            focus.setFocus(Qt.FocusReason.PopupFocusReason)
            if isinstance(focus, QLineEdit):
                focus.selectAll()

    def refuse(self, sentence: str) -> None:
        """Say why the answer cannot be taken; '' when it can."""
        self.problem.setText(sentence)
        _fit(self.problem, self._text_width)
        self.problem.setVisible(bool(sentence))
        self.note.setVisible(bool(self.note.text()) and not sentence)
        self.button.setEnabled(not sentence)
        self._refit()

    def _refit(self) -> None:
        if not self.isVisible():
            return
        top, bottom = self.y(), self.geometry().bottom()
        upwards = self._anchor is not None and top < self._anchor.mapTo(self.window(), QPoint(0, 0)).y() - SHADOW
        self.adjustSize()
        self.move(self.x(), bottom - self.height() + 1 if upwards else top)

    def _accept(self) -> None:
        raise NotImplementedError


def _fit(label: Label, width: int) -> None:
    """Room for all its lines: a layout asks a wrapped label too late."""
    label.setMinimumHeight(label.heightForWidth(width) if label.text() else 0)
