"""Files for a DAW: the selection as it is heard, or the song's own files under names a producer can read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QFontMetricsF, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from grammy_desktop.core.audio import AudioClip, AudioSource
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.audio_metadata import AudioMetadata
from grammy_desktop.core.edits import EditList
from grammy_desktop.ui.editor.paint import draw_icon, font
from grammy_desktop.ui.editor.selection import Span
from grammy_desktop.ui.theme import Theme


def render_span(edits: EditList, sources: Sequence[tuple[AudioSource, float]], span: Span) -> AudioClip:
    """The edited sound of `span`: the sum of `sources`, each at its linear gain. Raises ValueError without a source."""
    if not sources:
        raise ValueError("nothing is heard in this selection")
    first = sources[0][0]
    mixed = np.zeros((span.frames, first.channels), np.float32)
    for source, gain in sources:
        part = edits.read(source, span.start, span.frames)
        mixed[: len(part)] += part * np.float32(gain)
    return AudioClip(mixed, first.sample_rate)


def write_span(folder: Path, stem: str, clip: AudioClip, *, title: str, tempo: float | None, key: str) -> Path:
    """A 24-bit WAV in `folder`; an older drag of the same place is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.wav"
    write_wav(path, clip, metadata=AudioMetadata(title=title, tempo=tempo, key=key))
    return path


def name_files(folder: Path, files: Sequence[tuple[str, Path]]) -> list[Path]:
    """Give library files (stem, source) readable names in `folder`: hard links, or copies where links cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    named = []
    for stem, source in files:
        target = folder / f"{stem}{source.suffix}"
        target.unlink(missing_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
        named.append(target)
    return named


def mime_of(paths: Sequence[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def copy_files(paths: Sequence[Path]) -> None:
    """Put the files on the clipboard: the way without dragging."""
    QGuiApplication.clipboard().setMimeData(mime_of(paths))


def start_drag(source: QWidget, theme: Theme, paths: Sequence[Path]) -> None:
    """Run a drag that carries `paths`; returns when it was dropped or given up."""
    drag = QDrag(source)
    drag.setMimeData(mime_of(paths))
    label = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
    drag.setPixmap(drag_pixmap(theme, label, source.devicePixelRatioF()))
    drag.exec(Qt.DropAction.CopyAction)


def drag_pixmap(theme: Theme, label: str, ratio: float) -> QPixmap:
    """A small card with the file's name."""
    face = font(theme, "small_medium")
    width = 40 + min(320.0, QFontMetricsF(face).horizontalAdvance(label))
    picture = QPixmap(round(width * ratio), round(32 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color("raised"))
    painter.setPen(theme.color("line_strong"))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, 31), 8, 8)
    draw_icon(painter, theme, "file-audio", QRectF(8, 8, 16, 16), "accent_text")
    painter.setFont(face)
    painter.setPen(theme.color("text"))
    painter.drawText(QRectF(30, 0, width - 36, 32), Qt.AlignmentFlag.AlignVCenter, label)
    painter.end()
    return picture
