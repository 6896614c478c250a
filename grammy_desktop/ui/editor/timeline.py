"""The base of every widget that lies along the time axis: header column at the left, playhead drawn last."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.editor.beat_grid import BeatGrid, time_step
from grammy_desktop.ui.editor.paint import faded
from grammy_desktop.ui.editor.scene import Scene
from grammy_desktop.ui.editor.selection import Span
from grammy_desktop.ui.theme import Theme

HANDLE = 13
"""Width of the playhead's handle, px."""


class TimelineWidget(QWidget):
    """Subclasses paint in `paint_content`; x = 0 of the axis is at `header_width`."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        super().__init__()
        self.scene, self.theme, self.axis = scene, theme, scene.axis
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._picture: QPixmap | None = None
        loop_changed = scene.selection.loop_changed
        for signal in (scene.axis.changed, scene.content_changed, scene.header_changed, loop_changed, theme.changed):
            signal.connect(self.repaint_content)
        scene.playhead_moved.connect(self._move_playhead)

    def repaint_content(self) -> None:
        """Paint everything anew; a moved playhead alone reuses the last picture."""
        self._picture = None
        self.update()

    @property
    def well(self) -> QRectF:
        """Where the time axis lies."""
        return QRectF(self.scene.header_width, 0, max(1, self.width() - self.scene.header_width), self.height())

    def x_of(self, frame: float) -> float:
        return self.scene.header_width + self.axis.x_of(frame)

    def frame_at(self, x: float) -> float:
        return self.axis.frame_at(x - self.scene.header_width)

    def pixel(self, x: float) -> float:
        """`x` on the middle of a device pixel, for hairlines."""
        ratio = self.devicePixelRatioF()
        return (int(x * ratio) + 0.5) / ratio

    def span_rect(self, span: Span, top: float, height: float) -> QRectF:
        left, right = self.x_of(span.start), self.x_of(span.end)
        return QRectF(left, top, right - left, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.deviceIndependentSize().toSize() != self.size():
            self._picture = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._picture.setDevicePixelRatio(ratio)
            inside = QPainter(self._picture)
            inside.setClipRect(self.rect())
            self.paint_content(inside)
            inside.end()
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.well.adjusted(-1, 0, 0, 0), Qt.ClipOperation.IntersectClip)
        if self.axis.frames > 0:  # without a song there is no place to be at
            self.paint_playhead(painter)

    def paint_content(self, painter: QPainter) -> None:
        raise NotImplementedError

    def paint_playhead(self, painter: QPainter) -> None:
        x = self.pixel(self.x_of(self.scene.playhead))
        painter.setPen(QPen(self.theme.color("playhead"), 1 / self.devicePixelRatioF() if x < 0 else 1))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def paint_grid(self, painter: QPainter, top: float, height: float) -> None:
        """Bar lines (or seconds, without a tempo) in `grid`."""
        grid = self.scene.snap.grid
        scale = self.axis.frames_per_pixel
        rate = self.axis.sample_rate
        lines = grid or BeatGrid(rate, 60.0)  # without a tempo its beats are seconds
        step = grid.line_beats(scale, 34) if grid else time_step(scale / rate, 48)
        painter.setPen(QPen(self.theme.color("grid"), 1))
        for frame in lines.lines(step, self.axis.start, min(self.axis.end, self.axis.frames)):
            x = self.pixel(self.x_of(frame))
            if x >= self.scene.header_width:
                painter.drawLine(QPointF(x, top), QPointF(x, top + height))

    def paint_loop(self, painter: QPainter, top: float, height: float) -> None:
        loop = self.scene.selection.loop
        if loop is not None:
            tint = faded(self.theme.color("accent"), 0.07 if self.theme.is_dark else 0.13)
            painter.fillRect(self.span_rect(loop, top, height).intersected(self.well), tint)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms at the pointer; Shift, or a sideways wheel, scrolls in time."""
        delta, modifiers = event.angleDelta(), event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            at = event.position().x() - self.scene.header_width
            self.axis.zoom(0.8 ** (delta.y() / 120), at)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or delta.x():
            self.axis.scroll_by(-(delta.x() or delta.y()) * 0.8)
        else:
            self.scroll_wheel(delta.y())
        event.accept()

    def scroll_wheel(self, delta: int) -> None:
        """What the plain wheel does: scroll in time, unless a widget scrolls its lanes."""
        self.axis.scroll_by(-delta * 0.8)

    def _move_playhead(self, old: float, new: float) -> None:
        for frame in (old, new):
            x = int(self.x_of(frame))
            self.update(QRect(x - self.playhead_reach, 0, 2 * self.playhead_reach + 2, self.height()))

    @property
    def playhead_reach(self) -> int:
        """Half the width of what must be painted anew when the playhead moves."""
        return 2
