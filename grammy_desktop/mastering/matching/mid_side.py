"""Left and right as middle and side, and back."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_convert import to_stereo


def mid_and_side(block: Samples, out: Samples | None = None) -> Samples:
    """[n, channels] -> [2, n]: half the sum and half the difference; mono has a silent side, surround is mixed down."""
    if out is None:
        out = np.empty((2, len(block)), np.float32)
    if block.shape[1] == 1:
        out[0] = block[:, 0]
        out[1] = 0
        return out
    if block.shape[1] > 2:
        block = to_stereo(AudioClip(block, 1)).samples
    half = np.float32(0.5)
    np.add(block[:, 0], block[:, 1], out=out[0])
    out[0] *= half
    np.subtract(out[0], block[:, 1], out=out[1])
    return out


def left_and_right(mid_side: Samples, out: Samples) -> Samples:
    """[2, n] -> [n, 2]."""
    np.add(mid_side[0], mid_side[1], out=out[:, 0])
    np.subtract(mid_side[0], mid_side[1], out=out[:, 1])
    return out
