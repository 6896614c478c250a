"""Gain… : a number in decibels, applied to the selection."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, Popover, column, row

LIMIT_DB = 24.0


class GainPopover(Popover):
    """Enter or Apply emits `chosen`; Esc closes."""

    chosen = Signal(float)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, width=236)
        self.value = QDoubleSpinBox()
        self.value.setRange(-LIMIT_DB, LIMIT_DB)
        self.value.setDecimals(1)
        self.value.setSingleStep(0.5)
        self.value.setSuffix(" dB")
        self.value.setFont(theme.font("body"))
        self.value.setAccessibleName("Gain in decibels")
        apply = Button(theme, "Apply", kind="control", name="Apply gain")
        apply.clicked.connect(self._choose)
        self.value.lineEdit().returnPressed.connect(self._choose)
        title = Label(theme, "Gain of the selection", "body_bold")
        note = Label(theme, "Every lane is changed alike.", "caption", "text_2")
        self.content.addLayout(column(title, row(self.value, apply), note, spacing=8, margins=(14, 12, 14, 12)))

    def open_with(self, anchor: QWidget, db: float = 0.0) -> None:
        self.value.setValue(db)
        self.open_at(anchor)
        self.value.setFocus()
        self.value.selectAll()

    def _choose(self) -> None:
        self.close_popover()
        self.chosen.emit(self.value.value())
