"""Files and folders dropped anywhere on the window: Import, Use as reference, Restyle, or Master them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.create.idea_bar import midi_of
from grammy_desktop.ui.theme import Theme

_TILE = (220, 132)
_GAP = 16


class DropOverlay(QWidget):
    """Lies over the window while files hover. `reference_usable`: a song is open.

    A folder is handed on as it is; whoever takes it looks for audio in it.
    """

    imported = Signal(list)
    referenced = Signal(list)
    mastered = Signal(list)
    idea_given = Signal(Path)
    """A MIDI file, whose hook and chords a song is to be made of."""
    restyled = Signal(Path)
    """One audio file, to be played in another style."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._over = ""
        self._many = False
        self._midi: Path | None = None
        self.reference_usable = False
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent):
            return self._dragged(event)
        if event.type() == QEvent.Type.DragLeave:
            self.hide()
        return False

    def targets(self) -> dict[str, QRectF]:
        """Where each target lies, in the window."""
        if self._midi is not None:
            return {"idea": QRectF((self.width() - _TILE[0]) / 2, (self.height() - _TILE[1]) / 2, *_TILE)}
        names = ["import"]
        if self.reference_usable:
            names.append("reference")
        names.append("master" if self._many else "restyle")
        width = len(names) * _TILE[0] + (len(names) - 1) * _GAP
        left, top = (self.width() - width) / 2, (self.height() - _TILE[1]) / 2
        return {name: QRectF(left + i * (_TILE[0] + _GAP), top, *_TILE) for i, name in enumerate(names)}

    def _dragged(self, event: QDropEvent) -> bool:
        paths = paths_of(event.mimeData())
        # What comes from this window (a tile, a take) is not for it.
        if not paths or event.source() is not None:
            return False
        self._many = len(paths) > 1 or paths[0].is_dir()
        self._midi = midi_of(paths)
        if isinstance(event, QDragEnterEvent):
            self.setGeometry(self._window.rect())
            self.show()
            self.raise_()
        self._over = self._target_at(event.position())
        self.update()
        event.acceptProposedAction()
        if not isinstance(event, QDragMoveEvent) and event.type() == QEvent.Type.Drop:
            self.hide()
            if self._midi is not None:
                self.idea_given.emit(self._midi)
                return True
            if self._over == "restyle":
                self.restyled.emit(paths[0])
                return True
            signals = {"reference": self.referenced, "master": self.mastered}
            signals.get(self._over, self.imported).emit(paths)
        return True

    def _target_at(self, point: QPointF) -> str:
        """Outside of the targets a drop imports."""
        outside = "idea" if self._midi is not None else "import"
        return next((name for name, box in self.targets().items() if box.contains(point)), outside)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.fillRect(self.rect(), QColor(0, 0, 0, 128))
        words = {
            "import": ("file-audio", "Import", "Into the library"),
            "idea": ("file-music", "Make a song of it", "Of its hook and its chords"),
            "reference": ("ear", "Use as reference", "Master the open song like it"),
            "restyle": ("shuffle", "Restyle", "Play it in another style"),
            "master": ("sliders-horizontal", "Master them", "Each to a file of its own"),
        }
        for name, box in self.targets().items():
            over = name == self._over
            painter.setPen(
                QPen(theme.color("accent_text" if over else "line_strong"), 2 if over else 1, Qt.PenStyle.DashLine)
            )
            painter.setBrush(theme.color("accent_soft" if over else "raised"))
            painter.drawRoundedRect(box, 14, 14)
            icon, title, line = words[name]
            token = "accent_text" if over else "text_2"
            pixmap = theme.pixmap(icon, 20, token, ratio=self.devicePixelRatioF())
            painter.drawPixmap(round(box.center().x() - 10), round(box.top() + 30), pixmap)
            painter.setFont(theme.font("body_bold"))
            painter.setPen(theme.color("text"))
            painter.drawText(box.adjusted(0, 30, 0, 0), Qt.AlignmentFlag.AlignCenter, title)
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text_2"))
            painter.drawText(box.adjusted(0, 72, 0, 0), Qt.AlignmentFlag.AlignCenter, line)


def paths_of(mime: QMimeData) -> list[Path]:
    """Local files and folders."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.exists()]
