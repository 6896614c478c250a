"""'After upload': what each service does to the master, and whether its true peak keeps to the limit after each codec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from grammy_desktop.mastering.platforms import PlatformTable as Table
from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.formats import signed, with_unit
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import ElidedLabel, Label, column, row

FAMILIES = (("opus", "O"), ("mp3", "M"), ("aac", "A"))
"""Codec families in the order of their marks, with the letter over the column."""
MARK = 14


class CodecMarks(QWidget):
    """One mark a codec family: a filled disc keeps the limit, a triangle is over it, a ring was not tried."""

    def __init__(self, theme: Theme, states: Sequence[bool | None]) -> None:
        super().__init__()
        self._theme, self.states = theme, tuple(states)
        self.setFixedSize(MARK * len(FAMILIES), 16)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(MARK * len(FAMILIES), 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, over in enumerate(self.states):
            middle = QPointF(MARK * (index + 0.5), 8)
            if over is None:
                painter.setPen(QPen(self._theme.color("line_strong"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(middle, 3, 3)
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("warn" if over else "ok"))
            if over:
                corners = ((0, -4.5), (4.5, 3.5), (-4.5, 3.5))
                painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in corners]))
            else:
                painter.drawEllipse(middle, 3, 3)


class MarkHeads(QWidget):
    """The letters over the marks."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(MARK * len(FAMILIES), 16)
        self.setToolTip("After Opus, MP3 and AAC: a disc keeps the limit, a triangle is over it, a ring was not tried")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(self._theme, "axis"))
        painter.setPen(self._theme.color("text_3"))
        for index, (_, letter) in enumerate(FAMILIES):
            painter.drawText(QRectF(MARK * index, 0, MARK, 16), Qt.AlignmentFlag.AlignCenter, letter)


class PlatformTable(QWidget):
    """Target, change, marks, tick or words; with the date of the table."""

    def __init__(self, theme: Theme, table: Table) -> None:
        super().__init__()
        self._theme = theme
        self._targets = {p.name: (p.target_lufs, p.ceiling_dbtp) for p in table.platforms}
        self._families = {codec.id: codec.family for codec in table.codecs}
        self._names = {codec.id: codec.name for codec in table.codecs}
        when = f"targets of {table.dated:%b %Y}" if isinstance(table.dated, date) else ""
        self._heads = MarkHeads(theme)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        head = row(Label(theme, "After upload", "body_bold"), None, Label(theme, when, "small", "text_2"))
        marks = row(None, self._heads, 20, spacing=0)
        self.setLayout(column(head, 2, marks, self._rows, spacing=2, margins=(16, 10, 16, 16)))
        self.lines: list[QWidget] = []
        self._true_peak: float | None = None
        self._results: Sequence[Mapping[str, Any]] = ()
        theme.changed.connect(lambda: self.set_results(self._results, true_peak=self._true_peak))
        self.set_results(())

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
        self._heads.setVisible(any(self._tried(result) for result in results))
        for line in self.lines:
            self._rows.addWidget(line)

    def _tried(self, result: Mapping[str, Any]) -> bool:
        return any(where in self._families for where in result.get("peaks") or {})

    def _states(self, result: Mapping[str, Any]) -> list[bool | None]:
        """For each family whether one of its codecs is over the limit; None where none was tried."""
        peaks, overs = result.get("peaks") or {}, set(result.get("overs") or ())
        states: list[bool | None] = []
        for family, _ in FAMILIES:
            tried = [where for where in peaks if self._families.get(where) == family]
            states.append(any(where in overs for where in tried) if tried else None)
        return states

    def _words(self, result: Mapping[str, Any]) -> str:
        """What the service does: its change in dB, or why it does not pass where it changes nothing."""
        change = float(result["gain_change"])
        target = self._targets.get(str(result["name"]))
        if not result["pass"] and abs(change) < 0.05:
            peaks = result.get("peaks") or {}
            highest = max(peaks.values(), default=self._true_peak)
            over = highest - target[1] if highest is not None and target is not None else 0.0
            return f"{signed(over)}\u00a0dB over" if over >= 0.05 else "quieter"
        return f"{signed(change, plus=True)}\u00a0dB"

    def _sentences(self, result: Mapping[str, Any]) -> str:
        """The note, and the true peak in each place it was read."""
        lines = [str(result.get("note") or "")]
        for where, peak in (result.get("peaks") or {}).items():
            over = " · over" if where in (result.get("overs") or ()) else ""
            lines.append(f"{self._names.get(where, 'In the file')}: {with_unit(float(peak), 'dBTP')}{over}")
        return "\n".join(line for line in lines if line)

    def _line(self, result: Mapping[str, Any]) -> QWidget:
        theme, passed = self._theme, bool(result["pass"])
        name = str(result["name"])
        target = self._targets.get(name)
        aim = "" if target is None else f"{signed(target[0], 0)} / {signed(target[1], 0)}"
        change = self._words(result)
        icon, token = ("check", "ok") if passed else ("triangle-alert", "warn")
        mark = Label(theme)
        mark.setPixmap(theme.pixmap(icon, 14, token, ratio=self.devicePixelRatioF()))
        aim_label = Label(theme, aim, "small", "text_2")
        change_label = Label(theme, change, "small_medium", "text" if passed else "warn")
        for label, width in ((aim_label, 50), (change_label, 62)):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setMinimumWidth(width)
        title = ElidedLabel(theme, name, "small")
        tried = self._tried(result)
        marks = [CodecMarks(theme, self._states(result))] if tried else []
        line = QWidget()
        layout = row(title, aim_label, change_label, *marks, mark, spacing=6)
        layout.setStretchFactor(title, 1)
        line.setLayout(layout)
        line.setMinimumHeight(theme.row(20))
        note = self._sentences(result)
        line.setToolTip(note)
        verdict = "passes" if passed else "does not pass"
        line.setAccessibleName(f"{name}: {change}, {verdict}. {result.get('note') or ''}")
        line.setAccessibleDescription(note)
        return line
