"""The notes on the lanes: their pictures, those that sound at the playhead, their tooltips, and what is said without any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QLabel, QToolTip, QVBoxLayout, QWidget

from grammy_desktop.ui.editor.notes.note_data import PartNotes
from grammy_desktop.ui.editor.notes.note_paint import NotePictures, note_boxes, paint_row_names, shade_of, shades
from grammy_desktop.ui.editor.scene import Lane
from grammy_desktop.ui.widgets import Button, Label

if TYPE_CHECKING:
    from grammy_desktop.ui.editor.lanes_view import LanesView

MUTED = 0.3
"""Opacity of what is not heard."""
LONGEST_LIT = 4
"""Bars (without a grid: as many times two seconds): longer notes, such as a vinyl crackle through the whole song, keep their
colour and get a little lighter."""
LIGHTER = 0.22
"""Share of the text's colour in theirs."""
REACH = 3.0
"""Pixels by which the pointer may miss a note."""


class NoteLanes(QObject):
    """One for the lanes' widget."""

    waveform_wanted = Signal()

    def __init__(self, view: LanesView) -> None:
        super().__init__(view)
        self._view = view
        self._pictures = NotePictures()
        self._sounding: list[QRectF] = []
        self._held: list[tuple[QRectF, QColor]] = []
        self._empty: EmptyNotes | None = None
        view.installEventFilter(self)

    def forget(self) -> None:
        self._pictures.forget()

    def paint(self, painter: QPainter, lane: Lane, notes: PartNotes, body: QRectF) -> None:
        view = self._view
        ratio = view.devicePixelRatioF()
        picture = self._pictures.get(lane.id, notes, view.axis, view.theme, lane.token, size=body, ratio=ratio)
        if picture is None:
            return
        painter.setOpacity(1.0 if view.scene.is_heard(lane.id) else MUTED)
        painter.drawPixmap(body.topLeft(), picture)
        painter.setOpacity(1.0)
        paint_row_names(painter, notes, view.theme, body)

    # playing

    def follow(self, frame: float) -> None:
        """Have the notes painted anew that begin or end to sound here."""
        before = [*self._sounding, *(box for box, _ in self._held)]
        self._sounding, self._held = self._boxes_at(frame)
        now = [*self._sounding, *(box for box, _ in self._held)]
        if before != now:
            for box in (*before, *now):
                self._view.update(box.toAlignedRect().adjusted(-1, -1, 1, 1))

    def paint_sounding(self, painter: QPainter) -> None:
        """What sounds at the playhead stands out."""
        view = self._view
        self._sounding, self._held = self._boxes_at(view.scene.playhead)
        if not self._sounding and not self._held:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        below = QRectF(view.well.left(), view.layout_of_lanes.mix, view.well.width(), view.height())
        painter.setClipRect(below, Qt.ClipOperation.IntersectClip)
        painter.setPen(Qt.PenStyle.NoPen)
        for box, colour in self._held:
            painter.fillRect(box, colour)
        painter.setBrush(view.theme.color("playhead"))
        painter.drawRects(self._sounding)
        painter.restore()

    def _boxes_at(self, frame: float) -> tuple[list[QRectF], list[tuple[QRectF, QColor]]]:
        """Those of notes to light up, and those of long ones with their lighter colours."""
        view = self._view
        ratio = view.devicePixelRatioF()
        lit: list[QRectF] = []
        held: list[tuple[QRectF, QColor]] = []
        for index, lane in enumerate(view.lanes):
            if lane.notes is None or not view.scene.is_heard(lane.id):
                continue
            box = view.lane_rect(index).adjusted(0, 1, 0, -2)
            if box.bottom() < view.layout_of_lanes.mix or box.top() > view.height():
                continue
            sounding = lane.notes.sounding(frame)
            boxes = note_boxes(lane.notes, sounding, view.axis, box.height(), ratio).tolist()
            for note, (x, y, width, height) in zip(sounding.tolist(), boxes, strict=True):
                rect = QRectF(box.left() + x / ratio, box.top() + y / ratio, width / ratio, height / ratio)
                if self._is_long(lane.notes, note):
                    held.append((rect.intersected(box), self._lighter(lane, note)))
                else:
                    lit.append(rect)
        return lit, held

    def _is_long(self, notes: PartNotes, note: int) -> bool:
        start, end = float(notes.start[note]), float(notes.end[note])
        grid = self._view.scene.snap.grid
        if grid is None:
            return end - start > LONGEST_LIT * 2.0 * self._view.axis.sample_rate
        return grid.beat_at(end) - grid.beat_at(start) > LONGEST_LIT * grid.beats_per_bar + 1e-3

    def _lighter(self, lane: Lane, note: int) -> QColor:
        """The note's own colour with a little of the text's, which stands out in both looks."""
        assert lane.notes is not None
        theme = self._view.theme
        own = shades(theme, lane.token)[int(shade_of(lane.notes.velocity[note : note + 1])[0])]
        text = theme.color("playhead")
        mixed = ((own.redF(), text.redF()), (own.greenF(), text.greenF()), (own.blueF(), text.blueF()))
        return QColor.fromRgbF(*((1 - LIGHTER) * a + LIGHTER * b for a, b in mixed))

    # the pointer

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.words_at(event.pos().x(), event.pos().y())
            if words:
                QToolTip.showText(event.globalPos(), words, self._view)
                return True
            QToolTip.hideText()
        return False

    def words_at(self, x: float, y: float) -> str:
        """'A4, bar 5 beat 2, velocity 96' of the note under the pointer; '' where there is none."""
        view = self._view
        index = view.lane_at(y)
        lane = view.lanes[index] if index is not None else None
        if index is None or lane is None or lane.notes is None or x < view.well.left():
            return ""
        body = view.lane_rect(index).adjusted(0, 1, 0, -2)
        slack = REACH * view.axis.frames_per_pixel
        frame = view.frame_at(x)
        near = lane.notes.between(frame - 4 * slack, frame + slack)
        boxes = note_boxes(lane.notes, near, view.axis, body.height(), 1.0)
        px, py = x - body.left(), y - body.top()
        hit = (boxes[:, 0] - REACH <= px) & (px <= boxes[:, 0] + boxes[:, 2] + REACH)
        hit &= (boxes[:, 1] - REACH <= py) & (py <= boxes[:, 1] + boxes[:, 3] + REACH)
        found = np.flatnonzero(hit)
        if not len(found):
            return ""
        far = np.abs(boxes[found, 1] + boxes[found, 3] / 2 - py)
        note = int(found[int(np.argmin(far))]) + near.start
        where = ""
        if view.scene.snap.grid is not None:
            bar, beat, _ = view.scene.snap.grid.position(float(lane.notes.start[note]) + 1)
            where = f", bar {bar} beat {beat}"
        return f"{lane.notes.name_of(note)}{where}, velocity {int(lane.notes.velocity[note])}"

    # no notes

    def show_empty(self) -> None:
        """Put the sentence under the mix where a song has no notes; away where it has."""
        view = self._view
        sentence = view.scene.content.empty if view.scene.view == "notes" else ""
        if not sentence:
            if self._empty is not None:
                self._empty.hide()
            return
        if self._empty is None:
            self._empty = EmptyNotes(view)
            self._empty.waveform.clicked.connect(self.waveform_wanted)
        self._empty.sentence.setText(sentence)
        top = view.layout_of_lanes.mix
        left = view.scene.header_width
        self._empty.setGeometry(left, top, max(0, view.width() - left), max(0, view.height() - top))
        self._empty.show()
        self._empty.raise_()


class EmptyNotes(QWidget):
    """One sentence and one way on."""

    def __init__(self, view: LanesView) -> None:
        super().__init__(view)
        self.sentence: QLabel = Label(view.theme, "", "body", "text_2")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMaximumWidth(440)
        self.waveform = Button(view.theme, "Show the waveform", kind="outline")
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(1)
        layout.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.waveform, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
