"""The curves the window and the report draw: envelope, third-octave spectrum, loudness over time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.loudness import history

_THIRD_OCTAVES = 1000.0 * 2.0 ** (np.arange(-16, 14) / 3.0)
"""Centre frequencies in Hz, 25 Hz to 20 kHz (IEC 61260 base-two series)."""

_WINDOW = 16_384
"""Frames of one spectrum: 341 ms at 48 kHz, 2.9 Hz a bin, fine enough for the 25 Hz band."""


def envelope(clip: AudioClip, points: int = 1200) -> dict[str, list[float]]:
    """Lowest and highest sample (over both channels) and root mean square of `points` equal stretches."""
    edges = np.linspace(0, clip.frames, points + 1).astype(np.int64)[:-1]
    # Channel by channel: numpy reduces along a last axis of two about ten times slower than along a column.
    columns = [np.ascontiguousarray(clip.samples[:, channel]) for channel in range(clip.channels)]
    low = np.min([np.minimum.reduceat(column, edges) for column in columns], axis=0)
    high = np.max([np.maximum.reduceat(column, edges) for column in columns], axis=0)
    power = np.mean([np.add.reduceat(np.square(column), edges, dtype=np.float64) for column in columns], axis=0)
    rms = np.sqrt(power / np.maximum(1, np.diff(np.append(edges, clip.frames))))
    return {"low": _rounded(low, 4), "high": _rounded(high, 4), "rms": _rounded(rms, 4)}


def third_octaves(clip: AudioClip) -> dict[str, list[float]]:
    """Share of each third-octave band in the whole power, in dB; mean over Hann windows with half overlap, channels summed."""
    window = np.hanning(_WINDOW).astype(np.float32)
    power = np.zeros(_WINDOW // 2 + 1)
    for start in range(0, max(1, clip.frames - _WINDOW + 1), _WINDOW // 2):
        block = clip.samples[start : start + _WINDOW]
        if len(block) < _WINDOW:
            block = np.pad(block, ((0, _WINDOW - len(block)), (0, 0)))
        power += np.square(np.abs(np.fft.rfft(block * window[:, None], axis=0))).sum(axis=1)
    bins = np.fft.rfftfreq(_WINDOW, 1.0 / clip.sample_rate)
    centres = _THIRD_OCTAVES[clip.sample_rate / 2 > _THIRD_OCTAVES * 2 ** (1 / 6)]
    bands = np.array([power[(bins >= c * 2 ** (-1 / 6)) & (bins < c * 2 ** (1 / 6))].sum() for c in centres])
    level = 10.0 * np.log10(np.maximum(bands / max(float(power.sum()), 1e-20), 1e-12))
    return {"frequencies": _rounded(centres, 1), "db": _rounded(level, 2)}


def loudness_history(clip: AudioClip) -> dict[str, list[float | None]]:
    """Short-term loudness (LUFS) every 0.1 s for the transport's readout; None where nothing can be measured."""
    curve = history(clip, hop=0.1)
    return {"times": list(_rounded(curve.times, 3)), "short_term": _nullable(curve.short_term)}


def mastering_pictures(mix: AudioClip, master: AudioClip, gain_reduction: dict[str, Any]) -> dict[str, Any]:
    """What a master's version keeps for the Master page."""
    before, after = third_octaves(mix), third_octaves(master)
    return {
        "spectrum": {"frequencies": after["frequencies"], "mix_db": before["db"], "master_db": after["db"]},
        "gain_reduction": gain_reduction,
        "history": loudness_history(master),
    }


def _rounded(values: NDArray[Any], digits: int) -> list[float]:
    return [round(float(value), digits) for value in values]


def _nullable(values: NDArray[Any]) -> list[float | None]:
    return [round(float(value), 2) if np.isfinite(value) else None for value in values]
