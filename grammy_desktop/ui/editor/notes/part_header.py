"""The column left of a part's notes: stem colour, name, sound, M, S, dice, menu."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from grammy_desktop.ui.editor.lane_header import LaneKey
from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.editor.scene import Lane, Scene
from grammy_desktop.ui.formats import NBSP
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import IconButton

ROOMY = 54
"""Height from which the sound's name has a line of its own."""
STEP = 22


class PartHeader(QWidget):
    """Parts of one stem share its fader, so M and S act on them together; their tooltips say so."""

    def __init__(self, scene: Scene, theme: Theme, lane: Lane) -> None:
        super().__init__()
        self.scene, self.theme, self.lane = scene, theme, lane
        self.setAccessibleName(f"Part {lane.name}")
        self._press: QPoint | None = None
        self.mute = LaneKey(theme, "M", f"Mute {lane.name}")
        self.solo = LaneKey(theme, "S", f"Solo {lane.name}")
        self.reroll = IconButton(theme, "dice-5", f"Play {lane.name} anew", side=24, icon_size=14)
        self.more = IconButton(theme, "ellipsis", f"More for {lane.name}", side=24, icon_size=14)
        for child in (self.mute, self.solo, self.reroll, self.more):
            child.setParent(self)
            child.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.mute.clicked.connect(self._send)
        self.solo.clicked.connect(self._send)
        self.reroll.clicked.connect(lambda: self._wish("reroll"))
        self.more.clicked.connect(self._open_menu)
        scene.levels_changed.connect(self.refresh)
        scene.busy_changed.connect(self.refresh)
        theme.changed.connect(self.update)
        self.set_lane(lane)
        self.refresh()

    def set_lane(self, lane: Lane) -> None:
        self.lane = lane
        sound = lane.details[0] if lane.details else ""
        self.setToolTip(f"{lane.name}: {sound}" if sound else lane.name)
        self.reroll.setToolTip("Play this part anew\nOther notes; no other part changes.")
        for key, letter, verb in ((self.mute, "M", "Mute"), (self.solo, "S", "Solo")):
            together = f"\nHeard together with {', '.join(lane.shared_with)}." if lane.shared_with else ""
            key.setToolTip(f"{verb} {lane.name} ({letter}){together}")
        self.update()

    @property
    def progress(self) -> float | None:
        """How far a change of this part is."""
        return self.scene.busy.get(f"part:{self.lane.part}")

    def refresh(self) -> None:
        level = self.scene.level(self.lane.id)
        self.mute.setChecked(level.muted)
        self.solo.setChecked(level.soloed)
        self.reroll.setEnabled(not self.scene.busy)
        self.update()

    def menu(self) -> QMenu:
        """Everything that can be done with the part."""
        menu = QMenu(self)
        menu.setFont(self.theme.font("body"))
        changes = [
            menu.addAction("Play this part anew", lambda: self._wish("reroll")),
            menu.addAction("Change the sound…", lambda: self._wish("sound")),
            menu.addAction("Remove this part", lambda: self._wish("remove")),
        ]
        for action in changes:
            action.setEnabled(not self.scene.busy)
        menu.addSeparator()
        menu.addAction("Copy its MIDI as a file", lambda: self._wish("copy"))
        return menu

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        self.scene.focus_lane(self.lane.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragging the name carries the part's MIDI out."""
        far = self._press is not None and (event.position().toPoint() - self._press).manhattanLength()
        if far and far >= QApplication.startDragDistance():
            self._press = None
            self._wish("drag")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    def _wish(self, what: str) -> None:
        self.scene.part_wished.emit(what, self.lane.part)

    def _send(self) -> None:
        level = replace(self.scene.level(self.lane.id), muted=self.mute.isChecked(), soloed=self.solo.isChecked())
        self.scene.level_requested.emit(self.lane.channel, level)
        self.update()

    @property
    def _inset(self) -> int:
        return 16 if self.width() >= self.theme.row(112) else 9

    def resizeEvent(self, _event: QResizeEvent) -> None:
        tight = self.height() < self.theme.row(ROOMY)
        top = max(15, self.height() - 24) if tight else min(self.height() - 25, self.theme.row(43))
        left = self._inset - 2 if self.width() >= 4 * STEP + self._inset else 3
        for place, child in enumerate((self.mute, self.solo, self.reroll, self.more)):
            child.move(left + STEP * place, top)
        self.more.setVisible(left + STEP * 4 <= self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("window"))
        painter.fillRect(QRectF(0, 0 if self.lane.joined else 1, 3, self.height()), self.theme.color(self.lane.token))
        heard = self.scene.is_heard(self.lane.id)
        left, room = self._inset, self.width() - self._inset - 4
        face = font(self.theme, "body", 600)
        metrics = QFontMetricsF(face)
        tight, close = self.height() < self.theme.row(ROOMY), self.height() < self.theme.row(66)
        base = (2 if close else 7) + metrics.ascent()
        painter.setFont(face)
        painter.setPen(self.theme.color("text" if heard else "text_3"))
        painter.drawText(QPointF(left, base), metrics.elidedText(self.lane.name, Qt.TextElideMode.ElideRight, room))
        words = self.lane.details[0] if self.lane.details else ""
        if self.progress is not None:
            words = f"Changing {round(self.progress * 100)}{NBSP}%"
            bar = QRectF(3, self.height() - 2, (self.width() - 3) * self.progress, 2)
            painter.fillRect(bar, self.theme.color("accent_text"))
        if tight:
            return
        small = font(self.theme, "caption")
        painter.setFont(small)
        painter.setPen(self.theme.color("text_2" if heard else "text_3"))
        line = QFontMetricsF(small).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(left, base + self.theme.row(14 if close else 16)), line)
