"""Loudness, ceiling and intensity, and the page's one primary button."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.master.value_slider import ValueSlider
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, CheckBox, Keycap, Label, column, row

LOUDNESS = (-24.0, -6.0)
CEILING = (-6.0, 0.0)
ROOM_FOR_KEY = 230
"""The button's width from which its key stands on it."""


class PrimaryButton(Button):
    """The master button, with its key on it where there is room."""

    def __init__(self, theme: Theme) -> None:
        tip = "Master again  Ctrl+Shift+M"
        super().__init__(theme, "Master again", kind="primary", size="big", icon="sparkles", tip=tip)
        self.key = Keycap(theme, "Ctrl ⇧ M", self, on_accent=True)

    @property
    def trailing(self) -> int:
        return self.key.sizeHint().width() + 12 if self.key.isVisibleTo(self) else 0

    def sizeHint(self) -> QSize:
        """The key takes what room there is: it never widens the panel."""
        hint = super().sizeHint()
        return QSize(hint.width() - self.trailing, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_key()

    def place_key(self) -> None:
        self.key.setVisible(self.width() >= ROOM_FOR_KEY and self.isEnabled())
        size = self.key.sizeHint()
        self.key.setGeometry(
            self.width() - size.width() - 12, (self.height() - size.height()) // 2, size.width(), size.height()
        )


class TargetsBox(QWidget):
    """`wanted` fires with loudness (LUFS), ceiling (dBTP) and intensity (0 to 1); `listen_wanted` for the assistant,
    or to stop it."""

    wanted = Signal(float, float, float)
    listen_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.loudness = ValueSlider(theme, "Loudness", low=LOUDNESS[0], high=LOUDNESS[1], default=-14.0, unit="LUFS")
        self.ceiling = ValueSlider(theme, "Ceiling", low=CEILING[0], high=CEILING[1], default=-1.0, unit="dBTP")
        self.intensity = ValueSlider(
            theme, "Intensity", low=0.0, high=1.0, default=1.0, step=0.01, unit="%", shown=100.0, digits=0
        )
        reset = Button(theme, "Reset", kind="link", size="card", tip="Back to the preset's targets")
        reset.clicked.connect(self.reset)
        self.codec_safe = CheckBox(theme, "Codec-safe")
        self.codec_safe.setToolTip("Lower the ceiling until MP3, AAC and Opus of the master keep it too")
        self.again = PrimaryButton(theme)
        self.again.clicked.connect(self.ask)
        self.listen = Button(theme, "Listen first", size="big", tip="Hear what this mix needs, before mastering")
        self.listen.clicked.connect(self.listen_wanted)
        self.stop = Button(theme, "Stop", kind="ghost", size="big", name="Stop mastering", tip="Stop mastering")
        self.stop.clicked.connect(self.cancel_wanted)
        self.stop.hide()
        buttons = row(self.listen, self.again, self.stop, spacing=8)
        buttons.setStretchFactor(self.again, 1)
        head = row(Label(theme, "Targets", "body_bold"), None, reset)
        parts = (head, self.loudness, self.ceiling, self.intensity, self.codec_safe, 2, buttons)
        self.setLayout(column(*parts, spacing=6, margins=(16, 10, 16, 14)))

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
        self.again.setAccessibleName(self.again.text())
        self.stop.setVisible(bool(progress))
        self.listen.setVisible(not progress)
        self.again.place_key()

    def set_listening(self, *, can: bool, progress: str = "") -> None:
        """`progress`: 'Stop · 40 %' while it runs; a click then stops it."""
        self.listen.setEnabled(can)
        self.listen.setText(progress or "Listen first")
        self.listen.setAccessibleName(f"Listening. {progress}" if progress else "Listen first")
