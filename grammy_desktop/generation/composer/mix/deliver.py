"""The last step: peaks, common gain, 24 bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.style import MixStyle
from grammy_desktop.generation.composer.mix.blocks import Check, Curve, blocks
from grammy_desktop.generation.composer.mix.curves import GAIN_STEP
from grammy_desktop.generation.composer.mix.sections import is_dynamic
from grammy_desktop.generation.composer.render.oscillators import RATE

PEAK_DBFS = -6.0
"""Sample peak of the mix before mastering."""
_GLUE_LIMIT, _GLUE_LIMIT_DYNAMIC = 5.0, 2.5
"""dB that the glue may take off the peaks at most; the second for styles that live from their dynamics."""
_RELEASE = 60.0
"""dB a second at which the glue lets go."""
_CREST = 13.0
"""dB of peak over RMS where a style does not say."""
STEPS = np.float32(2.0**23)
"""Of 24-bit PCM in 1."""


def crest_of(mix: MixStyle) -> float:
    """The style's sample peak over the RMS of its loud section, dB."""
    return mix.crest_db if mix.crest_db > 0.0 else _CREST


def common_gain(peak: float) -> float:
    """Linear gain that brings the mix to its peak; how loud it is then follows from the style's crest factor."""
    return 10.0 ** (PEAK_DBFS / 20.0) / peak if peak > 0.0 else 1.0


def glue_ceiling(peak: float, rms: float, mix: MixStyle) -> float:
    """Peak (linear) to hold so that it stands above the loud section's `rms` as the style wants, within what the glue may do."""
    limit = _GLUE_LIMIT_DYNAMIC if is_dynamic(mix.section_db) else _GLUE_LIMIT
    return float(max(rms * 10.0 ** (crest_of(mix) / 20.0), peak * 10.0 ** (-limit / 20.0), 1e-6))


def glue_curve(peaks: NDArray[np.float64], ceiling: float) -> Curve:
    """Gain that keeps `peaks` (linear, of each GAIN_STEP frames) at `ceiling`; 1 where nothing sticks out.

    Look-ahead limiting: the reduction rises before the peak and lets go slowly. The same gain goes to every stem.
    """
    from scipy import ndimage

    count = len(peaks)
    excess = np.maximum(0.0, 20.0 * np.log10(np.maximum(peaks, 1e-9) / ceiling))
    ahead = ndimage.maximum_filter1d(excess, 7)
    fall = np.arange(count) * (_RELEASE * GAIN_STEP / RATE)
    held = np.maximum.accumulate(ahead + fall) - fall
    smooth = ndimage.uniform_filter1d(np.maximum(held, ahead), 5)
    return Curve.through(10.0 ** (-smooth / 20.0), GAIN_STEP)


def raised(peaks: NDArray[np.float64], gain: Curve) -> NDArray[np.float64]:
    """What `peaks` in each GAIN_STEP frames can be after a gain."""
    edges = gain.values[: len(peaks) + 1]
    return np.asarray(peaks * np.maximum(edges[:-1], edges[1:]))


def highest(peaks: NDArray[np.float64], gain: Curve) -> float:
    """The largest of `peaks` after a gain."""
    return float(raised(peaks, gain).max(initial=0.0))


def quantise(samples: Samples, check: Check) -> None:
    """Round to the steps of 24-bit PCM, in place, so that a file holds exactly this."""
    for piece in blocks(len(samples), check):
        block = samples[piece]
        block *= STEPS
        np.rint(block, out=block)
        block *= 1.0 / STEPS
