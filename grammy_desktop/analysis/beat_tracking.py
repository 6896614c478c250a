"""Beats of music whose tempo moves: a path through local tempi, then the beats along it that meet the most attacks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import RATE, Attacks
from grammy_desktop.core.progress import Progress

Floats = NDArray[np.float64]

_WINDOW, _STEP = 10.0, 1.0
"""Seconds of music a local tempo is read from, and between two readings."""
_GRID = 0.01
"""Octaves between tempi."""
_TIGHTNESS = 90.0
"""How strongly beats keep to the local tempo (Ellis 2007)."""


def tempo_path(attacks: Attacks, *, lowest: float = 60.0, octaves: float = 1.0) -> tuple[Floats, Floats]:
    """(times, bpm): the most plausible course of the tempo within one octave, by Viterbi over local autocorrelations."""
    strength = np.minimum(attacks.total, 8.0)
    window, step = int(_WINDOW * RATE), int(_STEP * RATE)
    tempi = lowest * 2.0 ** np.arange(0.0, octaves, _GRID)
    padded = np.pad(strength, window // 2)
    starts = np.arange(0, strength.size, step)
    scores = np.empty((starts.size, tempi.size))
    shape = np.hanning(window)
    for row, start in enumerate(starts):
        part = padded[start : start + window]
        part = (part - part.mean()) * shape
        spectrum = np.fft.rfft(part, 2 * window)
        local = np.fft.irfft(np.square(np.abs(spectrum)))[:window]
        local /= max(float(local[0]), 1e-9)
        lags = 60.0 * RATE / tempi
        scores[row] = sum(
            np.interp(lags * multiple, np.arange(window), local) for multiple in (0.5, 1.0, 2.0, 3.0, 4.0)
        )
    path = _smooth_path(scores)
    return starts / RATE + attacks.offset, tempi[path]


def _smooth_path(scores: Floats) -> NDArray[np.int64]:
    """Viterbi; a step of one grid point a second costs little, a jump much; the octave wraps around."""
    count = scores.shape[1]
    apart = np.abs(np.arange(count)[:, None] - np.arange(count))
    apart = np.minimum(apart, count - apart)
    cost = np.minimum(0.03 * apart, 1.2)
    best = scores[0].copy()
    back = np.zeros(scores.shape, dtype=np.int64)
    for row in range(1, scores.shape[0]):
        options = best[:, None] - cost
        back[row] = options.argmax(axis=0)
        best = options.max(axis=0) + scores[row]
    path = np.empty(scores.shape[0], dtype=np.int64)
    path[-1] = int(best.argmax())
    for row in range(scores.shape[0] - 2, -1, -1):
        path[row] = back[row + 1, path[row + 1]]
    return path


def track_beats(attacks: Attacks, times: Floats, bpm: Floats, progress: Progress) -> Floats:
    """Beat times (seconds) at a given course of the tempo, by dynamic programming (Ellis 2007)."""
    strength = np.sqrt(np.minimum(attacks.total, 8.0))
    strength = strength / max(float(strength.std()), 1e-9)
    frames = strength.size
    period = 60.0 * RATE / np.interp(np.arange(frames) / RATE + attacks.offset, times, bpm)
    total = strength.copy()
    back = np.full(frames, -1, dtype=np.int64)
    for frame in range(frames):
        if frame % 4096 == 0:
            progress.check_cancelled()
        length = period[frame]
        first, last = frame - int(2 * length), frame - int(length / 2)
        if last <= 0:
            continue
        first = max(first, 0)
        steps = frame - np.arange(first, last)
        options = total[first:last] - _TIGHTNESS * np.square(np.log(steps / length))
        index = int(options.argmax())
        if options[index] > 0.0:
            total[frame] += options[index]
            back[frame] = first + index
    tail = max(0, frames - int(1.2 * period[-1]))
    frame = tail + int(total[tail:].argmax())
    beats = []
    while frame >= 0:
        beats.append(frame)
        frame = int(back[frame])
    return np.asarray(beats[::-1], dtype=np.float64) / RATE + attacks.offset
