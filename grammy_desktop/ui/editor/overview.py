"""The whole song in 28 px, with the view as a window that can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.editor.lane_paint import lane_colours
from grammy_desktop.ui.editor.paint import faded
from grammy_desktop.ui.editor.raster import rasterise, to_image
from grammy_desktop.ui.editor.scene import Scene
from grammy_desktop.ui.theme import Theme

INSET = 12
HEIGHT = 44
"""28 px of waveform with 8 above and below."""


class Overview(QWidget):
    """Drag the window to scroll; drag one of its edges to zoom; click elsewhere to go there."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        super().__init__()
        self.scene, self.theme = scene, theme
        self._image: tuple[tuple[object, ...], QImage] | None = None
        self._grab: str | None = None
        self._grab_offset = 0.0
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Overview of the whole song")
        for signal in (scene.axis.changed, scene.content_changed, theme.changed):
            signal.connect(self.update)
        scene.playhead_moved.connect(lambda _old, _new: self.update())

    def _x(self, frame: float) -> float:
        return INSET + (self.width() - 2 * INSET) * frame / max(1, self.scene.axis.frames)

    def _frame(self, x: float) -> float:
        return (x - INSET) / max(1, self.width() - 2 * INSET) * self.scene.axis.frames

    def window_rect(self) -> QRectF:
        axis = self.scene.axis
        left, right = self._x(axis.start), self._x(min(axis.end, axis.frames))
        return QRectF(left, 7.5, max(8.0, right - left), self.height() - 15)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("window"))
        picture = self._picture()
        box = self.window_rect()
        strip = QRectF(INSET, 8, self.width() - 2 * INSET, self.height() - 16)
        painter.fillRect(strip, self.theme.color("well"))
        if picture is not None:
            painter.setOpacity(0.45)
            painter.drawImage(strip.topLeft(), picture)
            painter.setOpacity(1.0)
            painter.save()
            painter.setClipRect(box)
            painter.drawImage(strip.topLeft(), picture)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        loop = self.scene.selection.loop
        if loop is not None:
            span = QRectF(self._x(loop.start), 8, self._x(loop.end) - self._x(loop.start), 2)
            painter.fillRect(span, self.theme.color("accent_text"))
        painter.setPen(QPen(self.theme.color("text"), 1.5))
        painter.setBrush(faded(self.theme.color("text"), 0.05))
        painter.drawRoundedRect(box, 4, 4)
        x = round(self._x(self.scene.playhead)) + 0.5
        painter.setPen(QPen(self.theme.color("playhead"), 1))
        painter.drawLine(QPointF(x, 8), QPointF(x, self.height() - 8))

    def _picture(self) -> QImage | None:
        lanes = self.scene.content.lanes
        waveform = lanes[0].waveform if lanes else None
        ratio = self.devicePixelRatioF()
        width = round((self.width() - 2 * INSET) * ratio)
        if waveform is None or width < 2 or not self.scene.axis.frames:
            return None
        colours = lane_colours(self.theme, lanes[0].token)
        key = (width, ratio, self.scene.revision, colours)
        if self._image is None or self._image[0] != key:
            columns = waveform.columns(0, self.scene.axis.frames, width)
            picture = rasterise(columns, round(28 * ratio), colours[0], colours[1])
            self._image = (key, to_image(picture, ratio))
        return self._image[1]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x, box = event.position().x(), self.window_rect()
        axis = self.scene.axis
        if abs(x - box.left()) <= 5:
            self._grab = "left"
        elif abs(x - box.right()) <= 5:
            self._grab = "right"
        else:
            self._grab = "window"
            inside = box.left() < x < box.right()
            self._grab_offset = self._frame(x) - axis.start if inside else (axis.end - axis.start) / 2
            self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, axis = event.position().x(), self.scene.axis
        frame = self._frame(x)
        if self._grab is None:
            box = self.window_rect()
            edge = min(abs(x - box.left()), abs(x - box.right())) <= 5
            self.setCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor)
        elif self._grab == "window":
            axis.scroll_to(frame - self._grab_offset)
        elif self._grab == "left":
            axis.zoom_to(min(frame, axis.end - 512), axis.end, 0.0)
        else:
            axis.zoom_to(axis.start, max(frame, axis.start + 512), 0.0)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grab = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        axis = self.scene.axis
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            axis.zoom(0.8 ** (event.angleDelta().y() / 120))
        else:
            axis.scroll_by(-(event.angleDelta().y() or event.angleDelta().x()) * 0.8)
        event.accept()
