"""The left panel: presets, references, the song's versions. Each scrolls in its own room."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from grammy_desktop.mastering import Preset
from grammy_desktop.ui.master.preset_card import PresetCard
from grammy_desktop.ui.master.preset_list import PresetList
from grammy_desktop.ui.master.reference_list import ReferenceList
from grammy_desktop.ui.master.version_list import VersionList
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import IconButton, Label, column, hline, panel_header

VERSIONS_SHARE = 0.26
"""Of the panel's height, the most that versions take."""
LEAST_VERSIONS = 96


class SoundPanel(QWidget):
    """`preset_chosen` carries the Preset. References take the preset's place while there are some."""

    preset_chosen = Signal(object)
    reference_changed = Signal()
    save_wanted = Signal()

    def __init__(self, theme: Theme, presets: Iterable[Preset], default: str) -> None:
        super().__init__()
        self.presets = PresetList(theme)
        self.presets.set_presets(presets, default)
        self.presets.chosen.connect(self.preset_chosen)
        self.reference = ReferenceList(theme)
        self.reference.changed.connect(self.reference_changed)
        self.versions = VersionList(theme)
        self.save = IconButton(theme, "plus", "Save as your own preset", tip="What is set now, under a name of yours")
        self.save.clicked.connect(self.save_wanted)
        self._versions_room = _scrolled(self.versions)
        versions = column(
            Label(theme, "Versions", "body_bold"), self._versions_room, spacing=6, margins=(16, 8, 16, 10)
        )
        self.aside = Label(theme, "Set aside for the reference", "small", "text_2")
        self.aside.hide()
        self.reference.changed.connect(lambda: self.aside.setVisible(bool(self.reference.rows)))
        head = panel_header(theme, "Sound", self.aside, None, self.save)
        layout = column(head, self.presets, hline(), self.reference, hline(), versions, spacing=0)
        layout.setStretchFactor(self.presets, 1)
        self.setLayout(layout)

    @property
    def cards(self) -> dict[str, PresetCard]:
        return self.presets.cards

    @property
    def preset(self) -> Preset | None:
        """The chosen preset, also while a reference stands in for it."""
        return self.presets.preset

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_versions()

    def fit_versions(self) -> None:
        """As high as its rows, within its share."""
        most = max(LEAST_VERSIONS, round(self.height() * VERSIONS_SHARE))
        self._versions_room.setFixedHeight(min(most, max(32, self.versions.sizeHint().height())))
        QTimer.singleShot(0, self._reveal_version)  # new rows have their places only then

    def _reveal_version(self) -> None:
        row = self.versions.current_row
        if row is not None:
            self._versions_room.ensureWidgetVisible(row, 0, 4)


def _scrolled(content: QWidget) -> QScrollArea:
    holder = QFrame()
    holder.setProperty("surface", "clear")
    holder.setLayout(column(content, None, spacing=0, margins=(0, 0, 0, 0)))
    room = QScrollArea()
    room.setWidgetResizable(True)
    room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    room.setWidget(holder)
    return room
