"""Which stretch of the song is on screen: the one object that ruler, lanes and plots share."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

ZOOM_MS = 120
CLOSEST = 1 / 16
"""Frames per logical pixel at the deepest zoom: one sample is 16 px wide."""


class TimeAxis(QObject):
    """The view's start (frame) and scale (frames per logical pixel), snapped to the device's pixel grid.

    Snapping the start to whole device pixels keeps every waveform column over the same frames while the view moves,
    so that columns do not shimmer.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frames = 0
        self.sample_rate = 48_000
        self.width = 800.0
        self.pixel_ratio = 1.0
        self.animated = False
        self._start = 0.0
        self._scale = 1.0
        self._goal = (0.0, 1.0)
        self._from = (0.0, 1.0)
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(ZOOM_MS)
        self._animation.setEasingCurve(QEasingCurve.Type.OutQuad)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._step)

    @property
    def start(self) -> float:
        return self._start

    @property
    def end(self) -> float:
        return self._start + self._scale * self.width

    @property
    def frames_per_pixel(self) -> float:
        """Per logical pixel."""
        return self._scale

    @property
    def widest(self) -> float:
        """Frames per pixel when the whole song fits."""
        return max(CLOSEST, self.frames / max(1.0, self.width))

    def x_of(self, frame: float) -> float:
        """Logical pixels from the view's left edge; may lie outside."""
        return (frame - self._start) / self._scale

    def frame_at(self, x: float) -> float:
        """The frame under `x`, kept inside the song."""
        return min(float(self.frames), max(0.0, self._start + x * self._scale))

    def set_song(self, frames: int, sample_rate: int) -> None:
        """A new song: shows all of it."""
        self.frames, self.sample_rate = frames, sample_rate
        self._jump(0.0, self.widest)

    def set_length(self, frames: int) -> None:
        """The same song became longer or shorter: keeps the view where it can."""
        self.frames = frames
        self._jump(self._start, self._scale)

    def set_width(self, width: float, pixel_ratio: float = 1.0) -> None:
        """The view was resized: a fitted view stays fitted, another keeps its scale."""
        fitted = self._scale >= self.widest * 0.999
        self.width, self.pixel_ratio = max(1.0, width), pixel_ratio
        self._jump(self._start, self.widest if fitted else self._scale)

    def zoom(self, factor: float, at_x: float | None = None) -> None:
        """Scale by `factor` (below 1 zooms in) around the frame at `at_x` (the middle if None)."""
        start, scale = self._goal
        x = self.width / 2 if at_x is None else at_x
        new = min(self.widest, max(CLOSEST, scale * factor))
        self._go(start + x * scale - x * new, new)

    def zoom_to(self, first: float, last: float, margin: float = 0.04) -> None:
        """Show `first`..`last` with a margin (share of the width) at both sides."""
        span = max(CLOSEST * self.width, last - first) * (1 + 2 * margin)
        middle = (first + last) / 2
        scale = span / self.width
        self._go(middle - span / 2, scale)

    def fit(self) -> None:
        self._go(0.0, self.widest)

    def scroll_by(self, pixels: float) -> None:
        self._jump(self._start + pixels * self._scale, self._scale)

    def scroll_to(self, frame: float) -> None:
        """Put `frame` at the left edge."""
        self._jump(frame, self._scale)

    def reveal(self, frame: float) -> None:
        """Turn the page when `frame` is out of view."""
        if not self._start <= frame < self.end:
            self._jump(frame - 0.04 * self.width * self._scale, self._scale)

    def snapped(self, start: float, scale: float) -> tuple[float, float]:
        """The nearest view that is inside the song and on the device's pixel grid."""
        scale = min(self.widest, max(CLOSEST, scale))
        start = min(max(0.0, self.frames - scale * self.width), max(0.0, start))
        pixel = scale / self.pixel_ratio
        return round(start / pixel) * pixel, scale

    def _go(self, start: float, scale: float) -> None:
        if not self.animated:
            self._jump(start, scale)
            return
        self._from, self._goal = (self._start, self._scale), self.snapped(start, scale)
        self._animation.stop()
        self._animation.start()

    def _jump(self, start: float, scale: float) -> None:
        self._animation.stop()
        self._goal = self.snapped(start, scale)
        self._set(*self._goal)

    def _step(self, fraction: float) -> None:
        if fraction >= 1.0:
            self._set(*self._goal)
            return
        (start0, scale0), (start1, scale1) = self._from, self._goal
        scale = scale0 * (scale1 / scale0) ** fraction
        start = start0 + (start1 - start0) * fraction
        if scale0 != scale1:  # keep the fixed point of the zoom where it is
            start = start0 + (start1 - start0) * (scale - scale0) / (scale1 - scale0)
        self._set(*self.snapped(start, scale))

    def _set(self, start: float, scale: float) -> None:
        self._start, self._scale = start, scale
        self.changed.emit()
