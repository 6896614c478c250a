"""The meter: blocks of any size in, loudness and peaks out, at any moment."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness.figures import HOPS_PER_SECOND, Curve, Loudness, figures_of
from grammy_desktop.core.loudness.live import LiveFigures
from grammy_desktop.core.loudness.peak_meter import PeakMeter
from grammy_desktop.core.loudness.weighting import BLOCK, SETTLING, Weighting

# BS.1770-5 table 4 by azimuth, in WAV channel order: surrounds at 60 to 120 degrees +1.5 dB, LFE out.
_SURROUND = 1.41
WEIGHTS = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, _SURROUND, _SURROUND),
    5: (1.0, 1.0, 1.0, _SURROUND, _SURROUND),
    6: (1.0, 1.0, 1.0, 0.0, _SURROUND, _SURROUND),
    7: (1.0, 1.0, 1.0, 0.0, 1.0, _SURROUND, _SURROUND),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, _SURROUND, _SURROUND),
}
"""Of each channel's power, by the number of channels."""
_AT_ONCE = 524_288
"""Samples of all channels that are weighted together: the more, the less time goes into everything but products."""
_WORTH_A_THREAD = 400_000
"""Samples of all channels from which on two threads are quicker than one."""


class LoudnessMeter:
    """Loudness by BS.1770-5 and EBU R128 of audio that comes in blocks.

    Figures do not depend on how the audio is cut into blocks. Large blocks are measured by two threads. Not to be used
    from several threads at once.
    """

    def __init__(self, sample_rate: int, channels: int, *, true_peak: bool = True) -> None:
        """Raises UserError for more than 8 channels; `true_peak=False` skips the most expensive part."""
        if channels not in WEIGHTS:
            raise UserError(f"Loudness is defined for 1 to 8 channels, not for {channels}.")
        self._rate = sample_rate
        self._channels = channels
        self._between = true_peak
        weighting = Weighting(sample_rate, WEIGHTS[channels], HOPS_PER_SECOND)
        self._span = _Span(sample_rate, 0, weighting, PeakMeter(sample_rate, channels, true_peak=true_peak))
        self._live = LiveFigures()
        self._rest = np.zeros((0, channels), np.float32)

    @property
    def live(self) -> LiveFigures:
        """What a display shows, from all whole hops so far: momentary, short_term, their maxima, integrated."""
        return self._live

    @property
    def true_peak(self) -> float:
        """Linear, so far; the sample peak where the meter was made without true peak."""
        return self._span.peaks.true_peak

    @property
    def sample_peak(self) -> float:
        """Linear, so far."""
        return self._span.peaks.sample_peak

    def push(self, block: Samples) -> None:
        """block: float32 [frames, channels], any number of frames. Raises UserError for NaN and infinity."""
        if block.ndim != 2 or block.shape[1] != self._channels:
            raise ValueError(f"a block must be [frames, {self._channels}], not {block.shape}")
        if len(self._rest):
            missing = BLOCK - len(self._rest)
            head = np.concatenate([self._rest, block[:missing]])
            block = block[missing:]
            if len(head) < BLOCK:
                self._rest = head
                return
            self._advance(head)
        whole = len(block) // BLOCK * BLOCK
        self._advance(block[:whole])
        self._rest = block[whole:].copy()

    def power(self) -> Curve:
        """Mean power of the K-weighted, channel-weighted signal in each whole hop of 10 ms: what all figures are made of."""
        known = self._live.power
        if len(self._rest) == 0:
            return known.copy()
        return np.concatenate([known, self._power_of(self._span.weighting.peek(self._rest))])

    def result(self) -> Loudness:
        """All figures of what was pushed so far; the meter can go on."""
        peaks = self._span.peaks.finished(self._rest)
        return figures_of(
            self.power(),
            sample_peak=peaks.sample_peak,
            true_peak=peaks.true_peak if self._between else None,
            second_peaks=peaks.seconds,
        )

    def _advance(self, block: Samples) -> None:
        """block: a whole number of the filter's blocks."""
        if len(block) == 0:
            return
        split = self._split(block)
        if split:
            later = self._span.started_at(split, block)
            with ThreadPoolExecutor(1) as other:
                second = other.submit(later.advance, block[split:])
                first = self._span.advance(block[:split])
                energies = np.concatenate([first, second.result()])
            later.follow(self._span)
            self._span = later
        else:
            energies = self._span.advance(block)
        self._live.append(self._power_of(energies))

    def _split(self, block: Samples) -> int:
        """Where a block is cut for two threads: blocks, hops and seconds begin there together. 0: not worth it."""
        if block.size < _WORTH_A_THREAD:
            return 0
        step = self._rate * BLOCK // math.gcd(self._rate, BLOCK)
        begin = self._span.frames
        middle = round((begin + len(block) / 2) / step) * step - begin
        settling = _settling_frames(self._rate)
        return middle if settling <= middle <= len(block) - settling else 0

    def _power_of(self, energies: Curve) -> Curve:
        """Of the hops that follow those known."""
        first = len(self._live.power)
        ends = np.arange(first, first + len(energies) + 1) * self._rate // HOPS_PER_SECOND
        return np.asarray(energies / np.diff(ends))


class _Span:
    """A stretch of the audio, measured by one thread from a frame on."""

    def __init__(self, sample_rate: int, frame: int, weighting: Weighting, peaks: PeakMeter) -> None:
        self.weighting = weighting
        self.peaks = peaks
        self.frames = frame
        self._rate = sample_rate
        self._second = frame // sample_rate

    def advance(self, block: Samples) -> Curve:
        """Energies of the hops that end in `block`."""
        most = _AT_ONCE // (block.shape[1] * BLOCK) * BLOCK
        energies = []
        for start in range(0, len(block), most):
            chunk = block[start : start + most]
            self._look_for_peaks(chunk)
            energies.append(self.weighting.advance(chunk))
        return np.concatenate(energies)

    def _look_for_peaks(self, chunk: Samples) -> None:
        """A second at a time."""
        start = 0
        while start < len(chunk):
            end_of_second = -(-(self._second + 1) * self._rate // BLOCK) * BLOCK
            if self.frames == end_of_second:
                self._second += 1
                self.peaks.next_second()
                continue
            piece = chunk[start : start + end_of_second - self.frames]
            self.peaks.advance(piece)
            start += len(piece)
            self.frames += len(piece)

    def started_at(self, split: int, block: Samples) -> _Span:
        """One that begins `split` frames into the `block` that comes next."""
        settling = block[split - _settling_frames(self._rate) : split]
        frame = self.frames + split
        return _Span(
            self._rate, frame, self.weighting.started_at(frame, settling), self.peaks.started_after(settling.T)
        )

    def follow(self, earlier: _Span) -> None:
        """Take over what `earlier` found, which ended where this one began."""
        self.peaks.follow(earlier.peaks)


def _settling_frames(sample_rate: int) -> int:
    return round(SETTLING * sample_rate / BLOCK) * BLOCK
