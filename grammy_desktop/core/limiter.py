"""A look-ahead limiter whose ceiling holds between the samples too.

The gain is computed in dB of attenuation at a control rate: the highest need of the next milliseconds is held, released
exponentially, smoothed by a window no longer than the hold. A window that averages only values at or above the need
cannot fall below it, so the ceiling holds by construction; what the moving gain itself adds between the samples is
measured afterwards and taken off.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.control_curve import expand, gain_from_db
from grammy_desktop.core.true_peak import factor_for, peak_between_samples, peaks_per_sample

_CONTROL_SAMPLES = 8
"""Samples per control value at 44.1 and 48 kHz."""
_HALF_LOOKAHEAD = 0.001
"""Seconds; the gain starts to move twice this before a peak."""
_FAST_RELEASE = 0.06
"""Seconds (time constant): after a single transient the level is back before the ear misses it."""
_SLOW_RELEASE = 0.5
"""Seconds: after long limiting the gain drifts back, so that a dense chorus does not pump with each beat."""
_SLOW_CHARGE = 0.2
"""Seconds of limiting that it takes until the slow release has a say."""
_SLOW_SHARE = 0.8
"""Of the average attenuation that the slow stage keeps; the rest is left to the fast one."""
_DETECTOR = 4
_JUDGE = 16
_HEADROOM = 0.1
"""dB kept below the ceiling: what other meters' interpolation filters may read more."""
_PASSES = 3
_AIM_LOWER = 0.02
"""dB that each pass aims below the goal, so that rounding does not ask for another one."""
_SMALL_EXCESS = 1.2
"""Times the ceiling: what a limited signal may still have between the points of the first detector."""

Curve = NDArray[np.float64]


def limit_true_peak(samples: Samples, sample_rate: int, ceiling_dbtp: float) -> Samples:
    """`samples` (float32 [frames, channels]) with no true peak above `ceiling_dbtp`; same length, no delay.

    Channels are linked. Signals below the ceiling come back unchanged. Judged at 16 points per sample.
    """
    limited = samples
    goal_db = ceiling_dbtp - _HEADROOM
    goal = 10 ** (goal_db / 20)
    # Where samples themselves are over, there is no need to look between them yet.
    peak = float(np.max(np.abs(samples), initial=0.0))
    if peak <= goal:
        peak = peak_between_samples(limited, sample_rate, _JUDGE)
    passes = 0
    while peak > goal and passes < _PASSES:
        # The first pass does the work; what is left over afterwards lies between the detector's points.
        detector = _DETECTOR if peak > goal * _SMALL_EXCESS else _JUDGE
        gain = limiting_gain(limited, sample_rate, goal_db - _AIM_LOWER, oversampling=detector)
        limited = limited * gain[:, None]
        peak = peak_between_samples(limited, sample_rate, _JUDGE)
        passes += 1
    return limited if peak <= goal else limited * np.float32(goal / peak)


def limiting_gain(samples: Samples, sample_rate: int, ceiling_dbtp: float, *, oversampling: int = 4) -> Samples:
    """The linear gain [frames] that keeps the oversampled signal below the ceiling."""
    step = _CONTROL_SAMPLES * max(1, round(sample_rate / 46_000))
    ceiling = 10 ** (ceiling_dbtp / 20)
    peaks = stretch_peaks(samples, sample_rate, step, of_interest=ceiling, oversampling=oversampling)
    need = attenuation_needed(peaks, ceiling)
    if not need.any():
        return np.ones(len(samples), np.float32)
    attenuation = shape_attenuation(need, sample_rate / step)
    return gain_from_db(-expand(attenuation, step, len(samples)))


def attenuation_needed(peaks: Curve, ceiling: float) -> Curve:
    """dB by which each of `peaks` exceeds `ceiling` (both linear); 0 where it does not."""
    return np.asarray(20 * np.log10(np.maximum(peaks, ceiling) / ceiling))


def shape_attenuation(need: Curve, control_rate: float) -> Curve:
    """Hold, release and smooth `need` (dB of attenuation, >= 0); the result is nowhere below it.

    The release att[n] = max(need[n], r * att[n-1]) is a running maximum of log need[k] - k log r.
    """
    from scipy.ndimage import maximum_filter1d, uniform_filter1d
    from scipy.signal import lfilter

    half = max(1, round(_HALF_LOOKAHEAD * control_rate))
    # One more on each side for the interpolation between control values.
    held = maximum_filter1d(need, 2 * (half + 1) + 1, mode="constant", cval=0.0)
    keep = math.exp(-1 / (_SLOW_CHARGE * control_rate))
    average = lfilter([1 - keep], [1, -keep], held)
    released = np.maximum(
        _release(held, _FAST_RELEASE * control_rate), _release(_SLOW_SHARE * average, _SLOW_RELEASE * control_rate)
    )
    # Two boxes of together the hold's width: a triangle, without corners in the gain.
    smooth: Curve = released
    for width in (2 * (half // 2) + 1, 2 * (half - half // 2) + 1):
        smooth = uniform_filter1d(smooth, width, mode="nearest")
    return smooth


def _release(need: Curve, time_constant: float) -> Curve:
    ramp = np.arange(len(need)) / time_constant
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.maximum.accumulate(np.log(need) + ramp) - ramp))


def stretch_peaks(
    samples: Samples, sample_rate: int, step: int, *, of_interest: float = 0.0, oversampling: int = 4
) -> Curve:
    """Highest value, linear, of any channel at and next to each stretch of `step` samples, between the samples too."""
    factor = factor_for(sample_rate, oversampling)
    count = -(-len(samples) // step)
    highest = np.zeros(count * step, np.float32)
    for channel in range(samples.shape[1]):
        peaks = peaks_per_sample(samples[:, channel], factor, of_interest=of_interest)
        np.maximum(highest[: len(peaks)], peaks, out=highest[: len(peaks)])
    # A peak between two samples needs both of them turned down.
    highest[1:] = np.maximum(highest[1:], highest[:-1])
    return np.asarray(highest.reshape(count, step).max(axis=1), np.float64)
