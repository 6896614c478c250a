"""Layout of the transport. No logic."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QWidget

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.cells import Cell, Well
from grammy_desktop.ui.transport.level_meter import LevelMeter
from grammy_desktop.ui.transport.play_button import PlayButton
from grammy_desktop.ui.widgets import IconButton, Label, Segmented, row

HIDE_CELLS_BELOW = 1380
HIDE_SWITCH_BELOW = 1320


class Counter(QWidget):
    """Bars.beats.sixteenths."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.label = Label(theme, "1.1.1", "counter")
        self.label.setAccessibleName("Position in bars, beats, sixteenths")
        self.setLayout(row(self.label, margins=(14, 0, 14, 0)))
        self.setMinimumWidth(92)


class TransportView(QWidget):
    """Widgets in their places; `TransportPanel` makes them do something."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._room_for_switch = True
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.start = IconButton(theme, "skip-back", "Go to the start", key="Home", filled=True)
        self.play = PlayButton(theme)
        self.stop = IconButton(theme, "square", "Stop", filled=True, icon_size=14)
        self.loop = IconButton(theme, "repeat", "Loop", key="L", side=34, kind="accent", checked_token="accent_text")
        self.counter = Counter(theme)
        self.time = Cell(theme, "of 0:00.000", value="0:00.000", minimum=92)
        self.tempo = Cell(theme, "BPM", minimum=64)
        self.key = Cell(theme, "4/4", minimum=68)
        self.position_well = Well(theme, self.counter, self.time, self.tempo, self.key)
        segments = (("mix", "Mix", ""), ("master", "Master", ""))
        self.switch = Segmented(theme, segments, name="Listen to", role="body_medium")
        self.meter = LevelMeter(theme)
        self.short = Cell(theme, "Short LUFS", minimum=78)
        self.integrated = Cell(theme, "Integr. LUFS", minimum=84)
        self.peak = Cell(theme, "Peak dBTP", minimum=76)
        self.readouts = Well(theme, self.short, self.integrated, self.peak)
        self.mute = IconButton(theme, "volume-2", "Mute the output")
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, 100)
        self.volume.setFixedWidth(96)
        self.volume.setAccessibleName("Volume")
        self.output = IconButton(theme, "headphones", "Output")
        bar = row(self.start, self.play, self.stop, self.loop, 6, self.position_well, spacing=8, margins=(16, 0, 16, 0))
        bar.addStretch(1)
        for item in (self.switch, 8, self.meter, 8, self.readouts, 4, self.mute, self.volume, 8, self.output):
            if isinstance(item, int):
                bar.addSpacing(item)
            else:
                bar.addWidget(item)
        self.setLayout(bar)
        self.set_height(72)

    def set_height(self, pixels: int) -> None:
        self.setFixedHeight(self._theme.row(pixels))

    def set_width(self, window_width: int) -> None:
        """What gives way: tempo, key and volume first, then the Mix/Master switch."""
        wide = window_width >= HIDE_CELLS_BELOW
        for cell in (self.tempo, self.key):
            self.position_well.set_cell_visible(cell, wide)
        self.mute.setVisible(wide)
        self.volume.setVisible(wide)
        self._room_for_switch = window_width >= HIDE_SWITCH_BELOW
        self._show_switch()

    def _show_switch(self) -> None:
        """There is nothing to switch without a song."""
        self.switch.setVisible(self._room_for_switch and self.switch.isEnabled())
