"""Gain over time: the kick's duck, the sections' levels, the last fade."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from grammy_desktop.core.song import Arrangement, Section
from grammy_desktop.generation.composer.mix.blocks import Curve
from grammy_desktop.generation.composer.render.kits import KICKS
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import frames_of

GAIN_STEP = 64
"""Frames between two values of a gain; duck and wow turn faster."""
DUCK_STEP = 16
_DUCK_ATTACK = 0.004
_RISE = 0.04
_FALL = 0.15
FADE_SILENCE = 0.055
"""Seconds of true silence at the very end."""


def duck_curve(arrangement: Arrangement, frames: int) -> Curve:
    """How far the kick pushes others away: 0 (not at all) to 1 (fully)."""
    curve = np.zeros(-(-frames // DUCK_STEP) + 1, np.float32)
    release = frames_of(min(0.3, 0.75 * arrangement.seconds(1.0)))
    attack = frames_of(_DUCK_ATTACK)
    for kick in _kicks(arrangement):
        place = round(kick * RATE)
        first, last = max(0, -(-(place - attack) // DUCK_STEP)), min(len(curve), (place + release) // DUCK_STEP + 1)
        if last > first:
            at = np.arange(first, last) * DUCK_STEP - place
            depth = np.where(at < 0, 1.0 + at / attack, 1.0 - (np.maximum(at, 0) / release) ** 1.4)
            np.maximum(curve[first:last], depth, out=curve[first:last])
    return Curve(curve, DUCK_STEP)


def _kicks(arrangement: Arrangement) -> list[float]:
    """Seconds at which the kick is hit."""
    return [
        arrangement.seconds(note.start)
        for part in arrangement.parts
        if part.is_drums
        for note in part.notes
        if note.pitch in KICKS and note.velocity >= 50
    ]


def level_at(energy: float, points: Sequence[tuple[float, float]]) -> float:
    """LU of a section by its energy, between the style's points."""
    ordered = sorted(points)
    return float(np.interp(energy, [p[0] for p in ordered], [p[1] for p in ordered]))


def section_curve(arrangement: Arrangement, gains: Sequence[tuple[Section, float]], frames: int) -> Curve:
    """The sections' gains as a curve without steps, linear gain."""
    times, levels = [0.0], [gains[0][1] if gains else 0.0]
    for (_, before), (section, after) in pairwise(gains):
        edge = arrangement.seconds(section.start * arrangement.beats_per_bar)
        # A louder section must be at its level on its first beat; a softer one lets the last sound ring.
        first, last = (edge - _RISE, edge) if after > before else (edge, edge + _FALL)
        times += [first, last]
        levels += [before, after]
    grid = Curve.grid(frames, GAIN_STEP)
    decibels = np.interp(grid / RATE, times, levels)
    return Curve((10.0 ** (decibels / 20.0)).astype(np.float32), GAIN_STEP)


def fade_curve(frames: int, tail_seconds: float) -> Curve:
    """The song's edges: 2 ms of ramp, then 1, then a cosine over the ring-out. It ends in silence 55 ms before the last frame."""
    at = Curve.grid(frames, GAIN_STEP)
    length = min(frames_of(max(0.9, 1.1 * tail_seconds)), frames // 2)
    end = frames - min(frames_of(FADE_SILENCE), frames // 4)
    gone = np.clip((at - (end - length)) / max(1, length), 0.0, 1.0)
    curve = np.maximum(0.5 + 0.5 * np.cos(np.pi * gone), 0.0) ** 0.8
    curve[at >= end - GAIN_STEP] = 0.0
    curve *= np.minimum(at / frames_of(0.002), 1.0)
    return Curve(curve.astype(np.float32), GAIN_STEP)


def times_curves(one: Curve, other: Curve) -> Curve:
    """The product of two curves of one step."""
    return Curve(np.asarray(one.values * other.values, np.float32), one.step)
