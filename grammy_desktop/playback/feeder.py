"""Fills the ring of an open output from a mixer, along a route; takes back and writes anew what was not heard yet.

A command (seek, gain, loop) would come late if it only counted for what is appended to the ring, so the feeder
writes the future anew from a point a little ahead of what the output is reading ("the seam").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.playback.mixer import Gains
from grammy_desktop.playback.output import Output
from grammy_desktop.playback.route import RingMap, Route

AHEAD_SECONDS = 0.6
"""How much is read ahead: what a disk may take to answer."""
FIRST_SECONDS = 0.06
"""How much is written at a seam before the old future is given up."""
BLOCK_FRAMES = 4096
SEAM_FRAMES = 1024
"""Distance of a seam from the output's reading: two of its usual requests."""
SEAM_STEP = 4
"""How much farther ahead the next attempt goes when the output overtook the seam."""
DECLICK_SECONDS = 0.005
GAIN_RAMP_SECONDS = 0.010


class Playable(Protocol):
    """A `Mixer` or a `Tone`."""

    sample_rate: int
    frames: int
    trouble: str | None

    def mix(self, position: int, frames: int, gains: Gains) -> Samples: ...

    def close(self) -> None: ...


class Feeder:
    """One output being fed with one playable."""

    def __init__(self, output: Output, playable: Playable, gains: Mapping[str, float]) -> None:
        self.output = output
        self.playable = playable
        self.finished = True
        """True when the end of the route is written: nothing comes after what the ring holds."""
        self._ring = output.ring
        self._ratio = output.sample_rate / playable.sample_rate
        self._map = RingMap(self._ratio)
        self._route = Route(0, 0, None)
        self._resampler: Any = None
        self._fed = 0
        self._plan_start = self._ring.written
        self._gains = dict(gains)
        self._gains_before = dict(gains)
        self._ramp_start = 0
        self._jump: tuple[int, int] | None = None
        """Ring frame and timeline position of the last jump: until it is heard, its goal is what the user sees."""

    # Commands

    def start(self, route: Route, position: int, *, declick: bool) -> None:
        """Begin `route` at `position` as soon as the output can; blend with what still sounds."""
        self._write_anew(lambda seam: (route, position), declick=declick)
        self._jump = (self._plan_start, position)

    def reroute(self, loop: tuple[int, int] | None, end: int) -> None:
        """Go on from where the output is, with another loop or end."""
        self._write_anew(lambda seam: (Route(seam, end, loop), seam), declick=False)

    def set_gains(self, gains: Mapping[str, float], loop: tuple[int, int] | None, end: int) -> None:
        """Ramp to `gains` at the seam, going on along the same way."""
        self._write_anew(lambda seam: (Route(seam, end, loop), seam), declick=False, gains=gains)

    def swap(self, playable: Playable, gains: Mapping[str, float], loop: tuple[int, int] | None) -> Playable:
        """Go on with another playable of the same rate under the playhead; returns the old one, to be closed."""
        old, self.playable = self.playable, playable
        self._gains = self._gains_before = dict(gains)
        self._write_anew(lambda seam: (Route(seam, playable.frames, loop), seam), declick=True)
        return old

    def hold(self) -> int:
        """Fade out at once and write nothing more; returns the timeline position to go on from."""
        ring = self._ring
        ring.expecting = False
        self.finished = True
        # An output that has not begun yet must not begin with what was given up.
        seam = min(ring.written, ring.read_index + (0 if self.output.is_warming_up else SEAM_FRAMES))
        frames = min(round(DECLICK_SECONDS * self.output.sample_rate), ring.written - seam)
        frames = 0 if self.output.is_warming_up else frames
        position = self._position_at(seam)
        fade = np.linspace(1.0, 0.0, frames, dtype=np.float32)[:, None]
        ring.put(seam, ring.get(seam, frames) * fade)
        return position if position is not None else 0

    # Feeding

    def fill(self) -> bool:
        """Write what is missing ahead of the output; True when something was written."""
        ring, wrote = self._ring, False
        ahead = AHEAD_SECONDS * self.output.sample_rate
        while not self.finished and ring.written - ring.read_index < ahead:
            block, self.finished = self._next_block(BLOCK_FRAMES)
            ring.put(ring.written, block)
            wrote = True
        if self.finished:
            ring.expecting = False
        return wrote

    @property
    def is_done(self) -> bool:
        """True when the last frame has left the output."""
        return self.finished and self.output.heard() >= self._ring.written

    def position(self) -> int | None:
        """Timeline frame heard now."""
        heard = self.output.heard()
        self._map.forget_before(heard)
        return self._position_at(heard)

    # Parts

    def _position_at(self, ring_index: float) -> int | None:
        if self._jump is not None and ring_index < self._jump[0]:
            return self._jump[1]
        return self._map.position_at(ring_index)

    def _write_anew(self, plan: Any, *, declick: bool, gains: Mapping[str, float] | None = None) -> None:
        """Write the future anew from a seam. plan(timeline position at the seam) -> (route, its first position)."""
        ring, distance = self._ring, max(SEAM_FRAMES, 2 * self.output.largest_request)
        before = self._gains_before, self._gains, self._ramp_start
        next_position = self._route.position
        while True:
            seam = min(ring.written, ring.read_index + distance)
            old = ring.get(seam, ring.written - seam)
            self._gains_before, self._gains, self._ramp_start = before
            if gains is not None:
                self._gains_before = {key: float(self._gain_at(key, np.array([seam]))[0]) for key in self._gains}
                self._gains, self._ramp_start = {**self._gains, **gains}, seam
            # At the very end of what is written only the route knows whether it jumps next.
            here = next_position if seam == ring.written else self._map.position_at(seam)
            self._route, position = plan(here if here is not None else 0)
            self._plan_start, self._fed, self._resampler = seam, 0, self._new_resampler()
            saved = self._map
            self._map = saved.copy_until(seam)
            self._map.add(seam, position)
            block, finished = self._next_block(round(FIRST_SECONDS * self.output.sample_rate))
            if declick or self._resampler is not None:
                self._blend(block, old)
            # The output went on reading meanwhile: is the seam still ahead of it?
            if seam == ring.written or ring.read_index + self.output.largest_request < seam:
                break
            self._map = saved
            distance *= SEAM_STEP  # ends at the latest where nothing is written yet
        ring.put(seam, block)
        self.finished = finished
        self.fill()
        ring.expecting = not self.finished

    def _blend(self, block: Samples, old: Samples) -> None:
        """Fade `block` in, over the fading `old` sound that it replaces."""
        frames = min(round(DECLICK_SECONDS * self.output.sample_rate), len(block))
        fade = np.linspace(0.0, 1.0, frames, dtype=np.float32)[:, None]
        block[:frames] *= fade
        shared = min(frames, len(old))
        block[:shared] += old[:shared] * (1.0 - fade[:shared])

    def _next_block(self, frames: int) -> tuple[Samples, bool]:
        """About `frames` more ring frames [n, ring channels], and whether they are the last."""
        pieces = self._route.take(round(frames / self._ratio))
        parts = [np.zeros((0, 2), np.float32)]
        for position, count in pieces:
            start = self._plan_start + self._fed * self._ratio
            self._map.add(start, position)
            parts.append(self.playable.mix(position, count, self._current_gains(start, count)))
            self._fed += count
        block = np.concatenate(parts)
        finished = len(block) < round(frames / self._ratio)
        if self._resampler is not None:
            block = self._resampler.resample_chunk(block, last=finished)
        if self._ring.channels == 1:
            block = block.mean(axis=1, keepdims=True, dtype=np.float32)
        return block, finished

    def _new_resampler(self) -> Any:
        if self._ratio == 1.0:
            return None
        import soxr

        return soxr.ResampleStream(self.playable.sample_rate, self.output.sample_rate, 2, dtype="float32")

    def _current_gains(self, ring_start: float, frames: int) -> Gains:
        """Gains for `frames` timeline frames from `ring_start`: constants, or arrays while a ramp lasts."""
        if ring_start >= self._ramp_start + GAIN_RAMP_SECONDS * self.output.sample_rate:
            return self._gains
        places = ring_start + self._ratio * np.arange(frames)
        return {
            key: self._gain_at(key, places) if self._gains_before.get(key, gain) != gain else gain
            for key, gain in self._gains.items()
        }

    def _gain_at(self, key: str, places: NDArray[Any]) -> NDArray[np.float32]:
        after = self._gains[key]
        before = self._gains_before.get(key, after)
        share = np.clip((places - self._ramp_start) / (GAIN_RAMP_SECONDS * self.output.sample_rate), 0.0, 1.0)
        gains: NDArray[np.float32] = (before + share * (after - before)).astype(np.float32)
        return gains
