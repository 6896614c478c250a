"""The curves that the window and the report draw: envelope, third-octave spectrum, loudness over time; of audio of any length."""

from __future__ import annotations

from typing import Any

import numpy as np

from grammy_desktop.core.audio import AudioClip, AudioSource, Samples
from grammy_desktop.core.loudness import Curve, Loudness, LoudnessHistory, LoudnessMeter
from grammy_desktop.core.loudness.figures import history_of
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.stream import ClipSource, blocks_of

_THIRD_OCTAVES = 1000.0 * 2.0 ** (np.arange(-16, 14) / 3.0)
"""Centre frequencies in Hz, 25 Hz to 20 kHz (IEC 61260 base-two series)."""
_WINDOW = 16_384
"""Frames of one spectrum."""
_MOST_SPECTRA = 8_000
"""Half an hour at 44.1 kHz; of longer audio every second, third... window is looked at."""
_MOST_POINTS = 24_000
"""Of a curve over time: 40 minutes at ten points a second."""


class HeardAudio:
    """One pass over a source: loudness and its history, third octaves, envelope. In long files there are fewer points an hour."""

    def __init__(self, source: AudioSource, *, points: int = 240, loudness: bool = True) -> None:
        self._rate = source.sample_rate
        self._seconds = source.frames / source.sample_rate
        self._meter = LoudnessMeter(source.sample_rate, source.channels) if loudness else None
        self._spectrum = _Spectrum(source.frames)
        self._envelope = _Envelope(source.frames, points)

    @classmethod
    def of(cls, source: AudioSource, progress: Progress, *, points: int = 240, loudness: bool = True) -> HeardAudio:
        """All of it. points: of the envelope. Without `loudness` its figures and history are not to be had."""
        heard = cls(source, points=points, loudness=loudness)
        for block in blocks_of(source, progress=progress, stage="measure"):
            heard.push(block)
        return heard

    @classmethod
    def of_clip(cls, clip: AudioClip, *, points: int = 240, loudness: bool = True) -> HeardAudio:
        return cls.of(ClipSource(clip), NoProgress(), points=points, loudness=loudness)

    def push(self, block: Samples) -> None:
        if self._meter is not None:
            self._meter.push(block)
        self._envelope.push(block)
        self._spectrum.push(block)

    def loudness(self) -> Loudness:
        return self._known().result()

    def curves(self) -> dict[str, Any]:
        """What every version keeps: loudness over time and the envelope."""
        return {"history": self.history(), "envelope": self.envelope()}

    def third_octaves(self) -> dict[str, list[float]]:
        """Share of each third-octave band in the whole power, in dB."""
        power = self._spectrum.result()
        bins = np.fft.rfftfreq(_WINDOW, 1.0 / self._rate)
        centres = _THIRD_OCTAVES[self._rate / 2 > _THIRD_OCTAVES * 2 ** (1 / 6)]
        bands = np.array([power[(bins >= c * 2 ** (-1 / 6)) & (bins < c * 2 ** (1 / 6))].sum() for c in centres])
        level = 10.0 * np.log10(np.maximum(bands / max(float(power.sum()), 1e-20), 1e-12))
        return {"frequencies": _rounded(centres, 1), "db": _rounded(level, 2)}

    def history(self) -> dict[str, list[float | None]]:
        """Short-term and momentary loudness (LUFS) ten times a second (less often in long files); None where there is none."""
        hop = 0.1 * max(1, round(self._seconds / 0.1 / _MOST_POINTS + 0.5))
        curve = self.loudness_over_time(hop)
        levels = {"short_term": _nullable(curve.short_term), "momentary": _nullable(curve.momentary)}
        return {"times": list(_rounded(curve.times, 3)), **levels}

    def loudness_over_time(self, hop: float) -> LoudnessHistory:
        """LUFS every `hop` seconds, unrounded."""
        return history_of(self._known().power(), hop)

    def envelope(self) -> dict[str, list[float]]:
        """Lowest and highest sample (over all channels) and root mean square of equal stretches."""
        return self._envelope.result()

    def _known(self) -> LoudnessMeter:
        if self._meter is None:
            raise ValueError("this audio was heard without a meter")
        return self._meter


class _Spectrum:
    """Mean power over Hann windows with half overlap, channels summed."""

    def __init__(self, frames: int) -> None:
        hop = _WINDOW // 2
        self._hop = hop * max(1, -(-frames // (hop * _MOST_SPECTRA)))
        self._window = np.hanning(_WINDOW).astype(np.float32)[:, None]
        self._power = np.zeros(_WINDOW // 2 + 1)
        self._held: Samples | None = None
        self._skip = 0
        self._count = 0

    def push(self, block: Samples) -> None:
        held = block if self._held is None else np.concatenate([self._held, block])
        start = min(self._skip, len(held))
        self._skip -= start
        while self._skip == 0 and len(held) - start >= _WINDOW:
            self._look(held[start : start + _WINDOW])
            step = min(self._hop, len(held) - start)
            self._skip = self._hop - step
            start += step
        self._held = held[start:].copy()

    def result(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        if self._count == 0 and self._held is not None:
            self._look(np.pad(self._held, ((0, _WINDOW - len(self._held)), (0, 0))))
        return self._power

    def _look(self, piece: Samples) -> None:
        from scipy.fft import rfft

        spectrum = rfft(np.ascontiguousarray((piece * self._window).T), axis=1)
        self._power += (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
        self._count += 1


class _Envelope:
    """Lowest, highest, root mean square of equal stretches."""

    def __init__(self, frames: int, points: int) -> None:
        edges = np.linspace(0, frames, points + 1).astype(np.int64)
        self._edges = edges[:-1]
        self._lengths = np.maximum(1, np.diff(edges))
        self._low = np.full(points, np.inf)
        self._high = np.full(points, -np.inf)
        self._power = np.zeros(points)
        self._frame = 0

    def push(self, block: Samples) -> None:
        if len(block) == 0:
            return
        first = max(0, int(np.searchsorted(self._edges, self._frame, side="right")) - 1)
        last = int(np.searchsorted(self._edges, self._frame + len(block), side="left"))
        starts = np.maximum(0, self._edges[first:last] - self._frame)
        here = slice(first, last)
        for column in np.ascontiguousarray(block.T):
            self._low[here] = np.minimum(self._low[here], np.minimum.reduceat(column, starts))
            self._high[here] = np.maximum(self._high[here], np.maximum.reduceat(column, starts))
            power = np.add.reduceat(np.square(column), starts, dtype=np.float64)
            self._power[here] += power / block.shape[1]
        self._frame += len(block)

    def result(self) -> dict[str, list[float]]:
        heard = np.isfinite(self._low)
        low, high = np.where(heard, self._low, 0.0), np.where(heard, self._high, 0.0)
        rms = np.sqrt(self._power / self._lengths)
        return {"low": _rounded(low, 4), "high": _rounded(high, 4), "rms": _rounded(rms, 4)}


def outline(clip: AudioClip, points: int) -> dict[str, list[float]]:
    """`HeardAudio.envelope` of a whole clip with as many points, and nothing else."""
    envelope = _Envelope(clip.frames, points)
    for block in blocks_of(ClipSource(clip), progress=NoProgress(), stage="measure"):
        envelope.push(block)
    return envelope.result()


def _rounded(values: Any, digits: int) -> list[float]:
    return [round(float(value), digits) for value in values]


def _nullable(values: Curve) -> list[float | None]:
    return [round(float(value), 2) if np.isfinite(value) else None for value in values]


def master_curves(before: dict[str, list[float]], master: HeardAudio) -> dict[str, Any]:
    """What a master's version keeps for the Master page. before: the mix's `third_octaves`."""
    after = master.third_octaves()
    spectrum = {"frequencies": after["frequencies"], "mix_db": before["db"], "master_db": after["db"]}
    return {"spectrum": spectrum, **master.curves()}
