"""The row above the editor: cover, title, path, licence, drag-out handle, Export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from grammy_desktop.ui.editor.paint import draw_icon, font
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, ElidedLabel, IconButton, column, row

CoverMaker = Callable[[int, float], QPixmap | None]
"""(side in logical pixels, pixel ratio) to a picture."""


@dataclass(frozen=True)
class SongInfo:
    """What the header says. `path` is 'Take 2 › Master 1 · saved'."""

    title: str
    path: str
    sellable: bool = True
    licence: str = ""
    cover: CoverMaker | None = None
    finished: bool = True
    """Whether there is a song yet that can be exported."""


class Cover(QWidget):
    """A 36 px picture with rounded corners; a quiet tile where there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._maker: CoverMaker | None = None
        self._picture: QPixmap | None = None
        self.setFixedSize(36, 36)

    def set_maker(self, maker: CoverMaker | None) -> None:
        self._maker, self._picture = maker, None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None and self._maker is not None:
            self._picture = self._maker(36, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setClipPath(path)
        if self._picture is None:
            painter.fillRect(self.rect(), self._theme.color("control"))
            draw_icon(painter, self._theme, "music", QRectF(10, 10, 16, 16), "text_3")
        else:
            painter.drawPixmap(self.rect(), self._picture)


class DragHandle(QAbstractButton):
    """Dashed: press and drag to carry the files into a DAW; a click copies them instead."""

    dragged = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._press: QPoint | None = None
        self.hint = "Master · stems · MIDI"
        self.wide = True
        self.setFixedHeight(30)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName("Drag to DAW")
        self.setToolTip("Drag the files into a DAW. Click: copy them.")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        width = 42 + self._advance("body_medium", "Drag to DAW")
        if self.wide and self.hint:
            width += 8 + self._advance("small", self.hint)
        return QSize(width, 30)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _advance(self, role: str, text: str) -> int:
        return QFontMetrics(self._theme.font(role)).horizontalAdvance(text)

    def set_hint(self, hint: str, wide: bool) -> None:
        self.hint, self.wide = hint, wide
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._theme.color("line_strong"), 1)
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.setBrush(self._theme.color("control") if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        on = self.isEnabled()
        draw_icon(painter, self._theme, "grip-vertical", QRectF(8, 8, 14, 14), "text" if on else "text_disabled")
        painter.setFont(font(self._theme, "body_medium"))
        painter.setPen(self._theme.color("text" if on else "text_disabled"))
        box = QRectF(self.rect()).adjusted(28, 0, -8, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, "Drag to DAW")
        if self.wide and self.hint:
            painter.setFont(font(self._theme, "small"))
            painter.setPen(self._theme.color("text_3"))
            left = 8 + self._advance("body_medium", "Drag to DAW")
            painter.drawText(box.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.hint)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        if (event.position().toPoint() - self._press).manhattanLength() >= QApplication.startDragDistance():
            self._press = None
            self.setDown(False)
            self.dragged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None
        super().mouseReleaseEvent(event)


class SongHeader(QWidget):
    """52 px. `drag_wanted` and `copy_wanted` ask for the song's files, `export_wanted` for the export."""

    drag_wanted = Signal()
    copy_wanted = Signal()
    export_wanted = Signal()
    keep_wanted = Signal()
    more_wanted = Signal()
    """The menu of what can be changed of the song; its button stands where `show_more` was called."""
    heard_wanted = Signal()
    """How sure it is what was heard of the recording that the song is made of."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedHeight(52)
        self.cover = Cover(theme)
        self.title = ElidedLabel(theme, "", "title")
        self.path = ElidedLabel(theme, "", "small", "text_2")
        self.licence = Button(theme, "Yours to sell", kind="sellable", icon="shield-check")
        self.drag = DragHandle(theme)
        self.export_button = Button(
            theme, "Export", kind="control", icon="upload", icon_token="text", tip="Export  Ctrl+Shift+E"
        )
        self.more = IconButton(
            theme, "ellipsis", "Change the song", tip="Longer or shorter, a variation, a loop, other parts."
        )
        self.more.hide()
        self.more.clicked.connect(self.more_wanted)
        self.heard = IconButton(
            theme, "ear", "What was heard", tip="How sure tempo, key, chords and melody of the source are."
        )
        self.heard.hide()
        self.heard.clicked.connect(self.heard_wanted)
        self.keep = Button(theme, "Keep edit", kind="link", tip="Render the edit as a version of its own")
        self.keep.hide()
        self.keep.clicked.connect(self.keep_wanted)
        self.drag.dragged.connect(self.drag_wanted)
        self.drag.clicked.connect(self.copy_wanted)
        self.export_button.clicked.connect(self.export_wanted)
        words = QWidget()
        words.setLayout(column(self.title, self.path, spacing=1))
        layout = row(
            self.cover,
            4,
            words,
            self.keep,
            self.heard,
            self.licence,
            self.drag,
            self.more,
            self.export_button,
            margins=(16, 8, 20, 8),
        )
        layout.setStretchFactor(words, 1)
        self.setLayout(layout)
        self._files = "Master · stems · MIDI"
        self._licence = "Yours to sell"
        self.set_song(None)

    def set_song(self, info: SongInfo | None, files: str = "") -> None:
        """`files` says what the drag-out handle carries; '' disables it."""
        self._files = files
        self.title.setText(info.title if info else "No song open")
        self.path.setText(info.path if info else "Create one, or open one from the library")
        self.cover.set_maker(info.cover if info else None)
        finished = info is not None and info.finished
        self.licence.setVisible(finished)
        if info is not None:
            self.licence.set_kind("sellable" if info.sellable else "unsellable")
            self.licence.set_icon("shield-check" if info.sellable else "shield-alert")
            self._licence = "Yours to sell" if info.sellable else "Not for sale"
            self.licence.setAccessibleName(self._licence)
            self.licence.setToolTip(f"{self._licence}. {info.licence}")
        self.drag.setEnabled(bool(files))
        self.more.setEnabled(finished)
        self.keep.hide()
        self.keep.setEnabled(True)
        self.export_button.setEnabled(finished)
        self._fit()

    def show_more(self) -> None:
        self.more.show()

    @property
    def heard_shown(self) -> bool:
        return not self.heard.isHidden()

    def show_heard(self, shown: bool) -> None:
        """Whether the song is made of another, of which something was heard."""
        self.heard.setVisible(shown)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # The title is worth more than words that a tooltip says too.
        self.drag.set_hint(self._files, self.width() >= (880 if self.heard_shown else 760))
        self.licence.setText(self._licence if self.width() >= (720 if self.heard_shown else 620) else "")
