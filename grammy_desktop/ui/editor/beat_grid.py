"""Bars and beats of a song, in frames, in one tempo or by a tempo map. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

SNAP_DIVISIONS: dict[str, float] = {"Bar": 0.0, "1/2": 2.0, "1/4": 1.0, "1/8": 0.5, "1/16": 0.25, "1/32": 0.125}
"""Quarter-note beats between the lines that edges snap to; 0 stands for a whole bar."""


@dataclass(frozen=True)
class BeatGrid:
    """`tempo` in quarter notes a minute; `beats_per_bar` in quarter notes (6/8 has 3); the first bar starts at frame 0.

    changes: (frame, tempo) from that frame on, in order of time; empty where the tempo is steady.
    """

    sample_rate: int
    tempo: float
    beats_per_bar: float = 4.0
    changes: tuple[tuple[float, float], ...] = ()

    @cached_property
    def _corners(self) -> tuple[list[float], list[float], list[float]]:
        """(frames, beats, frames a beat) of the places from which a tempo holds; the first is frame 0."""
        frames, beats, sizes = [0.0], [0.0], [60.0 * self.sample_rate / self.tempo]
        for frame, tempo in self.changes:
            size = 60.0 * self.sample_rate / tempo
            if frame <= frames[-1]:
                sizes[-1] = size
                continue
            beats.append(beats[-1] + (frame - frames[-1]) / sizes[-1])
            frames.append(frame)
            sizes.append(size)
        return frames, beats, sizes

    @property
    def frames_per_beat(self) -> float:
        """Where the tempo is fastest: no two beats are nearer to each other."""
        return min(self._corners[2])

    @property
    def frames_per_bar(self) -> float:
        """Of the shortest bar that the fastest tempo makes."""
        return self.frames_per_beat * self.beats_per_bar

    def beat_at(self, frame: float) -> float:
        """Quarter notes from the song's start to a frame."""
        frames, beats, sizes = self._corners
        place = max(0, bisect_right(frames, frame) - 1)
        return beats[place] + (frame - frames[place]) / sizes[place]

    def frame_of_beat(self, beat: float) -> float:
        """The inverse of `beat_at`."""
        frames, beats, sizes = self._corners
        place = max(0, bisect_right(beats, beat) - 1)
        return frames[place] + (beat - beats[place]) * sizes[place]

    def tempo_at(self, frame: float) -> float:
        """Quarter notes a minute at a frame."""
        frames, _, sizes = self._corners
        return 60.0 * self.sample_rate / sizes[max(0, bisect_right(frames, frame) - 1)]

    def frame_of_bar(self, bar: float) -> float:
        """First frame of a bar; bars count from 0."""
        return self.frame_of_beat(bar * self.beats_per_bar)

    def lines(self, beats: float, first: float, last: float) -> Iterator[float]:
        """Frames of the lines every `beats` from the one at or before `first` to `last`."""
        index = int(self.beat_at(max(0.0, first)) // beats)
        while (frame := self.frame_of_beat(index * beats)) <= last:
            yield frame
            index += 1

    def position(self, frame: float) -> tuple[int, int, int]:
        """(bar, beat, sixteenth), each from 1, as a transport counter shows them."""
        beats = self.beat_at(max(0.0, frame)) + 1e-9
        bar = int(beats // self.beats_per_bar)
        within = beats - bar * self.beats_per_bar
        beat = int(within)
        return bar + 1, beat + 1, int((within - beat) * 4) + 1

    def snap(self, frame: float, division: str) -> int:
        """The nearest line of `division` (a key of SNAP_DIVISIONS)."""
        step = SNAP_DIVISIONS[division] or self.beats_per_bar
        return round(self.frame_of_beat(round(self.beat_at(frame) / step) * step))

    def label_step(self, frames_per_pixel: float, apart: float = 48.0) -> int:
        """Every how many bars a number is written so that numbers stand at least `apart` pixels from each other."""
        step = 1
        while step * self.frames_per_bar / frames_per_pixel < apart:
            step *= 2
        return step

    def line_beats(self, frames_per_pixel: float, apart: float = 18.0) -> float:
        """Beats between grid lines at least `apart` pixels from each other: beats if they fit, else bars."""
        for beats in (0.25, 1.0):
            if beats * self.frames_per_beat / frames_per_pixel >= apart:
                return beats
        return self.label_step(frames_per_pixel, apart) * self.beats_per_bar


TIME_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800)
"""Seconds between the labels of a time ruler."""


def time_step(seconds_per_pixel: float, apart: float = 64.0) -> float:
    """The smallest of TIME_STEPS whose labels stand at least `apart` pixels from each other."""
    return next((step for step in TIME_STEPS if step / seconds_per_pixel >= apart), TIME_STEPS[-1])


def time_text(seconds: float, decimals: int = 0) -> str:
    """'1:04' or, with decimals, '1:04.250'."""
    scale = 10**decimals
    ticks = round(max(0.0, seconds) * scale)
    minutes, rest = divmod(ticks, 60 * scale)
    width = 2 + (decimals + 1 if decimals else 0)
    return f"{minutes}:{rest / scale:0{width}.{decimals}f}"


def length_text(frames: float, sample_rate: int, grid: BeatGrid | None, start: float = 0.0) -> str:
    """How long a selection from `start` is, in the words of its own scale: '2 bars', '3 beats', '0.250 s'."""
    if grid is not None:
        beats = grid.beat_at(start + frames) - grid.beat_at(start)
        for unit, size in (("bar", grid.beats_per_bar), ("beat", 1.0)):
            count = beats / size
            if round(count) >= 1 and abs(count - round(count)) * size * grid.frames_per_beat < 2:
                return f"{round(count)} {unit}{'' if round(count) == 1 else 's'}"
    return f"{frames / sample_rate:.3f} s"
