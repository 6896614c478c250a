"""Where notes start, and how regular the beat is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Envelope = NDArray[np.float64]

_TEMPOGRAM_WINDOW = 384  # frames: 8.9 s, as in Grosche, Mueller and Kurth 2010


def find_onsets(strength: Envelope, frame_rate: float) -> NDArray[np.int64]:
    """Frames at which a note starts: peaks that stand 7 % of the range above their surroundings (Boeck, Krebs, Schedl 2012).

    strength: [frames], any scale; frame_rate: frames per second.
    """
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    span = float(strength.max() - strength.min()) if strength.size else 0.0
    if span <= 0.0:
        return np.zeros(0, dtype=np.int64)
    level = (strength - strength.min()) / span
    peak_reach, mean_reach = int(0.03 * frame_rate), int(0.10 * frame_rate)
    highest = maximum_filter1d(level, peak_reach + 1, origin=(peak_reach + 1) // 2 - peak_reach // 2 - peak_reach % 2)
    around = uniform_filter1d(level, 2 * mean_reach + 1)
    candidates = np.flatnonzero((level >= highest) & (level >= around + 0.07))
    kept: list[int] = []
    for frame in candidates:
        if not kept or frame - kept[-1] > peak_reach:
            kept.append(int(frame))
    return np.asarray(kept, dtype=np.int64)


def tempogram_mean(strength: Envelope) -> NDArray[np.float64]:
    """[384]: local autocorrelation of the onset strength, each frame's largest = 1, averaged over the song."""
    size = _TEMPOGRAM_WINDOW
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    padded = np.pad(strength, size // 2, mode="linear_ramp")
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[: strength.size]
    total = np.zeros(size)
    for first in range(0, frames.shape[0], 1024):
        spectrum = np.fft.rfft(frames[first : first + 1024] * window, n=2 * size, axis=1)
        local = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :size]
        largest = np.abs(local).max(axis=1, keepdims=True)
        total += (local / np.where(largest > 1e-12, largest, 1.0)).sum(axis=0)
    mean: Envelope = total / max(1, frames.shape[0])
    return mean


def pulse_clarity(strength: Envelope, frame_rate: float) -> float:
    """0..1: the strongest period between 40 and 220 BPM in the averaged local autocorrelation."""
    mean = tempogram_mean(strength)
    tempo = 60.0 * frame_rate / np.maximum(np.arange(mean.size), 1)
    return float(mean[(tempo > 40.0) & (tempo < 220.0)].max())


def beat_regularity(strength: Envelope, frame_rate: float) -> float:
    """0..1: the highest autocorrelation of the whole song's onset strength between 40 and 220 BPM.

    Near 0 for noise and speech (whose local periods do not last), above 0.2 where there is a beat.
    """
    first, last = int(60.0 * frame_rate / 220.0), int(60.0 * frame_rate / 40.0)
    if strength.size < 2 * last:
        return 0.0
    centred = strength - strength.mean()
    spectrum = np.fft.rfft(centred, n=2 * strength.size)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: last + 1]
    if correlation[0] <= 1e-12:
        return 0.0
    return float(np.clip(correlation[first:].max() / correlation[0], 0.0, 1.0))
