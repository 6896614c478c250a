"""Where sound goes: the outputs there are, volume, and what to do when there is none."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QSlider, QToolButton, QWidgetAction

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.playback.programme import OutputDevice
from grammy_desktop.ui.background import Background
from grammy_desktop.ui.memory import Memory
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.clock import PlaybackClock

NO_DEVICE = "No sound output was found. Plug one in, then open this menu again."


class OutputMenu(QMenu):
    """Opens above its button; asks the audio process for outputs each time."""

    def __init__(
        self, theme: Theme, playback: PlaybackClock, memory: Memory, button: QToolButton, volume: QSlider
    ) -> None:
        super().__init__(button)
        self._theme, self._playback, self._memory, self._button = theme, playback, memory, button
        self._volume = volume
        self._background = Background(self)
        button.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        self.setFont(self._theme.font("body"))
        self.clear()
        self._note("Looking for outputs…")
        self._add_rest()
        self.popup(self._corner())
        self.look()

    def look(self) -> None:
        """Ask for the outputs in the background, then `fill`."""
        self._background.run(self._playback.player.devices, self.fill, self._failed)

    def close_threads(self) -> None:
        """Call before the window goes."""
        self._background.close()

    def fill(self, devices: list[OutputDevice]) -> None:
        """One row an output, the chosen one ticked."""
        self.clear()
        chosen = self._memory.recall("output", None)
        if not devices:
            self._note(NO_DEVICE)
        else:
            self._add("System output", None, chosen is None)
            for device in devices:
                self._add(device.name, device.name, device.name == chosen)
        self._add_rest()
        self._keep_place()

    def _failed(self, error: GrammyError) -> None:
        self.clear()
        self._note(error.message)
        self._add_rest()
        self._keep_place()

    def _add_rest(self) -> None:
        self.addSeparator()
        self.addAction("Play a tone", self._playback.player.play_tone)
        if self._volume.isHidden():
            self._add_volume()

    def choose(self, name: str | None) -> None:
        self._memory.remember("output", name)
        self._playback.player.set_device(name)
        self._playback.refresh()

    def _add(self, text: str, name: str | None, chosen: bool) -> None:
        action = self.addAction(text, lambda: self.choose(name))
        action.setCheckable(True)
        action.setChecked(chosen)

    def _note(self, text: str) -> None:
        self.addAction(text).setEnabled(False)

    def _add_volume(self) -> None:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(0, 100)
        slider.setValue(self._volume.value())
        slider.setAccessibleName("Volume")
        slider.valueChanged.connect(self._volume.setValue)
        action = QWidgetAction(self)
        action.setDefaultWidget(slider)
        self.addAction(action)

    def _keep_place(self) -> None:
        """The menu grew or shrank while it was open."""
        if self.isVisible():
            self.adjustSize()
            self.move(self._corner())

    def _corner(self) -> QPoint:
        """Right edges in line, 4 px above the button."""
        size = self.sizeHint()
        return self._button.mapToGlobal(QPoint(self._button.width() - size.width(), -size.height() - 4))
