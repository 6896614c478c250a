"""Short-time spectra of mono audio, in plain numpy so that a fresh process pays for no compilation.

The definitions (centred frames, Hann window, Slaney mel scale, Gaussian chroma) are librosa's, which the tests use as the oracle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, mono_of

Floats = NDArray[np.float32]

ANALYSIS_RATE = 22_050
"""Hz; what rhythm, timbre and harmony are computed at."""

FRAME, HOP = 2048, 512
"""Samples at `ANALYSIS_RATE`: 93 ms frames every 23 ms."""

_BLOCK = 512  # frames transformed at once: keeps the working memory under 20 MB


def mono(clip: AudioClip, sample_rate: int = ANALYSIS_RATE) -> Floats:
    """float32 [n]: the mean of the channels at `sample_rate` Hz."""
    import soxr

    mixed = mono_of(clip.samples)
    if clip.sample_rate == sample_rate or mixed.size == 0:
        return mixed
    return np.asarray(soxr.resample(mixed, clip.sample_rate, sample_rate, quality="HQ"), dtype=np.float32)


def magnitudes(samples: Floats, frame: int = FRAME, hop: int = HOP) -> Floats:
    """float32 [frame // 2 + 1, frames]: magnitude of centred Hann frames, zero-padded at both ends."""
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / frame)).astype(np.float32)
    padded = np.pad(samples, frame // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, frame)[::hop]
    result = np.empty((frame // 2 + 1, frames.shape[0]), dtype=np.float32)
    for first in range(0, frames.shape[0], _BLOCK):
        block = frames[first : first + _BLOCK] * window
        result[:, first : first + _BLOCK] = np.abs(np.fft.rfft(block, axis=1)).T
    return result


def decibels(power: NDArray[np.floating], floor: float = 1e-10) -> NDArray[np.float64]:
    """10 log10 of `power`, not below `floor`."""
    return 10.0 * np.log10(np.maximum(np.asarray(power, dtype=np.float64), floor))


def mel_filters(bands: int, sample_rate: int = ANALYSIS_RATE, frame: int = FRAME) -> Floats:
    """float32 [bands, frame // 2 + 1]: triangles of equal area on the Slaney mel scale (Auditory Toolbox, 1998)."""

    def to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
        linear = mel * 200.0 / 3.0
        return np.where(mel < 15.0, linear, 1000.0 * np.exp((mel - 15.0) * math.log(6.4) / 27.0))

    top = 15.0 + math.log(sample_rate / 2000.0) * 27.0 / math.log(6.4)
    edges = to_hz(np.linspace(0.0, top, bands + 2))
    bins = np.fft.rfftfreq(frame, 1.0 / sample_rate)
    rising = (bins[None, :] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None, :]) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return triangles.astype(np.float32)


def chroma_filters(sample_rate: int = ANALYSIS_RATE, frame: int = FRAME) -> Floats:
    """float32 [12, frame // 2 + 1]: how much of each bin belongs to pitch classes C to B (Ellis 2007), A4 = 440 Hz."""
    hertz = np.fft.fftfreq(frame, 1.0 / sample_rate)[1 : frame // 2 + 1]
    semitones = 12.0 * np.log2(np.abs(hertz) / 27.5)
    semitones = np.concatenate([[semitones[0] - 18.0], semitones])
    following = 12.0 * np.log2((frame // 2 + 1) * sample_rate / frame / 27.5)
    width = np.maximum(np.diff(np.concatenate([semitones, [following]])), 1.0)
    distance = np.remainder(semitones[None, :] - np.arange(12)[:, None] + 6.0, 12.0) - 6.0
    weights = np.exp(-0.5 * (2.0 * distance / width) ** 2)
    weights /= np.maximum(np.linalg.norm(weights, axis=0), 1e-12)
    weights *= np.exp(-0.5 * ((semitones / 12.0 - 5.0) / 2.0) ** 2)
    filters: Floats = np.roll(weights, -3, axis=0).astype(np.float32)  # the filters start at A; pitch class 0 is C
    return filters


@dataclass(frozen=True, eq=False)
class Spectrogram:
    """Magnitudes of one mono signal with what is often derived from them; each is computed once, on demand.

    magnitude: float32 [1025, frames]; samples: float32 [n] at `ANALYSIS_RATE`.
    """

    samples: Floats
    magnitude: Floats

    @classmethod
    def of(cls, clip: AudioClip) -> Spectrogram:
        """The spectrogram of the channels' mean, at 0.1 RMS so that no figure depends on the level."""
        samples = mono(clip)
        rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if samples.size else 0.0
        samples = samples * np.float32(0.1 / (rms + 1e-9))
        return cls(samples, magnitudes(samples))

    @property
    def frame_rate(self) -> float:
        """Frames per second."""
        return ANALYSIS_RATE / HOP

    @cached_property
    def frequencies(self) -> NDArray[np.float64]:
        """Hz of each row."""
        return np.fft.rfftfreq(FRAME, 1.0 / ANALYSIS_RATE).astype(np.float64)

    @cached_property
    def power(self) -> Floats:
        return np.square(self.magnitude)

    @cached_property
    def mel_db(self) -> NDArray[np.float64]:
        """[96, frames] dB, at most 80 dB below the loudest."""
        level = decibels(mel_filters(96) @ self.power)
        return np.asarray(np.maximum(level, level.max() - 80.0), dtype=np.float64)

    @cached_property
    def chroma(self) -> Floats:
        """[12, frames], each frame's largest = 1."""
        raw = chroma_filters() @ self.power
        return np.asarray(raw / np.maximum(raw.max(axis=0, keepdims=True), 1e-10), dtype=np.float32)

    @cached_property
    def onset_strength(self) -> NDArray[np.float64]:
        """[frames]: mean positive change of the mel bands from frame to frame (spectral flux, Boeck and Widmer 2013, lag 1)."""
        change = np.maximum(0.0, np.diff(self.mel_db, axis=1)).mean(axis=0)
        delay = 1 + FRAME // (2 * HOP)  # a change belongs to the middle of the frame it shows in
        return np.concatenate([np.zeros(delay), change])[: self.mel_db.shape[1]]
