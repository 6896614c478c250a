"""Peaks and loudness of audio of any length, read back a few seconds at a time: the judge of written and decoded files."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.loudness import LoudnessMeter, integrated_of
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.true_peak import factor_for, peak_between_samples, peaks_per_sample

OVERSAMPLING = 16
"""Points per sample at 44.1 and 48 kHz; a ceiling should be judged by these, meters show 4."""
_CHUNK_SECONDS = 5
_MARGIN = 1024
"""Frames beyond a chunk's ends; the outer half is faded, the inner half is what the interpolation filters reach."""
_CELL = 0.1
"""Seconds: overs within the same cell are one over."""
_MOST_OVERS = 10


Power = NDArray[np.float64]


@dataclass(frozen=True)
class Over:
    """A place above a limit. at: seconds. true_peak: dBTP."""

    at: float
    true_peak: float

    def to_json(self) -> dict[str, float]:
        return {"at": round(self.at, 2), "true_peak": round(self.true_peak, 2)}


@dataclass(frozen=True, eq=False)
class PeakScan:
    """What was read. true_peak: dBTP at 16x, None for silence; at: its seconds. sample_peak: dBFS. integrated: LUFS.

    overs: the worst places above the limit, worst first, at most ten; over_count: how many tenths of a second hold one.
    power: as `weighted_power` gives it.
    """

    true_peak: float | None
    at: float
    sample_peak: float | None
    integrated: float | None
    overs: tuple[Over, ...]
    over_count: int
    seconds: float
    power: Power


def scan_peaks(
    source: AudioSource,
    *,
    limit_dbtp: float = 0.0,
    first: int = 0,
    end: int | None = None,
    offset: float = 0.0,
    progress: Progress,
    stage: str = "measure",
) -> PeakScan:
    """Read frames `first` to `end` of `source`. offset: seconds added to every time that is reported."""
    rate = source.sample_rate
    end = source.frames if end is None else min(end, source.frames)
    limit = 10 ** (limit_dbtp / 20)
    chunk = _CHUNK_SECONDS * rate
    peaks = _Peaks(rate, limit)
    meter = LoudnessMeter(rate, source.channels, true_peak=False)
    for start in range(first, end, chunk):
        progress.report((start - first) / max(1, end - first), stage)
        progress.check_cancelled()
        stop = min(end, start + chunk)
        before = min(start, _MARGIN)
        block = source.read(start - before, stop - start + before + _MARGIN)
        heard = block[before : before + stop - start]
        if len(heard) == 0:
            break
        meter.push(heard)
        peaks.take(block, before, len(heard), start - before)
    progress.report(1.0, stage)
    power = meter.power()
    return PeakScan(
        true_peak=_decibels(peaks.highest),
        at=offset + (peaks.at - first) / rate,
        sample_peak=_decibels(peaks.sample),
        integrated=integrated_of(power),
        overs=tuple(Over(offset + (frame - first) / rate, 20 * math.log10(peak)) for frame, peak in peaks.worst()),
        over_count=len(peaks.cells),
        seconds=(end - first) / rate,
        power=power,
    )


def power_of(source: AudioSource, *, first: int, end: int, progress: Progress) -> Power:
    """`weighted_power` of frames `first` to `end`, streamed."""
    rate = source.sample_rate
    meter = LoudnessMeter(rate, source.channels, true_peak=False)
    for start in range(first, end, _CHUNK_SECONDS * rate):
        progress.check_cancelled()
        meter.push(source.read(start, min(end - start, _CHUNK_SECONDS * rate)))
    return meter.power()


class _Peaks:
    """Gathers peaks of overlapping stretches; all linear, times as frames of the source."""

    def __init__(self, rate: int, limit: float) -> None:
        self.highest = 0.0
        self.at = 0
        self.sample = 0.0
        self.cells: dict[int, tuple[int, float]] = {}
        self._rate = rate
        self._limit = limit
        self._factor = factor_for(rate, OVERSAMPLING)

    def take(self, block: Samples, before: int, frames: int, start: int) -> None:
        """`block` begins at frame `start`; `before` frames of it are only neighbours, then `frames` count."""
        own = block[before : before + frames]
        self.sample = max(self.sample, float(np.max(np.abs(own), initial=0.0)))
        block = _faded(block, before, frames)
        peak = peak_between_samples(block, self._rate, OVERSAMPLING)
        if peak <= self.highest and peak <= self._limit:
            return
        # 16 points a sample from the floor up are costly: only what matters is looked at.
        floor = min(self._limit, max(self.highest, 0.98 * peak))
        nearest = 0.0
        for channel in block.T:
            curve = peaks_per_sample(channel, self._factor, of_interest=floor)[before : before + frames]
            place = int(np.argmax(curve))
            # The curve's filters are shorter than the judge's: it says where, the judge says how high.
            if peak > self.highest and curve[place] > nearest:
                nearest, self.at = float(curve[place]), start + before + place
            self._note(curve, start + before)
        self.highest = max(self.highest, peak)

    def _note(self, curve: Samples, first: int) -> None:
        """Remember the highest place of each cell that goes above the limit."""
        over = np.flatnonzero(curve > self._limit)
        if len(over) == 0:
            return
        cells = ((first + over) / (self._rate * _CELL)).astype(np.int64)
        for part in np.split(over, np.flatnonzero(np.diff(cells)) + 1):
            frame = int(part[np.argmax(curve[part])])
            cell, peak = int((first + frame) / (self._rate * _CELL)), float(curve[frame])
            if peak > self.cells.get(cell, (0, 0.0))[1]:
                self.cells[cell] = (first + frame, peak)

    def worst(self) -> list[tuple[int, float]]:
        return sorted(self.cells.values(), key=lambda place: -place[1])[:_MOST_OVERS]


def _faded(block: Samples, before: int, frames: int) -> Samples:
    """`block` without hard ends, at which interpolation would overshoot; a file's own ends stay as they are."""
    after = len(block) - before - frames
    if before < _MARGIN and after < _MARGIN:
        return block
    block = block.copy()
    half = _MARGIN // 2
    ramp = np.linspace(0.0, 1.0, half, dtype=np.float32)[:, None]
    if before >= _MARGIN:
        block[:half] *= ramp
    if after >= _MARGIN:
        block[-half:] *= ramp[::-1]
    return block


def _decibels(linear: float) -> float | None:
    return 20 * math.log10(linear) if linear > 0 else None
