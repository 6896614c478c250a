"""The one widget that paints every lane: mix fixed on top, stems under it, selection, markers, pins, playhead."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar

from grammy_desktop.ui.editor.lane_header import LaneHeader
from grammy_desktop.ui.editor.lane_layout import STEM_TIGHT, LaneLayout, lay_out
from grammy_desktop.ui.editor.lane_paint import WavePictures, paint_marker, paint_pin, paint_selection
from grammy_desktop.ui.editor.lane_pointer import LanePointer
from grammy_desktop.ui.editor.notes.note_lanes import NoteLanes
from grammy_desktop.ui.editor.notes.part_header import PartHeader
from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.editor.scene import Lane, Scene
from grammy_desktop.ui.editor.selection import Span
from grammy_desktop.ui.editor.timeline import TimelineWidget
from grammy_desktop.ui.theme import Theme


class LanesView(TimelineWidget):
    """Pointer and keys are in `LanePointer` and `EditorView`; this class lays out and paints."""

    seek_requested = Signal(float)
    split_requested = Signal(int)
    gain_requested = Signal(float)
    section_chosen = Signal(object)

    def __init__(self, scene: Scene, theme: Theme) -> None:
        super().__init__(scene, theme)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(96)
        self.setAccessibleName("Waveform")
        self.layout_of_lanes: LaneLayout = lay_out(400, 0)
        self.stem_height: int | None = None
        self.pictures = WavePictures()
        self.notes = NoteLanes(self)
        self._ringed = False
        """Whether the focused lane wears a ring: only where focus came, or moved, by keyboard."""
        self.headers: list[LaneHeader | PartHeader] = []
        self.scrollbar = QScrollBar(Qt.Orientation.Vertical, self)
        self.scrollbar.valueChanged.connect(self._place)
        self.pointer = LanePointer(self)
        scene.content_changed.connect(self._rebuild)
        scene.levels_changed.connect(self.repaint_content)
        scene.selection.changed.connect(self.repaint_content)
        scene.header_changed.connect(self._lay_out)
        scene.lane_focused.connect(self.show_ring)
        scene.view_changed.connect(self._view_changed)
        theme.changed.connect(self._lay_out)
        self._rebuild()

    # layout

    @property
    def lanes(self) -> tuple[Lane, ...]:
        return self.scene.content.lanes

    @property
    def stem_scroll(self) -> int:
        return self.scrollbar.value()

    def lane_rect(self, index: int) -> QRectF:
        """The lane's part of the well (may reach under the mix lane when scrolled)."""
        lay = self.layout_of_lanes
        return QRectF(self.well.left(), lay.top(index, self.stem_scroll), self.well.width(), lay.height(index))

    def lane_at(self, y: float) -> int | None:
        lay = self.layout_of_lanes
        if y < lay.mix:
            return 0 if self.lanes else None
        index = 1 + int((y - lay.mix + self.stem_scroll) // max(1, lay.stem))
        return index if index < len(self.lanes) else None

    def index_of(self, lane: str | None) -> int | None:
        return next((index for index, each in enumerate(self.lanes) if each.id == lane), None)

    def _rebuild(self) -> None:
        if [header.lane.id for header in self.headers] != [lane.id for lane in self.lanes]:
            for header in self.headers:
                header.hide()
                header.deleteLater()
            self.headers = [self._header(lane) for lane in self.lanes]
            for header in self.headers:
                header.setParent(self)
                header.show()
            self.pictures.forget()
            self.notes.forget()
            self._lay_out()
        for header, lane in zip(self.headers, self.lanes, strict=True):
            header.set_lane(lane)
        self.notes.show_empty()

    def _view_changed(self, view: str) -> None:
        self.setAccessibleName("Notes" if view == "notes" else "Waveform")
        self.stem_height = None
        self.scrollbar.setValue(0)
        self._lay_out()

    def _header(self, lane: Lane) -> LaneHeader | PartHeader:
        return (PartHeader if lane.part else LaneHeader)(self.scene, self.theme, lane)

    def _lay_out(self) -> None:
        stems = max(0, len(self.lanes) - 1)
        notes = self.scene.view == "notes"
        tight = self.theme.row(STEM_TIGHT) if notes else STEM_TIGHT
        self.layout_of_lanes = lay_out(self.height(), stems, wanted=self.stem_height, notes=notes, tight=tight)
        self.scrollbar.setRange(0, self.layout_of_lanes.scroll_range)
        self.scrollbar.setPageStep(max(1, self.layout_of_lanes.visible))
        self.scrollbar.setVisible(self.layout_of_lanes.scroll_range > 0)
        mix = self.layout_of_lanes.mix
        if self.isVisible():
            self.axis.set_width(self.well.width(), self.devicePixelRatioF())
        self.scrollbar.setGeometry(self.width() - 10, mix, 10, max(0, self.height() - mix))
        self._place()
        self.notes.show_empty()

    def _place(self) -> None:
        for index in range(len(self.headers) - 1, -1, -1):
            header, lay = self.headers[index], self.layout_of_lanes
            header.setGeometry(0, lay.top(index, self.stem_scroll), self.scene.header_width - 1, lay.height(index) - 1)
            if index == 0:
                header.raise_()
        self.repaint_content()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():  # hidden pages share the axis but do not set its width
            self.axis.set_width(self.well.width(), self.devicePixelRatioF())
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)  # another page may have given the shared axis another width
        self.axis.set_width(self.well.width(), self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.axis.pixel_ratio != self.devicePixelRatioF():  # moved to another screen
            self.axis.set_width(self.well.width(), self.devicePixelRatioF())
        super().paintEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.repaint_content()

    def show_ring(self) -> None:
        """The focused lane was changed by key."""
        self._ringed = True
        self.repaint_content()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.repaint_content()

    def scroll_wheel(self, delta: int) -> None:
        if self.scrollbar.maximum() > 0:
            self.scrollbar.setValue(self.stem_scroll - delta // 2)
        else:
            super().scroll_wheel(delta)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Qt swaps the axes of the wheel while Alt is held.
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and len(self.lanes) > 1:
            delta = event.angleDelta().y() or event.angleDelta().x()
            self.stem_height = self.layout_of_lanes.stem + (8 if delta > 0 else -8)
            self._lay_out()
            event.accept()
            return
        super().wheelEvent(event)

    # painting

    def paint_content(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.theme.color("well"))
        painter.fillRect(QRectF(0, 0, self.scene.header_width, self.height()), self.theme.color("window"))
        painter.save()
        painter.setClipRect(self.well, Qt.ClipOperation.IntersectClip)
        self.paint_loop(painter, 0, self.height())
        self.paint_grid(painter, 0, self.height())
        mix_bottom = self.layout_of_lanes.mix
        for index in range(len(self.lanes) - 1, -1, -1):
            painter.save()
            if index:
                below = QRectF(0, mix_bottom, self.width(), self.height() - mix_bottom)
                painter.setClipRect(below, Qt.ClipOperation.IntersectClip)
            self._paint_lane(painter, index)
            painter.restore()
        painter.setPen(QPen(self.theme.color("text_3"), 1, Qt.PenStyle.DotLine))
        for split in self.scene.content.splits:
            x = self.pixel(self.x_of(split))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        for mark in self.scene.content.markers:
            paint_marker(painter, self.theme, mark, self.pixel(self.x_of(mark.frame)), self.height())
        painter.restore()
        self._paint_lines(painter)

    def _paint_lane(self, painter: QPainter, index: int) -> None:
        lane, box = self.lanes[index], self.lane_rect(index)
        dirty = painter.clipBoundingRect()
        if not box.intersects(dirty):
            return
        body = box.adjusted(0, 1, 0, -2)
        if lane.notes is not None:
            self.notes.paint(painter, lane, lane.notes, body)
        else:
            self._paint_wave(painter, lane, box, body)
        span = self.scene.selection.span
        if span is not None:
            own = self.scene.selection.lane in (None, lane.id)
            paint_selection(painter, self.theme, self.span_rect(span, box.top(), box.height() - 1), own)
        if "pins" in self.scene.overlays:
            self._paint_pins(painter, index, lane)

    def _paint_wave(self, painter: QPainter, lane: Lane, box: QRectF, body: QRectF) -> None:
        picture = self.pictures.get(
            lane,
            self.axis,
            self.theme,
            width=body.width(),
            height=body.height(),
            ratio=self.devicePixelRatioF(),
            gain=lane.gain,
            revision=self.scene.revision,
            rms="rms" in self.scene.overlays,
            clipping="clipping" in self.scene.overlays,
        )
        if picture is not None:
            painter.setOpacity(1.0 if self.scene.is_heard(lane.id) or not lane.is_stem else 0.3)
            painter.drawImage(body.topLeft(), picture)
            painter.setOpacity(1.0)
        elif lane.waveform is None:
            self._paint_waiting(painter, lane, box)

    def _paint_pins(self, painter: QPainter, index: int, lane: Lane) -> None:
        """The lane's pins; discs that begin at one place stand side by side."""
        taken: list[float] = []
        top = self.lane_rect(index).top()
        for pin in self.scene.content.pins:
            if pin.lane != lane.id and not (index == 0 and self.index_of(pin.lane) is None):
                continue
            left, right = max(self.x_of(pin.start), self.well.left() - 2), self.x_of(pin.end)
            if right <= self.well.left() or left >= self.well.right():
                continue
            shift = 0.0
            while any(abs(left + shift - other) < 22 for other in taken):
                shift += 24
            taken.append(left + shift)
            lower = 18 if index == 0 and self._flag_near(left) else 0
            paint_pin(painter, self.theme, pin, left, right, top + lower, shift=shift)

    def _flag_near(self, x: float) -> bool:
        """Whether a marker's flag stands where a pin's disc would."""
        return any(-100 < self.x_of(mark.frame) - x < 28 for mark in self.scene.content.markers)

    def _paint_waiting(self, painter: QPainter, lane: Lane, box: QRectF) -> None:
        """What stands in a lane whose peaks are being built."""
        text = lane.message
        if lane.progress is not None:
            text = f"Drawing {round(lane.progress * 100)} %"
            bar = QRectF(box.left(), box.bottom() - 3, box.width() * lane.progress, 2)
            painter.fillRect(bar, self.theme.color("accent_text"))
        painter.setFont(font(self.theme, "caption"))
        painter.setPen(self.theme.color("text_3"))
        painter.drawText(box.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_lines(self, painter: QPainter) -> None:
        painter.setPen(QPen(self.theme.color("line"), 1))
        for index in range(1, len(self.lanes) + 1):
            bottom = self.lane_rect(index - 1).bottom()
            y = self.pixel(bottom - 1)
            if y >= self.layout_of_lanes.mix - 1:
                painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
                if index < len(self.lanes) and self.lanes[index].joined:  # the colour of a stem runs through its parts
                    painter.fillRect(QRectF(0, bottom - 1, 3, 1), self.theme.color(self.lanes[index].token))
        x = self.pixel(self.well.left() - 1)
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        if self.hasFocus() and self._ringed:
            index = self.index_of(self.scene.focused_lane) or 0
            if self.lanes:
                painter.setPen(QPen(self.theme.color("focus"), 2))
                painter.drawRect(self.lane_rect(index).adjusted(1, 1, -1, -2))

    def paint_playhead(self, painter: QPainter) -> None:
        self.notes.paint_sounding(painter)
        super().paint_playhead(painter)

    def _move_playhead(self, old: float, new: float) -> None:
        super()._move_playhead(old, new)
        self.notes.follow(new)

    def selection_rect(self) -> QRectF | None:
        """Where the selection's own lane shows it; None when there is none or it is out of view."""
        span: Span | None = self.scene.selection.span
        index = self.index_of(self.scene.selection.lane) or 0
        if span is None or not self.lanes:
            return None
        lane = self.lane_rect(index)
        box = self.span_rect(span, lane.top(), lane.height())
        return box if box.right() >= self.well.left() and box.left() <= self.well.right() else None
