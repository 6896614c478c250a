"""Bends notes of any synthesised sound: the finished note is read faster or slower, as a tape would be.

So every recipe and patch can slide, bend and shake, whether it knows about pitch curves or not. The note is made as much
longer or shorter as the reading takes away or adds, so that it ends when it should.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.pitch_curve import Points, semitones_over
from grammy_desktop.generation.composer.render.oscillators import RATE

_STEP = 64
"""Frames from one exact value of the curve to the next; between them the speed moves in straight lines."""
_PAD = 8


def source_seconds(points: Points, seconds: float) -> float:
    """How long a note must be made so that it lasts `seconds` when it is read along the curve. points: in seconds."""
    if not points:
        return seconds
    moving = min(points[-1][0], seconds)
    rest = seconds - moving
    travelled = float(_positions(points, round(moving * RATE))[-1]) / RATE
    return travelled + rest * float(2.0 ** (points[-1][1] / 12.0))


def bent(sound: Samples, points: Points) -> Samples:
    """`sound` [frames] or [frames, 2] read along the curve (points in seconds from its first frame)."""
    from scipy import ndimage

    if not points or len(sound) == 0:
        return sound
    frames = round(points[-1][0] * RATE)
    places = _positions(points, frames)
    last = float(2.0 ** (points[-1][1] / 12.0))
    if last == 1.0 and places[-1] > 0.0:
        # After the curve the note is read frame by frame again: the curve is stretched by less than a frame for that.
        places *= round(float(places[-1])) / float(places[-1])
        rest = sound[round(float(places[-1])) :]
    else:
        more = np.arange(1, int(max(0.0, (len(sound) - 1 - places[-1]) / last)) + 1)
        places = np.concatenate([places, places[-1] + more * last])
        rest = sound[:0]
    places = places[:-1] if len(rest) else places
    places = places[places <= len(sound) - 1]
    if not len(places):
        return rest
    end = min(len(sound), int(places[-1]) + 2 + _PAD)
    moved = np.empty((len(places), *sound.shape[1:]), np.float32)
    for channel in range(2 if sound.ndim == 2 else 1):
        line = sound[:end, channel] if sound.ndim == 2 else sound[:end]
        read = ndimage.map_coordinates(line, places[None], np.float32, order=3, mode="nearest")
        if sound.ndim == 2:
            moved[:, channel] = read
        else:
            moved = read
    return np.concatenate([moved, rest]) if len(rest) else moved


def _positions(points: Points, frames: int) -> NDArray[np.float64]:
    """Where in the source each of `frames` + 1 frames is read; the first at 0."""
    grid = np.arange(0, frames + _STEP, _STEP, dtype=np.float64)
    speeds = 2.0 ** (semitones_over(points, grid / RATE) / 12.0)
    every = np.interp(np.arange(frames + 1), grid, speeds)
    places = np.zeros(frames + 1)
    np.cumsum(0.5 * (every[1:] + every[:-1]), out=places[1:])
    return places
