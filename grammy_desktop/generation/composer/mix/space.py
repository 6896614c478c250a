"""Reverb and echo. Every return goes back to the stem that sent it, so that stems stay complete."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import apply_filter, fade_edges, frames_of

_RETURN_HIGHPASS = 250.0
_RETURN_LOWPASS = 8500.0
_LATE_WIDTH = 0.75
"""Side of the reverberation against a diffuse field; the rest is what mono keeps."""
_FFT = 1 << 17


def mid_and_side(samples: Samples, width: float) -> Samples:
    """Scale the side signal of [frames, 2] by `width`."""
    mid = samples.mean(axis=1, keepdims=True)
    return np.asarray(mid + (samples - mid) * np.float32(width), np.float32)


def room_response(seconds: float, predelay: float, rng: np.random.Generator) -> Samples:
    """Impulse response of a room with reverberation time `seconds` (T60 at 1 kHz), float32 [frames, 2], unit energy.

    Twelve early reflections, then Gaussian noise whose highs die twice as fast as its middle (the diffuse-field model of
    Moorer, "About this reverberation business", 1979); sides independent, which is what makes it wide.
    """
    frames = frames_of(min(seconds * 1.1, 8.0))
    t = np.arange(frames, dtype=np.float32) / RATE
    noise = rng.standard_normal((frames, 2), dtype=np.float32)
    low = apply_filter(noise, "lowpass", 500.0)
    high = apply_filter(noise, "highpass", 3500.0)
    middle = noise - low - high
    late = np.zeros_like(noise)
    for band, factor in ((low, 1.1), (middle, 1.0), (high, 0.5)):
        late += band * np.exp(-6.91 * t / (seconds * factor))[:, None]
    late *= np.minimum(t / 0.02, 1.0)[:, None]
    late /= np.sqrt((late**2).sum() / 2) + 1e-9
    early = np.zeros_like(late)
    spread = min(0.07, 0.02 + 0.02 * seconds)
    for channel in range(2):
        times = np.sort(rng.uniform(0.004, spread, 12))
        sizes = rng.choice((-1.0, 1.0), 12) * np.exp(-times / (spread * 0.7))
        np.add.at(early[:, channel], (times * RATE).astype(int) % frames, sizes.astype(np.float32))
    early /= np.sqrt((early**2).sum() / 2) + 1e-9
    late = mid_and_side(late, _LATE_WIDTH)
    wet = late * np.float32(0.88) + apply_filter(early, "lowpass", 6000.0, order=1) * np.float32(0.45)
    wet = apply_filter(apply_filter(wet, "highpass", _RETURN_HIGHPASS), "lowpass", _RETURN_LOWPASS)
    wet = fade_edges(wet, 0.0002, 0.05)
    wet /= np.float32(np.sqrt((wet**2).sum() / 2) + 1e-9)
    return np.concatenate([np.zeros((frames_of(max(predelay, 0.0001)), 2), np.float32), wet])


def convolve_into(out: Samples, send: Samples, response: Samples, check: Callable[[], None]) -> None:
    """Add mono `send` [frames] through `response` [n, 2] to `out` [frames, 2], by overlap-add; the tail past the end drops."""
    import scipy.fft

    size = _FFT
    while size < 2 * len(response):
        size *= 2
    hop = size - len(response) + 1
    transfer = [scipy.fft.rfft(np.ascontiguousarray(response[:, channel]), size) for channel in range(2)]
    for first in range(0, len(send), hop):
        check()
        block = send[first : first + hop]
        if not block.any():
            continue
        spectrum = scipy.fft.rfft(block, size)
        length = min(size, len(send) - first)
        for channel in range(2):
            out[first : first + length, channel] += scipy.fft.irfft(spectrum * transfer[channel], size)[:length]


def echo(send: Samples, *, seconds: float, feedback: float) -> Samples:
    """Ping-pong echoes of a mono send [frames], 300 Hz to 4 kHz, first right, then left; float32 [frames, 2]."""
    out = np.zeros((len(send), 2), np.float32)
    band = apply_filter(apply_filter(send, "highpass", 300.0), "lowpass", 4000.0)
    step = frames_of(seconds)
    level = 1.0
    for count in range(1, 13):
        first = count * step
        if first >= len(send) or level < 0.01:
            break
        delayed = band[: len(send) - first]
        near, far = (1, 0) if count % 2 else (0, 1)
        out[first:, near] += delayed * np.float32(level)
        out[first:, far] += delayed * np.float32(level * 0.35)
        level *= feedback
    return out
