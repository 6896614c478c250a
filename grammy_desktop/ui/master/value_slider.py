"""A slider with its number: drag, double-click to reset, or type."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSlider, QWidget

from grammy_desktop.ui.formats import MINUS, with_unit
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Label, column, row


class ValueSlider(QWidget):
    """`value` runs from `low` to `high` in steps of `step`; shown as value x `shown` with `unit`."""

    changed = Signal(float)

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        low: float,
        high: float,
        default: float,
        step: float = 0.1,
        unit: str = "",
        shown: float = 1.0,
        digits: int = 1,
    ) -> None:
        super().__init__()
        self._theme, self._name, self._unit = theme, name, unit
        self._low, self._high, self.default, self._step = low, high, default, step
        self._shown, self._digits = shown, digits
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round((high - low) / step))
        self.slider.setPageStep(max(1, round(1.0 / step)) if high - low > 2 else 5)
        self.slider.setMinimumHeight(24)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip("Double-click: back to the preset's value")
        self.slider.installEventFilter(self)
        self.field = QLineEdit()
        self.field.setProperty("kind", "bare")
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setFixedWidth(96)
        self.field.setAccessibleName(f"{name}, type a number")
        self.field.editingFinished.connect(self._typed)
        self.slider.valueChanged.connect(self._slid)
        self.setLayout(column(row(Label(theme, name, "body_medium"), None, self.field), self.slider, spacing=2))
        theme.changed.connect(self._restyle)
        self._restyle()
        self.set_value(default)

    @property
    def value(self) -> float:
        return round(self._low + self.slider.value() * self._step, 6)

    def set_value(self, value: float) -> None:
        kept = min(self._high, max(self._low, value))
        self.slider.setValue(round((kept - self._low) / self._step))
        self._show()

    def set_default(self, default: float) -> None:
        """What a double-click goes back to; also taken now."""
        self.default = default
        self.set_value(default)

    def reset(self) -> None:
        self.set_value(self.default)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.slider and event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset()
            return True
        return super().eventFilter(watched, event)

    def _slid(self) -> None:
        self._show()
        self.changed.emit(self.value)

    def _typed(self) -> None:
        found = re.search(r"[-+]?\d+(?:[.,]\d+)?", self.field.text().replace(MINUS, "-"))
        if found is not None:
            self.set_value(float(found[0].replace(",", ".")) / self._shown)
        self._show()

    def _show(self) -> None:
        text = with_unit(self.value * self._shown, self._unit, self._digits)
        self.field.setText(text)
        self.slider.setAccessibleDescription(text)

    def _restyle(self) -> None:
        self.field.setFont(self._theme.font("body_bold"))
