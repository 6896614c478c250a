"""The brief as chips that can be edited in place. What the user edits is kept over re-reads of the prompt."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from grammy_desktop.core.brief import ERAS, FORM_WISHES, Brief
from grammy_desktop.core.styles import INSTRUMENTS, MOODS, Style
from grammy_desktop.ui.create.brief_text import ChipText, chips_of, energy_words, swing_words
from grammy_desktop.ui.create.chip import BriefChip
from grammy_desktop.ui.create.chip_editors import KeyPopover, LengthPopover, TempoPopover, choose_from, style_menu
from grammy_desktop.ui.formats import sentence
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import FlowLayout

METRES = ("4/4", "3/4", "6/8", "2/4", "12/8")
ENERGIES = (-0.8, -0.4, 0.4, 0.8)
SWINGS = (50.0, 54.0, 58.0, 62.0, 66.7)


class AddChip(QAbstractButton):
    """The dashed + at the end."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Add a mood, an instrument or a wish for the form")
        self.setToolTip("Add a mood or an instrument")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.row(26), self._theme.row(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line_strong"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        icon = self._theme.pixmap("plus", 14, "text_2", ratio=self.devicePixelRatioF())
        painter.drawPixmap((self.width() - 14) // 2, (self.height() - 14) // 2, icon)


class BriefChips(QWidget):
    """`wished` carries a brief's field and its value; None returns the field to what the prompt says."""

    wished = Signal(str, object)

    def __init__(self, theme: Theme, styles: Mapping[str, Style]) -> None:
        super().__init__()
        self._theme, self._styles = theme, styles
        self._brief: Brief | None = None
        self._shown: list[ChipText] = []
        self._flow = FlowLayout(self, gap=6)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Brief")

    def minimumSizeHint(self) -> QSize:
        # A layout asks for the height of its narrowest form; the chips are as wide as the panel.
        return QSize(120, self._flow.heightForWidth(max(120, self.width())))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def show_brief(self, brief: Brief) -> None:
        """Rebuilds the chips; those that changed flash once."""
        texts = chips_of(brief, self._styles)
        before, self._shown, self._brief = self._shown, texts, brief
        if texts == before:
            return
        self._flow.clear()
        for text in texts:
            tip = "The Composer makes instrumental music." if text.field == "vocals" else ""
            name = {"duration": "length", "instruments": "instrument"}.get(text.field, text.field)
            chip = BriefChip(self._theme, name, text.text, text.origin, tip=tip)
            chip.clicked.connect(partial(self._edit, chip, text))
            chip.forget.connect(partial(self.wished.emit, text.field, None))
            self._flow.addWidget(chip)
            if before and text not in before:
                chip.flash()
        add = AddChip(self._theme)
        add.clicked.connect(partial(self._add, add))
        self._flow.addWidget(add)
        self.updateGeometry()

    def chips(self) -> list[BriefChip]:
        widgets = (self._flow.itemAt(i) for i in range(self._flow.count()))
        return [w for item in widgets if item is not None and isinstance(w := item.widget(), BriefChip)]

    def _edit(self, chip: BriefChip, text: ChipText) -> None:
        brief = self._brief
        if brief is None:
            return
        wish = partial(self.wished.emit, text.field)
        if text.field == "genre":
            menu = style_menu(self._theme, chip, self._styles.values(), brief.genre.value, wish)
            menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))
        elif text.field == "metre":
            choose_from(self._theme, chip, [(m, m) for m in METRES], brief.metre.value, wish)
        elif text.field == "tempo":
            TempoPopover(self._theme, self.window(), brief.tempo.value, wish).open_at(chip)
        elif text.field == "key":
            KeyPopover(self._theme, self.window(), brief.key.value, wish).open_at(chip)
        elif text.field == "duration":
            LengthPopover(self._theme, self.window(), brief.duration.value, wish).open_at(chip)
        elif text.field == "era":
            choose_from(self._theme, chip, [(era, sentence(era)) for era in ERAS if era], brief.era.value, wish)
        elif text.field == "energy":
            choose_from(self._theme, chip, [(e, energy_words(e)) for e in ENERGIES], brief.energy.value, wish)
        elif text.field == "swing":
            choose_from(self._theme, chip, [(s, swing_words(s)) for s in SWINGS], brief.swing.value, wish)
        elif text.field in ("mood", "instruments", "excluded", "form"):
            self._edit_item(chip, text)

    def _edit_item(self, chip: BriefChip, text: ChipText) -> None:
        values = cast(tuple[str, ...], getattr(self._brief, text.field).value)
        known = {"mood": [m.name for m in MOODS], "form": list(FORM_WISHES)}
        names = known.get(text.field, [i.name for i in INSTRUMENTS])
        menu = QMenu(chip)
        menu.setFont(self._theme.font("body"))
        menu.addAction("Remove", lambda: self.wished.emit(text.field, tuple(v for v in values if v != text.item)))
        menu.addSeparator()
        for name in names:
            if name not in values:
                changed = tuple(name if v == text.item else v for v in values)
                menu.addAction(sentence(name), partial(self.wished.emit, text.field, changed))
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))

    def _add(self, chip: QWidget) -> None:
        menu = QMenu(chip)
        menu.setFont(self._theme.font("body"))
        for title, field, names in self._addable():
            submenu = menu.addMenu(title)
            submenu.setFont(menu.font())
            values = cast(tuple[str, ...], getattr(self._brief, field).value)
            for name in names:
                if name not in values:
                    submenu.addAction(sentence(name), partial(self.wished.emit, field, (*values, name)))
        energy, swing = menu.addMenu("Energy"), menu.addMenu("Swing")
        for submenu in (energy, swing):
            submenu.setFont(menu.font())
        for level in ENERGIES:
            energy.addAction(energy_words(level), partial(self.wished.emit, "energy", level))
        for place in SWINGS:
            swing.addAction(swing_words(place), partial(self.wished.emit, "swing", place))
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))

    def _addable(self) -> list[tuple[str, str, list[str]]]:
        instruments = [instrument.name for instrument in INSTRUMENTS]
        moods = [mood.name for mood in MOODS]
        return [
            ("Instrument", "instruments", instruments),
            ("Mood", "mood", moods),
            ("Without", "excluded", instruments),
            ("Form", "form", list(FORM_WISHES)),
        ]


def with_wishes(brief: Brief, wishes: Mapping[str, Any]) -> Brief:
    """The brief as read, with what the user edited on top."""
    return brief.said(**wishes) if wishes else brief
