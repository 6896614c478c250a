"""The bar lines of a recording: where its seconds lie in quarter notes, and the tempo map that it breathes with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis import Analysis, BeatGrid
from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.tempo_map import TempoMap

Floats = NDArray[np.float64]

_WILD = 1.5
"""A bar this much longer or shorter than the usual one is a miscount, not a breath."""
_HEARD = 0.35
"""Probability from which something before the first bar line counts as an upbeat."""
_SHORT = 0.4
"""Beats: less than this before the first bar line is no upbeat."""
_RING = 6.0
"""Seconds: a last chord that is longer is no ending but music that goes on."""


@dataclass(frozen=True)
class Bars:
    """Quarter notes count from the first bar of the sheet, which is the upbeat's where there is one.

    tempo: quarter notes per minute, the mean where the tempo moves. pickup: bars before the recording's first bar line. end: the
    quarter note at which the music ends. quarters: of a bar.
    """

    grid: BeatGrid
    tempo: float
    tempo_map: TempoMap
    pickup: int
    quarters: float
    end: float

    @property
    def begins(self) -> float:
        """Seconds into the recording at which the sheet begins; negative where its upbeat does not fill the first bar."""
        first = float(self.grid.downbeats[0]) if self.grid.downbeats.size else float(self.grid.times[0])
        upbeat = self.tempo_map[0][1] if self.tempo_map else self.tempo
        return first - self.pickup * self.quarters * 60.0 / upbeat

    def place(self, seconds: float) -> float:
        """Quarter notes from the start of the sheet."""
        return float(self.places(np.array([seconds]))[0])

    def places(self, seconds: Floats) -> Floats:
        return np.asarray(self.grid.quarter_at(seconds) + self.pickup * self.quarters)


def bars_of(analysis: Analysis, grid: BeatGrid) -> Bars:
    """The bars of a recording in which beats were found."""
    quarters = grid.quarters_per_bar
    before = _upbeat(analysis, grid)
    pickup = int(np.ceil(before / quarters - 1e-6)) if before > _SHORT * grid.quarters_per_beat else 0
    end = float(grid.quarter_at(np.array([_last_sound(analysis)]))[0]) + pickup * quarters
    tempo, changes = (float(grid.tempo.value), ()) if grid.steady else _breathing(grid, pickup, quarters)
    return Bars(grid, tempo, changes, pickup, quarters, end)


def _upbeat(analysis: Analysis, grid: BeatGrid) -> float:
    """Quarter notes of music before the first bar line."""
    starts = [note.start for note in analysis.melody if note.probability >= _HEARD]
    starts += [c.start for c in analysis.chords if c.harte != NO_CHORD and c.probability >= _HEARD]
    starts += [float(grid.times[0])]
    return max(0.0, -float(grid.quarter_at(np.array([max(0.0, min(starts))]))[0]))


def _last_sound(analysis: Analysis) -> float:
    heard = [chord.end for chord in analysis.chords if chord.harte != NO_CHORD]
    heard += [note.end for note in analysis.melody]
    return min(analysis.duration, max(heard, default=analysis.duration))


def _breathing(grid: BeatGrid, pickup: int, quarters: float) -> tuple[float, TempoMap]:
    """The tempo of every bar; the mean is the tempo."""
    count = np.arange(grid.times.size, dtype=np.float64)
    first = int(np.argmax(grid.positions == 0)) if (grid.positions == 0).any() else 0
    beats_per_bar = quarters / grid.quarters_per_beat
    lines = np.arange(first, grid.times.size, beats_per_bar)
    times = np.interp(lines, count, grid.times)
    lengths = np.diff(times)
    if not lengths.size:
        return float(grid.tempo.value), ()
    usual = float(np.median(lengths))
    lengths = np.where((lengths > usual * _WILD) | (lengths < usual / _WILD), usual, lengths)
    tempi = np.round(quarters * 60.0 / lengths, 3)
    mean = round(float(quarters * 60.0 * lengths.size / lengths.sum()), 3)
    # The upbeat goes as fast as the first bar, and after the last bar line the last tempo goes on.
    changes = [(0.0, float(tempi[0]))]
    for bar, tempo in enumerate(tempi):
        if tempo != changes[-1][1]:
            changes.append((float((bar + pickup) * quarters), float(tempo)))
    return mean, tuple(changes)


def ending_beat(bars: Bars, last_change: float) -> float:
    """Where the last chord begins to be held. last_change: where the last chord was struck, in quarter notes."""
    longest = max(2 * bars.quarters, _RING * bars.tempo / 60.0)
    if bars.end - last_change <= longest and last_change > 0:
        return last_change
    whole = int(np.floor(bars.end / bars.quarters - _SHORT))
    return max(bars.quarters, whole * bars.quarters)
