"""Whether one tempo explains the beats, and which exactly: least squares over the attacks nearest to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import RATE, Attacks

Floats = NDArray[np.float64]

_REACH = 0.045
"""Seconds around a beat in which its attack is looked for."""
_ROUND_TEMPO_DRIFT = 0.006
"""Seconds that the first or last beat may move when the tempo is taken to be a round number."""
_LOOSE_DRIFT, _LOOSE = 0.015, 2.0
"""The same where attacks lie about the grid: this many times their median distance, and at most."""
_SWAY_REACH, _SWAY_BEATS = 0.12, 8
"""Seconds about a beat, and beats together, in which a swaying tempo is looked for."""
_STEADY_DRIFT = 0.018
"""Seconds that stretches of the song may lie from the common grid."""
_STEADY_RESIDUAL = 0.014
"""Seconds the attacks may lie from the grid, as a median."""


@dataclass(frozen=True)
class SteadyFit:
    """Beats at `first + k * period` seconds; residual: median distance of attacks, drift: of stretches of the song; seconds."""

    first: float
    period: float
    residual: float
    drift: float

    @property
    def steady(self) -> bool:
        return bool(self.drift <= _STEADY_DRIFT and self.residual <= _STEADY_RESIDUAL)


def attacks_near(attacks: Attacks, times: Floats, reach: float = _REACH) -> tuple[Floats, Floats]:
    """(seconds, strength) of the strongest attack near each time; where none stands out the time itself with strength 0."""
    strength = attacks.total
    width = int(np.ceil(reach * RATE))
    centre = np.round(attacks.frames_at(times)).astype(np.int64)
    columns = np.clip(centre[:, None] + np.arange(-width, width + 1), 1, strength.size - 2)
    local = strength[columns]
    best = columns[np.arange(times.size), local.argmax(axis=1)]
    before, at, after = strength[best - 1], strength[best], strength[best + 1]
    curve = before - 2 * at + after
    shift = np.where(curve < -1e-9, 0.5 * (before - after) / np.where(curve < -1e-9, curve, -1.0), 0.0)
    found = (best + np.clip(shift, -0.5, 0.5)) / RATE + attacks.offset
    is_peak = (at >= before) & (at >= after) & (at > 0.5) & (np.abs(found - times) <= reach)
    return np.where(is_peak, found, times), np.where(is_peak, np.minimum(at, 6.0), 0.0)


def fit_steady(attacks: Attacks, first: float, period: float, seconds: float) -> SteadyFit:
    """The grid near (first, period) that lies closest to the attacks (iterated, attacks far off left out)."""
    count = max(4, int((seconds - first) / period))
    number = np.arange(count, dtype=np.float64)
    residuals = np.full(count, np.inf)
    weight = np.zeros(count)
    for reach in (_REACH, 0.03, 0.022):
        found, strength = attacks_near(attacks, first + number * period, reach)
        use = strength > 0
        if use.sum() < 4:
            break
        weight = np.where(use, np.sqrt(strength), 0.0)
        slope, start = np.polyfit(number[use], found[use], 1, w=weight[use])
        # A wild fit on few attacks must not carry the grid away.
        if abs(slope / period - 1.0) < 0.02:
            first, period = float(start), float(slope)
        residuals = np.where(use, found - (first + number * period), np.inf)
    good = np.isfinite(residuals)
    middle = float(np.median(np.abs(residuals[good]))) if good.sum() >= 4 else 1.0
    first, period = _rounded(first, period, count, middle)
    share = good.mean()
    drift = max(_drift(attacks, first, period, count), _sway(attacks, first, period, count))
    return SteadyFit(first, period, middle / max(share, 0.25) ** 0.5, drift)


def _sway(attacks: Attacks, first: float, period: float, count: int) -> float:
    """How far the attacks of eight beats together lie from the grid (90th percentile): a tempo that comes and goes does not
    change the beats' shape, which `_drift` compares."""
    times: Floats = np.asarray(first + period * np.arange(count), np.float64)
    found, strength = attacks_near(attacks, times, _SWAY_REACH)
    off = np.where(strength > 0, found - times, np.nan)
    stretches = [off[start : start + _SWAY_BEATS] for start in range(0, count - _SWAY_BEATS + 1, _SWAY_BEATS // 2)]
    middles = [abs(float(np.nanmedian(part))) for part in stretches if np.isfinite(part).sum() >= 3]
    return float(np.percentile(middles, 90)) if middles else 0.0


def _rounded(first: float, period: float, count: int, residual: float) -> tuple[float, float]:
    """A round tempo (a whole number, else a half) where it fits as well; loose attacks (residual) tell it less exactly."""
    room = max(_ROUND_TEMPO_DRIFT, min(_LOOSE_DRIFT, _LOOSE * residual))
    bpm = 60.0 / period
    for step in (1.0, 0.5):
        for ratio in (1.0, 1.5, 0.5):
            near = round(bpm * ratio / step) * step / ratio
            moved = abs(60.0 / near - period) * count / 2
            if moved <= room:
                return first + (period - 60.0 / near) * (count - 1) / 2, 60.0 / near
    return first, period


def _drift(attacks: Attacks, first: float, period: float, count: int) -> float:
    """How far stretches of 16 beats lie from the grid: the shift at which each is most like the whole (90th percentile).

    It is told in 48ths of a beat, of which one is left out: a quiet end is as like the whole one step beside it.
    """
    bins = 48
    at = first + period * (np.arange(count)[:, None] + np.arange(bins) / bins - 0.5)
    beats = np.interp(attacks.frames_at(at), np.arange(attacks.total.size), np.minimum(attacks.total, 8.0))
    whole = beats.mean(axis=0) - beats.mean()
    length = min(16, count)
    shifts, weights = [], []
    for start in range(0, count - length + 1, max(1, length // 2)):
        part = beats[start : start + length].mean(axis=0)
        part = part - part.mean()
        scores = np.array([float(part @ np.roll(whole, shift)) for shift in range(-bins // 4, bins // 4 + 1)])
        scores /= np.linalg.norm(part) * np.linalg.norm(whole) + 1e-9
        shifts.append(max(0, abs(int(scores.argmax()) - bins // 4) - 1) / bins * period)
        weights.append(max(0.0, float(scores.max()) - 0.3))
    if not weights or sum(weights) <= 0:
        return 1.0
    order = np.argsort(shifts)
    share = np.cumsum(np.array(weights)[order]) / sum(weights)
    return float(np.array(shifts)[order][int(np.searchsorted(share, 0.9))])
