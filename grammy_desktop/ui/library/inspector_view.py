"""Layout of the inspector. No logic."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from grammy_desktop.ui.library.drag_tile import DragTile
from grammy_desktop.ui.mini_wave import MiniWave
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, ElidedLabel, IconButton, Label, column, hline, row

COVER_SHARE = 0.62


class InspectorView(QWidget):
    """Cover, names, drag-out tiles, versions, made with."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.cover = QLabel()
        self.cover.setAccessibleName("Cover")
        self.name_label = ElidedLabel(theme, "", "title_large")
        self.name_edit = QLineEdit()
        self.name_edit.setAccessibleName("Title")
        self.name_edit.hide()
        self.star = IconButton(theme, "star", "Star", key="*")
        self.facts = ElidedLabel(theme, "", "small", "text_2")
        self.wave = MiniWave(theme)
        self.licence = Label(theme, "", "small_medium", "ok")
        self.reason = ElidedLabel(theme, "", "caption", "text_3")
        self.licence_icon = Label(theme)
        self.open_button = Button(theme, "Open", kind="control", name="Open this song")
        self.delete_button = Button(theme, "Move to Trash", kind="ghost", icon="trash-2")
        self.tiles = {
            "master": DragTile(theme, "disc-3", "Master"),
            "mix": DragTile(theme, "file-headphone", "Mix"),
            "stems": DragTile(theme, "layers", "Stems"),
            "midi": DragTile(theme, "file-music", "MIDI"),
        }
        grid = QGridLayout()
        grid.setSpacing(6)
        for index, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, index // 2, index % 2)
        self.tile_note = Label(theme, "WAV 24-bit with tempo, key and markers", "caption", "text_3")
        self.versions = QVBoxLayout()
        self.versions.setSpacing(0)
        self.made_with = QGridLayout()
        self.made_with.setVerticalSpacing(7)
        self.made_with.setColumnStretch(1, 1)
        self.made_with.setHorizontalSpacing(16)
        title = row(spacing=4)
        title.addWidget(self.name_label, 1)
        title.addWidget(self.name_edit, 1)
        title.addWidget(self.star)
        licence = row(self.licence_icon, self.licence, spacing=7)
        licence.addWidget(self.reason, 1)
        body = QWidget()
        body.setProperty("surface", "clear")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 16)
        layout.setSpacing(0)
        actions = row(self.open_button, self.delete_button, None)
        top = column(
            self.cover, 4, title, self.facts, 2, self.wave, 2, licence, 2, actions, spacing=6, margins=(16, 16, 16, 14)
        )
        heads = {name: Label(theme, name, "body_bold") for name in ("Drag to your DAW", "Versions", "Made with")}
        drag = column(heads["Drag to your DAW"], grid, self.tile_note, spacing=10, margins=(16, 12, 16, 14))
        made = column(heads["Made with"], self.made_with, spacing=10, margins=(16, 12, 16, 0))
        layout.addLayout(top)
        layout.addWidget(hline())
        layout.addLayout(drag)
        layout.addWidget(hline())
        layout.addLayout(column(heads["Versions"], margins=(16, 12, 16, 6)))
        layout.addLayout(column(self.versions, margins=(8, 0, 8, 10)))
        layout.addWidget(hline())
        layout.addLayout(made)
        layout.addStretch(1)
        self.body = body
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setWidget(body)
        self.scroll_area.viewport().setAutoFillBackground(False)
        self.empty = Label(theme, "Choose a song to see what it holds.", "body", "text_3")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.scroll_area, 1)
        outer.addWidget(self.empty, 1)
