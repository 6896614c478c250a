"""A well of cells: a value over its caption, parted by lines."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from grammy_desktop.ui.formats import NOTHING
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Label, column, vline


class Cell(QWidget):
    """`value` above, `caption` below."""

    def __init__(self, theme: Theme, caption: str, *, value: str = NOTHING, minimum: int = 0) -> None:
        super().__init__()
        self._name = caption
        self.value = Label(theme, value, "body_medium")
        self.caption = Label(theme, caption, "caption", "text_3")
        self.setLayout(column(self.value, self.caption, spacing=0, margins=(10, 0, 10, 0)))
        self.setMinimumWidth(minimum)

    def show_value(self, value: str, caption: str | None = None, *, token: str = "text") -> None:
        self.value.setText(value)
        self.value.set_token(token)
        if caption is not None:
            self.caption.setText(caption)
        self.setAccessibleName(f"{value} {self.caption.text()}")


class Well(QFrame):
    """Cells side by side in one well, 48 px high."""

    def __init__(self, theme: Theme, *cells: QWidget) -> None:
        super().__init__()
        self.setProperty("surface", "well")
        self.setFixedHeight(theme.row(48))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._lines: dict[QWidget, QFrame] = {}
        for index, cell in enumerate(cells):
            if index:
                self._lines[cell] = vline()
                layout.addWidget(self._lines[cell])
            layout.addWidget(cell, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_cell_visible(self, cell: QWidget, visible: bool) -> None:
        cell.setVisible(visible)
        if cell in self._lines:
            self._lines[cell].setVisible(visible)
