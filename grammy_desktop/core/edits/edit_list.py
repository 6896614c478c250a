"""Non-destructive editing: a song as segments of its source. Immutable: every operation returns a new list.

The same list is applied to the mix and to each of its equally long stems. All positions are in *edited* frames
(what the listener hears) unless a name says `source`. Nothing is changed silently: a cut is a cut to the sample;
only `delete(..., crossfade_frames=n)` blends what it joins.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, AudioSource, Samples
from grammy_desktop.core.edits.segments import Curve, Layer, Ramp, Segment, overlay
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import NoProgress, Progress

RENDER_BLOCK_FRAMES = 65_536
JSON_VERSION = 1


@dataclass(frozen=True)
class EditList:
    """Segments played one after another.

    segments: what to play; a segment without layers is silence.
    source_frames: length of the source the list was made for.
    """

    segments: tuple[Segment, ...]
    source_frames: int

    @staticmethod
    def whole(frames: int) -> EditList:
        """The unedited source of `frames` frames."""
        return EditList((Segment(frames, (Layer(0),)),) if frames else (), frames)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Edited frame at which each segment begins, and the end of the last one."""
        return tuple(accumulate((segment.frames for segment in self.segments), initial=0))

    @property
    def frames(self) -> int:
        """Length in edited frames."""
        return self.starts[-1]

    @property
    def is_whole(self) -> bool:
        """True when nothing was edited, so the source itself may be played or drawn."""
        return self == EditList.whole(self.source_frames)

    @property
    def joins(self) -> tuple[int, ...]:
        """Edited frames at which the sound jumps: the neighbours do not follow one another in the source."""
        pairs = zip(self.segments, self.segments[1:], strict=False)
        return tuple(
            start for start, (left, right) in zip(self.starts[1:], pairs, strict=False) if not left.continues_in(right)
        )

    # Operations

    def trim(self, start: int, end: int) -> EditList:
        """Keep only [start, end)."""
        self._check(start, end)
        return self._with(self.copy(start, end))

    def delete(self, start: int, end: int, *, crossfade_frames: int = 0) -> EditList:
        """Remove [start, end); what follows moves up by `end - start`, whatever the crossfade.

        crossfade_frames: the join is blended over this many frames around `start` with an equal-power crossfade,
        using the removed sound on both sides; shortened where the song or the removed part is too short for it.
        """
        self._check(start, end)
        half = min(crossfade_frames // 2, start, self.frames - end, end - start)
        if half <= 0:
            return self._with(self.copy(0, start) + self.copy(end, self.frames))
        falling = Ramp(0, 2 * half, rising=False, curve=Curve.EQUAL_POWER)
        rising = Ramp(0, 2 * half, rising=True, curve=Curve.EQUAL_POWER)
        join = overlay(
            _ramped(self.copy(start - half, start + half), falling), _ramped(self.copy(end - half, end + half), rising)
        )
        return self._with(self.copy(0, start - half) + join + self.copy(end + half, self.frames))

    def silence(self, start: int, end: int) -> EditList:
        """Replace [start, end) by silence of the same length."""
        self._check(start, end)
        return self._replace(start, end, (Segment(end - start, ()),) if end > start else ())

    def gain(self, start: int, end: int, gain_db: float) -> EditList:
        """Change the level of [start, end) by `gain_db` decibels, as a step."""
        self._check(start, end)
        if not np.isfinite(gain_db):
            raise ValueError(f"gain_db must be finite, not {gain_db}")
        return self._replace(start, end, tuple(s.louder(gain_db) for s in self.copy(start, end)))

    def fade_in(self, start: int, end: int, *, curve: Curve = Curve.LINEAR) -> EditList:
        """Raise [start, end) from silence: frame `start` is multiplied by 0, frame `end - 1` by 1.

        LINEAR is `linspace(0, 1, end - start)`; EQUAL_POWER is its `sin(pi / 2 * x)`. What lies before is not touched.
        """
        return self._fade(start, end, rising=True, curve=curve)

    def fade_out(self, start: int, end: int, *, curve: Curve = Curve.LINEAR) -> EditList:
        """Lower [start, end) into silence: the mirror of `fade_in`. What lies after is not touched."""
        return self._fade(start, end, rising=False, curve=curve)

    def split(self, at: int) -> EditList:
        """Make a boundary at `at`; nothing audible changes."""
        self._check(at, at)
        return self._replace(at, at, ())

    def copy(self, start: int, end: int) -> tuple[Segment, ...]:
        """The segments of [start, end), for `paste`."""
        self._check(start, end)
        if start == end:
            return ()
        first = bisect_right(self.starts, start) - 1
        taken = []
        for index in range(first, len(self.segments)):
            begin = self.starts[index]
            if begin >= end:
                break
            segment = self.segments[index]
            taken.append(segment.cut(max(0, start - begin), min(segment.frames, end - begin)))
        return tuple(taken)

    def insert(self, at: int, segments: Sequence[Segment]) -> EditList:
        """Put `segments` in at `at`; what follows moves down."""
        self._check(at, at)
        if any(layer.source_start + s.frames > self.source_frames for s in segments for layer in s.layers):
            raise ValueError("segments lie outside the source")
        return self._replace(at, at, segments)

    def insert_silence(self, at: int, frames: int) -> EditList:
        """Put `frames` frames of silence in at `at`."""
        if frames < 0:
            raise ValueError(f"frames must not be negative, not {frames}")
        return self.insert(at, (Segment(frames, ()),) if frames else ())

    def paste(self, start: int, segments: Sequence[Segment], *, end: int | None = None) -> EditList:
        """Replace [start, end) by `segments`; without `end` nothing is replaced (an insert)."""
        base = self if end is None else self.delete(start, end)
        return base.insert(start, segments)

    # Reading

    def read(self, source: AudioSource, start: int, count: int) -> Samples:
        """float32 [n, channels] of the edited sound from frame `start`; n < `count` only at the end."""
        start = min(max(0, start), self.frames)
        end = min(self.frames, start + max(0, count))
        out = np.zeros((end - start, source.channels), np.float32)
        index = max(0, bisect_right(self.starts, start) - 1)
        position = start
        while position < end:
            segment = self.segments[index]
            offset = position - self.starts[index]
            frames = min(segment.frames - offset, end - position)
            segment.mix_into(out[position - start : position - start + frames], source, offset)
            position += frames
            index += 1
        return out

    def render(self, source: AudioSource, *, progress: Progress | None = None) -> AudioClip:
        """The whole edited sound in memory."""
        progress = progress or NoProgress()
        out = np.empty((self.frames, source.channels), np.float32)
        for start in range(0, self.frames, RENDER_BLOCK_FRAMES):
            progress.check_cancelled()
            block = self.read(source, start, RENDER_BLOCK_FRAMES)
            out[start : start + len(block)] = block
            progress.report((start + len(block)) / self.frames, "render")
        return AudioClip(out, source.sample_rate)

    def source_frame(self, frame: int) -> int | None:
        """The source frame heard at edited frame `frame`; None in silence or outside."""
        if not 0 <= frame < self.frames:
            return None
        index = bisect_right(self.starts, frame) - 1
        layers = self.segments[index].layers
        return layers[-1].source_start + frame - self.starts[index] if layers else None

    def edited_frame(self, source_frame: int) -> int | None:
        """The first edited frame at which `source_frame` is heard; None when it was cut away."""
        for start, segment in zip(self.starts, self.segments, strict=False):
            for layer in segment.layers:
                if 0 <= source_frame - layer.source_start < segment.frames:
                    return start + source_frame - layer.source_start
        return None

    def envelope(self, frames: NDArray[np.int64]) -> NDArray[np.float64]:
        """Linear gain at each of the sorted edited `frames` (the sum of the layers; 0 in silence)."""
        gains = np.zeros(len(frames))
        owners = np.searchsorted(self.starts, frames, side="right") - 1
        for index in np.unique(owners):
            here = owners == index
            if 0 <= index < len(self.segments):
                for layer in self.segments[index].layers:
                    gains[here] += layer.gains_at(frames[here] - self.starts[index])
        return gains

    # Keeping

    def to_json(self) -> str:
        """One line of JSON; `from_json` returns an equal list."""
        segments = [segment.to_data() for segment in self.segments]
        return json.dumps({"version": JSON_VERSION, "source_frames": self.source_frames, "segments": segments})

    @staticmethod
    def from_json(text: str) -> EditList:
        """Read `to_json`'s text. UserError when it is not one of ours."""
        try:
            data: dict[str, Any] = json.loads(text)
            if data["version"] != JSON_VERSION:
                raise UserError("This edit was saved by a newer version of Grammy Desktop: please update the app.")
            segments = tuple(Segment.from_data(item) for item in data["segments"])
            return EditList(segments, int(data["source_frames"]))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise UserError("This edit list is damaged: go back to an earlier version of the song.") from error

    # Parts

    def _fade(self, start: int, end: int, *, rising: bool, curve: Curve) -> EditList:
        self._check(start, end)
        ramp = Ramp(0, end - start, rising=rising, curve=curve)
        return self._replace(start, end, _ramped(self.copy(start, end), ramp))

    def _replace(self, start: int, end: int, segments: Sequence[Segment]) -> EditList:
        return self._with((*self.copy(0, start), *segments, *self.copy(end, self.frames)))

    def _with(self, segments: Iterable[Segment]) -> EditList:
        return replace(self, segments=tuple(segments))

    def _check(self, start: int, end: int) -> None:
        if not 0 <= start <= end <= self.frames:
            raise ValueError(f"[{start}, {end}) is not a range of the {self.frames} edited frames")


def _ramped(segments: Sequence[Segment], ramp: Ramp) -> tuple[Segment, ...]:
    """`segments`, one after another, under one `ramp` that begins with the first."""
    starts = accumulate((segment.frames for segment in segments), initial=0)
    return tuple(segment.under(ramp.moved(start)) for segment, start in zip(segments, starts, strict=False))
