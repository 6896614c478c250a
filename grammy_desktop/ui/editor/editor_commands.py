"""Everything the editor can be told, by key, menu, palette, strip or tool row: one method each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Signal

from grammy_desktop.core.edits import Curve, EditList
from grammy_desktop.ui.editor.edit_desk import EditDesk
from grammy_desktop.ui.editor.editor_moves import EditorMoves
from grammy_desktop.ui.editor.raster import fold
from grammy_desktop.ui.editor.scene import Mark, Scene
from grammy_desktop.ui.editor.selection import Span

JOIN_SECONDS = 0.005
"""Length of the crossfade where a deletion joins two sounds: removes the click, moves nothing."""

ZERO_REACH = 1024
"""Frames searched on each side for a zero crossing."""


EditOperation = Callable[[EditList, Span], EditList]


class EditorCommands(EditorMoves):
    """Acts on the scene (view, selection) and on the desk (edits). Playing is asked for by signal."""

    play_requested = Signal(int, int)
    """First and last frame to play."""
    loop_requested = Signal(object)
    """A Span, or None for no loop."""
    marker_added = Signal(int, str)
    said = Signal(str)
    """A sentence for the status toast."""

    def __init__(self, scene: Scene, desk: EditDesk) -> None:
        super().__init__(scene)
        self.desk = desk

    # selection

    def select_all(self) -> None:
        self.scene.selection.select(0, self.scene.axis.frames)

    def select_none(self) -> None:
        self.scene.selection.clear()

    def select_to_zero_crossings(self) -> None:
        """Move both edges to the nearest zero crossing of the mix."""
        if self._span is not None:
            start, end = self._zero_near(self._span.start), self._zero_near(self._span.end)
            self.scene.selection.select(start, end, self.scene.selection.lane)

    def _zero_near(self, frame: int) -> int:
        lanes = self.scene.content.lanes
        waveform = lanes[0].waveform if lanes else None
        if waveform is None:
            return frame
        first, last = max(0, frame - ZERO_REACH), min(waveform.frames, frame + ZERO_REACH)
        if last - first < 2:
            return frame
        columns = waveform.columns(first, last, last - first)
        wave = fold(columns.low, "min") + fold(columns.high, "max")
        crossings = np.flatnonzero((wave[:-1] < 0) != (wave[1:] < 0)) + 1 + first
        return int(crossings[np.argmin(np.abs(crossings - frame))]) if crossings.size else frame

    # edits

    def trim_to_selection(self) -> None:
        span = self._span
        if span is not None and self.desk.apply("Trim", lambda edits: edits.trim(span.start, span.end)):
            self.scene.selection.clear()
            self.seek_requested.emit(0.0)

    def delete_selection(self) -> None:
        """Delete and close the gap, with a 5 ms crossfade at the join."""
        span = self._span
        fade = round(JOIN_SECONDS * self.scene.axis.sample_rate)
        if span is None or span.frames >= self.scene.axis.frames:
            return
        if self.desk.apply("Delete", lambda edits: edits.delete(span.start, span.end, crossfade_frames=fade)):
            self.scene.selection.clear()

    def silence_selection(self) -> None:
        self._on_selection("Silence", lambda edits, span: edits.silence(span.start, span.end))

    def fade_in(self) -> None:
        self._on_selection("Fade in", lambda e, s: e.fade_in(s.start, s.end, curve=Curve.EQUAL_POWER))

    def fade_out(self) -> None:
        self._on_selection("Fade out", lambda e, s: e.fade_out(s.start, s.end, curve=Curve.EQUAL_POWER))

    def change_gain(self, db: float) -> None:
        """Change the selection's level by `db`."""
        self._on_selection("Gain", lambda edits, span: edits.gain(span.start, span.end, db))

    def split(self) -> None:
        self.split_at(round(self.scene.playhead))

    def split_at(self, frame: int) -> None:
        self.desk.apply("Split", lambda edits: edits.split(min(edits.frames, max(0, frame))))

    def cut(self) -> None:
        self.copy()
        self.delete_selection()

    def copy(self) -> None:
        if self._span is not None and self.desk.current is not None:
            self.desk.clipboard = self.desk.current.copy(self._span.start, self._span.end)

    def paste(self) -> None:
        """Put the clipboard in at the playhead, or in place of the selection."""
        clip = self.desk.clipboard
        if not clip:
            return
        span = self._span
        at = span.start if span is not None else round(self.scene.playhead)
        length = sum(segment.frames for segment in clip)
        end = span.end if span is not None else None
        if self.desk.apply("Paste", lambda edits: edits.paste(min(at, edits.frames), clip, end=end)):
            self.scene.selection.select(at, at + length, self.scene.selection.lane)

    def duplicate(self) -> None:
        """The selection once more right behind itself."""
        span = self._span
        if span is None:
            return
        if self.desk.apply("Duplicate", lambda e: e.insert(span.end, e.copy(span.start, span.end))):
            self.scene.selection.select(span.end, span.end + span.frames, self.scene.selection.lane)

    def undo(self) -> None:
        self.desk.undo()

    def redo(self) -> None:
        self.desk.redo()

    def _on_selection(self, name: str, operation: EditOperation) -> None:
        span = self._span
        if span is not None:
            self.desk.apply(name, lambda edits: operation(edits, span))

    # playing

    def play_selection(self) -> None:
        if self._span is not None:
            self.play_requested.emit(self._span.start, self._span.end)

    def loop_selection(self) -> None:
        if self._span is not None:
            self.scene.selection.set_loop(self._span)
            self.loop_requested.emit(self._span)

    def toggle_loop(self) -> None:
        """Loop off, or on over the selection, else over the section at the playhead."""
        selection = self.scene.selection
        span = None
        if selection.loop is None:
            block = self.scene.section_at(self.scene.playhead)
            span = self._span or (Span(block.start, block.end) if block else Span(0, self.scene.axis.frames))
        selection.set_loop(span)
        self.loop_requested.emit(span)

    # markers

    def add_marker(self) -> None:
        self._mark(round(self.scene.playhead))

    def add_marker_at_selection(self) -> None:
        if self._span is not None:
            self._mark(self._span.start)

    def _mark(self, frame: int) -> None:
        name = f"Marker {len(self.scene.content.markers) + 1}"
        marks = (*self.scene.content.markers, Mark(frame, name))
        self.scene.amend(markers=tuple(sorted(marks, key=lambda mark: mark.frame)))
        self.marker_added.emit(frame, name)
