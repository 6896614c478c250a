"""Waveform columns to pixels: one numpy pass, one QImage. Nothing else touches every pixel."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Levels = NDArray[np.float32]
Pixels = NDArray[np.uint32]


class ColumnLevels(Protocol):
    """Lowest, highest and RMS value of each pixel column, full scale 1.0; [pixels] or [pixels, channels]."""

    @property
    def low(self) -> Levels: ...

    @property
    def high(self) -> Levels: ...

    @property
    def rms(self) -> Levels: ...


class Waveform(Protocol):
    """Anything that can say what the pixel columns of a view hold (core.peaks)."""

    @property
    def frames(self) -> int: ...

    def columns(self, first: float, last: float, pixels: int) -> ColumnLevels:
        """`pixels` columns over the frames [first, last)."""
        ...


def premultiplied(colour: QColor, alpha: float = 1.0) -> int:
    """ARGB32 premultiplied value of `colour` at `alpha`."""
    a = colour.alphaF() * alpha
    channels = (round(255 * a), *(round(255 * a * c) for c in (colour.redF(), colour.greenF(), colour.blueF())))
    return (channels[0] << 24) | (channels[1] << 16) | (channels[2] << 8) | channels[3]


def fold(values: Levels, how: str) -> Levels:
    """[pixels, channels] to [pixels]: 'min', 'max' or 'rms' over the channels."""
    if values.ndim == 1:
        return values
    if how == "min":
        return np.asarray(values.min(axis=1), np.float32)
    if how == "max":
        return np.asarray(values.max(axis=1), np.float32)
    return np.sqrt(np.mean(np.square(values, dtype=np.float32), axis=1, dtype=np.float32))


def spans(low: Levels, high: Levels, height: int, gain: float = 1.0) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """First and last pixel row of each column; +1.0 is row 0, −1.0 is row `height` − 1. Never empty."""
    middle = (height - 1) / 2
    top = np.floor(np.clip(middle - high * gain * middle, 0, height - 1) + 0.5).astype(np.int32)
    bottom = np.floor(np.clip(middle - low * gain * middle, 0, height - 1) + 0.5).astype(np.int32)
    return top, bottom


def bridge(low: Levels, high: Levels) -> tuple[Levels, Levels]:
    """Stretch each column to touch the one before, so that a close-up stays one line."""
    low, high = low.copy(), high.copy()
    before_low, before_high = low[:-1].copy(), high[:-1].copy()
    low[1:] = np.minimum(low[1:], before_high)
    high[1:] = np.maximum(high[1:], before_low)
    return low, high


def _between(rows: NDArray[np.int16], first: NDArray[np.int32], last: NDArray[np.int32]) -> NDArray[np.bool_]:
    """first ≤ row ≤ last for every row and column, in one comparison: what lies before wraps to a large number."""
    offset = (rows - first.astype(np.int16)).view(np.uint16)
    return np.asarray(offset <= (last - first).astype(np.uint16), np.bool_)


def rasterise(
    columns: ColumnLevels,
    height: int,
    peak: int,
    rms: int | None,
    *,
    gain: float = 1.0,
    clip: int | None = None,
) -> Pixels:
    """A transparent picture [height, columns] of premultiplied ARGB: peaks, RMS over them, caps where it clips.

    `gain` is linear. `clip` is the colour of a 2 px cap on columns that reach full scale in the file, whatever `gain`
    is (None: no caps).
    """
    low, high, level = fold(columns.low, "min"), fold(columns.high, "max"), fold(columns.rms, "rms")
    low, high = bridge(low, high)
    rows = np.arange(height, dtype=np.int16)[:, None]
    body = _between(rows, *spans(low, high, height, gain))
    which = body.view(np.uint8)  # 0 nothing, 1 peak, 2 RMS: one look-up paints all three
    if rms is not None:
        which = which * (1 + _between(rows, *spans(-level, level, height, gain)).view(np.uint8))
    picture = np.array([0, peak, rms or 0], np.uint32)[which]
    if clip is not None:
        over, under = high >= 0.9999, low <= -0.9999
        picture[:2, over] = clip
        picture[-2:, under] = clip
    return picture


def to_image(picture: Pixels, pixel_ratio: float) -> QImage:
    """A QImage with its own memory."""
    height, width = picture.shape
    picture = np.ascontiguousarray(picture)
    image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image.setDevicePixelRatio(pixel_ratio)
    return image
