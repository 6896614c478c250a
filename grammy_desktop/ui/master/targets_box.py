"""Loudness, ceiling and intensity, and the page's one primary button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.master.value_slider import ValueSlider
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, column, row

LOUDNESS = (-24.0, -6.0)
CEILING = (-3.0, 0.0)


class TargetsBox(QWidget):
    """`wanted` fires with loudness (LUFS), ceiling (dBTP) and intensity (0 to 1)."""

    wanted = Signal(float, float, float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.loudness = ValueSlider(theme, "Loudness", low=LOUDNESS[0], high=LOUDNESS[1], default=-14.0, unit="LUFS")
        self.ceiling = ValueSlider(theme, "Ceiling", low=CEILING[0], high=CEILING[1], default=-1.0, unit="dBTP")
        self.intensity = ValueSlider(
            theme, "Intensity", low=0.0, high=1.0, default=1.0, step=0.01, unit="%", shown=100.0, digits=0
        )
        reset = Button(theme, "Reset", kind="link", size="card", tip="Back to the preset's targets")
        reset.clicked.connect(self.reset)
        self.again = Button(
            theme, "Master again", kind="primary", size="big", icon="sparkles", tip="Master again  Ctrl+Shift+M"
        )
        self.again.clicked.connect(self.ask)
        head = row(Label(theme, "Targets", "body_bold"), None, reset)
        self.setLayout(
            column(
                head, self.loudness, self.ceiling, self.intensity, 2, self.again, spacing=6, margins=(16, 10, 16, 14)
            )
        )

    def set_targets(self, loudness: float, ceiling: float) -> None:
        """A preset was chosen: its targets become the defaults."""
        self.loudness.set_default(loudness)
        self.ceiling.set_default(ceiling)

    def reset(self) -> None:
        for slider in (self.loudness, self.ceiling, self.intensity):
            slider.reset()

    def ask(self) -> None:
        if self.again.isEnabled():
            self.wanted.emit(self.loudness.value, self.ceiling.value, self.intensity.value)

    def set_state(self, *, can: bool, has_master: bool, progress: str = "") -> None:
        """`progress`: 'Mastering · 40 %' while it runs."""
        self.again.setEnabled(can and not progress)
        self.again.setText(progress or ("Master again" if has_master else "Master"))
