"""The figures of a programme from the mean power of its 10 ms hops: gates, ranges, maxima. No audio here."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

SILENCE = -120.0
"""LUFS; where a `LoudnessHistory` bottoms out."""
HOPS_PER_SECOND = 100
"""Momentary and short-term maxima need a finer step than the gating blocks (Tech 3341 cases 10 and 13)."""
MOMENTARY = 40
"""Hops: 400 ms."""
SHORT_TERM = 300
"""Hops: 3 s."""
GATING_STEP = 10
"""Hops: 100 ms, the 75 % overlap of BS.1770's 400 ms blocks, and the step of Tech 3342's windows."""
_OFFSET = -0.691
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_RANGE_GATE = -20.0
_LOWEST_POWER = 1e-20

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Loudness:
    """What was measured; None where there is nothing to measure (silence, or too short).

    integrated, momentary_max, short_term_max: LUFS. range: LU. true_peak: dBTP, read at 16 points a sample (counted at
    44.1 and 48 kHz). sample_peak: dBFS. plr: peak to loudness ratio, true peak (else sample peak) minus integrated, LU.
    psr: the lowest peak to short-term loudness ratio, LU: the highest true peak (else sample peak) of 3 s minus their
    short-term loudness. Looked at once a second, and only where the short-term loudness passes the gates of the loudness
    range, so that fades and pauses do not speak for the music. No standard defines it; other meters may gate otherwise.
    """

    integrated: float | None
    momentary_max: float | None
    short_term_max: float | None
    range: float | None
    true_peak: float | None
    sample_peak: float | None
    plr: float | None
    psr: float | None = None

    def to_json(self) -> dict[str, float | None]:
        """Rounded to a hundredth; strict JSON."""
        return {name: None if value is None else round(value, 2) for name, value in asdict(self).items()}


@dataclass(frozen=True, eq=False)
class LoudnessHistory:
    """What a meter shows over time. times: seconds, the end of each window; momentary, short_term: LUFS >= SILENCE."""

    times: Curve
    momentary: Curve
    short_term: Curve


def figures_of(power: Curve, *, sample_peak: float, true_peak: float | None, second_peaks: Curve) -> Loudness:
    """All figures of a programme.

    power: mean power of each whole hop. sample_peak, true_peak: linear, None where it was not measured. second_peaks:
    linear, the highest point of each second.
    """
    energy = _cumulative(power)
    blocks = windows(energy, MOMENTARY)
    short = windows(energy, SHORT_TERM)
    integrated = gated_loudness(blocks[::GATING_STEP])
    samples = _level(sample_peak)
    between = None if true_peak is None else _level(true_peak)
    highest = samples if between is None else between
    return Loudness(
        integrated=integrated,
        momentary_max=_highest(blocks),
        short_term_max=_highest(short),
        range=range_of(short[::GATING_STEP]),
        true_peak=between,
        sample_peak=samples,
        plr=highest - integrated if highest is not None and integrated is not None else None,
        psr=_peak_to_short_term(short[::HOPS_PER_SECOND], second_peaks),
    )


def integrated_of(power: Curve) -> float | None:
    """Integrated loudness in LUFS from the power of hops of 10 ms; None for silence or less than 400 ms."""
    return gated_loudness(windows(_cumulative(power), MOMENTARY)[::GATING_STEP])


def history_of(power: Curve, hop: float) -> LoudnessHistory:
    """Momentary and short-term loudness every `hop` seconds, as from a meter that was started with the audio."""
    energy = _cumulative(power)
    step = max(1, round(hop * HOPS_PER_SECOND))
    ends = np.arange(step, len(energy), step)

    def curve(width: int) -> Curve:
        mean = (energy[ends] - energy[np.maximum(0, ends - width)]) * (HOPS_PER_SECOND / width)
        return np.maximum(SILENCE, loudness_of(mean))

    return LoudnessHistory(ends / HOPS_PER_SECOND, curve(MOMENTARY), curve(SHORT_TERM))


def loudness_of(power: Curve) -> Curve:
    """LUFS of weighted mean power (BS.1770-5, annex 1)."""
    return _OFFSET + 10 * np.log10(np.maximum(power, _LOWEST_POWER))


def _power_of(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET) / 10))


def windows(energy: Curve, width: int) -> Curve:
    """Mean power of every window of `width` hops that lies within the programme, from its cumulative energy."""
    if len(energy) <= width:
        return np.zeros(0)
    return np.maximum(0.0, energy[width:] - energy[:-width]) * (HOPS_PER_SECOND / width)


def range_of(short: Curve) -> float | None:
    """Loudness range in LU: from the 10th to the 95th percentile of the gated short-term loudness (Tech 3342).

    short: power of windows of 3 s. Windows every 100 ms find the percentiles of a moving level to some 0.1 LU; libebur128
    takes one a second, which reads up to 1 LU differently on programmes of half a minute.
    """
    loud = short[_range_gates(short)]
    if len(loud) == 0:
        return None
    ordered = np.sort(loudness_of(loud))
    # The standard's rank: halves go up.
    low, high = (ordered[math.floor((len(ordered) - 1) * share + 0.5)] for share in (0.10, 0.95))
    return float(high - low)


def _range_gates(short: Curve) -> NDArray[np.bool_]:
    """Which windows pass the absolute gate and the one 20 LU below what did."""
    level = loudness_of(short)
    passing = level >= _ABSOLUTE_GATE
    if not passing.any():
        return passing
    gate = loudness_of(short[passing].mean(keepdims=True))[0] + _RANGE_GATE
    return np.asarray(passing & (level >= gate))


def gated_loudness(blocks: Curve) -> float | None:
    """Integrated loudness of the power of blocks of 400 ms every 100 ms: BS.1770-5, gated twice; None for silence."""
    # Compared as powers: a running meter asks often, and logarithms cost more than all the rest.
    loud = blocks[blocks > _power_of(_ABSOLUTE_GATE)]
    if len(loud) == 0:
        return None
    loudest = loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return float(loudness_of(loudest.mean(keepdims=True))[0])


def _peak_to_short_term(short: Curve, second_peaks: Curve) -> float | None:
    """short: power of the windows that end with each whole second from the third on."""
    count = min(len(short), len(second_peaks) - 2)
    if count < 1:
        return None
    highest = np.lib.stride_tricks.sliding_window_view(second_peaks, 3).max(axis=1)[:count]
    loud = _range_gates(short[:count]) & (highest > 0)
    if not loud.any():
        return None
    return float((20 * np.log10(highest[loud]) - loudness_of(short[:count][loud])).min())


def _cumulative(power: Curve) -> Curve:
    return np.concatenate([np.zeros(1), np.cumsum(power)]) / HOPS_PER_SECOND


def _highest(powers: Curve) -> float | None:
    if len(powers) == 0:
        return None
    value = float(loudness_of(powers.max(keepdims=True))[0])
    return value if value > SILENCE else None


def _level(linear: float) -> float | None:
    return 20 * math.log10(linear) if linear > 0 else None
