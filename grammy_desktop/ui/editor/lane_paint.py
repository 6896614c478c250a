"""Painting what lies on the lanes: waveform pictures, pins, markers, selection."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from grammy_desktop.ui.editor.paint import faded, font
from grammy_desktop.ui.editor.raster import premultiplied, rasterise, to_image
from grammy_desktop.ui.editor.scene import Lane, Mark, Pin
from grammy_desktop.ui.editor.time_axis import TimeAxis
from grammy_desktop.ui.theme import Theme

FEW_FRAMES = 2.0
"""Below this many frames a device pixel there is no RMS worth showing."""


def lane_colours(theme: Theme, token: str) -> tuple[int, int]:
    """Peak and RMS as premultiplied ARGB."""
    dark = theme.is_dark
    if token == "wave":
        return premultiplied(theme.color("wave_peak")), premultiplied(theme.color("wave_rms"))
    if token == "master":
        return premultiplied(theme.color("accent"), 0.45), premultiplied(theme.color("accent_text"))
    colour = theme.color(token)
    return premultiplied(colour, 0.42 if dark else 0.45), premultiplied(colour)


class WavePictures:
    """The last picture of each lane, painted anew only when view, size, colours, gain or content changed."""

    def __init__(self) -> None:
        self._pictures: dict[str, tuple[tuple[object, ...], QImage]] = {}

    def get(
        self,
        lane: Lane,
        axis: TimeAxis,
        theme: Theme,
        *,
        width: float,
        height: float,
        ratio: float,
        gain: float,
        revision: int,
        rms: bool = True,
        clipping: bool = True,
    ) -> QImage | None:
        """The waveform of the view, or None while there are no peaks."""
        if lane.waveform is None or width < 1 or height < 4:
            return None
        colours = lane_colours(theme, lane.token)
        key = (axis.start, axis.frames_per_pixel, width, height, ratio, gain, revision, colours, rms, clipping)
        kept = self._pictures.get(lane.id)
        if kept is not None and kept[0] == key:
            return kept[1]
        pixels = max(1, round(width * ratio))
        per_pixel = axis.frames_per_pixel / ratio
        length = lane.waveform.frames
        first = axis.start
        # A lane may be shorter than the view: only the part that holds sound is asked for.
        filled = min(pixels, max(0, int((length - first) / per_pixel + 0.999)))
        if filled == 0:
            return None
        columns = lane.waveform.columns(first, first + filled * per_pixel, filled)
        show_rms = rms and per_pixel >= FEW_FRAMES
        peak = colours[0] if show_rms else colours[1]
        over = premultiplied(theme.color("meter_over")) if clipping else None
        picture = rasterise(
            columns, round(height * ratio), peak, colours[1] if show_rms else None, gain=gain, clip=over
        )
        image = to_image(picture, ratio)
        self._pictures[lane.id] = (key, image)
        return image

    def forget(self) -> None:
        self._pictures.clear()


def paint_pin(
    painter: QPainter, theme: Theme, pin: Pin, left: float, right: float, top: float, *, shift: float = 0.0
) -> None:
    """An 18 px disc with the number and a bracket over the bars that the fix is about; `shift` makes room for another."""
    y = top + 11
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent_text"), 1.5))
    painter.drawPolyline(QPolygonF([QPointF(left, y + 6), QPointF(left, y), QPointF(right, y), QPointF(right, y + 6)]))
    disc = QRectF(left + 8 + shift, y - 9, 18, 18)
    paint_number(painter, theme, pin.number, disc)


def paint_number(painter: QPainter, theme: Theme, number: int, disc: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    painter.drawEllipse(disc)
    painter.setFont(font(theme, "caption", 600))
    painter.setPen(theme.color("on_accent"))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))


def paint_marker(painter: QPainter, theme: Theme, mark: Mark, x: float, height: float) -> None:
    """A flag at the top of the lanes and a hairline through them."""
    face = font(theme, "caption", 600)
    width = QFontMetricsF(face).horizontalAdvance(mark.text) + 12
    painter.setPen(QPen(theme.color("info"), 1))
    painter.drawLine(QPointF(x, 0), QPointF(x, height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("info"))
    corners = [(0, 1), (width - 2, 1), (width + 4, 9), (width - 2, 17), (0, 17)]
    painter.drawPolygon(QPolygonF([QPointF(x + dx, dy) for dx, dy in corners]))
    painter.setFont(face)
    painter.setPen(theme.color("window"))
    painter.drawText(QRectF(x + 5, 1, width, 16), Qt.AlignmentFlag.AlignVCenter, mark.text)


def paint_selection(painter: QPainter, theme: Theme, box: QRectF, own: bool) -> None:
    """Own lane: 20 % fill, border and grips. Others: a breath of it, since edits act on every lane."""
    painter.fillRect(box, faded(theme.color("focus"), 0.20 if own else 0.07))
    if not own:
        return
    painter.setPen(QPen(theme.color("focus"), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0.5, 1, -0.5, -1))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("focus"))
    for x in (box.left(), box.right() - 3):
        painter.drawRoundedRect(QRectF(x, box.center().y() - 9, 3, 18), 1.5, 1.5)
