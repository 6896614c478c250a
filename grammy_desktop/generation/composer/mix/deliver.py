"""The last step: common gain, fades, 24 bits, and a mix that is the exact sum of its stems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.blocks import Check, blocks
from grammy_desktop.generation.composer.mix.curves import is_dynamic

PEAK_DBFS = -6.0
"""Sample peak of the mix before mastering."""
TARGET_LUFS = -18.0
"""Integrated loudness of the mix before mastering, where its peaks allow."""
_GLUE_LIMIT, _GLUE_LIMIT_DYNAMIC = 4.0, 1.5
"""dB that the glue may take off the peaks at most; the second for styles that live from their dynamics."""
_STEPS = np.float32(2.0**23)


def common_gain(peak: float, loudness: float) -> float:
    """Linear gain that brings the mix to its target loudness, or to its peak ceiling where that comes first."""
    if peak <= 0.0:
        return 1.0
    by_peak = 10.0 ** (PEAK_DBFS / 20.0) / peak
    by_loudness = 10.0 ** ((TARGET_LUFS - loudness) / 20.0)
    return float(min(by_peak, by_loudness))


def glue_ceiling(peak: float, loudness: float, section_db: Sequence[tuple[float, float]]) -> float:
    """Peak (linear) to hold so that target loudness and target peak meet, if that is within what the glue may do."""
    limit = _GLUE_LIMIT_DYNAMIC if is_dynamic(section_db) else _GLUE_LIMIT
    wanted = 10.0 ** ((loudness + PEAK_DBFS - TARGET_LUFS) / 20.0)
    return float(max(wanted, peak * 10.0 ** (-limit / 20.0), 1e-6))


def quantise(samples: Samples, check: Check) -> None:
    """Round to the steps of 24-bit PCM, in place, so that a file holds exactly this."""
    for piece in blocks(len(samples), check):
        samples[piece] = np.round(samples[piece] * _STEPS) / _STEPS


def sum_stems(stems: Mapping[str, Samples]) -> Samples:
    """Sample-wise sum. Exact: multiples of 2^-23 below full scale lose nothing in float32."""
    first, *others = stems.values()
    total = first.copy()
    for stem in others:
        total += stem
    return total
