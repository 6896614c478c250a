"""Takes out what lies just below half the sample rate, where no ear listens and meters and converters disagree."""

from __future__ import annotations

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.linear_phase import LinearPhaseStage
from grammy_desktop.core.stream import process_samples

_TAPS = 127
_CUTOFF = 0.47
"""Of the sample rate, at -6 dB: flat to 0.45 (20 kHz at 44.1 kHz), 70 dB down at 0.49."""
_KAISER_BETA = 7.0


class BandLimitStage(LinearPhaseStage):
    """A linear-phase low-pass as a `Processor`, without delay.

    Why: clipping leaves energy up to half the rate, and between samples that adds up to peaks that a converter may show
    and a meter with a shorter filter cannot see.
    """

    def __init__(self, channels: int) -> None:
        from scipy.signal import firwin

        taps = firwin(_TAPS, _CUTOFF, fs=1.0, window=("kaiser", _KAISER_BETA))
        super().__init__(taps[_TAPS // 2 :], channels)


def limit_band(samples: Samples) -> Samples:
    """[frames, channels] through `BandLimitStage`."""
    return process_samples(samples, BandLimitStage(samples.shape[1]))
