"""Reverb and echo. Every return goes back to the stem that sent it, so that stems stay complete."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.blocks import blocks
from grammy_desktop.generation.composer.mix.filters import RunningFilter, butterworth
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import apply_filter, fade_edges, frames_of

_RETURN_HIGHPASS = 250.0
_RETURN_LOWPASS = 8500.0
_LATE_WIDTH = 0.75
"""Side of the reverberation against a diffuse field; the rest is what mono keeps."""
_FAR = 0.35
"""Level of an echo on the other side."""
_ECHO_IN_ROOM = 0.2
"""Of the echoes' mid."""


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

    size = _transform_size(len(response), len(send))
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
            check()
            out[first : first + length, channel] += scipy.fft.irfft(spectrum * transfer[channel], size)[:length]


def _transform_size(length: int, frames: int) -> int:
    """The power of two with which a response of `length` over `frames` costs least."""
    sizes = [1 << power for power in range(14, 21) if (1 << power) > 1.2 * length]
    return min(sizes, key=lambda size: -(-frames // (size - length + 1)) * size * (np.log2(size) + 3.0))


def echo_into(
    out: Samples, send: Samples, check: Callable[[], None], *, seconds: float, feedback: float, reverb: Samples | None
) -> None:
    """Add ping-pong echoes of a mono send [frames] to `out` [frames, 2]: 300 Hz to 4 kHz, first right, then left.

    reverb: gets a little of them, so that they stand in the room too.
    """
    tone = RunningFilter(np.vstack([butterworth(2, 300.0, "highpass"), butterworth(2, 4000.0, "lowpass")]), 1)
    step = max(1, frames_of(seconds))
    # The echoes of odd and of even number, and the send, as long as one echo takes.
    odd, even, past = (np.zeros(step, np.float32) for _ in range(3))
    loud, soft = np.float32(feedback), np.float32(_FAR)
    for piece in blocks(len(send), check):
        fresh = tone(send[None, piece])[0]
        first = piece.start
        while first < piece.stop:
            place = first % step
            last = min(piece.stop, first + step - place)
            ring, now = slice(place, place + last - first), slice(first, last)
            ping = past[ring] + loud * even[ring]
            pong = loud * odd[ring]
            odd[ring], even[ring], past[ring] = ping, pong, fresh[first - piece.start : last - piece.start]
            if ping.any() or pong.any():
                out[now, 1] += ping + soft * pong
                out[now, 0] += pong + soft * ping
                if reverb is not None:
                    reverb[now] += (ping + pong) * np.float32(_ECHO_IN_ROOM * (1.0 + _FAR) / 2.0)
            first = last
