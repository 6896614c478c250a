"""Filters, smart collections, tags, and how full the disk is."""

from __future__ import annotations

import shutil
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QScrollArea, QVBoxLayout, QWidget

from grammy_desktop.app import App
from grammy_desktop.ui.formats import size
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, FlowLayout, IconButton, Label, column, panel_header

FILTERS = (
    ("all", "All songs", "music"),
    ("starred", "Starred", "star"),
    ("recent", "Last 7 days", "clock"),
    ("sellable", "Yours to sell", "shield-check"),
    ("trash", "Trash", "trash-2"),
)
SMART = (("score:>70", "Meter over 70"), ("score:<50", "Meter under 50"))


class FilterRow(Button):
    """A row with a count at its right."""

    def __init__(self, theme: Theme, text: str, icon: str) -> None:
        super().__init__(theme, text, kind="row", icon=icon)
        self._theme, self._icon = theme, icon
        self.setCheckable(True)
        self._count = ""
        self.toggled.connect(lambda on: self.set_icon(icon, "accent_text" if on else "text_2"))

    def set_count(self, count: int | None) -> None:
        self._count = "" if count is None else str(count)
        self.setAccessibleName(f"{self.text()}, {count} songs")
        self.update()

    def set_note(self, note: str) -> None:
        """Any short text in the count's place."""
        self._count = note
        self.setAccessibleName(f"{self.text()}, {note}" if note else self.text())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.color("text_2" if self.isChecked() else "text_3"))
        box = QRectF(0, 0, self.width() - 10, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._count)


class Sidebar(QWidget):
    """`filter_chosen` carries a filter's id, `query_chosen` a search, `import_wanted` nothing."""

    filter_chosen = Signal(str)
    query_chosen = Signal(str)
    import_wanted = Signal()

    def __init__(self, theme: Theme, app: App) -> None:
        super().__init__()
        self._theme, self._app = theme, app
        add = IconButton(theme, "plus", "Import audio", key="Ctrl+Shift+I")
        add.clicked.connect(self.import_wanted)
        header = panel_header(theme, "Library", None, add)
        self._group = QButtonGroup(self)
        self.rows: dict[str, FilterRow] = {}
        body = QWidget()
        body.setProperty("surface", "clear")
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(8, 0, 8, 8)
        self._body.setSpacing(0)
        for identity, text, icon in FILTERS:
            self.rows[identity] = self._add_row(text, icon, partial(self.filter_chosen.emit, identity))
        self._body.addLayout(
            column(Label(theme, "Smart collections", "caption_medium", "text_3"), margins=(10, 16, 0, 4))
        )
        self.smart = {
            query: self._add_row(text, "funnel", partial(self.query_chosen.emit, query)) for query, text in SMART
        }
        self.tags_title = Label(theme, "Tags", "caption_medium", "text_3")
        self._body.addLayout(column(self.tags_title, margins=(10, 16, 0, 6)))
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=6)
        self._tags.setContentsMargins(10, 0, 0, 0)
        self._body.addWidget(tags)
        self._body.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        scroll.viewport().setAutoFillBackground(False)
        self.usage = Label(theme, "", "caption", "text_3")
        self.setLayout(column(header, spacing=0))
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(scroll, 1)
        layout.addLayout(column(self.usage, margins=(16, 8, 16, 12)))
        self.rows["all"].setChecked(True)

    def refresh(self) -> None:
        """Count again."""
        library = self._app.library
        for identity, row in self.rows.items():
            row.set_count(library.count(filter=identity))
        for query, row in self.smart.items():
            row.set_count(library.count(query))
        self._tags.clear()
        tags = library.tags()
        self.tags_title.setVisible(bool(tags))
        for name, count in tags:
            chip = Button(self._theme, name, size="card", name=f"Tag {name}, {count} songs")
            chip.clicked.connect(partial(self.query_chosen.emit, f'tag:"{name}"' if " " in name else f"tag:{name}"))
            self._tags.addWidget(chip)
        free = shutil.disk_usage(self._app.paths.data_dir).free
        self.usage.setText(f"{size(library.usage())} used, {size(free)} free")

    def _add_row(self, text: str, icon: str, run: partial[None]) -> FilterRow:
        row = FilterRow(self._theme, text, icon)
        row.clicked.connect(lambda _=False: run())
        self._group.addButton(row)
        self._body.addWidget(row)
        return row
