"""Moving about in the song: zoom, playhead, sections, lanes. Changes nothing that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from grammy_desktop.ui.editor.beat_grid import BeatGrid
from grammy_desktop.ui.editor.scene import Scene
from grammy_desktop.ui.editor.selection import Span


class EditorMoves(QObject):
    seek_requested = Signal(float)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.scene = scene

    @property
    def _span(self) -> Span | None:
        return self.scene.selection.span

    # view

    def zoom_in(self) -> None:
        self.scene.axis.zoom(0.5, self._zoom_centre())

    def zoom_out(self) -> None:
        self.scene.axis.zoom(2.0, self._zoom_centre())

    def zoom_fit(self) -> None:
        self.scene.axis.fit()

    def zoom_selection(self) -> None:
        if self._span is not None:
            self.scene.axis.zoom_to(self._span.start, self._span.end)

    def _zoom_centre(self) -> float | None:
        x = self.scene.axis.x_of(self.scene.playhead)
        return x if 0 <= x <= self.scene.axis.width else None

    # moving

    def move(self, unit: str, direction: int, *, extend: bool = False) -> None:
        """The playhead by a 'beat' or a 'bar' (without a tempo: 0.1 s and 1 s), to the next line of the grid."""
        scene = self.scene
        grid, rate = scene.snap.grid, scene.axis.sample_rate
        grid, step = (
            (grid, grid.beats_per_bar if unit == "bar" else 1.0)
            if grid is not None
            else (BeatGrid(rate, 60.0), 1.0 if unit == "bar" else 0.1)
        )
        lines = grid.beat_at(scene.playhead) / step
        # A playhead that the player rounded to a frame stands on its line.
        slack = 1.0 / (grid.frames_per_beat * step)
        line = np.floor(lines + 1 + slack) if direction > 0 else np.ceil(lines - 1 - slack)
        target = grid.frame_of_beat(float(line) * step)
        old, new = scene.playhead, float(min(scene.axis.frames, max(0.0, target)))
        self._go(new)
        if extend:
            span = scene.selection.span
            anchor = old if span is None else span.start if abs(old - span.end) <= abs(old - span.start) else span.end
            scene.selection.select(anchor, new, scene.selection.lane)

    def next_section(self) -> None:
        self._jump([block.start for block in self.scene.content.sections], 1)

    def previous_section(self) -> None:
        self._jump([block.start for block in self.scene.content.sections], -1)

    def next_marker(self) -> None:
        self._jump(self.scene.edges(), 1)

    def previous_marker(self) -> None:
        self._jump(self.scene.edges(), -1)

    def _jump(self, stops: Sequence[int], direction: int) -> None:
        here = self.scene.playhead
        ahead = [stop for stop in stops if (stop > here + 1 if direction > 0 else stop < here - 1)]
        if ahead:
            self._go(float(min(ahead) if direction > 0 else max(ahead)))

    def _go(self, frame: float) -> None:
        self.scene.set_playhead(frame)
        self.scene.axis.reveal(frame)
        self.seek_requested.emit(frame)

    # lanes

    def next_lane(self) -> None:
        self._step_lane(1)

    def previous_lane(self) -> None:
        self._step_lane(-1)

    def _step_lane(self, by: int) -> None:
        ids = [lane.id for lane in self.scene.content.lanes]
        if ids:
            here = ids.index(self.scene.focused_lane) if self.scene.focused_lane in ids else 0
            self.scene.focus_lane(ids[min(len(ids) - 1, max(0, here + by))])

    def mute_lane(self) -> None:
        lane = self._stem()
        if lane is not None:
            level = self.scene.level(lane)
            self.scene.level_requested.emit(self.scene.channel(lane), replace(level, muted=not level.muted))

    def solo_lane(self) -> None:
        lane = self._stem()
        if lane is not None:
            level = self.scene.level(lane)
            self.scene.level_requested.emit(self.scene.channel(lane), replace(level, soloed=not level.soloed))

    def _stem(self) -> str | None:
        stems = [lane.id for lane in self.scene.content.lanes if lane.is_stem]
        return self.scene.focused_lane if self.scene.focused_lane in stems else None
