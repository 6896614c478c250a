"""Drawing with the window's colours and typeface, in logical pixels, on a picture twice as large that is scaled down."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from grammy_desktop.core.resources import resource

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

SCALE = 2
"""Pixels drawn for each pixel of the report: what smooths arcs and lines, which Pillow draws without anti-aliasing."""

COLOURS = {
    "window": "#0E1012",
    "panel": "#15181B",
    "raised": "#1C2024",
    "control": "#262B30",
    "well": "#0A0C0D",
    "line": "#292E33",
    "grid": "#1E2226",
    "accent": "#F0B95A",
    "accent_soft": "#2E2719",
    "master_peak": "#74592D",
    "text": "#ECEFF1",
    "text_2": "#AEB6BD",
    "text_3": "#8F989F",
    "ok": "#5CC9A7",
    "warn": "#F2C14E",
    "danger": "#FF7A6B",
    "info": "#7CC4FF",
    "wave_rms": "#A5CBD8",
    "bar_band": "#5C7079",
}
"""The dark theme of the window."""

Weight = Literal["regular", "medium", "semibold", "display"]
_FILES: dict[Weight, str] = {
    "regular": "Inter-Regular.otf",
    "medium": "Inter-Medium.otf",
    "semibold": "Inter-SemiBold.otf",
    "display": "InterDisplay-SemiBold.otf",
}
Anchor = Literal["la", "ra", "ma", "lm", "rm", "mm", "ls", "rs", "ms"]


class Canvas:
    """A dark page of `width` x `height` logical pixels. Anchors are Pillow's: l/m/r across, a (top), m, s (baseline) down."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image, ImageDraw

        self._image: Image.Image = Image.new("RGB", (width * SCALE, height * SCALE), COLOURS["window"])
        self._draw: ImageDraw.ImageDraw = ImageDraw.Draw(self._image)

    def finished(self) -> Image.Image:
        """The page at its real size."""
        return self._image.reduce(SCALE)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        *,
        radius: float = 0,
        border: str | None = None,
    ) -> None:
        """A filled, rounded rectangle."""
        corners = [x * SCALE, y * SCALE, (x + width) * SCALE - 1, (y + height) * SCALE - 1]
        if corners[2] < corners[0] or corners[3] < corners[1]:
            return
        outline = COLOURS[border] if border else None
        self._draw.rounded_rectangle(corners, radius * SCALE, fill=COLOURS[colour], outline=outline, width=SCALE)

    def line(self, points: list[tuple[float, float]], colour: str, width: float = 1.0) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=COLOURS[colour], width=max(1, round(width * SCALE)), joint="curve")

    def polygon(self, points: list[tuple[float, float]], colour: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=COLOURS[colour])

    def arc(self, x: float, y: float, radius: float, start: float, end: float, colour: str, width: float) -> None:
        """Around (x, y), `radius` to the middle of the stroke, degrees clockwise from three o'clock."""
        reach = (radius + width / 2) * SCALE
        corners = [x * SCALE - reach, y * SCALE - reach, x * SCALE + reach, y * SCALE + reach]
        self._draw.arc(corners, start, end, fill=COLOURS[colour], width=round(width * SCALE))

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        corners = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self._draw.ellipse(corners, fill=COLOURS[colour])

    def text(
        self,
        x: float,
        y: float,
        words: str,
        colour: str = "text",
        size: float = 13,
        weight: Weight = "regular",
        anchor: Anchor = "ls",
    ) -> float:
        """Write one line; returns its width."""
        font, features = _font(weight, round(size * SCALE))
        self._draw.text(
            (x * SCALE, y * SCALE), words, fill=COLOURS[colour], font=font, anchor=anchor, features=features
        )
        return self.width_of(words, size, weight)

    def width_of(self, words: str, size: float = 13, weight: Weight = "regular") -> float:
        font, features = _font(weight, round(size * SCALE))
        return float(self._draw.textlength(words, font=font, features=features)) / SCALE

    def fitted(self, words: str, room: float, size: float = 13, weight: Weight = "regular") -> str:
        """`words`, or as many letters of them as fit into `room` with an ellipsis."""
        if self.width_of(words, size, weight) <= room:
            return words
        while words and self.width_of(words + "…", size, weight) > room:
            words = words[:-1]
        return words.rstrip(" ,.;") + "…"

    def wrapped(self, words: str, room: float, lines: int, size: float = 13, weight: Weight = "regular") -> list[str]:
        """`words` in at most `lines` lines of `room`; the last one is shortened."""
        found: list[str] = []
        rest = words.split(" ")
        while rest and len(found) < lines:
            count = len(rest)
            while count > 1 and self.width_of(" ".join(rest[:count]), size, weight) > room:
                count -= 1
            last = len(found) == lines - 1
            found.append(self.fitted(" ".join(rest if last else rest[:count]), room, size, weight))
            rest = rest[count:]
        return found


@lru_cache(maxsize=64)
def _font(weight: Weight, pixels: int) -> tuple[Any, list[str] | None]:
    """The font and its OpenType features (tabular figures need Pillow with Raqm); Pillow's own where Inter is missing."""
    from PIL import ImageFont, features

    path = _font_file(weight)
    if path is None:
        return ImageFont.load_default(pixels), None
    return ImageFont.truetype(str(path), pixels), ["tnum"] if features.check("raqm") else None


def _font_file(weight: Weight) -> Path | None:
    try:
        path = resource("fonts", _FILES[weight])
    except FileNotFoundError:
        return None
    return path if path.is_file() else None
