"""The tempo of a recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.spectra import ANALYSIS_RATE, decibels, magnitudes, mel_filters, mono
from grammy_desktop.core.audio import AudioClip

SLOWEST, FASTEST = 45.0, 220.0
"""BPM."""

_HOP = 256  # samples: 11.6 ms, so that one frame in eight beats is 0.3 % of the tempo
_FRAME = 1024
_TYPICAL, _SPREAD = 105.0, 0.75  # BPM and octaves: where listeners tap (after van Noorden and Moelants 1999)
_TRUSTED_SPREAD = 0.25  # octaves around an expected tempo
_MULTIPLES = (0.5, 1, 2, 4, 8, 16)  # of a beat: its half, then what returns in a metre of two or four


@dataclass(frozen=True)
class TempoEstimate:
    """`bpm` in quarter notes per minute; `confidence` 0..1; `alternatives` other plausible tempi, best first (half, double)."""

    bpm: float
    confidence: float
    alternatives: tuple[float, ...] = ()


def estimate_tempo(clip: AudioClip, *, expected: float | None = None) -> TempoEstimate | None:
    """The tempo of the whole clip, or None where there is no beat (silence, or less than 3 s).

    expected: BPM that is likely (from a file name, a brief): decides between octaves, does not overrule the sound.

    Autocorrelation of the spectral flux, read at the multiples of each candidate beat with sub-frame interpolation, weighted by
    where people tap. Assumes one tempo throughout.
    """
    strength = _flux(mono(clip))
    rate = ANALYSIS_RATE / _HOP
    if strength.size < 3 * rate:
        return None
    centred = strength - strength.mean()
    correlation = np.fft.irfft(np.abs(np.fft.rfft(centred, n=2 * centred.size)) ** 2)[: centred.size]
    if correlation[0] <= 1e-9:
        return None
    correlation = correlation / correlation[0]
    tempi = np.exp(np.arange(np.log(SLOWEST), np.log(FASTEST), 0.001))
    evidence = _comb(correlation, 60.0 * rate / tempi)
    centre, spread = (_TYPICAL, _SPREAD) if expected is None else (expected, _TRUSTED_SPREAD)
    prior = np.exp(-0.5 * (np.log2(tempi / centre) / spread) ** 2)
    if expected is not None:
        prior = np.maximum(prior, 0.05)  # a clear beat elsewhere still wins over nothing at all
    best = _peaks(np.maximum(evidence, 0.0) * prior)
    if not best:
        return None
    chosen = best[0]
    return TempoEstimate(
        bpm=round(float(tempi[chosen]), 2),
        confidence=float(np.clip(1.6 * evidence[chosen], 0.0, 1.0)),
        alternatives=tuple(round(float(tempi[index]), 2) for index in best[1:3]),
    )


def _flux(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Positive change of 40 mel bands; 11.6 ms a frame."""
    rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if samples.size else 0.0
    if rms <= 1e-7:
        return np.zeros(0)
    power = np.square(magnitudes(samples / np.float32(rms), _FRAME, _HOP))
    level = decibels(mel_filters(40, frame=_FRAME) @ power, floor=1e-6)
    level = np.maximum(level, level.max() - 60.0)
    return np.concatenate([[0.0], np.maximum(0.0, np.diff(level, axis=1)).mean(axis=0)])


def _comb(correlation: NDArray[np.float64], periods: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean correlation at the multiples of each period that the clip is long enough to show."""
    total, weight = np.zeros(periods.size), np.zeros(periods.size)
    lags = np.arange(correlation.size)
    for multiple in _MULTIPLES:
        lag = periods * multiple
        inside = lag < 0.7 * correlation.size
        # The raw autocorrelation shrinks with the overlap; undo that.
        overlap = 1.0 - lag / correlation.size
        value = np.interp(lag, lags, correlation) / np.maximum(overlap, 0.3)
        total += np.where(inside, value, 0.0)
        weight += inside
    return total / np.maximum(weight, 1)


def _peaks(score: NDArray[np.float64]) -> list[int]:
    """Local maxima, highest first, at least 4 % of tempo apart."""
    inner = np.flatnonzero((score[1:-1] >= score[:-2]) & (score[1:-1] > score[2:])) + 1
    kept: list[int] = []
    for index in inner[np.argsort(score[inner])[::-1]][:200]:
        if score[index] <= 0.0:
            break
        if all(abs(int(index) - other) > 40 for other in kept):
            kept.append(int(index))
        if len(kept) == 3:
            break
    return kept
