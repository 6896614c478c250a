"""Name and one sentence for a preset of one's own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, Popover, column, row

LONGEST_NAME, LONGEST_SENTENCE = 80, 600


class PresetPopover(Popover):
    """`accepted` carries name and sentence; `refuse` shows why they cannot be taken, and it stays open."""

    accepted = Signal(str, str)

    def __init__(self, theme: Theme, window: QWidget, title: str, *, name: str = "", sentence: str = "") -> None:
        super().__init__(theme, window, width=320)
        self.name, self.sentence = QLineEdit(name), QLineEdit(sentence)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText("Late night")
        self.name.setAccessibleName("Name of the preset")
        self.sentence.setMaxLength(LONGEST_SENTENCE)
        self.sentence.setPlaceholderText("For whom it is and what it does")
        self.sentence.setAccessibleName("One sentence about the preset")
        self.problem = Label(theme, "", "small", "warn")
        self.problem.setWordWrap(True)
        self.problem.hide()
        for field in (self.name, self.sentence):
            field.setFont(theme.font("body"))
            field.returnPressed.connect(self._accept)
        self.save = Button(theme, "Save", kind="primary")
        self.save.clicked.connect(self._accept)
        cancel = Button(theme, "Cancel", kind="ghost")
        cancel.clicked.connect(self.close_popover)
        parts = (Label(theme, title, "body_bold"), self.name, self.sentence, self.problem, row(None, cancel, self.save))
        self.content.addLayout(column(*parts, spacing=10, margins=(16, 14, 16, 16)))
        self.closed.connect(self.deleteLater)

    def open_for(self, anchor: QWidget) -> None:
        self.open_at(anchor)
        self.name.setFocus()
        self.name.selectAll()

    def refuse(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()
        self.adjustSize()
        self.name.setFocus()

    def _accept(self) -> None:
        if self.name.text().strip():
            self.accepted.emit(self.name.text().strip(), self.sentence.text().strip())
        else:
            self.refuse("A preset needs a name.")
