"""The strip beside a selection: its length, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget

from grammy_desktop.ui.editor.beat_grid import length_text
from grammy_desktop.ui.editor.editor_commands import EditorCommands
from grammy_desktop.ui.editor.lanes_view import LanesView
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton, Label, vline
from grammy_desktop.ui.widgets.popover import SHADOW, paint_shadow

APPEARS_AFTER_MS = 400
GAP = 8


class DragOut(IconButton):
    """A grip: press and drag it to carry the selection out as a file; a click does the same by key (copies the file)."""

    dragged = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, "grip-vertical", "Drag out", tip="Drag the selection into a DAW. Click: copy it as a file.", side=26
        )
        self._press: QPoint | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        moved = (event.position().toPoint() - self._press).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._press = None
            self.setDown(False)
            self.dragged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None
        super().mouseReleaseEvent(event)


class FloatingStrip(QWidget):
    """A child of the lanes; shows itself 400 ms after the selection came to rest, outside it, flipped at the edges."""

    gain_wanted = Signal()
    drag_wanted = Signal()
    copy_file_wanted = Signal()
    reroll_wanted = Signal(object)
    """The section (a Block) that is to be played anew."""

    def __init__(self, lanes: LanesView, commands: EditorCommands, theme: Theme) -> None:
        super().__init__(lanes)
        self._lanes, self._commands, self._theme = lanes, commands, theme
        self.can_reroll = False
        """Whether sections of this song can be played anew."""
        self.setAccessibleName("Selection")
        self.length = Label(theme, "", "body_medium")
        self.play = Button(theme, "Play", kind="link", size="card", tip="Play the selection  Shift+Space")
        self.play.clicked.connect(commands.play_selection)
        self.drag = DragOut(theme)
        self.drag.dragged.connect(self.drag_wanted)
        self.drag.clicked.connect(self.copy_file_wanted)
        self.more = IconButton(theme, "ellipsis", "More for the selection", side=26)
        self.more.clicked.connect(self._open_menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12 + SHADOW // 2, 2 + SHADOW // 2, 6 + SHADOW // 2, 2 + SHADOW // 2)
        layout.setSpacing(6)
        for item in (self.length, vline(16), self.play, self.drag, self.more):
            layout.addWidget(item)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(APPEARS_AFTER_MS)
        self._timer.timeout.connect(self.appear)
        scene = lanes.scene
        scene.selection.changed.connect(self._selection_changed)
        scene.axis.changed.connect(self.place)
        theme.changed.connect(self.update)
        self.hide()

    def menu(self) -> QMenu:
        """Everything that can be done with the selection."""
        menu, do = QMenu(self), self._commands
        menu.setFont(self._theme.font("body"))
        menu.addAction("Play", do.play_selection)
        menu.addAction("Loop", do.loop_selection)
        span = self._lanes.scene.selection.span
        block = self._lanes.scene.section_at((span.start + span.end) / 2) if span is not None else None
        if self.can_reroll and block is not None and block.index >= 0:
            menu.addAction(f"Play “{block.name}” anew", lambda: self.reroll_wanted.emit(block))
        menu.addSeparator()
        menu.addAction("Trim", do.trim_to_selection)
        menu.addAction("Delete", do.delete_selection)
        menu.addAction("Silence", do.silence_selection)
        menu.addSeparator()
        menu.addAction("Fade in", do.fade_in)
        menu.addAction("Fade out", do.fade_out)
        menu.addAction("Gain…", self.gain_wanted.emit)
        menu.addSeparator()
        menu.addAction("Copy as file", self.copy_file_wanted.emit)
        return menu

    def appear(self) -> None:
        scene = self._lanes.scene
        span = scene.selection.span
        if span is None:
            return
        self.length.setText(length_text(span.frames, scene.axis.sample_rate, scene.snap.grid, span.start))
        self.adjustSize()
        self.place()

    def place(self) -> None:
        """Beside the selection, right of it where there is room, else left, else inside."""
        box = self._lanes.selection_rect()
        if box is None or self._timer.isActive():
            self.hide()
            return
        margin = SHADOW // 2
        width = self.width() - 2 * margin
        x = box.right() + GAP
        if x + width > self._lanes.width() - GAP:
            x = box.left() - GAP - width
        if x < self._lanes.scene.header_width + GAP:
            x = min(box.right(), self._lanes.width()) - GAP - width
        y = box.center().y() - self.height() / 2
        y = min(self._lanes.height() - self.height() + margin, max(-margin, y))
        self.move(round(x - margin), round(y))
        self.show()
        self.raise_()

    def _selection_changed(self) -> None:
        self.hide()
        if self._lanes.scene.selection.span is None:
            self._timer.stop()
        else:
            self._timer.start()

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = SHADOW / 2
        box = QRectF(self.rect()).adjusted(margin + 0.5, margin + 0.5, -margin - 0.5, -margin - 0.5)
        painter.setClipRect(self.rect())
        paint_shadow(painter, box, 8, 0.4 if self._theme.is_dark else 0.14)
        painter.setBrush(self._theme.color("raised"))
        painter.setPen(QPen(self._theme.color("line_strong"), 1))
        painter.drawRoundedRect(box, 8, 8)
