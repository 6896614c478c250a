"""Gain, soft clipper, limiter: brings a signal to a loudness under a ceiling.

Limiting takes loudness away, so the gain has to be searched. The search runs on a model that costs milliseconds (the
limiter's gain curve from the peaks, the loudness from the energies of 10 ms hops); a draft of the real stages corrects
the model by what it missed, then the real stages run, as a rule once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.band_limit import limit_band
from grammy_desktop.core.limiter import (
    attenuation_needed,
    limit_true_peak,
    limiting_gain,
    shape_attenuation,
    stretch_peaks,
)
from grammy_desktop.core.loudness import integrated_of, weighted_power
from grammy_desktop.core.oversampled import Shaper, shape_waveform, soft_clipper
from grammy_desktop.core.progress import Progress
from grammy_desktop.mastering.presets import ClipStage

TOLERANCE = 0.1
"""LU: how near a master has to come to its target."""
_AIM = 0.06
"""LU: when the search stops."""
_PASSES = 5
_MAX_DRIVE = 24.0
"""dB of peaks above the ceiling; more would be distortion rather than loudness."""
_MODEL_STEP = 32
_EXPECTED_MARGIN = 0.2
"""dB that peaks between the samples cost the real limiter, which the draft does not see."""
_LEAST_SLOPE = 0.15
"""LU per dB; where more gain brings less than this, only distortion is added."""
_LONGEST_STEP = 4.0
"""dB."""

Curve = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Finished:
    """samples: the master. driven: the signal as it went into clipper and limiter. gain_db: what was added before them."""

    samples: Samples
    driven: Samples
    gain_db: float


def finish(
    clip: AudioClip, *, target_lufs: float, ceiling_dbtp: float, clip_stage: ClipStage | None, progress: Progress
) -> Finished:
    """The clip at `target_lufs` as nearly as it can be, with no true peak above `ceiling_dbtp`.

    A target that cannot be reached without more than 24 dB of overdrive is missed: measure the result.
    """
    ceiling = 10 ** (ceiling_dbtp / 20)
    shaper, knee = _clipper(ceiling, clip_stage)
    model = _Model.of(clip, ceiling, shaper)
    stages = _Stages(clip, ceiling_dbtp, shaper, knee)
    correction = 0.0
    tried: list[tuple[float, float]] = []
    best: tuple[float, Finished] | None = None
    for number in range(_PASSES):
        progress.report(number / _PASSES, "master")
        progress.check_cancelled()
        gain_db = _next_gain(model, tried, target_lufs, correction)
        draft = number == 0
        attempt = stages.draft(gain_db) if draft else stages.run(gain_db)
        reached = integrated_of(weighted_power(AudioClip(attempt.samples, clip.sample_rate)))
        if reached is None:
            break
        correction = reached - model.loudness_at(gain_db)
        if draft:
            continue
        error = reached - target_lufs
        tried.append((gain_db, reached))
        if best is None or abs(error) < best[0]:
            best = (abs(error), attempt)
        if abs(error) <= _AIM or (gain_db >= model.highest_gain and error < 0):
            break
    if best is None:
        raise ValueError("the clip has no loudness")
    return best[1]


def _next_gain(model: _Model, tried: list[tuple[float, float]], target: float, correction: float) -> float:
    """dB: by the corrected model, then through the last two real results (secant), whose slope the model overrates."""
    if len(tried) < 2:
        return model.gain_for(target - correction)
    (gain_before, level_before), (gain, level) = tried[-2:]
    slope = (level - level_before) / (gain - gain_before) if gain != gain_before else 1.0
    step = (target - level) / min(1.0, max(_LEAST_SLOPE, slope))
    return min(model.highest_gain, gain + min(_LONGEST_STEP, max(-_LONGEST_STEP, step)))


def _clipper(ceiling: float, stage: ClipStage | None) -> tuple[Shaper | None, float]:
    if stage is None:
        return None, math.inf
    knee, limit = (ceiling * 10 ** (db / 20) for db in (stage.knee_db, stage.limit_db))
    return soft_clipper(knee, limit), knee


@dataclass(frozen=True, eq=False)
class _Stages:
    """Clipper and limiter for one clip. knee: linear level from which the shaper bends."""

    clip: AudioClip
    ceiling_dbtp: float
    shaper: Shaper | None
    knee: float

    def draft(self, gain_db: float) -> Finished:
        """With fewer points between the samples and no judge: a third of the work, nearly as loud."""
        driven = self._driven(gain_db)
        shaped = limit_band(self._clipped(driven, 1))
        gain = limiting_gain(shaped, self.clip.sample_rate, self.ceiling_dbtp - _EXPECTED_MARGIN, oversampling=2)
        return Finished(shaped * gain[:, None], driven, gain_db)

    def run(self, gain_db: float) -> Finished:
        driven = self._driven(gain_db)
        shaped = limit_band(self._clipped(driven, 4))
        return Finished(limit_true_peak(shaped, self.clip.sample_rate, self.ceiling_dbtp), driven, gain_db)

    def _driven(self, gain_db: float) -> Samples:
        return self.clip.samples * np.float32(10 ** (gain_db / 20))

    def _clipped(self, driven: Samples, points: int) -> Samples:
        if self.shaper is None:
            return driven
        rate = self.clip.sample_rate
        return shape_waveform(driven, rate, self.shaper, straight_below=self.knee, oversampling=points)


@dataclass(frozen=True, eq=False)
class _Model:
    """Predicts the loudness after clipper and limiter for any gain.

    peaks: linear, per stretch. power: per 10 ms hop. edges: the first stretch of each hop.
    """

    peaks: Curve
    power: Curve
    edges: NDArray[np.intp]
    control_rate: float
    ceiling: float
    shaper: Shaper | None

    @classmethod
    def of(cls, clip: AudioClip, ceiling: float, shaper: Shaper | None) -> _Model:
        step = _MODEL_STEP * max(1, round(clip.sample_rate / 46_000))
        peaks = stretch_peaks(clip.samples, clip.sample_rate, step, oversampling=1)
        power = weighted_power(clip)
        control_rate = clip.sample_rate / step
        # At low rates a hop may hold but one.
        edges = np.minimum((np.arange(len(power)) * control_rate / 100).astype(np.intp), len(peaks) - 1)
        return cls(peaks, power, edges, control_rate, ceiling, shaper)

    @property
    def highest_gain(self) -> float:
        """dB."""
        return _MAX_DRIVE + 20 * math.log10(self.ceiling / float(self.peaks.max()))

    def loudness_at(self, gain_db: float) -> float:
        """Predicted LUFS."""
        gain = 10 ** (gain_db / 20)
        peaks = self.peaks * gain
        if self.shaper is not None:
            peaks = self.shaper(peaks.astype(np.float32)).astype(np.float64)
        attenuation = shape_attenuation(attenuation_needed(peaks, self.ceiling), self.control_rate)
        kept = 10 ** (-attenuation / 10)
        counts = np.diff(np.append(self.edges, len(kept)))
        mean = np.add.reduceat(kept, self.edges) / np.maximum(1, counts)
        level = integrated_of(self.power * mean * gain**2)
        return level if level is not None else -math.inf

    def gain_for(self, loudness: float) -> float:
        """dB of gain that the model needs for `loudness`, at most `highest_gain`; found by bisection on a rising curve."""
        high = self.highest_gain
        straight = integrated_of(self.power)
        # Clipping and limiting only take loudness away: at least this much gain is needed.
        low = min(high, loudness - straight) if straight is not None else high
        if self.loudness_at(high) <= loudness:
            return high
        for _ in range(12):
            middle = (low + high) / 2
            if self.loudness_at(middle) < loudness:
                low = middle
            else:
                high = middle
        return (low + high) / 2
