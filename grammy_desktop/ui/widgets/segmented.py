"""A row of which exactly one is chosen: pages, Waveform | Spectrogram, Mix | Master."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from grammy_desktop.ui.theme import Theme


class Segmented(QFrame):
    """`segments` are (id, text, icon or ''); `chosen` fires only when the user chooses."""

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        segments: Iterable[tuple[str, str, str]],
        *,
        name: str,
        role: str = "small_medium",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self.setProperty("surface", "well")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, tuple[QToolButton, str]] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for identity, text, icon in segments:
            button = QToolButton(self)
            # A leading space is the only way to widen the gap between a tool button's icon and text.
            button.setText(f" {text}" if icon and text else text)
            button.setCheckable(True)
            button.setProperty("kind", "segment")
            button.setAccessibleName(f"{name}: {text}")
            with_icon = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
            button.setToolButtonStyle(with_icon if icon else Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setIconSize(QSize(16, 16))
            button.clicked.connect(lambda _=False, chosen=identity: self.chosen.emit(chosen))
            self._group.addButton(button)
            self._buttons[identity] = (button, icon)
            layout.addWidget(button)
        for button, _ in self._buttons.values():
            button.toggled.connect(self._restyle)
        self._restyle()
        theme.changed.connect(self._restyle)

    def set_value(self, identity: str) -> None:
        self._buttons[identity][0].setChecked(True)

    @property
    def value(self) -> str:
        return next((key for key, (button, _) in self._buttons.items() if button.isChecked()), "")

    def button(self, identity: str) -> QToolButton:
        return self._buttons[identity][0]

    def _restyle(self) -> None:
        for button, icon in self._buttons.values():
            button.setFont(self._theme.font(self._role))
            if icon:
                button.setIcon(self._theme.icon(icon, 16, "text" if button.isChecked() else "text_2"))
