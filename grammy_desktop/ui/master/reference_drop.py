"""Drop a song you like: its tone, level and width are matched."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QSizePolicy

from grammy_desktop.ui.editor.paint import draw_icon, font
from grammy_desktop.ui.theme import Theme

AUDIO = (".wav", ".flac", ".mp3", ".ogg", ".aiff", ".aif", ".m4a", ".opus")


class ReferenceDrop(QAbstractButton):
    """A dashed field; a click opens a file dialog, a drop takes the file. `changed` carries the path or None."""

    changed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.path: Path | None = None
        self._over = False
        self.setAcceptDrops(True)
        self.setFixedHeight(84)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Reference song: drop or choose a file")
        self.clicked.connect(self._choose)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(240, 84)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 84)

    def set_path(self, path: Path | None) -> None:
        self.path = path
        self.setAccessibleName(f"Reference {path.name}" if path else "Reference song: drop or choose a file")
        self.update()
        self.changed.emit(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._audio_of(event) is not None:
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        path = self._audio_of(event)
        if path is not None:
            event.acceptProposedAction()
            self.set_path(path)

    @staticmethod
    def _audio_of(event: QDropEvent) -> Path | None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        return next((path for path in files if path.suffix.lower() in AUDIO), None)

    def _choose(self) -> None:
        pattern = " ".join(f"*{suffix}" for suffix in AUDIO)
        name, _ = QFileDialog.getOpenFileName(self, "Choose a song you like", "", f"Audio ({pattern})")
        if name:
            self.set_path(Path(name))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.path is not None and event.position().x() > self.width() - 34:
            self.set_path(None)
            event.accept()
            return
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        token = "accent_text" if self._over or self.path else "line_strong"
        pen = QPen(theme.color(token), 1)
        if self.path is None:
            pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        if self.path is not None or self._over:
            painter.setBrush(theme.color("accent_soft"))
        elif self.underMouse():
            painter.setBrush(theme.color("control"))
        painter.drawRoundedRect(box, 8, 8)
        title = self.path.name if self.path else "Drop a song you like"
        face = font(theme, "body_medium")
        painter.setFont(face)
        metrics = QFontMetricsF(face)
        title = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, self.width() - (84 if self.path else 44))
        width = metrics.horizontalAdvance(title) + 24
        x = (self.width() - width) / 2
        draw_icon(painter, theme, "file-headphone", QRectF(x, 14, 16, 16), "text_2")
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(x + 24, 12, width, 20), Qt.AlignmentFlag.AlignVCenter, title)
        small = font(theme, "small")
        if QFontMetricsF(small).horizontalAdvance("Tone, level and width are matched.") > self.width() - 16:
            small = font(theme, "caption")
        painter.setFont(small)
        painter.setPen(theme.color("text_2"))
        note = "Tone, level and width are matched.\nThe file stays on this computer."
        painter.drawText(QRectF(8, 36, self.width() - 16, 40), Qt.AlignmentFlag.AlignHCenter, note)
        if self.path is not None:
            draw_icon(painter, theme, "x", QRectF(self.width() - 26, 10, 14, 14), "text_2")
