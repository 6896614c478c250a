"""'Hear it on': a phone, a laptop, a car, one speaker, and the codecs of the services. Never in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from grammy_desktop.ui.editor.paint import faded, font
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import ElidedLabel, IconButton, row

SHOWN = 4
"""Chips beside the words; what is left goes into the menu at the end."""
HEIGHT = 26


@dataclass(frozen=True)
class DeviceChoice:
    """`tip`: one line of what it does to the sound."""

    id: str
    name: str
    tip: str = ""


class DeviceChip(QAbstractButton):
    """Filled from the left while the sound is made; brass while it is heard."""

    def __init__(self, theme: Theme, choice: DeviceChoice) -> None:
        super().__init__()
        self._theme, self.choice = theme, choice
        self.progress: float | None = None
        self.setText(choice.name)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_progress(None)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(self._theme, "small_medium"))
        return QSize(round(metrics.horizontalAdvance(self.text())) + 16, self._theme.row(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_progress(self, progress: float | None) -> None:
        """0 to 1 while the sound is made, None else."""
        self.progress = progress
        state = "" if progress is None else f", being made, {round(progress * 100)}\u00a0%. Click: stop"
        self.setAccessibleName(f"Hear it on: {self.text()}{state}")
        tip = self.choice.tip or f"As on: {self.text()}"
        self.setToolTip(tip + ("\nClick again: stop" if progress is not None else "\nOnly heard, never in the file"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, on = self._theme, self.isChecked() and self.progress is None
        box = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if on else "control_hover" if self.underMouse() else "control"))
        painter.drawRoundedRect(box, 6, 6)
        if self.progress is not None:
            painter.save()
            painter.setClipRect(QRectF(0, 0, max(6.0, box.width() * self.progress), box.height()))
            painter.setBrush(faded(theme.color("accent_text"), 0.32))
            painter.drawRoundedRect(box, 6, 6)
            painter.restore()
        painter.setFont(font(theme, "small_medium"))
        painter.setPen(theme.color("on_accent" if on else "text" if self.isEnabled() else "text_disabled"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())


class DeviceChips(QWidget):
    """`wanted` carries the id that was clicked: the one that is on, or being made, is clicked to end it."""

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.chips: dict[str, DeviceChip] = {}
        self._more: dict[str, DeviceChoice] = {}
        self._menu = QMenu(self)
        self.more = IconButton(theme, "ellipsis", "More to hear it on", side=26)
        self.more.setCheckable(True)
        self.more.setMenu(self._menu)
        self.more.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self._words = ElidedLabel(theme, "Hear it on", "small", "text_2")
        self._full = self._words.sizeHint().width()
        self._words.setMinimumWidth(1)  # the first to go in a narrow panel
        self._row = row(self._words, spacing=5)
        self._row.setStretchFactor(self._words, 1)
        self._row.addWidget(self.more)
        self.setLayout(self._row)
        self.set_devices(())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        chips = sum(chip.sizeHint().width() + 5 for chip in self.chips.values())
        room = self.width() - chips - (self.more.width() + 5 if self._more else 0)
        self._words.setText("Hear it on" if room >= self._full else "")

    def set_devices(self, devices: Sequence[DeviceChoice]) -> None:
        """The first four as chips, the others in the menu; none: nothing is shown."""
        for chip in self.chips.values():
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = {each.id: DeviceChip(self._theme, each) for each in devices[:SHOWN]}
        for index, chip in enumerate(self.chips.values()):
            chip.clicked.connect(lambda _=False, chosen=chip.choice.id: self._clicked(chosen))
            self._row.insertWidget(1 + index, chip)
        self._more = {each.id: each for each in devices[SHOWN:]}
        self._menu.clear()
        self._menu.setFont(self._theme.font("body"))
        for each in self._more.values():
            action = self._menu.addAction(each.name)
            action.setCheckable(True)
            action.setData(each.id)
            action.setToolTip(each.tip)
            action.triggered.connect(lambda _=False, chosen=each.id: self.wanted.emit(chosen))
        self.more.setVisible(bool(self._more))
        self.setVisible(bool(devices))

    def name_of(self, device: str) -> str:
        chip, other = self.chips.get(device), self._more.get(device)
        return chip.choice.name if chip is not None else other.name if other is not None else device

    def set_state(self, active: str, *, making: str = "", progress: float = 0.0) -> None:
        """What is on, and what is being made."""
        for device, chip in self.chips.items():
            chip.setChecked(device == active)
            chip.show_progress(progress if device == making else None)
        for action in self._menu.actions():
            action.setChecked(action.data() in (active, making))
        known = self._more.get(making) or self._more.get(active)
        self.more.setChecked(known is not None)
        percent = f" · {round(progress * 100)}\u00a0%" if making in self._more else ""
        self.more.setToolTip(f"{known.name}{percent}" if known is not None else "More to hear it on")

    def _clicked(self, device: str) -> None:
        self.set_state(next((d for d, chip in self.chips.items() if chip.isChecked() and d != device), ""))
        self.wanted.emit(device)
