"""Drop songs you like: their tone, level and width are matched."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QSizePolicy

from grammy_desktop.ui.editor.paint import draw_icon, font
from grammy_desktop.ui.theme import Theme

AUDIO = (".wav", ".flac", ".mp3", ".ogg", ".aiff", ".aif", ".m4a", ".opus")
PROFILE = ".gmref"
TALL, LOW = 84, 44


class ReferenceDrop(QAbstractButton):
    """A dashed field; a click opens a file dialog, a drop takes files. `dropped` carries their paths."""

    dropped = Signal(list)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._over, self._more = False, False
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Reference songs: drop or choose files")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self._choose)
        self.set_more(False)
        theme.changed.connect(self.update)

    def set_more(self, more: bool) -> None:
        """With references already: a low field that takes more of them."""
        self._more = more
        self.setFixedHeight(self._theme.row(LOW if more else TALL))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if references_of(event):
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.update()
        files = references_of(event)
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files)

    def _choose(self) -> None:
        pattern = " ".join(f"*{suffix}" for suffix in (*AUDIO, PROFILE))
        names, _ = QFileDialog.getOpenFileNames(self, "Choose songs you like", "", f"Audio and profiles ({pattern})")
        if names:
            self.dropped.emit([Path(name) for name in names])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        pen = QPen(theme.color("accent_text" if self._over else "line_strong"), 1)
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        if self._over:
            painter.setBrush(theme.color("accent_soft"))
        elif self.underMouse():
            painter.setBrush(theme.color("control"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        title, face = "Drop another to blend" if self._more else "Drop a song you like", font(theme, "body_medium")
        painter.setFont(face)
        width = QFontMetricsF(face).horizontalAdvance(title) + 24
        x, y = (self.width() - width) / 2, (self.height() - 20) / 2 if self._more else 12.0
        draw_icon(painter, theme, "file-headphone", QRectF(x, y + 2, 16, 16), "text_2")
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(x + 24, y, width, 20), Qt.AlignmentFlag.AlignVCenter, title)
        if self._more:
            return
        small = font(theme, "small")
        if QFontMetricsF(small).horizontalAdvance("Tone, level and width are matched.") > self.width() - 16:
            small = font(theme, "caption")
        painter.setFont(small)
        painter.setPen(theme.color("text_2"))
        note = "Tone, level and width are matched.\nThe file stays on this computer."
        painter.drawText(QRectF(8, 36, self.width() - 16, self.height() - 40), Qt.AlignmentFlag.AlignHCenter, note)


def references_of(event: QDropEvent) -> list[Path]:
    """Audio files and reference profiles of a drag."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() in (*AUDIO, PROFILE)]
