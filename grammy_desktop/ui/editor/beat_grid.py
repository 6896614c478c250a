"""Bars and beats of a song with a steady tempo, in frames. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

SNAP_DIVISIONS: dict[str, float] = {"Bar": 0.0, "1/2": 2.0, "1/4": 1.0, "1/8": 0.5, "1/16": 0.25, "1/32": 0.125}
"""Quarter-note beats between the lines that edges snap to; 0 stands for a whole bar."""


@dataclass(frozen=True)
class BeatGrid:
    """`tempo` in quarter notes a minute; `beats_per_bar` in quarter notes (6/8 has 3); the first bar starts at frame 0."""

    sample_rate: int
    tempo: float
    beats_per_bar: float = 4.0

    @property
    def frames_per_beat(self) -> float:
        return 60.0 * self.sample_rate / self.tempo

    @property
    def frames_per_bar(self) -> float:
        return self.frames_per_beat * self.beats_per_bar

    def frame_of_bar(self, bar: float) -> float:
        """First frame of a bar; bars count from 0."""
        return bar * self.frames_per_bar

    def position(self, frame: float) -> tuple[int, int, int]:
        """(bar, beat, sixteenth), each from 1, as a transport counter shows them."""
        beats = max(0.0, frame) / self.frames_per_beat + 1e-9
        bar = int(beats // self.beats_per_bar)
        within = beats - bar * self.beats_per_bar
        beat = int(within)
        return bar + 1, beat + 1, int((within - beat) * 4) + 1

    def snap(self, frame: float, division: str) -> int:
        """The nearest line of `division` (a key of SNAP_DIVISIONS)."""
        step = self.step(division)
        return round(round(frame / step) * step)

    def step(self, division: str) -> float:
        """Frames between two lines of `division`."""
        return (SNAP_DIVISIONS[division] or self.beats_per_bar) * self.frames_per_beat

    def label_step(self, frames_per_pixel: float, apart: float = 48.0) -> int:
        """Every how many bars a number is written so that numbers stand at least `apart` pixels from each other."""
        step = 1
        while step * self.frames_per_bar / frames_per_pixel < apart:
            step *= 2
        return step

    def line_step(self, frames_per_pixel: float, apart: float = 18.0) -> float:
        """Frames between grid lines at least `apart` pixels from each other: beats if they fit, else bars."""
        for beats in (0.25, 1.0):
            if beats * self.frames_per_beat / frames_per_pixel >= apart:
                return beats * self.frames_per_beat
        return self.label_step(frames_per_pixel, apart) * self.frames_per_bar


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


def length_text(frames: float, sample_rate: int, grid: BeatGrid | None) -> str:
    """How long a selection is, in the words of its own scale: '2 bars', '3 beats', '0.250 s'."""
    if grid is not None:
        for unit, size in (("bar", grid.frames_per_bar), ("beat", grid.frames_per_beat)):
            count = frames / size
            if round(count) >= 1 and abs(count - round(count)) * size < 2:
                return f"{round(count)} {unit}{'' if round(count) == 1 else 's'}"
    return f"{frames / sample_rate:.3f} s"
