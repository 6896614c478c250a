"""Soft clipping between the samples, cold (odd harmonics) or warm (even ones too)."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.oversampled import Shaper, ShapingStage

_OVERSAMPLING = 2
"""Gentle curves make low harmonics; more points would cost time and change nothing below 20 kHz."""


def saturation_stage(sample_rate: int, channels: int, *, drive_db: float, warmth: float, mix: float) -> ShapingStage:
    """The bend and its dry share; a warm one leaves an offset that a high-pass has to take out."""
    shaper = tape_curve(drive_db, warmth)
    if mix < 1:
        shaper = _mixed(shaper, mix)
    return ShapingStage(shaper, sample_rate, channels, oversampling=_OVERSAMPLING)


def tape_curve(drive_db: float, warmth: float) -> Shaper:
    """tanh with unity gain for small signals; `warmth` shifts its working point, which adds even harmonics."""
    drive = np.float32(10 ** (drive_db / 20))
    shift = np.float32(0.5 * warmth)
    rest = np.tanh(shift)
    scale = np.float32(1 / (drive * (1 - rest * rest)))

    def bend(values: Samples) -> Samples:
        bent: Samples = values * drive
        bent += shift
        np.tanh(bent, out=bent)
        bent -= rest
        bent *= scale
        return bent

    return bend


def _mixed(shaper: Shaper, mix: float) -> Shaper:
    wet, dry = np.float32(mix), np.float32(1 - mix)

    def bend(values: Samples) -> Samples:
        bent = shaper(values)
        bent *= wet
        bent += values * dry
        return bent

    return bend
