"""Lines and plain layouts, so that view files read like the picture they make."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets.labels import Label

Item = QWidget | QLayout | int | None
"""A widget, a layout, a fixed gap in pixels, or None for stretch."""


def _fill(layout: QHBoxLayout | QVBoxLayout, items: tuple[Item, ...]) -> None:
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


def row(*items: Item, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    _fill(layout, items)
    return layout


def column(*items: Item, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    _fill(layout, items)
    return layout


def hline(parent: QWidget | None = None) -> QFrame:
    """A parting line, one pixel high."""
    line = QFrame(parent)
    line.setProperty("line", True)
    line.setFixedHeight(1)
    return line


def vline(height: int | None = None, parent: QWidget | None = None) -> QFrame:
    line = QFrame(parent)
    line.setProperty("line", True)
    line.setFixedWidth(1)
    if height is not None:
        line.setFixedHeight(height)
    return line


def panel_header(theme: Theme, title: str, *items: Item) -> QWidget:
    """A 40 px header row: the title, then the items at its right."""
    header = QWidget()
    header.setFixedHeight(theme.row(40))
    label = Label(theme, title, "body_bold")
    layout = row(label, spacing=8, margins=(16, 0, 12, 0))
    _fill(layout, items)
    layout.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    header.setLayout(layout)
    return header
