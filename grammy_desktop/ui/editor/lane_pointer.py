"""What the pointer does on the lanes: select, extend, drag an edge, cut, drag a gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QToolTip

from grammy_desktop.ui.editor.fader import db_text

if TYPE_CHECKING:
    from grammy_desktop.ui.editor.lanes_view import LanesView

GRIP = 6
"""How near to a selection's edge the pointer takes it, px."""

DRAG_FROM = 4
"""Pixels a press must move before it is a drag."""

DB_PER_PIXEL = 0.1


class LanePointer(QObject):
    """An event filter on the lanes, with one drag at a time."""

    def __init__(self, view: LanesView) -> None:
        super().__init__(view)
        self._view = view
        self._scene = view.scene
        self._press: tuple[float, float] | None = None
        self._mode = ""
        self._anchor = 0
        self._gain = 0.0
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._view or not isinstance(event, QMouseEvent):
            return False
        x, y = event.position().x(), event.position().y()
        if event.type() == QEvent.Type.MouseMove:
            self._move(event, x, y)
        elif event.button() != Qt.MouseButton.LeftButton or x < self._scene.header_width:
            return False
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._start(event, x, y)
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._release(x)
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self._select_section(x, y)
        return False

    def edge_at(self, x: float, y: float) -> str | None:
        """'start' or 'end' when the pointer is on a grip of the selection."""
        box = self._view.selection_rect()
        if box is None or not box.top() <= y <= box.bottom():
            return None
        if abs(x - box.left()) <= GRIP:
            return "start"
        return "end" if abs(x - box.right()) <= GRIP else None

    def _lane_id(self, y: float) -> str | None:
        index = self._view.lane_at(y)
        return self._view.lanes[index].id if index is not None and index > 0 else None

    def _start(self, event: QMouseEvent, x: float, y: float) -> None:
        frame = self._scene.snapped(self._view.frame_at(x))
        selection = self._scene.selection
        index = self._view.lane_at(y)
        self._scene.focused_lane = self._view.lanes[index].id if index is not None else None
        self._press = (x, y)
        edge = self.edge_at(x, y)
        if self._scene.tool == "cut":
            self._mode = ""
            self._view.split_requested.emit(frame)
        elif self._scene.tool == "gain":
            if selection.span is None or not selection.span.start <= self._view.frame_at(x) < selection.span.end:
                self._select_section(x, y)
            self._mode, self._gain = "gain", 0.0
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            selection.extend_to(frame, self._scene.playhead)
            span = selection.span
            if span is not None:
                self._mode, self._anchor = "select", span.start if frame == span.end else span.end
        elif edge is not None and selection.span is not None:
            self._mode = "select"
            self._anchor = selection.span.end if edge == "start" else selection.span.start
        else:
            self._mode, self._anchor = "maybe", frame
            selection.clear()

    def _move(self, event: QMouseEvent, x: float, y: float) -> None:
        if self._press is None:
            over = self.edge_at(x, y) is not None and self._scene.tool == "select"
            shape = Qt.CursorShape.SizeHorCursor if over else _CURSORS[self._scene.tool]
            inside = x >= self._scene.header_width
            self._view.setCursor(shape if inside else Qt.CursorShape.ArrowCursor)
            return
        if self._mode == "maybe" and abs(x - self._press[0]) >= DRAG_FROM:
            self._mode = "select"
        if self._mode == "select":
            selection = self._scene.selection
            lane = selection.lane if selection.span is not None else self._lane_id(self._press[1])
            selection.select(self._anchor, self._scene.snapped(self._view.frame_at(x)), lane)
        elif self._mode == "gain":
            self._gain = round((self._press[1] - y) * DB_PER_PIXEL * 2) / 2
            where: QPoint = event.globalPosition().toPoint()
            QToolTip.showText(where, f"{db_text(self._gain)} dB", self._view)

    def _release(self, x: float) -> None:
        mode, self._press, self._mode = self._mode, None, ""
        if mode == "maybe":
            self._view.seek_requested.emit(float(self._scene.snapped(self._view.frame_at(x))))
        elif mode == "gain" and self._gain:
            self._view.gain_requested.emit(self._gain)

    def _select_section(self, x: float, y: float) -> None:
        block = self._scene.section_at(self._view.frame_at(x))
        if block is not None:
            self._mode = ""
            self._scene.selection.select(block.start, block.end, self._lane_id(y))


_CURSORS = {
    "select": Qt.CursorShape.IBeamCursor,
    "cut": Qt.CursorShape.SplitHCursor,
    "gain": Qt.CursorShape.SizeVerCursor,
}
