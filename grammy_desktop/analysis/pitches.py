"""Which notes sound, moment by moment: the spectrum explained as a sum of harmonic tones (after Mauch and Dixon 2010)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.spectra import ANALYSIS_RATE, Floats
from grammy_desktop.core.progress import Progress

FRAME, HOP = 8192, 1024
"""Samples at `ANALYSIS_RATE`: 372 ms frames every 46 ms."""

RATE = ANALYSIS_RATE / HOP
"""Frames per second."""

LOWEST, NOTES = 24, 84
"""MIDI number of the first note (C1) and how many there are."""

_PER_NOTE = 3  # rows a semitone
_ROWS = NOTES * _PER_NOTE
_BLOCK = 256
_PARTIALS = 14
_DECAY = 0.72  # of each partial against the one before
_ROUNDS = 30
_TUNING_LOW, _TUNING_HIGH = 110.0, 1800.0


@dataclass(frozen=True, eq=False)
class Pitches:
    """notes: float32 [frames, 84] how strongly each note sounds, C1 first; spectrum: float32 [frames, 252] what they explain.

    tuning: semitones above A4 = 440 Hz (-0.5 to 0.5), tuning_clarity 0 to 1. power: [frames] of the spectrum, linear.
    """

    notes: Floats
    spectrum: Floats
    tuning: float
    tuning_clarity: float
    power: NDArray[np.float64]

    def times(self) -> NDArray[np.float64]:
        """Seconds at the middle of each frame."""
        return np.arange(self.notes.shape[0]) / RATE


def pitches_of(samples: Floats, progress: Progress) -> Pitches:
    """samples: mono at `ANALYSIS_RATE`, RMS 0.1."""
    magnitude = _magnitudes(samples, progress)
    tuning, clarity = _tuning(magnitude)
    rows = magnitude @ _row_filters(round(tuning, 2)).T
    power = np.square(rows, dtype=np.float64).sum(axis=1)
    flat = _flattened(rows)
    return Pitches(_explain(flat, progress), flat, tuning, clarity, power)


def _magnitudes(samples: Floats, progress: Progress) -> Floats:
    """float32 [frames, bins up to 5.6 kHz]: magnitudes of centred Hann frames."""
    from scipy.fft import rfft

    window = np.hanning(FRAME + 1)[:-1].astype(np.float32) * np.float32(4.0 / FRAME)
    padded = np.pad(samples, FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    result = np.empty((frames.shape[0], FRAME // 4 + 1), dtype=np.float32)
    for first in range(0, frames.shape[0], _BLOCK):
        progress.check_cancelled()
        result[first : first + _BLOCK] = np.abs(rfft(frames[first : first + _BLOCK] * window, axis=1))[
            :, : FRAME // 4 + 1
        ]
    return result


def _tuning(magnitude: Floats) -> tuple[float, float]:
    """The circular mean of how far spectral peaks lie from the nearest semitone, and how far they agree."""
    step = ANALYSIS_RATE / FRAME
    low, high = int(_TUNING_LOW / step), int(_TUNING_HIGH / step)
    part = magnitude[::3]
    inner = part[:, low:high]
    is_peak = (inner > part[:, low - 1 : high - 1]) & (inner >= part[:, low + 1 : high + 1])
    is_peak &= inner > 0.05 * inner.max(axis=1, keepdims=True) + 1e-7
    frame, column = np.nonzero(is_peak)
    if frame.size == 0:
        return 0.0, 0.0
    column += low
    before, at, after = (np.log(part[frame, column + side] + 1e-9) for side in (-1, 0, 1))
    curve = np.minimum(before - 2 * at + after, -1e-6)
    shift = np.clip(0.5 * (before - after) / curve, -0.5, 0.5)
    pitch = 12.0 * np.log2((column + shift) * step / 440.0)
    weight = np.sqrt(part[frame, column].astype(np.float64))
    mean = np.sum(weight * np.exp(2j * np.pi * pitch)) / max(float(weight.sum()), 1e-12)
    return float(np.angle(mean) / (2 * np.pi)), float(np.abs(mean))


@lru_cache(maxsize=4)
def _row_filters(tuning: float) -> Floats:
    """float32 [252, bins]: triangles a third of a semitone apart, never narrower than a bin."""
    step = ANALYSIS_RATE / FRAME
    hertz = np.arange(1, FRAME // 4 + 1) * step
    pitch = 69.0 + 12.0 * np.log2(hertz / 440.0)
    width = np.maximum(1.0 / _PER_NOTE, 12.0 * np.log2(1.0 + step / hertz))
    centres = LOWEST + tuning + (np.arange(_ROWS) - 1) / _PER_NOTE
    filters = np.zeros((_ROWS, FRAME // 4 + 1), dtype=np.float32)
    filters[:, 1:] = np.maximum(0.0, 1.0 - np.abs(centres[:, None] - pitch) / width)
    return np.asarray(filters / (filters.sum(axis=1, keepdims=True) + 1e-9), dtype=np.float32)


@lru_cache(maxsize=1)
def _tones() -> Floats:
    """float32 [252, 84]: what a tone of each pitch looks like through the window and the filters, unit length."""
    step = ANALYSIS_RATE / FRAME
    filters = _row_filters(0.0).astype(np.float64)
    bins = np.arange(FRAME // 4 + 1)
    tones = np.zeros((_ROWS, NOTES))
    for note in range(NOTES):
        hertz = 440.0 * 2.0 ** ((LOWEST + note - 69) / 12.0)
        spectrum = np.zeros(bins.size)
        for partial in range(1, _PARTIALS + 1):
            spectrum += _DECAY ** (partial - 1) * _hann_line(bins - partial * hertz / step)
        tones[:, note] = filters @ spectrum
    return np.asarray(tones / np.linalg.norm(tones, axis=0), dtype=np.float32)


def _hann_line(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Magnitude of a Hann window's spectrum `distance` bins from a sinusoid, 1 at its top."""
    near = np.abs(distance) < 8.0
    square = np.square(distance)
    return np.where(near, np.abs(np.sinc(distance) / np.where(np.abs(square - 1.0) < 1e-6, np.inf, 1.0 - square)), 0.0)


def _flattened(rows: Floats) -> Floats:
    """What stands out of its surroundings (an octave and a half), louder bands no longer hiding softer ones."""
    from scipy.ndimage import uniform_filter1d

    reach = 18 * _PER_NOTE + 1
    mean = uniform_filter1d(rows, reach, axis=1, mode="nearest")
    spread = np.sqrt(np.maximum(uniform_filter1d(np.square(rows), reach, axis=1, mode="nearest") - mean**2, 1e-14))
    loudest = max(float(rows.max()), 1e-9)
    out = np.maximum(0.0, (rows - mean) / (spread + 1e-4 * loudest)) * np.sqrt(spread / loudest)
    return np.asarray(out, dtype=np.float32)


def _explain(flat: Floats, progress: Progress) -> Floats:
    """Non-negative least squares by multiplicative updates (Lee and Seung 2000), all frames at once."""
    tones = _tones()
    gram = tones.T @ tones
    notes = np.empty((flat.shape[0], NOTES), dtype=np.float32)
    for first in range(0, flat.shape[0], 2048):
        progress.check_cancelled()
        target = flat[first : first + 2048] @ tones
        found = target.copy()
        for _ in range(_ROUNDS):
            found *= target / (found @ gram + 1e-6)
        notes[first : first + 2048] = found
    return notes
