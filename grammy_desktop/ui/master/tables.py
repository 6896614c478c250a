"""Figures read from the written file, and what the services make of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from grammy_desktop.core.resources import resource
from grammy_desktop.mastering import load_platforms
from grammy_desktop.ui.formats import signed, with_unit
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Label, column, row

FIGURES = (
    ("integrated", "Integrated", "LUFS"),
    ("true_peak", "True peak", "dBTP"),
    ("range", "Loudness range", "LU"),
    ("plr", "Peak to loudness", "dB"),
)


class MeasuredTable(QWidget):
    """Before and after, from `Loudness.to_json`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells: dict[tuple[str, str], Label] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        right = Qt.AlignmentFlag.AlignRight
        grid.addWidget(Label(theme, "Mix", "small", "text_2"), 0, 1, right)
        grid.addWidget(Label(theme, "Master", "small", "text_2"), 0, 2, right)
        for line, (key, name, _) in enumerate(FIGURES, start=1):
            grid.addWidget(Label(theme, name, "small", "text_2"), line, 0)
            for column_, (side, role) in enumerate((("before", "small_medium"), ("after", "small_bold")), start=1):
                cell = Label(theme, "—", role)
                self.cells[key, side] = cell
                grid.addWidget(cell, line, column_, right)
        head = Label(theme, "Measured on the file", "body_bold")
        self.setLayout(column(head, grid, spacing=6, margins=(16, 10, 16, 12)))

    def set_figures(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        for key, name, unit in FIGURES:
            old, new = before.get(key), after.get(key)
            self.cells[key, "before"].setText(signed(old))
            self.cells[key, "after"].setText(with_unit(new, unit))
            self.cells[key, "after"].setAccessibleName(f"{name} of the master {with_unit(new, unit)}")


class PlatformTable(QWidget):
    """'After upload': target, change, tick or words; with the date of the table."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        table = tomllib.loads(resource("platforms.toml").read_text(encoding="utf-8"))
        dated = table.get("dated")
        when = f"targets of {dated:%b %Y}" if isinstance(dated, date) else ""
        self._targets = {p.name: (p.target_lufs, p.ceiling_dbtp) for p in load_platforms()}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        head = row(Label(theme, "After upload", "body_bold"), None, Label(theme, when, "small", "text_2"))
        self.setLayout(column(head, self._rows, spacing=8, margins=(16, 10, 16, 16)))
        self.lines: list[QWidget] = []
        self._true_peak: float | None = None
        self._results: Sequence[Mapping[str, Any]] = ()
        theme.changed.connect(lambda: self.set_results(self._results, true_peak=self._true_peak))

    def set_results(self, results: Sequence[Mapping[str, Any]], *, true_peak: float | None = None) -> None:
        """`platforms` of the master's report, and the master's true peak in dBTP."""
        self._true_peak = true_peak
        self._results = results
        for old in self.lines:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = [self._line(result) for result in results]
        if not results:
            self.lines = [Label(self._theme, "Known once there is a master", "small", "text_3")]
        for line in self.lines:
            self._rows.addWidget(line)

    def _words(self, result: Mapping[str, Any]) -> str:
        """What the service does: its change in dB, or why it does not pass where it changes nothing."""
        change = float(result["gain_change"])
        target = self._targets.get(str(result["name"]))
        if not result["pass"] and abs(change) < 0.05:
            over = self._true_peak - target[1] if self._true_peak is not None and target is not None else 0.0
            return f"{signed(over)}\u00a0dB over" if over >= 0.05 else "quieter"
        return f"{signed(change, plus=True)}\u00a0dB"

    def _line(self, result: Mapping[str, Any]) -> QWidget:
        theme, passed = self._theme, bool(result["pass"])
        name = str(result["name"])
        target = self._targets.get(name)
        aim = "" if target is None else f"{signed(target[0], 0)} / {signed(target[1], 0)}"
        change = self._words(result)
        token = "text" if passed else "warn"
        icon = Label(theme)
        icon.setPixmap(
            theme.pixmap(
                "check" if passed else "triangle-alert",
                14,
                "ok" if passed else "warn",
                ratio=self.devicePixelRatioF(),
            )
        )
        aim_label = Label(theme, aim, "small", "text_2")
        change_label = Label(theme, change, "small_medium", token)
        for label, width in ((aim_label, 62), (change_label, 64)):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setMinimumWidth(width)
        line = QWidget()
        line.setLayout(row(Label(theme, name, "small"), None, aim_label, change_label, icon, spacing=6))
        note = str(result.get("note") or "")
        line.setToolTip(note)
        line.setAccessibleName(f"{name}: {change}, {'passes' if passed else 'does not pass'}. {note}")
        return line
