"""Cover art painted from the song alone: seed, key, genre and the energy of its sections. The same on every machine."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from grammy_desktop.core.music import Key
from grammy_desktop.ui.cover_families import bars, discs, dots, hills, rings
from grammy_desktop.ui.cover_palette import palette_of

log = logging.getLogger(__name__)

SIDE = 640
VERSION = 2
"""Grows when the painting changes, so that stored covers are painted again."""

Painter = Callable[[QPainter, tuple[str, ...], np.random.Generator, tuple[float, ...]], None]

_FAMILIES: tuple[tuple[tuple[str, ...], Painter], ...] = (
    (("lofi", "lo-fi", "ambient", "chill", "downtempo"), hills),
    (("house", "techno", "trap", "hip", "boom", "edm", "drum", "garage", "dub"), rings),
    (("jazz", "funk", "soul", "bossa", "disco", "blues"), dots),
    (("pop", "rock", "synth", "metal", "punk", "indie"), bars),
    (("cinematic", "orchestr", "folk", "country", "classical", "acoustic"), discs),
)


@dataclass(frozen=True)
class CoverSpec:
    """Everything a cover depends on. `energy` holds 0..1 a section."""

    seed: int
    key: str
    genre: str
    energy: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        text = json.dumps([VERSION, self.seed, self.key, self.genre, [round(e, 3) for e in self.energy]])
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def spec_of(track: Any, arrangement: dict[str, Any] | None = None) -> CoverSpec:
    """From a `TrackRecord`; an import without a seed gets one from its id."""
    seed = track.seed if track.seed is not None else int(hashlib.sha256(track.id.encode()).hexdigest()[:8], 16)
    sections = (arrangement or {}).get("sections") or []
    return CoverSpec(seed, track.key or "C major", track.genre, tuple(float(s.get("energy", 0.5)) for s in sections))


def paint_cover(spec: CoverSpec) -> QImage:
    """640 x 640."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    family = _family(spec.genre)
    family(painter, palette_of(_key(spec.key)), np.random.default_rng(spec.seed), spec.energy or (0.5, 0.8, 0.6, 0.9))
    painter.end()
    return image


class CoverStore:
    """Paints once, keeps the file in the cache folder and scaled pixmaps in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._images: dict[str, QImage] = {}
        self._pixmaps: dict[tuple[str, int, int, float, int], QPixmap] = {}

    def image(self, spec: CoverSpec) -> QImage:
        if spec.name not in self._images:
            self._images[spec.name] = self._load(spec)
        return self._images[spec.name]

    def pixmap(self, spec: CoverSpec, width: int, height: int, *, ratio: float = 1.0, radius: int = 0) -> QPixmap:
        """The middle of the cover, filling `width` x `height` logical pixels, with rounded corners."""
        key = (spec.name, width, height, ratio, radius)
        if key not in self._pixmaps:
            if len(self._pixmaps) > 600:
                self._pixmaps.clear()
            self._pixmaps[key] = _scaled(self.image(spec), width, height, ratio, radius)
        return self._pixmaps[key]

    def _load(self, spec: CoverSpec) -> QImage:
        path = self._folder / f"{spec.name}.png"
        stored = QImage(str(path)) if path.is_file() else QImage()
        if not stored.isNull():
            return stored
        image = paint_cover(spec)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("covers cannot be kept in %s: %s", self._folder, error)
            return image
        partial = path.with_name(f".part-{path.name}")
        if image.save(str(partial)):
            partial.replace(path)
        return image


def _scaled(image: QImage, width: int, height: int, ratio: float, radius: int) -> QPixmap:
    pixels = QRectF(0, 0, round(width * ratio), round(height * ratio))
    share = pixels.height() / max(1.0, pixels.width())
    source_width = SIDE if share <= 1 else round(SIDE / share)
    source_height = round(source_width * share)
    source = QRect((SIDE - source_width) // 2, (SIDE - source_height) // 2, source_width, source_height)
    part = image.copy(source).scaled(
        int(pixels.width()),
        int(pixels.height()),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap = QPixmap(int(pixels.width()), int(pixels.height()))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if radius:
        clip = QPainterPath()
        clip.addRoundedRect(pixels, radius * ratio, radius * ratio)
        painter.setClipPath(clip)
    painter.drawImage(0, 0, part)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _family(genre: str) -> Painter:
    word = genre.lower().replace("_", " ")
    for names, painter in _FAMILIES:
        if any(name in word for name in names):
            return painter
    order = (hills, rings, dots, bars, discs)
    return order[sum(word.encode()) % len(order)]


def _key(text: str) -> Key:
    try:
        return Key.parse(text)
    except ValueError:
        return Key(0, "major")
