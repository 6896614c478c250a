"""True peak of audio that flows, with the work left out where no peak can be.

Two looks. The first, at every sample and midway between, is a short filter that exaggerates: it reads more than what rises
around its place, on whatever was tried up to clipped full-band noise. The second, the true reading (sixteen points a
sample, 256 taps), is taken only where the first one exceeds the highest true reading of its second so far.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness.weighting import multiply
from grammy_desktop.core.true_peak import JUDGE_TAPS, factor_for, interpolation_filters

BLOCK = 32
"""Samples a row of the first look's products."""
_REACH = JUDGE_TAPS + BLOCK
"""Samples kept from before, whole blocks: the true reading reaches half its taps to both sides."""
_DELAY = JUDGE_TAPS // 2 + BLOCK
"""From the newest sample back to the newest that was looked at."""
_TAPS = 24
_RISE = 0.3
"""Of the second difference, which the first look adds. An eighth finds the top of a slow sine, 0.21 of one at half the
sample rate; the rest makes up for what 24 taps lose there. The largest true reading met was 0.976 of the first look's."""
_KAISER_BETA = 5.0
_FINE = 16
_PART = 131_072
"""Samples of all channels that are looked at together."""
_PROMISING = 0.88
"""Share of the first look's highest value: places above it are read before a mark for the others is known."""
_PLACES = 64
"""Places read at a time."""
_BATCHES = 4
"""Of places read in a part. Music has fewer above the mark that the first ones set; in steady tones, whose peaks are all
alike, there is no end of them."""
_MANY = 2048
"""More places are thinned out before the most promising ones are chosen: tones again."""
_LARGEST = 1e12
"""What is larger is no audio, and its squares would leave float32."""


class PeakMeter:
    """Sample peak and true peak of [frames, channels], over all and for each second."""

    def __init__(self, sample_rate: int, channels: int, *, true_peak: bool) -> None:
        self._rate = sample_rate
        self._factor = factor_for(sample_rate, _FINE)
        self._between = true_peak and self._factor > 1
        parts = -(-sample_rate * channels // _PART)
        self._part = -(-sample_rate // (parts * BLOCK)) * BLOCK if self._between else 0
        self._buffer = np.zeros((channels, _REACH + self._part), np.float32)
        self._seen = np.empty((channels, 0, 2 * BLOCK), np.float32)
        self._filled = 0
        """Frames of the part that waits to be looked at."""
        self._sample_peak = 0.0
        self._seconds: list[float] = [0.0]

    @property
    def sample_peak(self) -> float:
        """Linear."""
        return self._sample_peak

    @property
    def true_peak(self) -> float:
        """Linear; of what lies far enough back for the filters. The sample peak where only that is measured."""
        if self._filled:
            self._look_between()
        return max(self._seconds)

    @property
    def seconds(self) -> NDArray[np.float64]:
        """The highest point of each second: the true peak, or the sample peak where only that is measured."""
        return np.array(self._seconds)

    def advance(self, chunk: Samples) -> None:
        """chunk: [frames, channels], a whole number of blocks, not reaching into the next second."""
        start = 0
        while start < len(chunk):
            piece = chunk[start : start + self._part - self._filled] if self._between else chunk
            start += len(piece)
            samples = max(float(piece.max()), -float(piece.min()))
            # NaN compares as false.
            if not samples <= _LARGEST:
                raise UserError(
                    "This audio holds samples that are no numbers (NaN or infinity). Render or export it again."
                )
            self._sample_peak = max(self._sample_peak, samples)
            self._seconds[-1] = max(self._seconds[-1], samples)
            if self._between:
                self._keep(piece)

    def next_second(self) -> None:
        self._finish_part()
        self._seconds.append(0.0)

    def finished(self, rest: Samples) -> PeakMeter:
        """A copy that has also seen `rest` (less than a block) and the silence after it."""
        other = self._successor(self._buffer.copy())
        other._filled, other._sample_peak, other._seconds = self._filled, self._sample_peak, list(self._seconds)
        ending = np.zeros((BLOCK + _REACH, self._buffer.shape[0]), np.float32)
        ending[: len(rest)] = rest
        other.advance(ending)
        other._finish_part()
        return other

    def started_after(self, tail: Samples) -> PeakMeter:
        """Another one that has heard only what came just before: [channels, at least `REACH` frames]."""
        buffer = np.zeros_like(self._buffer)
        buffer[:, :_REACH] = tail[:, -_REACH:]
        return self._successor(buffer)

    def follow(self, earlier: PeakMeter) -> None:
        """Take over what `earlier` found, which ended where this one began, at the start of a second."""
        earlier._finish_part()
        self._sample_peak = max(self._sample_peak, earlier._sample_peak)
        self._seconds = earlier._seconds + self._seconds

    def _successor(self, buffer: Samples) -> PeakMeter:
        other = PeakMeter.__new__(PeakMeter)
        other._rate, other._factor, other._between, other._part = self._rate, self._factor, self._between, self._part
        other._buffer, other._seen, other._filled = buffer, self._seen[:, :0], 0
        other._sample_peak, other._seconds = 0.0, [0.0]
        return other

    def _keep(self, piece: Samples) -> None:
        """Parts are looked at whole, however small the pieces: so that cuts do not show."""
        self._buffer[:, _REACH + self._filled : _REACH + self._filled + len(piece)] = piece.T
        self._filled += len(piece)
        if self._filled == self._part:
            self._finish_part()

    def _finish_part(self) -> None:
        if self._filled:
            self._look_between()
            self._buffer[:, :_REACH] = self._buffer[:, self._filled : self._filled + _REACH].copy()
            self._filled = 0

    def _look_between(self) -> None:
        """At `_filled` frames of each channel, those that end `_DELAY` before the newest."""
        rows = self._filled // BLOCK
        filters = _first_look()
        if len(self._seen[0]) < rows:
            self._seen = np.empty((len(self._buffer), rows, 2 * BLOCK), np.float32)
        inner = np.empty((rows, BLOCK + _TAPS), np.float32)
        seen = self._seen[:, :rows]
        for channel, found in zip(self._buffer, seen, strict=True):
            wide = _windows(channel, _REACH - _DELAY - _TAPS // 2, BLOCK + _TAPS, BLOCK)
            np.copyto(inner, wide[:rows])
            multiply(inner, filters, found)
        highest = max(float(seen.max()), -float(seen.min()))
        if highest > self._seconds[-1]:
            np.abs(seen, out=seen)
            self._read(seen.reshape(len(seen), -1), highest)

    def _read(self, seen: Samples, highest: float) -> None:
        """The true reading where the first look has `seen` [channels, two places a frame] more than the mark."""
        # The most promising places first: the mark that they set spares most of the others.
        self._read_best(seen, np.flatnonzero(seen > max(self._seconds[-1], _PROMISING * highest)))
        places = np.flatnonzero(seen > self._seconds[-1])
        for _ in range(_BATCHES):
            places = self._read_best(seen, places)

    def _read_best(self, seen: Samples, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Returns the others that still exceed the mark."""
        places = places[:: len(places) // _MANY + 1]
        if len(places) <= _PLACES:
            self._read_places(seen, places)
            return places[:0]
        values = seen.reshape(-1)[places]
        best = np.argpartition(values, -_PLACES)[-_PLACES:]
        self._read_places(seen, places[best])
        values[best] = 0.0
        return places[values > self._seconds[-1]]

    def _read_places(self, seen: Samples, places: NDArray[np.intp]) -> None:
        """Moves the mark."""
        if len(places) == 0:
            return
        channel, place = np.divmod(places, seen.shape[1])
        windows = _windows(self._buffer, _REACH - _DELAY - JUDGE_TAPS // 2, JUDGE_TAPS + 1, 1)[channel, place // 2]
        filters = _true_reading(self._factor)
        points = windows @ filters
        best, point = divmod(int(np.abs(points, out=points).argmax()), points.shape[1])
        # The winner again in float64: how many rows a product has shows in float32's last digits.
        exact = abs(float(windows[best].astype(np.float64) @ filters[:, point]))
        self._seconds[-1] = max(self._seconds[-1], exact)


def _windows(buffer: Samples, start: int, width: int, step: int) -> Samples:
    """A view [..., windows, width] of the last axis from `start` on, a window every `step`."""
    # Not numpy's sliding_window_view, which takes longer than what it is used for here.
    count = (buffer.shape[-1] - start - width) // step + 1
    return np.ndarray(
        (*buffer.shape[:-1], count, width),
        np.float32,
        buffer,
        start * buffer.itemsize,
        (*buffer.strides[:-1], step * buffer.itemsize, buffer.itemsize),
    )


@lru_cache(maxsize=1)
def _first_look() -> Samples:
    """[BLOCK + TAPS, 2 * BLOCK]: a block with its neighbours times this is its samples and midpoints, each exaggerated by
    its second difference.
    """
    between = interpolation_filters(2, _TAPS, _KAISER_BETA)[0]
    single = np.zeros((_TAPS + 1, 2))
    sample, after = np.eye(_TAPS + 1)[_TAPS // 2 : _TAPS // 2 + 2]
    midway, before = np.append(0.0, between), np.append(between, 0.0)
    single[:, 0] = (1 + 2 * _RISE) * sample - _RISE * (before + midway)
    single[:, 1] = (1 + 2 * _RISE) * midway - _RISE * (sample + after)
    filters = np.zeros((BLOCK + _TAPS, BLOCK, 2), np.float32)
    for start in range(BLOCK):
        filters[start : start + _TAPS + 1, start] = single
    return filters.reshape(BLOCK + _TAPS, -1)


@lru_cache(maxsize=8)
def _true_reading(factor: int) -> Samples:
    """[JUDGE_TAPS + 1, points]: neighbours times this are the points from half a sample before the one in the middle to
    the next one.
    """
    between = interpolation_filters(factor, JUDGE_TAPS)
    filters = [np.append(column, 0.0) for column in between[factor // 2 - 1 :]]
    filters += [np.eye(JUDGE_TAPS + 1)[JUDGE_TAPS // 2], *(np.append(0.0, column) for column in between)]
    return np.stack(filters, axis=1).astype(np.float32)
