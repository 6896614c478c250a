"""What speaks for each pitch being the one that leads, moment by moment."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.spectra import ANALYSIS_RATE, Floats
from grammy_desktop.core.progress import Progress

FRAME, HOP = 4096, 882
"""Samples at `ANALYSIS_RATE`: 186 ms frames every 40 ms."""

RATE = ANALYSIS_RATE / HOP
"""Frames per second: 25."""

LOWEST, PITCHES = 48, 48
"""MIDI number of the lowest leading pitch, and how many there are."""

_FIRST, _SEMITONES = 36, 84  # rows of the spectrum
_BLOCK = 512
_PARTIALS = (12, 19, 24, 28, 31, 34, 36)
_TOP_BIN = FRAME // 2
_SUSTAIN = 1.5
"""Seconds: what sounds as long as this at one pitch is rather a pad than a melody."""


def note_rows(samples: Floats, tuning: float, progress: Progress) -> tuple[Floats, Floats]:
    """(level, tones): float32 [frames, 84] compressed spectrum and harmonic tones, by semitone from MIDI 36."""
    from scipy.fft import rfft

    window = np.hanning(FRAME + 1)[:-1].astype(np.float32) * np.float32(4.0 / FRAME)
    padded = np.pad(samples, FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    filters = _filters(round(tuning, 2))
    rows = np.empty((frames.shape[0], 3 * _SEMITONES), dtype=np.float32)
    for first in range(0, frames.shape[0], _BLOCK):
        progress.check_cancelled()
        rows[first : first + _BLOCK] = np.abs(rfft(frames[first : first + _BLOCK] * window, axis=1)) @ filters
    level = np.log1p(300.0 * rows)
    level = np.maximum(0.0, level - 0.7 * _around(level))
    semitones = level.reshape(-1, _SEMITONES, 3).max(axis=2)
    return semitones, _tones(semitones)


@lru_cache(maxsize=4)
def _filters(tuning: float) -> Floats:
    """float32 [bins, 252]: triangles a third of a semitone apart."""
    step = ANALYSIS_RATE / FRAME
    hertz = np.arange(1, _TOP_BIN + 1) * step
    pitch = 69.0 + 12.0 * np.log2(hertz / 440.0)
    width = np.maximum(1.0 / 3.0, 12.0 * np.log2(1.0 + step / hertz))
    centres = _FIRST + tuning + (np.arange(3 * _SEMITONES) - 1) / 3.0
    filters = np.zeros((_TOP_BIN + 1, 3 * _SEMITONES), dtype=np.float32)
    filters[1:] = np.maximum(0.0, 1.0 - np.abs(centres - pitch[:, None]) / width[:, None])
    return np.asarray(filters / (filters.sum(axis=0, keepdims=True) + 1e-9), dtype=np.float32)


def _around(level: Floats) -> Floats:
    from scipy.ndimage import uniform_filter1d

    return np.asarray(uniform_filter1d(level, 49, axis=1, mode="nearest"))


@lru_cache(maxsize=1)
def _dictionary() -> Floats:
    tones = np.zeros((_SEMITONES, _SEMITONES), dtype=np.float32)
    for note in range(_SEMITONES):
        for number, above in enumerate((0, *_PARTIALS)):
            if note + above < _SEMITONES:
                tones[note + above, note] += 0.8**number
            if 0 < note + above < _SEMITONES - 1:
                tones[note + above - 1, note] += 0.15 * 0.8**number
                tones[note + above + 1, note] += 0.15 * 0.8**number
    return np.asarray(tones / np.linalg.norm(tones, axis=0), dtype=np.float32)


def _tones(level: Floats) -> Floats:
    """Non-negative least squares against harmonic tones, by multiplicative updates."""
    dictionary = _dictionary()
    gram = dictionary.T @ dictionary
    target = level @ dictionary
    found = target.copy()
    for _ in range(25):
        found *= target / (found @ gram + 1e-6)
    return found


def melody_features(level: Floats, tones: Floats) -> NDArray[np.float32]:
    """float32 [frames, 48, features]: for each pitch from MIDI 48, what the network judges; the order is part of the model."""
    from scipy.ndimage import uniform_filter1d

    scale_level = float(np.quantile(level.max(axis=1), 0.9)) + 1e-6
    scale_tones = float(np.quantile(tones.max(axis=1), 0.9)) + 1e-6
    level, tones = level / scale_level, tones / scale_tones
    offset = LOWEST - _FIRST
    columns = np.arange(PITCHES) + offset
    padded = np.pad(level, ((0, 0), (0, 40)))
    found: list[Floats] = [padded[:, columns + above] for above in (-12, -7, -5, -2, -1, 0, 1, 2, *_PARTIALS)]
    wide = np.pad(tones, ((0, 0), (0, 40)))
    found += [wide[:, columns + above] for above in (-12, -1, 0, 1, 7, 12, 19)]
    own = tones[:, columns]
    for frames in (-4, -2, 2, 4):
        found.append(_shifted(own, frames))
    found.append(own - uniform_filter1d(own, round(_SUSTAIN * RATE), axis=0, mode="nearest"))
    found.append(uniform_filter1d(own, round(8 * RATE), axis=0, mode="nearest"))
    above_all = np.cumsum(tones[:, ::-1], axis=1)[:, ::-1]
    found.append(above_all[:, columns] - own)
    running = np.maximum.accumulate(wide[:, ::-1], axis=1)[:, ::-1]
    found.append(running[:, columns + 1])
    found.append(np.broadcast_to(tones[:, columns].max(axis=1, keepdims=True), own.shape))
    found.append(np.broadcast_to(tones.sum(axis=1, keepdims=True) / 8.0, own.shape))
    pitch = (np.arange(PITCHES, dtype=np.float32) - 24) / 12.0
    found.append(np.broadcast_to(pitch, own.shape))
    found.append(np.broadcast_to(np.square(pitch), own.shape))
    return np.stack(found, axis=2).astype(np.float32)


def _shifted(rows: Floats, frames: int) -> Floats:
    out = np.empty_like(rows)
    if frames > 0:
        out[:frames] = rows[:1]
        out[frames:] = rows[:-frames]
    else:
        out[frames:] = rows[-1:]
        out[:frames] = rows[-frames:]
    return out
