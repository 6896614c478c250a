"""Width that survives a mono loudspeaker and a record's groove: the side signal is scaled, its bass taken out."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples


def widen(samples: Samples, sample_rate: int, *, width: float, mono_below: float = 0.0) -> Samples:
    """Scale the side of a stereo signal by `width`; below `mono_below` Hz both channels become the same.

    The mid is untouched, so the mono sum stays what it was. The side's high-pass is
    zero-phase (-6 dB at `mono_below`, 48 dB an octave): sides keep their place in time.
    Anything but two channels comes back as it is.
    """
    if samples.shape[1] != 2 or (width == 1 and mono_below <= 0):
        return samples
    mid = (samples[:, 0] + samples[:, 1]) * np.float32(0.5)
    side = (samples[:, 0] - samples[:, 1]) * np.float32(0.5 * width)
    if mono_below > 0:
        from scipy.signal import butter, sosfiltfilt

        sections = butter(4, min(mono_below, 0.4 * sample_rate), "highpass", fs=sample_rate, output="sos")
        padding = min(len(side) - 1, 4096)
        side = sosfiltfilt(sections, side, padtype="constant", padlen=padding).astype(np.float32)
    return np.stack([mid + side, mid - side], axis=1)
