"""Carries out fixes: effects of `core.effects`, and a few operations that only repairs need."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.effects import Effect, apply_effects
from grammy_desktop.core.limiter import limit_true_peak
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.scoring.result import Fix, Operation
from grammy_desktop.scoring.waveform import find_flat_tops

_LONGEST_REDRAWN = 0.02  # seconds; a longer flat top is a square wave, and nothing says what was there


def apply_fix(clip: AudioClip, fix: Fix, *, progress: Progress | None = None) -> AudioClip:
    """The clip with the fix carried out. Only `trim` changes the length; nothing is limited unless the fix says so.

    Raises UserError for a chain with an unknown step or a value out of range.
    """
    progress = progress or NoProgress()
    for step in fix.chain:
        progress.check_cancelled()
        kind = str(step["kind"])
        operation = _OPERATIONS.get(kind)
        if operation is not None:
            clip = AudioClip(np.ascontiguousarray(operation(clip, step), dtype=np.float32), clip.sample_rate)
        else:
            effect = Effect(kind, {name: float(value) for name, value in step.items() if name != "kind"})
            clip = apply_effects(clip, [effect], progress=progress)
    return clip


def _limit(clip: AudioClip, step: Operation) -> Samples:
    return limit_true_peak(clip.samples, clip.sample_rate, float(step["ceiling_dbtp"]))


def _remove_dc(clip: AudioClip, step: Operation) -> Samples:
    offset: Samples = clip.samples.mean(axis=0, dtype=np.float64).astype(np.float32)
    return clip.samples - offset


def _trim(clip: AudioClip, step: Operation) -> Samples:
    first = int(float(step["start"]) * clip.sample_rate)
    last = clip.frames - int(float(step["end"]) * clip.sample_rate)
    return clip.samples[first : max(first, last)]


def _fade_out(clip: AudioClip, step: Operation) -> Samples:
    frames = min(clip.frames, int(float(step["seconds"]) * clip.sample_rate))
    samples = clip.samples.copy()
    # A squared cosine leaves without a corner at either end.
    samples[clip.frames - frames :] *= np.cos(np.linspace(0.0, np.pi / 2, frames))[:, None].astype(np.float32) ** 2
    return samples


def _balance(clip: AudioClip, step: Operation) -> Samples:
    gains = 10 ** (np.array([float(step["left_db"]), float(step["right_db"])]) / 20)
    return clip.samples * gains.astype(np.float32)


def _flip_right(clip: AudioClip, step: Operation) -> Samples:
    return clip.samples * np.array([1.0, -1.0], dtype=np.float32)


def _flip_bass(clip: AudioClip, step: Operation) -> Samples:
    """The right channel with its bass inverted, by a filter without phase shift."""
    from scipy.signal import butter, sosfiltfilt

    sections = butter(3, float(step["below"]), "lowpass", fs=clip.sample_rate, output="sos")
    samples = clip.samples.copy()
    samples[:, 1] -= (2.0 * sosfiltfilt(sections, samples[:, 1].astype(np.float64))).astype(np.float32)
    return samples


def _lift(clip: AudioClip, step: Operation) -> Samples:
    """A gain from `start` to `end` seconds, with ramps of 0.25 s outside it."""
    times = np.arange(clip.frames) / clip.sample_rate
    inside = np.interp(
        times,
        [float(step["start"]) - 0.25, float(step["start"]), float(step["end"]), float(step["end"]) + 0.25],
        [0, 1, 1, 0],
    )
    return clip.samples * (10 ** (float(step["gain_db"]) * inside / 20)).astype(np.float32)[:, None]


def _lift_attacks(clip: AudioClip, step: Operation) -> Samples:
    """Raise what rises faster than the level around it: gain follows a 2 ms over a 60 ms envelope, up to `amount_db`."""
    from scipy.signal import lfilter

    power = np.mean(np.square(clip.samples, dtype=np.float64), axis=1) + 1e-10

    def envelope(seconds: float) -> NDArray[np.float64]:
        pole = np.exp(-1.0 / (seconds * clip.sample_rate))
        return np.asarray(lfilter([1.0 - pole], [1.0, -pole], power), dtype=np.float64)

    rise = 10.0 * np.log10(envelope(0.002) / envelope(0.06))
    amount = float(step["amount_db"])
    gain = np.clip(0.8 * rise, 0.0, amount)
    return clip.samples * (10 ** (gain / 20)).astype(np.float32)[:, None]


def _declip(clip: AudioClip, step: Operation) -> Samples:
    """Redraw each flat top as the cubic that continues the slopes at its two edges (Hermite), never under the flat level."""
    samples = clip.samples.copy()
    for channel in range(clip.channels):
        wave = clip.samples[:, channel].astype(np.float64)
        peak = float(np.abs(wave).max())
        for start, end in find_flat_tops(clip.samples[:, channel : channel + 1], peak).astype(int):
            length = end - start
            if length > _LONGEST_REDRAWN * clip.sample_rate or start < 3 or end > wave.size - 3:
                continue
            left, right = start - 1, end
            slope_in = (wave[left] - wave[left - 2]) / 2.0
            slope_out = (wave[right + 2] - wave[right]) / 2.0
            span = right - left
            # Two slopes lift the middle of a cubic by an eighth of their difference; never more than the flat level itself.
            rise = span * (abs(slope_in) + abs(slope_out)) / 8.0
            limit = min(1.0, abs(wave[start]) / max(rise, 1e-9))
            slope_in, slope_out = limit * slope_in, limit * slope_out
            at = np.arange(1, span) / span
            curve = (
                (2 * at**3 - 3 * at**2 + 1) * wave[left]
                + (at**3 - 2 * at**2 + at) * span * slope_in
                + (3 * at**2 - 2 * at**3) * wave[right]
                + (at**3 - at**2) * span * slope_out
            )
            sign = np.sign(wave[start])
            flat = abs(wave[start])
            # A small dome at least: a run that stays equal is still a flat top.
            dome = 0.01 * flat * np.sin(np.pi * at)
            samples[start:end, channel] = sign * np.maximum(sign * curve, flat + dome)
    return samples


_OPERATIONS: dict[str, Callable[[AudioClip, Operation], Samples]] = {
    "limit": _limit,
    "remove_dc": _remove_dc,
    "trim": _trim,
    "fade_out": _fade_out,
    "balance": _balance,
    "flip_right": _flip_right,
    "flip_bass": _flip_bass,
    "lift": _lift,
    "lift_attacks": _lift_attacks,
    "declip": _declip,
}
