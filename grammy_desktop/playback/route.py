"""The way through the timeline: straight on, round a loop, or once through a range; and back from ring to timeline."""

from __future__ import annotations

from bisect import bisect_right

MIN_LOOP_SECONDS = 0.005
"""Shorter loops are a buzz and would cost more in bookkeeping than in sound."""


class Route:
    """Where the feeder reads next, in frames of the timeline."""

    def __init__(self, position: int, end: int, loop: tuple[int, int] | None) -> None:
        """Reads up to `end`; when it runs into the end of `loop` from before, it jumps to the loop's start."""
        self._position = position
        self._end = end
        self._loop = loop

    @property
    def position(self) -> int:
        """Timeline frame that is read next."""
        return self._position

    def take(self, frames: int) -> list[tuple[int, int]]:
        """The next (position, frames) pieces, `frames` in all; fewer only at the end."""
        pieces = []
        while frames > 0:
            looping = self._loop is not None and self._position < self._loop[1]
            limit = self._loop[1] if looping and self._loop else self._end
            count = min(frames, limit - self._position)
            if count > 0:
                pieces.append((self._position, count))
                self._position += count
                frames -= count
            if looping and self._loop and self._position >= self._loop[1]:
                self._position = self._loop[0]
            elif self._position >= self._end:
                break
        return pieces


class RingMap:
    """Which place of the timeline lies at which frame of the ring."""

    def __init__(self, ratio: float) -> None:
        """ratio: ring frames per timeline frame (1 unless the output resamples)."""
        self.ratio = ratio
        self._starts: list[float] = []
        self._positions: list[int] = []

    def add(self, ring_start: float, position: int) -> None:
        """From `ring_start` on the ring holds the timeline from `position`. Continuations are merged."""
        if self._starts and abs(self._expected(ring_start) - position) < 0.5 and ring_start > self._starts[-1]:
            return
        self._starts.append(ring_start)
        self._positions.append(position)

    def copy_until(self, ring_index: float) -> RingMap:
        """What is known of the ring before `ring_index`."""
        keep = bisect_right(self._starts, ring_index - 0.5)
        copy = RingMap(self.ratio)
        copy._starts, copy._positions = self._starts[:keep], self._positions[:keep]
        return copy

    def forget_before(self, ring_index: float) -> None:
        """Forget what was passed long ago."""
        passed = bisect_right(self._starts, ring_index) - 1
        if passed > 0:
            del self._starts[:passed], self._positions[:passed]

    def position_at(self, ring_index: float) -> int | None:
        """Timeline frame at `ring_index`; before the first known place, that place. None when nothing is known."""
        if not self._starts:
            return None
        index = max(0, bisect_right(self._starts, ring_index) - 1)
        passed = max(0.0, ring_index - self._starts[index]) / self.ratio
        return self._positions[index] + round(passed)

    def _expected(self, ring_index: float) -> float:
        return self._positions[-1] + (ring_index - self._starts[-1]) / self.ratio
