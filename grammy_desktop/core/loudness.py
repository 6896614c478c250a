"""Loudness by ITU-R BS.1770-5 and EBU R128 (Tech 3341 meters, Tech 3342 range); any sample rate, 1 to 8 channels."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.true_peak import true_peak

__all__ = [
    "SILENCE",
    "Loudness",
    "LoudnessHistory",
    "history",
    "integrated_of",
    "measure",
    "true_peak",
    "weighted_power",
]

SILENCE = -120.0
"""LUFS; where a `LoudnessHistory` bottoms out."""

_HOPS_PER_SECOND = 100
"""Momentary and short-term maxima need a finer step than the gating blocks (Tech 3341 cases 10 and 13)."""
_MOMENTARY = 40
"""Hops: 400 ms."""
_SHORT_TERM = 300
"""Hops: 3 s."""
_GATING_STEP = 10
"""Hops: 100 ms, the 75 % overlap of BS.1770's 400 ms blocks."""
_OFFSET = -0.691
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_RANGE_GATE = -20.0
_BLOCK_SECONDS = 4
# BS.1770-5 table 4 by azimuth, in WAV channel order: surrounds at 60 to 120 degrees +1.5 dB, LFE out.
_SURROUND = 1.41
_WEIGHTS = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, _SURROUND, _SURROUND),
    5: (1.0, 1.0, 1.0, _SURROUND, _SURROUND),
    6: (1.0, 1.0, 1.0, 0.0, _SURROUND, _SURROUND),
    7: (1.0, 1.0, 1.0, 0.0, 1.0, _SURROUND, _SURROUND),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, _SURROUND, _SURROUND),
}

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Loudness:
    """What was measured; None where there is nothing to measure (silence, or too short).

    integrated, momentary_max, short_term_max: LUFS. range: LU. true_peak: dBTP. sample_peak: dBFS.
    plr: peak to loudness ratio, true peak (else sample peak) minus integrated, LU.
    """

    integrated: float | None
    momentary_max: float | None
    short_term_max: float | None
    range: float | None
    true_peak: float | None
    sample_peak: float | None
    plr: float | None

    def to_json(self) -> dict[str, float | None]:
        """Rounded to a hundredth; strict JSON."""
        return {name: None if value is None else round(value, 2) for name, value in asdict(self).items()}


@dataclass(frozen=True, eq=False)
class LoudnessHistory:
    """What a meter shows over time. times: seconds, the end of each window; momentary, short_term: LUFS >= SILENCE."""

    times: Curve
    momentary: Curve
    short_term: Curve


def measure(clip: AudioClip, *, true_peak: bool = True) -> Loudness:
    """Measure a whole clip. `true_peak=False` skips the most expensive part (its field is None)."""
    energy = _cumulative(weighted_power(clip))
    blocks = _windows(energy, _MOMENTARY)
    short = _windows(energy, _SHORT_TERM)
    integrated = _integrated(blocks[::_GATING_STEP])
    sample_peak = _level(float(np.max(np.abs(clip.samples)))) if clip.frames else None
    between = _measured_true_peak(clip) if true_peak else None
    highest = between if between is not None else sample_peak
    return Loudness(
        integrated=integrated,
        momentary_max=_highest(blocks),
        short_term_max=_highest(short),
        range=_range(short[::_GATING_STEP]),
        true_peak=between,
        sample_peak=sample_peak,
        plr=highest - integrated if highest is not None and integrated is not None else None,
    )


def history(clip: AudioClip, hop: float = 0.1) -> LoudnessHistory:
    """Momentary and short-term loudness every `hop` seconds, as from a meter that was started with the clip."""
    energy = _cumulative(weighted_power(clip))
    step = max(1, round(hop * _HOPS_PER_SECOND))
    ends = np.arange(step, len(energy), step)

    def curve(width: int) -> Curve:
        mean = (energy[ends] - energy[np.maximum(0, ends - width)]) * (_HOPS_PER_SECOND / width)
        return np.maximum(SILENCE, _loudness(mean))

    return LoudnessHistory(ends / _HOPS_PER_SECOND, curve(_MOMENTARY), curve(_SHORT_TERM))


def k_weighting(sample_rate: int) -> NDArray[np.float64]:
    """Second-order sections [2, 6] of BS.1770's pre-filter and RLB filter, re-derived for any rate.

    At 48 kHz they equal the tabulated coefficients.
    """
    tangent = math.tan(math.pi * 1681.974450955533 / sample_rate)
    quality = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    scale = 1 + tangent / quality + tangent**2
    shelf = [high + band * tangent / quality + tangent**2, 2 * (tangent**2 - high)]
    shelf += [high - band * tangent / quality + tangent**2, scale, 2 * (tangent**2 - 1)]
    shelf += [1 - tangent / quality + tangent**2]
    tangent = math.tan(math.pi * 38.13547087602444 / sample_rate)
    quality = 0.5003270373238773
    low_scale = 1 + tangent / quality + tangent**2
    # The standard's table leaves the high-pass numerator at 1, -2, 1 instead of dividing it too.
    low = [low_scale, -2 * low_scale, low_scale, low_scale, 2 * (tangent**2 - 1), 1 - tangent / quality + tangent**2]
    return np.array([np.array(shelf) / scale, np.array(low) / low_scale])


def weighted_power(clip: AudioClip) -> Curve:
    """Mean power of the K-weighted, channel-weighted signal in each whole hop of 10 ms: what all figures are made of."""
    from scipy.signal import sosfilt

    rate = clip.sample_rate
    hops = clip.frames * _HOPS_PER_SECOND // rate
    bounds = np.arange(hops + 1) * rate // _HOPS_PER_SECOND
    weights = np.array(_WEIGHTS[clip.channels])
    sections = k_weighting(rate)
    state = np.zeros((2, clip.channels, 2))
    mean = np.zeros(hops)
    chunk = _BLOCK_SECONDS * _HOPS_PER_SECOND
    for first in range(0, hops, chunk):
        edges = bounds[first : min(hops, first + chunk) + 1]
        block = np.ascontiguousarray(clip.samples[edges[0] : edges[-1]].T, np.float64)
        filtered, state = sosfilt(sections, block, axis=1, zi=state)
        power = weights @ (filtered * filtered)
        # Mean power of each hop: hops differ by a sample where the rate is no multiple of 100.
        mean[first : first + len(edges) - 1] = np.add.reduceat(power, edges[:-1] - edges[0]) / np.diff(edges)
    return mean


def integrated_of(power: Curve) -> float | None:
    """Integrated loudness in LUFS from `weighted_power`; None for silence or less than 400 ms."""
    return _integrated(_windows(_cumulative(power), _MOMENTARY)[::_GATING_STEP])


def _cumulative(power: Curve) -> Curve:
    return np.concatenate([np.zeros(1), np.cumsum(power)]) / _HOPS_PER_SECOND


def _windows(energy: Curve, width: int) -> Curve:
    """Mean power of every window of `width` hops that lies within the clip."""
    if len(energy) <= width:
        return np.zeros(0)
    return np.maximum(0.0, energy[width:] - energy[:-width]) * (_HOPS_PER_SECOND / width)


def _loudness(power: Curve) -> Curve:
    return _OFFSET + 10 * np.log10(np.maximum(power, 1e-20))


def _integrated(blocks: Curve) -> float | None:
    """BS.1770-5, gated twice."""
    loud = blocks[_loudness(blocks) > _ABSOLUTE_GATE]
    if len(loud) == 0:
        return None
    gate = _loudness(np.array([loud.mean()]))[0] + _RELATIVE_GATE
    return float(_loudness(np.array([loud[_loudness(loud) > gate].mean()]))[0])


def _range(short: Curve) -> float | None:
    """Tech 3342: from the 10th to the 95th percentile of the gated short-term loudness."""
    loud = short[_loudness(short) >= _ABSOLUTE_GATE]
    if len(loud) == 0:
        return None
    gate = _loudness(np.array([loud.mean()]))[0] + _RANGE_GATE
    ordered = np.sort(_loudness(loud[_loudness(loud) >= gate]))
    low, high = (ordered[round((len(ordered) - 1) * share)] for share in (0.10, 0.95))
    return float(high - low)


def _highest(windows: Curve) -> float | None:
    if len(windows) == 0:
        return None
    value = float(_loudness(windows.max(keepdims=True))[0])
    return value if value > SILENCE else None


def _measured_true_peak(clip: AudioClip) -> float | None:
    value = true_peak(clip)
    return value if math.isfinite(value) else None


def _level(linear: float) -> float | None:
    return 20 * math.log10(linear) if linear > 0 else None
