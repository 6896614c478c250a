"""The tree of a song's versions: takes, and under each what was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QVBoxLayout, QWidget

from grammy_desktop.ui.editor.paint import draw_icon, font
from grammy_desktop.ui.theme import Theme

ROW, GAP = 30, 2


@dataclass(frozen=True)
class VersionRow:
    """`note` is at the right: '71 ±9' or '−17.8 LUFS'. `depth` 0 is a take. `slots`: 'A', 'B', 'AB' where it is compared."""

    id: str
    name: str
    note: str
    depth: int
    is_master: bool
    slots: str = ""
    problem: str = ""
    """Why it cannot be compared with the open version; '' where it can."""


class _Row(QAbstractButton):
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, version: VersionRow) -> None:
        super().__init__()
        self._theme, self.version = theme, version
        self.setCheckable(True)
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        compared = f", compared as {' and '.join(version.slots)}" if version.slots else ""
        self.setAccessibleName(f"{version.name}, {version.note}{compared}")
        self.setToolTip(f"{version.name}\nRight button: hear it as A or B")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())
        event.accept()

    def sizeHint(self) -> QSize:
        return QSize(220, ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, on, version = self._theme, self.isChecked(), self.version
        left = 8.0 + 16 * version.depth
        if on or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if on else "control"))
            painter.drawRoundedRect(QRectF(left - 8, 0, self.width() - left + 8, self.height()), 6, 6)
        token = "accent_text" if on else "text_2"
        draw_icon(painter, theme, "disc-3" if version.is_master else "git-branch", QRectF(left + 2, 8, 14, 14), token)
        small = font(theme, "small")
        note = QFontMetricsF(small).horizontalAdvance(version.note) + 10 + 20 * len(version.slots)
        face = font(theme, "body_medium" if on else "body")
        painter.setFont(face)
        painter.setPen(theme.color("accent_text" if on else "text"))
        room = QRectF(left + 25, 0, self.width() - left - 25 - note, self.height())
        text = QFontMetricsF(face).elidedText(version.name, Qt.TextElideMode.ElideRight, room.width() - 4)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        right = self.width() - 8.0
        for letter in reversed(version.slots):
            self._paint_badge(painter, letter, QRectF(right - 16, (self.height() - 16) / 2, 16, 16))
            right -= 20
        painter.setFont(small)
        painter.setPen(theme.color("text_2"))
        box = QRectF(0, 0, right - 2, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, version.note)

    def _paint_badge(self, painter: QPainter, letter: str, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("control_hover" if not self.isChecked() else "control"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font(self._theme, "caption_medium"))
        painter.setPen(self._theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)


class VersionList(QWidget):
    """`picked` carries a version's id; `compare_wanted` a slot ('a' or 'b') and the version to be heard as it."""

    picked = Signal(str)
    compare_wanted = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[_Row] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self.setAccessibleName("Versions")

    def sizeHint(self) -> QSize:
        """From the rows: a layout counts new ones only once they are shown."""
        return QSize(220, max(0, len(self._rows) * (ROW + GAP) - GAP))

    def set_versions(self, versions: Sequence[VersionRow], current: str | None) -> None:
        for old in self._rows:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = [_Row(self._theme, version) for version in versions]
        for row in self._rows:
            row.setChecked(row.version.id == current)
            row.clicked.connect(lambda _=False, chosen=row.version.id: self.picked.emit(chosen))
            row.menu_wanted.connect(lambda at, chosen=row.version: self._open_menu(chosen, at))
            self._layout.addWidget(row)

    def _open_menu(self, version: VersionRow, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setFont(self._theme.font("body"))
        menu.addAction("Open", lambda: self.picked.emit(version.id))
        for slot in ("a", "b"):
            action = menu.addAction(f"Hear as {slot.upper()}")
            action.setEnabled(not version.problem and slot.upper() not in version.slots)
            action.triggered.connect(lambda _=False, chosen=slot: self.compare_wanted.emit(chosen, version.id))
        if version.problem:
            menu.addAction(version.problem).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    @property
    def current_row(self) -> QWidget | None:
        return next((row for row in self._rows if row.isChecked()), None)

    @property
    def rows(self) -> list[VersionRow]:
        return [row.version for row in self._rows]
