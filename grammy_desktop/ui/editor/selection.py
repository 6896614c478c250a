"""What is selected, where the loop is, and how an edge snaps."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from grammy_desktop.ui.editor.beat_grid import SNAP_DIVISIONS, BeatGrid


@dataclass(frozen=True)
class Span:
    """Frames `start` ≤ f < `end`."""

    start: int
    end: int

    @property
    def frames(self) -> int:
        return self.end - self.start


class Snap(QObject):
    """Whether edges go to the beat grid, and to which lines."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = True
        self.division = "1/4"
        self.grid: BeatGrid | None = None

    def set_on(self, on: bool) -> None:
        self.on = on
        self.changed.emit()

    def set_division(self, division: str) -> None:
        if division not in SNAP_DIVISIONS:
            raise ValueError(f"no snap division {division!r}")
        self.division = division
        self.changed.emit()

    def finer(self) -> None:
        self._shift(1)

    def coarser(self) -> None:
        self._shift(-1)

    def apply(self, frame: float, frames: int) -> int:
        """`frame` on the grid (when on, and there is one), inside 0..`frames`. The song's end is a line too."""
        if self.on and self.grid is not None:
            snapped = self.grid.snap(frame, self.division)
            if abs(frames - frame) < abs(snapped - frame):
                snapped = frames
        else:
            snapped = round(frame)
        return min(frames, max(0, snapped))

    def _shift(self, by: int) -> None:
        names = list(SNAP_DIVISIONS)
        self.set_division(names[min(len(names) - 1, max(0, names.index(self.division) + by))])


class Selection(QObject):
    """The selected span and the lane it was made in, plus the loop region.

    `lane` is a lane's name, or None when the whole song (every lane) is meant. Edits always act on every lane.
    """

    changed = Signal()
    loop_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.span: Span | None = None
        self.lane: str | None = None
        self.loop: Span | None = None

    def select(self, a: float, b: float, lane: str | None = None) -> None:
        """Select between two frames given in any order; an empty stretch selects nothing."""
        first, last = round(min(a, b)), round(max(a, b))
        self.span = Span(first, last) if last > first else None
        self.lane = lane if self.span else None
        self.changed.emit()

    def extend_to(self, frame: float, anchor: float) -> None:
        """Move the edge nearest to `frame`; without a selection, select from `anchor`."""
        if self.span is None:
            self.select(anchor, frame, self.lane)
        elif abs(frame - self.span.start) < abs(frame - self.span.end):
            self.select(frame, self.span.end, self.lane)
        else:
            self.select(self.span.start, frame, self.lane)

    def clear(self) -> None:
        self.span = None
        self.lane = None
        self.changed.emit()

    def set_loop(self, span: Span | None) -> None:
        self.loop = span if span is None or span.frames > 0 else None
        self.loop_changed.emit()

    def keep_inside(self, frames: int) -> None:
        """After an edit made the song shorter."""
        if self.span is not None and self.span.end > frames:
            self.select(min(self.span.start, frames), frames, self.lane)
        if self.loop is not None and self.loop.end > frames:
            self.set_loop(Span(min(self.loop.start, frames), frames))
