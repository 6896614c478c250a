"""Ruler with the loop bar, sections and chords, fixed above the lanes."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip

from grammy_desktop.ui.editor.beat_grid import time_step, time_text
from grammy_desktop.ui.editor.paint import draw_icon, font
from grammy_desktop.ui.editor.scene import Block, Mark, Scene
from grammy_desktop.ui.editor.selection import Span
from grammy_desktop.ui.editor.timeline import HANDLE, TimelineWidget
from grammy_desktop.ui.theme import Theme

RULER, SECTIONS, CHORDS = 22, 22, 20
MORE_FROM = 44
"""Width of a section from which its ⋯ is shown."""
CHORD_TIP = "Double-click writes another."
GRIP = 8
"""How near to a loop edge the pointer takes it, px."""


class Ruler(TimelineWidget):
    """Click places the playhead, drag scrubs, Alt+drag makes a loop; double-click on a section selects it, on a chord
    opens it. What is under the pointer in these rows is lit; its menu opens by right click, or by its ⋯."""

    seek_requested = Signal(float)
    section_chosen = Signal(object)
    chord_chosen = Signal(object)
    """A chord's Mark, to be changed."""
    section_menu = Signal(object, QPoint)
    chord_menu = Signal(object, QPoint)
    """What the menu is of, and where it opens on the screen."""

    def __init__(self, scene: Scene, theme: Theme, *, chords: bool = True) -> None:
        super().__init__(scene, theme)
        self.shows_time = False
        self.chords_shown = chords
        self.has_menus = False
        """Whether sections and chords of this ruler can be changed."""
        self._over: Block | Mark | None = None
        self._here: Block | None = None
        self._drag: str | None = None
        self._anchor = 0
        self.setFixedHeight(RULER + SECTIONS + (CHORDS if chords else 0))
        self.setAccessibleName("Ruler")
        scene.busy_changed.connect(self.repaint_content)

    def set_chords_shown(self, shown: bool) -> None:
        self.chords_shown = shown
        self.setFixedHeight(RULER + SECTIONS + (CHORDS if shown else 0))

    @property
    def playhead_reach(self) -> int:
        return HANDLE // 2 + 2

    def _move_playhead(self, old: float, new: float) -> None:
        if self.scene.section_at(new) != self._here:
            self.repaint_content()  # another section is the lighter one now
        else:
            super()._move_playhead(old, new)

    # painting

    def paint_content(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.theme.color("window"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(self.well, Qt.ClipOperation.IntersectClip)
        self._paint_labels(painter)
        self._paint_loop_bar(painter)
        self._paint_sections(painter)
        if self.chords_shown:
            self._paint_chords(painter)
        painter.restore()
        self._paint_header(painter)

    def paint_playhead(self, painter: QPainter) -> None:
        super().paint_playhead(painter)
        x = self.pixel(self.x_of(self.scene.playhead))
        half = HANDLE / 2
        shape = QPolygonF(
            [QPointF(x - half, 1), QPointF(x + half, 1), QPointF(x + half, 8), QPointF(x, 14), QPointF(x - half, 8)]
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("playhead"))
        painter.drawPolygon(shape)

    def _paint_header(self, painter: QPainter) -> None:
        painter.setFont(font(self.theme, "caption"))
        painter.setPen(self.theme.color("text_2"))
        first = "Bars" if self.scene.snap.grid and not self.shows_time else "Time"
        rows = [(first, 0, RULER), ("Sections", RULER, SECTIONS)]
        if self.chords_shown:
            rows.append(("Chords", RULER + SECTIONS, CHORDS))
        left = 16 if self.scene.header_width > 80 else 8
        for text, top, height in rows:
            painter.drawText(
                QRectF(left, top, self.scene.header_width - left, height), Qt.AlignmentFlag.AlignVCenter, text
            )

    def _labels(self) -> list[tuple[float, str]]:
        grid, scale = self.scene.snap.grid, self.axis.frames_per_pixel
        rate = self.axis.sample_rate
        made: list[tuple[float, str]] = []
        if grid is None or self.shows_time:
            seconds = time_step(scale / rate)
            decimals = 3 if seconds < 0.1 else 1 if seconds < 1 else 0
            index = int(self.axis.start / rate // seconds)
            while (at := index * seconds * rate) <= min(self.axis.end, self.axis.frames):
                made.append((at, time_text(index * seconds, decimals)))
                index += 1
            return made
        step = grid.label_step(scale)
        bar = int(grid.beat_at(self.axis.start) // grid.beats_per_bar) // step * step
        while (at := grid.frame_of_bar(bar)) <= min(self.axis.end, self.axis.frames - 1):
            made.append((at, str(bar + 1)))
            bar += step
        return made

    def _paint_labels(self, painter: QPainter) -> None:
        face = font(self.theme, "caption")
        painter.setFont(face)
        for frame, text in self._labels():
            x = self.pixel(self.x_of(frame))
            painter.setPen(QPen(self.theme.color("text_3"), 1))
            painter.drawLine(QPointF(x, 8), QPointF(x, RULER - 2))
            painter.setPen(self.theme.color("text"))
            painter.drawText(QPointF(x + 5, RULER - 7), text)

    def _paint_loop_bar(self, painter: QPainter) -> None:
        loop = self.scene.selection.loop
        if loop is None:
            return
        bar = self.span_rect(loop, 0, 5)
        painter.fillRect(bar, self.theme.color("accent_text"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("accent_text"))
        for x, inward in ((bar.left(), 5.0), (bar.right(), -5.0)):
            painter.drawPolygon(QPolygonF([QPointF(x, 5), QPointF(x + inward, 5), QPointF(x, 10)]))

    def _paint_sections(self, painter: QPainter) -> None:
        face = font(self.theme, "small", 600)
        painter.setFont(face)
        metrics = QFontMetricsF(face)
        here = self._here = self.scene.section_at(self.scene.playhead)
        for block in self.scene.content.sections:
            box = self.span_rect(Span(block.start, block.end), RULER + 2, 18).adjusted(1, 0, -1, 0)
            if box.right() < self.well.left() or box.left() > self.well.right():
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("control_hover" if block == here else "control"))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(self.theme.color("text"))
            if self._over == block:
                self._paint_more(painter, box)
            self._paint_busy(painter, f"section:{block.index}", box)
            room = box.intersected(self.well).adjusted(6, 0, -20 if self._over == block else -4, 0)
            painter.setPen(self.theme.color("text"))
            if room.width() > 12:
                text = metrics.elidedText(block.name, Qt.TextElideMode.ElideRight, room.width())
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_more(self, painter: QPainter, box: QRectF) -> None:
        """That the block under the pointer has a menu."""
        if box.width() >= MORE_FROM:
            icon = QRectF(min(box.right(), self.well.right()) - 17, box.center().y() - 6, 12, 12)
            draw_icon(painter, self.theme, "ellipsis", icon, "text_2")

    def _paint_busy(self, painter: QPainter, place: str, box: QRectF) -> None:
        done = self.scene.busy.get(place)
        if done is not None:
            bar = QRectF(box.left(), box.bottom() - 2, box.width() * done, 2)
            painter.fillRect(bar, self.theme.color("accent_text"))

    def chord_rect(self, mark: Mark) -> QRectF:
        """A chord's cell: to where the next begins."""
        later = (other.frame for other in self.scene.content.chords if other.frame > mark.frame)
        end = next(later, self.axis.frames)
        return self.span_rect(Span(mark.frame, end), RULER + SECTIONS + 1, CHORDS - 2).adjusted(1, 0, -1, 0)

    def _paint_chords(self, painter: QPainter) -> None:
        for chord in self.scene.content.chords:
            if chord is self._over:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.theme.color("control"))
                painter.drawRoundedRect(self.chord_rect(chord), 3, 3)
            if f"chord:{chord.index}" in self.scene.busy:
                self._paint_busy(painter, f"chord:{chord.index}", self.chord_rect(chord))
        face = font(self.theme, "caption", 500)
        painter.setFont(face)
        painter.setPen(self.theme.color("text_2"))
        metrics = QFontMetricsF(face)
        free = -1e9
        base = RULER + SECTIONS + 14
        for mark in thinned(self.scene, metrics):
            x = self.x_of(mark[0]) + 4
            if x > self.width():
                break
            if x >= free and x > -60:
                painter.drawText(QPointF(x, base), mark[1])
                free = x + metrics.horizontalAdvance(mark[1]) + 5

    # pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x, y = event.position().x(), event.position().y()
        if isinstance(self._over, Block) and self._on_more(x, self._over):
            self._open_menu(self._over, event.globalPosition().toPoint())
            return
        if x < self.scene.header_width:
            if y < RULER:
                self.shows_time = not self.shows_time
                self.repaint_content()
            return
        if y >= RULER:
            return
        frame = self.scene.snapped(self.frame_at(x))
        edge = self._loop_edge(x, y)
        loop = self.scene.selection.loop
        if edge is not None and loop is not None:
            self._drag, self._anchor = "loop", loop.end if edge == "start" else loop.start
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._drag, self._anchor = "loop", frame
        else:
            self._drag = "scrub"
            self.seek_requested.emit(float(frame))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        if self._drag is None:
            over = self._loop_edge(x, y) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
            self._light(self.cell_at(x, y))
            return
        frame = self.scene.snapped(self.frame_at(x))
        if self._drag == "loop":
            self.scene.selection.set_loop(Span(min(self._anchor, frame), max(self._anchor, frame)))
        else:
            self.seek_requested.emit(float(frame))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        if x >= self.scene.header_width and RULER <= y < RULER + SECTIONS:
            block = self.scene.section_at(self.frame_at(x))
            if block is not None:
                self.section_chosen.emit(block)
        cell = self.cell_at(x, y)
        if isinstance(cell, Mark):
            self.chord_chosen.emit(cell)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        cell = self.cell_at(event.pos().x(), event.pos().y())
        if cell is not None:
            self._open_menu(cell, event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        self._light(None)
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(event.pos().x(), event.pos().y())
            if cell is None:
                QToolTip.hideText()
            else:
                words = (
                    f"{cell.name}\nDouble-click selects it." if isinstance(cell, Block) else f"{cell.text}\n{CHORD_TIP}"
                )
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def cell_at(self, x: float, y: float) -> Block | Mark | None:
        """The section or chord under the pointer, where this ruler's can be changed."""
        if not self.has_menus or x < self.scene.header_width or y < RULER:
            return None
        frame = self.frame_at(x)
        if y < RULER + SECTIONS:
            return self.scene.section_at(frame)
        return self.scene.chord_at(frame) if self.chords_shown else None

    def _light(self, cell: Block | Mark | None) -> None:
        if cell is not self._over:
            self._over = cell
            self.repaint_content()

    def _on_more(self, x: float, block: Block) -> bool:
        box = self.span_rect(Span(block.start, block.end), RULER, SECTIONS)
        right = min(box.right(), self.well.right())
        return box.width() >= MORE_FROM and right - 22 <= x <= right

    def _open_menu(self, cell: Block | Mark, where: QPoint) -> None:
        if isinstance(cell, Block):
            self.section_menu.emit(cell, where)
        else:
            self.chord_menu.emit(cell, where)

    def _loop_edge(self, x: float, y: float) -> str | None:
        loop = self.scene.selection.loop
        if loop is None or y > 10:
            return None
        if abs(x - self.x_of(loop.start)) <= GRIP:
            return "start"
        return "end" if abs(x - self.x_of(loop.end)) <= GRIP else None


def thinned(scene: Scene, metrics: QFontMetricsF) -> list[tuple[float, str]]:
    """Chords to write: all of them, or those on every 2nd, 4th, 8th ... bar, whichever still fits."""
    chords, grid = scene.content.chords, scene.snap.grid
    if not chords:
        return []
    widest = max(metrics.horizontalAdvance(text) for text in {mark.text for mark in chords}) + 5
    if grid is None:
        return [(mark.frame, mark.text) for mark in chords]
    gaps = [b.frame - a.frame for a, b in pairwise(chords)]
    if not gaps or min(gaps) / scene.axis.frames_per_pixel >= widest:
        return [(mark.frame, mark.text) for mark in chords]
    step = grid.label_step(scene.axis.frames_per_pixel, widest)
    if step == 1 and min(gaps) * 2 / scene.axis.frames_per_pixel >= widest and min(gaps) * 2 < grid.frames_per_bar:
        return [(mark.frame, mark.text) for mark in chords[::2]]
    lines = step * grid.beats_per_bar
    return [
        (mark.frame, mark.text)
        for mark in chords
        if abs(mark.frame - grid.frame_of_beat(round(grid.beat_at(mark.frame) / lines) * lines)) < 480
    ]
