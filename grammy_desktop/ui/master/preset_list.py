"""The presets to choose from: the app's own, the user's, and a quiet word about files that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QScrollArea, QVBoxLayout, QWidget

from grammy_desktop.mastering import Preset
from grammy_desktop.ui.master.preset_card import PresetCard
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Label, column, row

SUFFIX = ".toml"


class PresetList(QWidget):
    """`chosen` carries the Preset; `menu_wanted` a preset's id and a place; `imported` the preset files that were dropped."""

    chosen = Signal(object)
    menu_wanted = Signal(str, QPoint)
    imported = Signal(list)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self.cards: dict[str, PresetCard] = {}
        self.current = ""
        self.setAcceptDrops(True)
        self.setAccessibleName("Presets; drop a preset file to import it")
        body = QFrame()
        body.setProperty("surface", "clear")
        self._box = QVBoxLayout(body)
        self._box.setContentsMargins(16, 0, 6, 8)
        self._box.setSpacing(6)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        # New cards have their places only when the range says so.
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._reveal())
        self.trouble = Label(theme, "", "caption", "text_2")
        self._mark = Label(theme)
        self._notice = QWidget()
        self._notice.setLayout(row(self._mark, self.trouble, None, spacing=6, margins=(16, 4, 16, 4)))
        self._notice.hide()
        self.setLayout(column(self._scroll, self._notice, spacing=0))
        theme.changed.connect(self._mark_notice)
        self._mark_notice()

    def set_presets(self, presets: Iterable[Preset], current: str, problems: Sequence[str] = ()) -> None:
        """All presets anew; `problems` is one sentence for each file that could not be read."""
        self._clear()
        own_word = False
        for preset in presets:
            if preset.own and not own_word:
                own_word = True
                self._box.addWidget(Label(self._theme, "Yours", "caption", "text_3"))
            card = PresetCard(self._theme, preset)
            card.clicked.connect(lambda _=False, each=preset: self._choose(each))
            card.menu_wanted.connect(lambda at, each=preset.id: self.menu_wanted.emit(each, at))
            self._group.addButton(card)
            self.cards[preset.id] = card
            self._box.addWidget(card)
        self._box.addStretch(1)
        count = len(problems)
        self.trouble.setText("1 preset file cannot be used" if count == 1 else f"{count} preset files cannot be used")
        self._notice.setToolTip("\n".join(problems))
        self._notice.setAccessibleName(" ".join(problems))
        self._notice.setVisible(bool(count))
        self.set_current(current if current in self.cards else next(iter(self.cards), ""))

    def set_current(self, preset_id: str) -> None:
        """Mark it and bring it into view; no signal."""
        self.current = preset_id
        card = self.cards.get(preset_id)
        if card is not None:
            card.setChecked(True)
        # Tab comes to the chosen card, arrows go on from there. Qt sees to it only for cards that were clicked.
        for each in self.cards.values():
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is card else Qt.FocusPolicy.ClickFocus)
        self._reveal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reveal()

    def _reveal(self) -> None:
        """The chosen card stays in view."""
        card = self.cards.get(self.current)
        if card is not None:
            self._box.activate()
            self._scroll.ensureWidgetVisible(card, 0, 30)

    @property
    def preset(self) -> Preset | None:
        card = self.cards.get(self.current)
        return card.preset if card is not None else None

    def _choose(self, preset: Preset) -> None:
        self.current = preset.id
        self.chosen.emit(preset)

    def _clear(self) -> None:
        for card in self.cards.values():
            self._group.removeButton(card)
        self.cards = {}
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _mark_notice(self) -> None:
        self._mark.setPixmap(self._theme.pixmap("triangle-alert", 12, "warn", ratio=self.devicePixelRatioF()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _preset_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = _preset_files(event)
        if files:
            event.acceptProposedAction()
            self.imported.emit(files)


def _preset_files(event: QDropEvent) -> list[Path]:
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() == SUFFIX]
