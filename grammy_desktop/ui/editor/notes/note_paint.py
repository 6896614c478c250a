"""Notes to pixels: bars of a pitched part, dots of a drum part. Only what is in view is painted, in device pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from grammy_desktop.ui.editor.notes.note_data import PartNotes
from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.editor.time_axis import TimeAxis
from grammy_desktop.ui.theme import Theme

SHADES = 5
"""Steps of lightness for velocity."""
FAINTEST = 0.42
"""How much of its colour the softest note keeps."""
PAD = 4.0
"""Pixels free above and below a lane's notes."""
TALLEST = 9.0
DOT = 4.0
"""Side of a drum hit, logical pixels."""
CROWDED = 400
"""Notes of a lane from which it is worth looking for those that hide each other."""
SLIDES_FROM = 2.0
"""Height of a row from which pitch curves are drawn."""
NAMED_FROM = 11.0
"""Height of a drum row from which its name is written."""

Boxes = NDArray[np.int32]
"""[notes, 4]: x, y, width, height in device pixels."""


def row_height(notes: PartNotes, height: float) -> float:
    return max(0.1, (height - 2 * PAD) / notes.rows)


def note_boxes(notes: PartNotes, which: slice | NDArray[np.intp], axis: TimeAxis, height: float, ratio: float) -> Boxes:
    """Where the notes lie in a lane of `height` logical pixels whose left edge is the view's."""
    per_pixel = axis.frames_per_pixel / ratio
    x = np.round((notes.start[which] - axis.start) / per_pixel)
    rows = row_height(notes, height)
    middle = (height - PAD - (notes.row[which] + 0.5) * rows) * ratio
    if notes.is_drums:
        side = max(2.0, min(DOT, rows - 1) * ratio)
        width = np.full(len(x), round(side))
        tall = round(side)
    else:
        tall = round(max(1.5 * ratio, min(TALLEST, rows - (1.0 if rows >= 3 else 0.0)) * ratio))
        width = np.round((notes.end[which] - axis.start) / per_pixel) - x
        # A device pixel parts a note from the next of its pitch, where there is room.
        width = np.maximum(round(1.5 * ratio), width - (width >= 4 * ratio))
    y = np.round(middle - tall / 2)
    return np.stack([x, y, width, np.full(len(x), tall)], axis=1).astype(np.int32)


def shade_of(velocity: NDArray[np.int32]) -> NDArray[np.int32]:
    """0 (soft) to `SHADES` − 1."""
    return np.clip((velocity - 20) * SHADES // 100, 0, SHADES - 1)


def shades(theme: Theme, token: str) -> list[QColor]:
    """The stem's colour from soft to loud: mixed with the well, so that overlapping notes do not add up."""
    full, well = theme.color(token), theme.color("well")
    made = []
    for step in range(SHADES):
        share = FAINTEST + (1 - FAINTEST) * step / (SHADES - 1)
        mixed = (full.redF(), well.redF()), (full.greenF(), well.greenF()), (full.blueF(), well.blueF())
        made.append(QColor.fromRgbF(*(share * a + (1 - share) * b for a, b in mixed)))
    return made


class NotePictures:
    """The last picture of each lane's notes, painted anew only when view, size, colours or notes changed."""

    def __init__(self) -> None:
        self._pictures: dict[str, tuple[tuple[object, ...], PartNotes, QPixmap]] = {}

    def get(
        self, lane: str, notes: PartNotes, axis: TimeAxis, theme: Theme, token: str, *, size: QRectF, ratio: float
    ) -> QPixmap | None:
        width, height = size.width(), size.height()
        if width < 1 or height < 4:
            return None
        key = (axis.start, axis.frames_per_pixel, width, height, ratio, theme.hex(token), theme.hex("well"))
        kept = self._pictures.get(lane)
        if kept is not None and kept[0] == key and kept[1] is notes:
            return kept[2]
        picture = QPixmap(round(width * ratio), round(height * ratio))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_octaves(painter, notes, theme, width, height, ratio)
        paint_notes(painter, notes, axis, shades(theme, token), width, height, ratio)
        paint_slides(painter, notes, axis, theme, width, height, ratio)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        self._pictures[lane] = (key, notes, picture)
        return picture

    def forget(self) -> None:
        self._pictures.clear()


def paint_notes(
    painter: QPainter,
    notes: PartNotes,
    axis: TimeAxis,
    colours: list[QColor],
    width: float,
    height: float,
    ratio: float,
) -> None:
    """In device pixels, soft notes first; of notes that fall on the same pixels the loudest is painted."""
    which = notes.between(axis.start, axis.start + width * axis.frames_per_pixel)
    boxes = note_boxes(notes, which, axis, height, ratio)
    shade = shade_of(notes.velocity[which])
    wide = round(width * ratio)
    visible = (boxes[:, 0] < wide) & (boxes[:, 0] + boxes[:, 2] > 0)
    boxes, shade = boxes[visible], shade[visible]
    boxes[:, 2] = np.minimum(boxes[:, 0] + boxes[:, 2], wide + 2) - np.maximum(boxes[:, 0], -2)
    boxes[:, 0] = np.maximum(boxes[:, 0], -2)
    boxes, shade = _different(boxes, shade)
    painter.setPen(Qt.PenStyle.NoPen)
    for step, colour in enumerate(colours):
        chosen = boxes[shade == step].tolist()
        if chosen:
            painter.setBrush(colour)
            painter.drawRects([QRect(*box) for box in chosen])


def paint_slides(
    painter: QPainter, notes: PartNotes, axis: TimeAxis, theme: Theme, width: float, height: float, ratio: float
) -> None:
    """How the pitch of notes moves, as a line over them; nothing where a lane is too low to tell rows apart."""
    rows = row_height(notes, height)
    if not len(notes.slides) or rows < SLIDES_FROM:
        return
    last = axis.start + width * axis.frames_per_pixel
    seen = notes.slides[(notes.slides[:, 0] < last) & (notes.slides[:, 1] > axis.start)]
    x = (seen[:, :2] - axis.start) / axis.frames_per_pixel * ratio
    y = (height - PAD - (seen[:, 2:] + 0.5) * rows) * ratio
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("text"), ratio, c=Qt.PenCapStyle.RoundCap))
    ends = np.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], axis=1).tolist()
    painter.drawLines([QLineF(*line) for line in ends])


def _different(boxes: Boxes, shade: NDArray[np.int32]) -> tuple[Boxes, NDArray[np.int32]]:
    """Each place once: in a view of a whole song many notes fall on the same pixels."""
    if len(boxes) < CROWDED:
        return boxes, shade
    packed = (boxes[:, 0].astype(np.int64) + 8 << 40) + (boxes[:, 1].astype(np.int64) + 8 << 24)
    _, first = np.unique(packed + (boxes[:, 2].astype(np.int64) << 4) + shade, return_index=True)
    return boxes[first], shade[first]


def paint_octaves(painter: QPainter, notes: PartNotes, theme: Theme, width: float, height: float, ratio: float) -> None:
    """A hairline under every C of a pitched lane, where octaves are far enough from each other."""
    rows = row_height(notes, height)
    if notes.is_drums or not notes.count or rows * 12 < 14:
        return
    painter.setPen(QPen(theme.color("grid"), 1))
    first = int(notes.pitch[0] - notes.row[0])
    for row in range(notes.rows + 1):
        if (first + row) % 12 == 0:
            y = round((height - PAD - row * rows) * ratio) + 0.5
            painter.drawLine(QPointF(0, y), QPointF(width * ratio, y))


def paint_row_names(painter: QPainter, notes: PartNotes, theme: Theme, box: QRectF) -> None:
    """The pieces of the kit at the left edge of a drum lane that is tall enough."""
    rows = row_height(notes, box.height())
    if not notes.is_drums or rows < NAMED_FROM:
        return
    face = font(theme, "axis")
    painter.setFont(face)
    metrics = QFontMetricsF(face)
    for row, name in enumerate(notes.row_names):
        middle = box.bottom() - PAD - (row + 0.5) * rows
        width = metrics.horizontalAdvance(name) + 8
        plate = QRectF(box.left() + 2, middle - 6.5, width, 13)
        painter.fillRect(plate, theme.color("well", 0.85))
        painter.setPen(theme.color("text_3"))
        painter.drawText(plate.adjusted(4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
