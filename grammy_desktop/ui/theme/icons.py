"""Lucide icons as pixmaps: the token replaces `currentColor`, drawn at the device's pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from grammy_desktop.core.resources import resource

STROKE = 'stroke-width="1.75"'
_RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)


class IconStore:
    """Renders and caches by (name, size, colour, filled, ratio)."""

    def __init__(self) -> None:
        self._pixmaps: dict[tuple[str, int, str, bool, float], QPixmap] = {}
        self._sources: dict[str, str] = {}

    def pixmap(self, name: str, size: int, colour: QColor, *, ratio: float, filled: bool = False) -> QPixmap:
        """A square pixmap of `size` logical pixels. Raises FileNotFoundError for a name that is not shipped."""
        key = (name, size, colour.name(QColor.NameFormat.HexArgb), filled, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._render(name, size, colour, ratio, filled)
        return self._pixmaps[key]

    def icon(self, name: str, size: int, colour: QColor, disabled: QColor, *, filled: bool = False) -> QIcon:
        icon = QIcon()
        for ratio in _RATIOS:
            icon.addPixmap(self.pixmap(name, size, colour, ratio=ratio, filled=filled))
            icon.addPixmap(self.pixmap(name, size, disabled, ratio=ratio, filled=filled), QIcon.Mode.Disabled)
        return icon

    def _render(self, name: str, size: int, colour: QColor, ratio: float, filled: bool) -> QPixmap:
        if name not in self._sources:
            self._sources[name] = _read_svg(name)
        svg = self._sources[name].replace("currentColor", colour.name())
        if filled:
            svg = svg.replace('fill="none"', f'fill="{colour.name()}"', 1)
        pixels = max(1, round(size * ratio))
        pixmap = QPixmap(pixels, pixels)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(colour.alphaF())
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


@lru_cache(maxsize=256)
def _read_svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace('stroke-width="2"', STROKE)
