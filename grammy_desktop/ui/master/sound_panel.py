"""The left panel: presets, a reference, the song's versions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QScrollArea, QWidget

from grammy_desktop.mastering import Preset
from grammy_desktop.ui.master.preset_card import PresetCard
from grammy_desktop.ui.master.reference_drop import ReferenceDrop
from grammy_desktop.ui.master.version_list import VersionList
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Label, column, hline, panel_header, row


class SoundPanel(QWidget):
    """`preset_chosen` carries the Preset. A reference takes the preset's place while there is one."""

    preset_chosen = Signal(object)
    reference_changed = Signal(object)

    def __init__(self, theme: Theme, presets: Iterable[Preset], default: str) -> None:
        super().__init__()
        self.cards = {preset.id: PresetCard(theme, preset) for preset in presets}
        self.reference = ReferenceDrop(theme)
        self.reference.changed.connect(self._reference_changed)
        self.versions = VersionList(theme)
        group = QButtonGroup(self)
        for card in self.cards.values():
            group.addButton(card)
            card.clicked.connect(lambda _=False, chosen=card.preset: self._choose(chosen))
        self._chosen = default if default in self.cards else next(iter(self.cards), "")
        if self._chosen:
            self.cards[self._chosen].setChecked(True)
        presets_box = column(*self.cards.values(), spacing=6, margins=(16, 0, 16, 14))
        optional = row(Label(theme, "Reference", "body_bold"), Label(theme, "optional", "small", "text_2"), None)
        reference_box = column(optional, self.reference, spacing=8, margins=(16, 10, 16, 14))
        versions_box = column(Label(theme, "Versions", "body_bold"), self.versions, spacing=6, margins=(16, 10, 16, 14))
        body = QFrame()
        body.setProperty("surface", "clear")
        body.setLayout(column(presets_box, hline(), reference_box, hline(), versions_box, None, spacing=0))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self.setLayout(column(panel_header(theme, "Sound"), scroll, spacing=0))

    @property
    def preset(self) -> Preset | None:
        """The chosen preset, also while a reference stands in for it."""
        card = self.cards.get(self._chosen)
        return card.preset if card is not None else None

    def _choose(self, preset: Preset) -> None:
        self._chosen = preset.id
        self.preset_chosen.emit(preset)

    def _reference_changed(self, path: Path | None) -> None:
        self.reference_changed.emit(path)
