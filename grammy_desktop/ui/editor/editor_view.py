"""The editor put together: header, tools, overview, ruler, lanes, over time. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from grammy_desktop.ui.editor.beat_grid import length_text, time_text
from grammy_desktop.ui.editor.edit_desk import EditDesk
from grammy_desktop.ui.editor.editor_commands import EditorCommands
from grammy_desktop.ui.editor.floating_strip import FloatingStrip
from grammy_desktop.ui.editor.gain_popover import GainPopover
from grammy_desktop.ui.editor.lanes_view import LanesView
from grammy_desktop.ui.editor.over_time import OverTime
from grammy_desktop.ui.editor.overview import Overview
from grammy_desktop.ui.editor.ruler import Ruler
from grammy_desktop.ui.editor.scene import Block, Scene
from grammy_desktop.ui.editor.song_header import SongHeader
from grammy_desktop.ui.editor.tool_row import ToolRow
from grammy_desktop.ui.editor.view_bar import ViewBar
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import hline

OVER_TIME_FROM = 520
CHORDS_FROM = 440
"""Editor heights below which the 'Over time' lane and the chords give way."""
NARROW_PART = 96
"""Width of lane headers in a narrow Notes view: four keys side by side."""


class EditorView(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.scene = Scene(self)
        self.desk = EditDesk(self)
        self.commands = EditorCommands(self.scene, self.desk)
        self.header = SongHeader(theme)
        self.tools = ToolRow(self.commands, theme)
        self.overview = Overview(self.scene, theme)
        self.ruler = Ruler(self.scene, theme)
        self.lanes = LanesView(self.scene, theme)
        self.over_time = OverTime(self.scene, theme)
        self.view_bar = ViewBar(self.scene.axis, theme)
        self.strip = FloatingStrip(self.lanes, self.commands, theme)
        self._gain: GainPopover | None = None
        self.scene.axis.animated = True
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        parts = (self.header, hline(), self.tools, hline(), self.overview, hline(), self.ruler)
        for part in (*parts, self.lanes, self.over_time, self.view_bar):
            layout.addWidget(part, 1 if part is self.lanes else 0)
        self._connect()

    def _connect(self) -> None:
        self.lanes.split_requested.connect(self.commands.split_at)
        self.lanes.gain_requested.connect(self.commands.change_gain)
        self.lanes.seek_requested.connect(self._seek)
        self.ruler.seek_requested.connect(self._seek)
        self.ruler.section_chosen.connect(self._choose_section)
        self.scene.selection.loop_changed.connect(lambda: self.commands.loop_requested.emit(self.scene.selection.loop))
        self.strip.gain_wanted.connect(self.ask_gain)
        self.scene.playhead_moved.connect(lambda _old, _new: self._describe())
        self.scene.selection.changed.connect(self._describe)
        self.scene.content_changed.connect(self._describe)
        self.scene.content_changed.connect(self._give_way)

    def ask_gain(self) -> None:
        """Open Gain… beside the selection's strip."""
        if self.scene.selection.span is None:
            return
        if self._gain is None:
            self._gain = GainPopover(self.theme, self.window())
            self._gain.chosen.connect(self.commands.change_gain)
        self._gain.open_with(self.strip if self.strip.isVisible() else self.lanes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        """What is hidden when there is little room, or nothing to show."""
        width, height = self.width(), self.height()
        curves = self.scene.content.curves
        has_curves = bool(curves.score or curves.short_term)
        narrow = 72 if self.scene.view == "waveform" else NARROW_PART
        self.scene.set_header_width(self.theme.row(120 if width >= 760 else 104 if width >= 560 else narrow))
        waves = self.scene.view == "waveform"  # parts need the room
        self.over_time.setVisible(has_curves and waves and height >= OVER_TIME_FROM + 100)
        self.ruler.set_chords_shown(height >= CHORDS_FROM)

    def description(self) -> str:
        """What a screen reader says of the waveform: position, section, lane, selection."""
        scene = self.scene
        grid, rate = scene.snap.grid, scene.axis.sample_rate
        where = time_text(scene.playhead / rate, 1)
        if grid is not None:
            where = "bar {}, beat {}".format(*grid.position(scene.playhead)[:2])
        parts = [f"Position {where}"]
        block = scene.section_at(scene.playhead)
        if block is not None:
            parts.append(f"section {block.name}")
        lane = next((each.name for each in scene.content.lanes if each.id == scene.focused_lane), None)
        if lane is not None:
            parts.append(f"lane {lane}")
        span = scene.selection.span
        if span is not None:
            parts.append(
                f"{length_text(span.frames, rate, grid, span.start)} selected from {time_text(span.start / rate, 1)}"
            )
        return ", ".join(parts)

    def _describe(self) -> None:
        text = self.description()
        if text != self.lanes.accessibleDescription():
            self.lanes.setAccessibleDescription(text)
            if self.lanes.hasFocus():
                QAccessible.updateAccessibility(QAccessibleEvent(self.lanes, QAccessible.Event.DescriptionChanged))

    def _seek(self, frame: float) -> None:
        self.scene.set_playhead(frame)
        self.commands.seek_requested.emit(frame)
        self.lanes.setFocus(Qt.FocusReason.MouseFocusReason)

    def _choose_section(self, block: Block) -> None:
        self.scene.selection.select(block.start, block.end)
