"""One pass over a clip or a source of any length: all that the assistant judges by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.loudness import Loudness, LoudnessMeter
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.stream import blocks_of

Curve = NDArray[np.float64]

CENTRES: Curve = 1000.0 * 2.0 ** (np.arange(-17, 14) / 3.0)
"""Hz: 31 third octaves, 19.7 Hz to 20.2 kHz (IEC 61260-1, base two)."""
FRAME_SECONDS = 0.68
SHORT_SECONDS = 0.02
SIBILANT = (5_000.0, 9_500.0)
BODY = (200.0, 3_500.0)
_HOPS = 100
"""A second; the loudness meter's."""
_GATE = -10.0
"""LU below the mean: BS.1770's relative gate, so that pauses and endings do not count."""
_TINY = 1e-20


@dataclass(frozen=True, eq=False)
class Heard:
    """Figures of a whole clip. left, right, cross: [31] mean band power in the frames above the gate.

    frame_power: [frames, 31] of the mono sum, all frames; frame_loudness: their LUFS. hop_loudness: short-term LUFS
    each 10 ms; hop_peak: linear. sibilant, body: [short frames] power. offset: [channels] mean sample value.
    """

    sample_rate: int
    channels: int
    duration: float
    loudness: Loudness
    left: Curve
    right: Curve
    cross: Curve
    frame_power: Curve
    frame_loudness: Curve
    short_term: Curve
    hop_peak: Curve
    sibilant: Curve
    body: Curve
    offset: Curve

    @property
    def mid(self) -> Curve:
        return np.maximum((self.left + self.right + 2 * self.cross) / 4, 0.0)

    @property
    def side(self) -> Curve:
        return np.maximum((self.left + self.right - 2 * self.cross) / 4, 0.0)

    def within(self, low: float, high: float) -> NDArray[np.bool_]:
        return np.asarray((low <= CENTRES) & (high >= CENTRES))

    def correlation(self, low: float, high: float) -> float:
        """-1 to 1 between the channels over a range in Hz; 1 where there is nothing."""
        inside = self.within(low, high)
        left, right, cross = (float(part[inside].sum()) for part in (self.left, self.right, self.cross))
        scale = (left * right) ** 0.5
        return cross / scale if scale > 1e-14 else 1.0

    def side_to_mid(self, low: float, high: float) -> float:
        """dB, -60 to 20."""
        inside = self.within(low, high)
        ratio = (float(self.side[inside].sum()) + 1e-16) / (float(self.mid[inside].sum()) + 1e-16)
        return float(np.clip(10 * np.log10(ratio), -60.0, 20.0))

    def mono_loss(self, low: float, high: float) -> float:
        """dB that a range loses when the channels are summed, against both playing."""
        inside = self.within(low, high)
        both = float((self.left + self.right)[inside].sum()) / 2
        if both < 1e-14:
            return 0.0
        return float(-10 * np.log10(max(float(self.mid[inside].sum()), 1e-6 * both) / both))


def hear(source: AudioSource, *, progress: Progress, stage: str = "listen") -> Heard:
    """Listen to all of it. Mono counts as two equal channels; of more than two the first two are heard for stereo."""
    ear = _Ear(source.sample_rate, source.channels)
    for block in blocks_of(source, progress=progress, stage=stage):
        ear.push(block)
    return ear.result(source.frames)


class _Ear:
    def __init__(self, sample_rate: int, channels: int) -> None:
        self._rate, self._channels = sample_rate, channels
        self._meter = LoudnessMeter(sample_rate, channels, true_peak=True)
        self._size = 2 ** round(np.log2(FRAME_SECONDS * sample_rate))
        self._window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self._size) / self._size)).astype(np.float32)
        self._bands = _Bands(self._size, sample_rate)
        self._short = 2 ** round(np.log2(SHORT_SECONDS * sample_rate))
        self._rest = np.zeros((0, 2), np.float32)
        self._short_rest = np.zeros(0, np.float32)
        self._rows: list[Curve] = []
        self._bursts: list[Curve] = []
        self._peaks: list[Curve] = []
        self._peak_rest = np.zeros(0, np.float32)
        self._sum = np.zeros(channels)

    def push(self, block: Samples) -> None:
        self._meter.push(block)
        self._sum += block.sum(axis=0, dtype=np.float64)
        stereo = block[:, :2] if self._channels > 1 else np.repeat(block, 2, axis=1)
        self._push_frames(stereo)
        self._push_short((stereo[:, 0] + stereo[:, 1]) * np.float32(0.5))
        peaks = np.abs(block[:, 0])
        for channel in range(1, self._channels):
            # numpy reduces along an axis of two about ten times slower than it compares columns.
            np.maximum(peaks, np.abs(block[:, channel]), out=peaks)
        self._push_peaks(peaks)

    def _push_frames(self, stereo: Samples) -> None:
        from scipy.fft import rfft

        waiting = np.concatenate([self._rest, stereo])
        step = self._size // 2
        start = 0
        while start + self._size <= len(waiting):
            frame = np.ascontiguousarray((waiting[start : start + self._size] * self._window[:, None]).T)
            self._rows.append(self._bands.powers(rfft(frame, axis=1)))
            start += step
        self._rest = waiting[start:].copy()

    def _push_short(self, mono: Samples) -> None:
        from scipy.fft import rfft

        waiting = np.concatenate([self._short_rest, mono])
        count = len(waiting) // self._short
        frames = waiting[: count * self._short].reshape(count, self._short)
        power = np.square(np.abs(rfft(frames, axis=1))) * (2.0 / self._short**2)
        bins = np.arange(power.shape[1]) * self._rate / self._short
        spans = [(bins >= low) & (bins < high) for low, high in (SIBILANT, BODY)]
        self._bursts.append(np.stack([power[:, span].sum(axis=1) for span in spans]).astype(np.float64))
        self._short_rest = waiting[count * self._short :].copy()

    def _push_peaks(self, peaks: Samples) -> None:
        waiting = np.concatenate([self._peak_rest, peaks])
        size = max(1, self._rate // _HOPS)
        count = len(waiting) // size
        self._peaks.append(waiting[: count * size].reshape(count, size).max(axis=1).astype(np.float64))
        self._peak_rest = waiting[count * size :].copy()

    def result(self, frames: int) -> Heard:
        if not self._rows:
            # Shorter than one frame: padded, so that there is one.
            self._push_frames(np.zeros((self._size - len(self._rest), 2), np.float32))
        rows = np.stack(self._rows)  # [frames, 3, bands]
        power = self._meter.power()
        starts = np.arange(len(rows)) * (self._size // 2) / self._rate
        loudness = _loudness_of(power, starts, self._size / self._rate)
        heard = rows[_above_gate(loudness)]
        left, right, cross = heard.mean(axis=0)
        bursts = np.concatenate(self._bursts, axis=1)
        return Heard(
            sample_rate=self._rate,
            channels=self._channels,
            duration=frames / self._rate,
            loudness=self._meter.result(),
            left=left,
            right=right,
            cross=cross,
            frame_power=np.maximum((rows[:, 0] + rows[:, 1] + 2 * rows[:, 2]) / 4, 0.0),
            frame_loudness=loudness,
            short_term=_loudness_of(power, np.arange(max(0, len(power) - 300)) / _HOPS, 3.0),
            hop_peak=np.concatenate(self._peaks),
            sibilant=bursts[0],
            body=bursts[1],
            offset=self._sum / max(1, frames),
        )


class _Bands:
    """Sums the bins of a spectrum into the third octaves."""

    def __init__(self, size: int, sample_rate: int) -> None:
        bins = np.arange(size // 2 + 1) * sample_rate / size
        edges = np.append(CENTRES * 2 ** (-1 / 6), CENTRES[-1] * 2 ** (1 / 6))
        self._first = np.searchsorted(bins, edges)
        self._scale = 2.0 / (0.375 * size**2)  # to mean power, for a Hann window

    def powers(self, spectra: NDArray[np.complex64]) -> Curve:
        """[3, 31]: left, right, and the real part of their cross spectrum."""
        left, right = spectra
        rows = (
            np.square(left.real) + np.square(left.imag),
            np.square(right.real) + np.square(right.imag),
            left.real * right.real + left.imag * right.imag,
        )
        sums = [np.concatenate([np.zeros(1), np.cumsum(row, dtype=np.float64)]) for row in rows]
        return np.array([(row[self._first[1:]] - row[self._first[:-1]]) * self._scale for row in sums])


def _loudness_of(power: Curve, starts: Curve, seconds: float) -> Curve:
    """LUFS of stretches of `seconds`, from the meter's powers each 10 ms."""
    energy = np.concatenate([np.zeros(1), np.cumsum(power)])
    first = np.minimum((starts * _HOPS).astype(int), len(power))
    last = np.minimum(((starts + seconds) * _HOPS).astype(int), len(power))
    mean = (energy[last] - energy[first]) / np.maximum(1, last - first)
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(mean, _TINY)))


def _above_gate(loudness: Curve) -> NDArray[np.bool_]:
    """Which frames count; all of them where none is above -70 LUFS."""
    loud = loudness > -70.0
    if not loud.any():
        return np.ones(loudness.shape, bool)
    mean = 10 * np.log10(np.mean(10 ** (loudness[loud] / 10)))
    return np.asarray(loud & (loudness > mean + _GATE))
