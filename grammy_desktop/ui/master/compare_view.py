"""A over B, on the song's time axis: the mix over its master, or any two versions; under them their loudness."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from grammy_desktop.ui.editor.lane_paint import WavePictures
from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.editor.ruler import Ruler
from grammy_desktop.ui.editor.scene import Lane, Scene
from grammy_desktop.ui.editor.timeline import TimelineWidget
from grammy_desktop.ui.editor.view_bar import ViewBar
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.master.loudness_lane import LoudnessLane
from grammy_desktop.ui.theme import Theme


class CompareLanes(TimelineWidget):
    """Two lanes of equal height; lane id 'a' and 'b'. Click places the playhead; on a lane's header it hears that one."""

    seek_requested = Signal(float)
    hear_requested = Signal(str)
    choose_requested = Signal(str)
    """'a' or 'b': its list of versions is asked for (a click with the right button)."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        super().__init__(scene, theme)
        self.ceiling: float | None = None
        self.heard = "b"
        self._pictures = WavePictures()
        self.setMinimumHeight(112)
        self.setAccessibleName("A and B")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():  # hidden pages share the axis but do not set its width
            self.axis.set_width(self.well.width(), self.devicePixelRatioF())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.axis.set_width(self.well.width(), self.devicePixelRatioF())

    def lane_rect(self, index: int) -> QRectF:
        height = self.height() / 2
        return QRectF(self.well.left(), index * height, self.well.width(), height)

    def paint_content(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.theme.color("well"))
        painter.fillRect(QRectF(0, 0, self.scene.header_width, self.height()), self.theme.color("window"))
        painter.save()
        painter.setClipRect(self.well, Qt.ClipOperation.IntersectClip)
        self.paint_loop(painter, 0, self.height())
        self.paint_grid(painter, 0, self.height())
        for index, lane in enumerate(self.scene.content.lanes[:2]):
            self._paint_wave(painter, index, lane)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, lane in enumerate(self.scene.content.lanes[:2]):
            self._paint_header(painter, index, lane)
        painter.setPen(QPen(self.theme.color("line"), 1))
        y = self.pixel(self.height() / 2)
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        x = self.pixel(self.well.left() - 1)
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _paint_wave(self, painter: QPainter, index: int, lane: Lane) -> None:
        box = self.lane_rect(index).adjusted(0, 8, 0, -8)
        picture = self._pictures.get(
            lane,
            self.axis,
            self.theme,
            width=box.width(),
            height=box.height(),
            ratio=self.devicePixelRatioF(),
            gain=1.0,
            revision=self.scene.revision,
        )
        if picture is not None:
            painter.drawImage(box.topLeft(), picture)
        elif lane.waveform is None:
            words = lane.message if lane.progress is None else f"Drawing {round(lane.progress * 100)} %"
            painter.setFont(font(self.theme, "caption"))
            painter.setPen(self.theme.color("text_3"))
            painter.drawText(box.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, words)
        if lane.token == "master" and lane.waveform is not None and self.ceiling is not None:
            self._paint_ceiling(painter, box, self.ceiling)

    def _paint_ceiling(self, painter: QPainter, box: QRectF, ceiling: float) -> None:
        """Dashed lines where the true peak may not go above, with the figure."""
        reach = box.height() / 2 * 10 ** (ceiling / 20)
        pen = QPen(self.theme.color("text"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        for y in (box.center().y() - reach, box.center().y() + reach):
            painter.drawLine(QPointF(box.left(), self.pixel(y)), QPointF(box.right(), self.pixel(y)))
        text = f"{signed(ceiling)}\u00a0dBTP"
        face = font(self.theme, "caption_medium")
        width = QFontMetricsF(face).horizontalAdvance(text) + 12
        chip = QRectF(box.right() - width - 4, box.center().y() - reach - 8, width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("raised"))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setFont(face)
        painter.setPen(self.theme.color("text"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_header(self, painter: QPainter, index: int, lane: Lane) -> None:
        theme, top = self.theme, self.lane_rect(index).top()
        on = lane.id == self.heard
        badge = QRectF(16, top + 12, 20, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if on else "control"))
        painter.drawRoundedRect(badge, 5, 5)
        painter.setFont(font(theme, "small_bold"))
        painter.setPen(theme.color("on_accent" if on else "text"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, lane.id.upper())
        painter.setFont(font(theme, "body_bold"))
        painter.setPen(theme.color("text"))
        room = self.well.left() - 45
        name = painter.fontMetrics().elidedText(lane.name, Qt.TextElideMode.ElideRight, round(room))
        painter.drawText(QRectF(43, top + 12, room, 20), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(font(theme, "small"))
        painter.setPen(theme.color("text_2"))
        for row, text in enumerate(lane.details):
            painter.drawText(QPointF(16, top + 52 + 16 * row), text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self.scene.header_width:
            self.seek_requested.emit(float(self.scene.snapped(self.frame_at(event.position().x()))))
            return
        slot = "a" if event.position().y() < self.height() / 2 else "b"
        right = event.button() is Qt.MouseButton.RightButton
        (self.choose_requested if right else self.hear_requested).emit(slot)


class CompareView(QWidget):
    """Ruler, lanes and the bar under them."""

    seek_requested = Signal(float)

    def __init__(self, scene: Scene, theme: Theme) -> None:
        super().__init__()
        self.scene = scene
        self.ruler = Ruler(scene, theme, chords=False)
        self.lanes = CompareLanes(scene, theme)
        self.loudness = LoudnessLane(scene, theme)
        self.ruler.seek_requested.connect(self.seek_requested)
        self.ruler.section_chosen.connect(lambda block: scene.selection.select(block.start, block.end))
        self.lanes.seek_requested.connect(self.seek_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.ruler)
        layout.addWidget(self.lanes, 1)
        layout.addWidget(self.loudness)
        layout.addWidget(ViewBar(scene.axis, theme))
