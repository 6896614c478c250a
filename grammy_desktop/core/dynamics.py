"""Compression with linked channels: the stereo image stays where it is, whichever side is loud.

Feed-forward, soft knee, log-domain smoothing (Giannoulis, Massberg, Reiss: Digital Dynamic Range Compressor Design,
JAES 60, 2012). The gain moves slowly, so it is computed a thousand times a second and interpolated.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.control_curve import expand, gain_from_db

_CONTROL_RATE = 1_000
_LOWEST = 1e-6

Curve = NDArray[np.float64]


def glue_compress(
    samples: Samples,
    sample_rate: int,
    *,
    threshold_db: float,
    ratio: float,
    knee_db: float = 6.0,
    attack_ms: float = 30.0,
    release_ms: float = 200.0,
    makeup_db: float = 0.0,
) -> Samples:
    """Compress [frames, channels] by the RMS of the loudest channel; levels in dBFS, times in ms (time constants)."""
    step = max(1, round(sample_rate / _CONTROL_RATE))
    reduction = gain_reduction(_levels(samples, step), threshold_db, ratio, knee_db)
    if makeup_db == 0 and not reduction.any():
        return samples
    smooth = _smooth(reduction, sample_rate / step, attack_ms, release_ms)
    gain = gain_from_db(np.float32(makeup_db) - expand(smooth, step, len(samples)))
    return samples * gain[:, None]


def multiband_compress(
    samples: Samples,
    sample_rate: int,
    *,
    low_frequency: float,
    high_frequency: float,
    thresholds_db: tuple[float, float, float],
    ratio: float,
    attack_ms: float,
    release_ms: float,
) -> Samples:
    """Three bands, each compressed on its own; low bands move slower than high ones. Bands add up to the input.

    The bands are split by zero-phase filters and differences, so that without compression nothing changes at all.
    """
    low = _zero_phase_lowpass(samples, sample_rate, low_frequency)
    rest = samples - low
    mid = _zero_phase_lowpass(rest, sample_rate, min(high_frequency, 0.45 * sample_rate))
    bands = (low, mid, rest - mid)
    total = np.zeros_like(samples)
    for band, threshold, pace in zip(bands, thresholds_db, (2.0, 1.0, 0.5), strict=True):
        total += glue_compress(
            band,
            sample_rate,
            threshold_db=threshold,
            ratio=ratio,
            attack_ms=attack_ms * pace,
            release_ms=release_ms * pace,
        )
    return total


def gain_reduction(levels_db: Curve, threshold_db: float, ratio: float, knee_db: float) -> Curve:
    """dB to take off at each level: the static curve with a quadratic knee `knee_db` wide."""
    over = levels_db - threshold_db
    slope = 1 - 1 / ratio
    if knee_db <= 0:
        return np.asarray(slope * np.maximum(0.0, over))
    knee = np.clip(over + knee_db / 2, 0.0, knee_db)
    return np.asarray(slope * (knee * knee / (2 * knee_db) + np.maximum(0.0, over - knee_db / 2)))


def _levels(samples: Samples, step: int) -> Curve:
    """RMS over 5 ms of the loudest channel, dBFS, per `step` samples."""
    from scipy.ndimage import uniform_filter1d

    count = -(-len(samples) // step)
    power = np.zeros(count)
    whole = len(samples) // step
    for channel in range(samples.shape[1]):
        column = samples[:, channel]
        body = column[: whole * step].reshape(whole, step)
        here = np.zeros(count)
        here[:whole] = np.einsum("ij,ij->i", body, body) / step
        if whole < count:
            tail = column[whole * step :]
            here[whole] = float(tail @ tail) / len(tail)
        np.maximum(power, here, out=power)
    window = uniform_filter1d(power, 5, mode="nearest")
    return np.asarray(10 * np.log10(np.maximum(window, _LOWEST**2)))


def _smooth(reduction: Curve, control_rate: float, attack_ms: float, release_ms: float) -> Curve:
    """One pole each way: rising reduction with the attack's time constant, falling with the release's."""
    attack = math.exp(-1000 / (max(attack_ms, 1e-3) * control_rate))
    release = math.exp(-1000 / (max(release_ms, 1e-3) * control_rate))
    state = float(reduction[0])
    smooth = []
    # A branch per step cannot be vectorised; at the control rate a plain loop takes 10 ms a minute.
    for target in reduction.tolist():
        keep = attack if target > state else release
        state = target + (state - target) * keep
        smooth.append(state)
    return np.array(smooth)


def _zero_phase_lowpass(samples: Samples, sample_rate: int, frequency: float) -> Samples:
    from scipy.signal import butter, sosfiltfilt

    sections = butter(2, frequency, fs=sample_rate, output="sos")
    filtered = sosfiltfilt(
        sections, np.ascontiguousarray(samples.T), axis=1, padtype="constant", padlen=_padding(samples)
    )
    return np.ascontiguousarray(filtered.T, np.float32)


def _padding(samples: Samples) -> int:
    return min(len(samples) - 1, 1024)
