"""The filters of strips and bus."""

from __future__ import annotations

import numpy as np

from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.running_filter import RunningFilter, Sections

__all__ = ["RunningFilter", "Sections", "band", "butterworth"]


def butterworth(order: int, hertz: float, kind: str) -> Sections:
    """Sections of a Butterworth filter; kind: 'highpass' or 'lowpass'."""
    from scipy import signal

    return np.asarray(signal.butter(order, min(hertz, RATE * 0.45), kind, fs=RATE, output="sos"))


def band(low: float, high: float) -> Sections:
    """High-pass at `low` Hz and, where `high` is not 0, low-pass at `high` Hz, 12 dB an octave each."""
    highpass = butterworth(2, low, "highpass")
    return highpass if high <= 0.0 else np.vstack([highpass, butterworth(2, high, "lowpass")])
