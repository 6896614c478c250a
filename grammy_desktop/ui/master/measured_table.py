"""Figures read from the written file, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QMenu, QWidget

from grammy_desktop.ui.formats import signed, with_unit
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import IconButton, Label, column, row

FIGURES = (
    ("integrated", "Integrated", "LUFS"),
    ("true_peak", "True peak", "dBTP"),
    ("range", "Loudness range", "LU"),
    ("plr", "Peak to loudness", "dB"),
    ("psr", "Peak to short-term", "dB"),
)
WHAT = (
    "Read from the written file after it was made, not predicted.\n"
    "True peak: the wave between the samples, of a master at 16 times its sample rate.\n"
    "Peak to loudness: true peak less integrated loudness. Peak to short-term: its least over any 3 s."
)


class MeasuredTable(QWidget):
    """From `Loudness.to_json` of both. A figure that neither has is not shown. `copied` and `saved` ask for the report."""

    copied = Signal()
    saved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells: dict[tuple[str, str], Label] = {}
        self._names: dict[str, Label] = {}
        self._heads = tuple(Label(theme, name, "small", "text_2") for name in ("Mix", "Master"))
        self.menu = QMenu(self)
        self.menu.setFont(theme.font("body"))
        self.menu.addAction("Copy the report", self.copied.emit)
        self.menu.addAction("Save the report…", self.saved.emit)
        self.more = IconButton(theme, "ellipsis", "Report", side=24)
        self.more.setMenu(self.menu)
        self.more.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.more.setEnabled(False)
        what = IconButton(theme, "circle-question-mark", "How this was measured", tip=WHAT, side=24, icon_size=14)
        head = row(Label(theme, "Measured on the file", "body_bold"), what, None, self.more, spacing=4)
        self.setLayout(column(head, self._grid(), spacing=4, margins=(16, 6, 16, 12)))

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        right = Qt.AlignmentFlag.AlignRight
        for place, head in enumerate(self._heads, start=1):
            grid.addWidget(head, 0, place, right)
        for line, (key, name, _) in enumerate(FIGURES, start=1):
            self._names[key] = Label(self._theme, name, "small", "text_2")
            grid.addWidget(self._names[key], line, 0)
            for place, (side, role) in enumerate((("before", "small_medium"), ("after", "small_bold")), start=1):
                cell = Label(self._theme, "—", role)
                self.cells[key, side] = cell
                grid.addWidget(cell, line, place, right)
        return grid

    def set_names(self, before: str, after: str) -> None:
        """What the two columns are about."""
        self._heads[0].setText(before)
        self._heads[1].setText(after)

    def set_figures(self, before: Mapping[str, Any], after: Mapping[str, Any], *, fine: bool = False) -> None:
        """`fine`: the true peak of `after` was read at 16 times the rate."""
        for key, name, unit in FIGURES:
            old, new = before.get(key), after.get(key)
            shown = key != "psr" or old is not None or new is not None
            self._names[key].setText(f"{name}, 16×" if key == "true_peak" and fine else name)
            for label in (self._names[key], self.cells[key, "before"], self.cells[key, "after"]):
                label.setVisible(shown)
            self.cells[key, "before"].setText(signed(old))
            self.cells[key, "after"].setText(with_unit(new, unit))
            self.cells[key, "after"].setAccessibleName(f"{name} of the master {with_unit(new, unit)}")
        self.more.setEnabled(bool(after))
