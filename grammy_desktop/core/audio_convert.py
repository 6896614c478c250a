"""A clip with another number of channels or another sample rate."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import AudioClip

_HALF_POWER = 0.70710678
# Left and right from each channel in WAV order (L R C LFE Ls Rs, then sides); ITU-R BS.775-3 table 2, LFE left out.
_TO_LEFT = {
    3: (1, 0, _HALF_POWER),
    4: (1, 0, _HALF_POWER, 0),
    5: (1, 0, _HALF_POWER, _HALF_POWER, 0),
    6: (1, 0, _HALF_POWER, 0, _HALF_POWER, 0),
    7: (1, 0, _HALF_POWER, 0, 0.5, _HALF_POWER, 0),
    8: (1, 0, _HALF_POWER, 0, _HALF_POWER, 0, _HALF_POWER, 0),
}
_TO_RIGHT = {
    3: (0, 1, _HALF_POWER),
    4: (0, 1, 0, _HALF_POWER),
    5: (0, 1, _HALF_POWER, 0, _HALF_POWER),
    6: (0, 1, _HALF_POWER, 0, 0, _HALF_POWER),
    7: (0, 1, _HALF_POWER, 0, 0.5, 0, _HALF_POWER),
    8: (0, 1, _HALF_POWER, 0, 0, _HALF_POWER, 0, _HALF_POWER),
}


def to_stereo(clip: AudioClip) -> AudioClip:
    """Two channels: mono is doubled, surround is mixed down (ITU-R BS.775-3), stereo is returned as it is."""
    if clip.channels == 2:
        return clip
    if clip.channels == 1:
        return AudioClip(np.repeat(clip.samples, 2, axis=1), clip.sample_rate)
    matrix = np.array([_TO_LEFT[clip.channels], _TO_RIGHT[clip.channels]], np.float32).T
    return AudioClip(np.ascontiguousarray(clip.samples @ matrix), clip.sample_rate)


def resample(clip: AudioClip, sample_rate: int) -> AudioClip:
    """The clip at `sample_rate` Hz (soxr, very high quality); round(frames * ratio) frames long."""
    if sample_rate == clip.sample_rate:
        return clip
    import soxr

    frames = round(clip.frames * sample_rate / clip.sample_rate)
    converted = soxr.resample(clip.samples, clip.sample_rate, sample_rate, quality="VHQ")
    samples = np.zeros((frames, clip.channels), np.float32)
    usable = min(frames, len(converted))
    samples[:usable] = np.asarray(converted, np.float32).reshape(-1, clip.channels)[:usable]
    return AudioClip(samples, sample_rate)
