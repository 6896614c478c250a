"""Envelopes and filters that every sound is shaped with. Nothing here can click: all ends meet zero."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.running_filter import BLOCK, RunningFilter

FilterKind = Literal["lowpass", "highpass", "bandpass"]
MIN_RAMP = 0.0015
"""Seconds; the shortest attack or release that does not click."""
_FALL = 256
_LONG, _FEW = 48_000, 2
"""Samples from which, and sections up to which, matrices cost less than a loop over samples."""


def frames_of(seconds: float) -> int:
    return max(1, round(seconds * RATE))


def adsr(gate: float, *, attack: float, decay: float, sustain: float, release: float) -> Samples:
    """Envelope of a note held for `gate` seconds: linear attack, exponential decay, exponential release that reaches zero.

    attack, decay, release: seconds (decay and release to about -60 dB); sustain 0 to 1. float32 [frames].
    """
    attack, release = max(attack, MIN_RAMP), max(release, MIN_RAMP)
    held, tail = frames_of(max(gate, attack)), frames_of(release)
    out = np.empty(held + tail, np.float32)
    rising = min(held, int(np.ceil(attack * RATE)))
    out[:rising] = np.arange(rising, dtype=np.float32) * np.float32(1.0 / (attack * RATE))
    per_frame = 6.9 / (max(decay, MIN_RAMP) * RATE)
    level = out[rising:held]
    level[:] = falling(held - rising, per_frame)
    level *= np.float32((1.0 - sustain) * np.exp(-per_frame * (rising - attack * RATE)))
    level += np.float32(sustain)
    x = np.linspace(0.0, 1.0, tail, dtype=np.float32)
    out[held:] = np.exp(-4.6 * x) * (1.0 - x) * out[held - 1]
    return out


def falling(frames: int, per_frame: float) -> Samples:
    """exp(-per_frame * n) for each frame n; float32 [frames]. A product of two short curves instead of a long one."""
    if frames <= 0:
        return np.zeros(0, np.float32)
    coarse = np.exp(-per_frame * _FALL * np.arange(-(-frames // _FALL), dtype=np.float64))
    # What is too small for ordinary float32 numbers would be slow, and nobody hears it.
    coarse[coarse < 1e-25] = 0.0
    fine = np.exp(-per_frame * np.arange(_FALL, dtype=np.float64))
    return np.multiply.outer(coarse.astype(np.float32), fine.astype(np.float32)).reshape(-1)[:frames]


def decay_curve(frames: int, seconds: float) -> Samples:
    """exp decay reaching -60 dB after `seconds`, with the last 3 ms taken to zero."""
    curve = falling(frames, 6.9 / (max(seconds, 1e-3) * RATE))
    last = min(frames, frames_of(0.003))
    curve[-last:] *= np.linspace(1.0, 0.0, last, dtype=np.float32)
    return curve


def fade_edges(samples: Samples, start: float = MIN_RAMP, end: float = 0.005) -> Samples:
    """A copy whose first `start` and last `end` seconds ramp from and to zero."""
    out = samples.copy()
    first, last = min(len(out), frames_of(start)), min(len(out), frames_of(end))
    shape = (-1,) + (1,) * (out.ndim - 1)
    out[:first] *= np.linspace(0.0, 1.0, first, dtype=np.float32).reshape(shape)
    out[-last:] *= np.linspace(1.0, 0.0, last, dtype=np.float32).reshape(shape)
    return out


@lru_cache(maxsize=512)
def _sections(kind: FilterKind, low: float, high: float, order: int, q: float) -> Any:
    from scipy import signal

    if kind == "bandpass":
        return signal.butter(order, [low, high], "bandpass", fs=RATE, output="sos").astype(np.float32)
    if order == 1:
        return signal.butter(1, low, kind, fs=RATE, output="sos").astype(np.float32)
    # Second-order sections of equal Q (Robert Bristow-Johnson's cookbook), the shape of a state-variable filter.
    w = 2 * np.pi * low / RATE
    alpha = np.sin(w) / (2 * q)
    if kind == "highpass":
        b = np.array([0.5, -1.0, 0.5]) * (1 + np.cos(w))
    else:
        b = np.array([0.5, 1.0, 0.5]) * (1 - np.cos(w))
    row = np.concatenate([b, [1 + alpha, -2 * np.cos(w), 1 - alpha]]) / (1 + alpha)
    return np.tile(row, (order // 2, 1)).astype(np.float32)


def sections_of(kind: FilterKind, hz: float, high: float = 0.0, *, order: int = 2, q: float = 0.707) -> Any:
    """The second-order sections of a filter as `apply_filter` uses them, float32 [sections, 6]."""
    top = RATE * 0.45
    return _sections(kind, float(min(max(hz, 10.0), top)), float(min(high, top)), order, float(q))


def apply_filter(
    samples: Samples,
    kind: FilterKind,
    hz: float,
    high: float = 0.0,
    *,
    order: int = 2,
    q: float = 0.707,
    axis: int = 0,
) -> Samples:
    """Filter along the frames (`axis`).

    hz: cutoff, or lower edge of a band up to `high`. order: poles (1, 2, 4; 2 a section).
    """
    if kind == "lowpass" and hz >= RATE * 0.45:
        return samples
    return filtered(samples, sections_of(kind, hz, high, order=order, q=q), axis=axis)


def filtered(samples: Samples, sections: Any, *, axis: int = 0) -> Samples:
    """Through second-order sections one after the other: several in one go cost hardly more than one."""
    from scipy import signal

    if samples.size >= _LONG and len(sections) <= _FEW and (samples.ndim == 1 or axis in (-1, samples.ndim - 1)):
        return _in_blocks(samples, sections)
    if len(sections) == 1:
        return np.asarray(signal.lfilter(sections[0, :3], sections[0, 3:], samples, axis=axis), np.float32)
    return np.asarray(signal.sosfilt(sections, samples, axis=axis), np.float32)


def _in_blocks(samples: Samples, sections: Any) -> Samples:
    """The same by matrix products; [frames] or [channels, frames]."""
    out = np.empty(samples.shape, np.float32)
    lines, into = np.atleast_2d(samples), np.atleast_2d(out)
    run = RunningFilter(sections, len(lines))
    for first in range(0, lines.shape[1], BLOCK):
        piece = slice(first, first + BLOCK)
        into[:, piece] = run(np.ascontiguousarray(lines[:, piece], np.float32))
    return out


def moving_lowpass(samples: Samples, cutoff: NDArray[Any], *, order: int = 2, q: float = 0.9) -> Samples:
    """Low-pass whose cutoff (Hz, one value a frame) moves.

    A bank of still filters half an octave apart, cross-faded along the curve: no zipper noise, always stable, and far
    faster in numpy than a filter with new coefficients every few frames.
    """
    place = np.log2(np.clip(cutoff, 20.0, RATE * 0.44).astype(np.float32) / np.float32(20.0)) * np.float32(2.0)
    first, last = int(np.floor(place.min())), int(np.ceil(place.max()))
    if first == last or float(place.max() - place.min()) < 0.05:
        return apply_filter(samples, "lowpass", 20.0 * 2.0 ** (float(place.mean()) / 2), order=order, q=q)
    out = np.zeros_like(samples)
    settle = frames_of(0.02)
    for step in range(first, last + 1):
        weight = np.maximum(0.0, 1.0 - np.abs(place - np.float32(step))).astype(np.float32)
        used = np.flatnonzero(weight)
        if used.size == 0:
            continue
        begin, end = max(0, int(used[0]) - settle), int(used[-1]) + 1
        filtered = apply_filter(samples[begin:end], "lowpass", 20.0 * 2.0 ** (step / 2), order=order, q=q)
        part = weight[begin:end]
        out[begin:end] += filtered * (part[:, None] if samples.ndim == 2 else part)
    return out


def drive(samples: Samples, decibels: float, *, bias: float = 0.0) -> Samples:
    """tanh saturation by `decibels`, level kept; `bias` makes it asymmetric (even harmonics)."""
    gain = np.float32(10.0 ** (decibels / 20.0))
    shaped = np.tanh(samples * gain + np.float32(bias)) - np.float32(np.tanh(bias))
    return np.asarray(shaped / np.float32(np.tanh(gain)), np.float32)


def stereo(samples: Samples) -> Samples:
    """[frames] or [frames, 2] to [frames, 2]."""
    return samples if samples.ndim == 2 else np.repeat(samples[:, None], 2, axis=1)
