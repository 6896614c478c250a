"""Gain over time: the kick's duck, the sections' levels, the last fade."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Arrangement, Section
from grammy_desktop.generation.composer.mix.blocks import blocks
from grammy_desktop.generation.composer.mix.levels import SILENT, STEP, Energies, lufs
from grammy_desktop.generation.composer.render.kits import KICKS
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import frames_of

_DUCK_ATTACK = 0.004
_RISE = 0.04
_FALL = 0.15
_CUT_LIMIT, _BOOST_LIMIT = -12.0, 2.0
_DYNAMIC_RANGE = 9.0
"""LU between the softest and the loudest section from which a style lives from its dynamics."""
FADE_SILENCE = 0.055
"""Seconds of true silence at the very end."""


def duck_curve(arrangement: Arrangement, frames: int) -> Samples:
    """How far the kick pushes others away: 0 (not at all) to 1 (fully), float32 [frames]."""
    curve = np.zeros(frames, np.float32)
    release = frames_of(min(0.3, 0.75 * arrangement.seconds(1.0)))
    attack = frames_of(_DUCK_ATTACK)
    shape = np.concatenate([np.linspace(0.0, 1.0, attack), (1.0 - np.linspace(0.0, 1.0, release) ** 1.4)])
    shape = shape.astype(np.float32)
    for part in arrangement.parts:
        if not part.is_drums:
            continue
        for note in part.notes:
            if note.pitch not in KICKS or note.velocity < 50:
                continue
            first = round(arrangement.seconds(note.start) * RATE) - attack
            skip = max(0, -first)
            last = min(frames, first + len(shape))
            if last > first + skip:
                piece = curve[first + skip : last]
                np.maximum(piece, shape[skip : skip + len(piece)], out=piece)
    return curve


def section_gains(
    arrangement: Arrangement, steps: Energies, points: Sequence[tuple[float, float]]
) -> list[tuple[Section, float]]:
    """Decibels to add to each section so that its loudness stands to the peak section as the style wants.

    steps: K-weighted energies of the mix. points: (energy, LU) of the style. Quiet sections are hardly ever raised:
    thin scoring is what makes them quiet.
    """
    sections = [section for section in arrangement.sections if section.bars > 0]
    if not sections:
        return []
    bar = arrangement.seconds(arrangement.beats_per_bar)
    measured = {}
    for section in sections:
        first, last = (round(edge * bar * RATE / STEP) for edge in (section.start, section.start + section.bars))
        piece = steps[first:last]
        measured[section] = lufs(float(piece.mean())) if len(piece) else SILENT
    peak = max(sections, key=lambda section: (section.energy, section.bars))
    gains = []
    for section in sections:
        wanted = level_at(section.energy, points) - level_at(peak.energy, points)
        actual = measured[section] - measured[peak]
        audible = measured[section] > measured[peak] - 30.0
        gain = float(np.clip(wanted - actual, _CUT_LIMIT, _BOOST_LIMIT)) if audible else 0.0
        gains.append((section, gain))
    return gains


def level_at(energy: float, points: Sequence[tuple[float, float]]) -> float:
    """LU of a section by its energy, between the style's points."""
    ordered = sorted(points)
    return float(np.interp(energy, [p[0] for p in ordered], [p[1] for p in ordered]))


def is_dynamic(points: Sequence[tuple[float, float]]) -> bool:
    """Whether the style's sections lie so far apart that its peaks should be left alone."""
    levels = [level for _, level in points]
    return max(levels) - min(levels) >= _DYNAMIC_RANGE


def section_curve(arrangement: Arrangement, gains: Sequence[tuple[Section, float]], frames: int) -> Samples:
    """The sections' gains as a curve without steps, linear gain, float32 [frames]."""
    bar = arrangement.seconds(arrangement.beats_per_bar)
    times, levels = [0.0], [gains[0][1] if gains else 0.0]
    for (_, before), (section, after) in pairwise(gains):
        edge = section.start * bar
        # A louder section must be at its level on its first beat; a softer one lets the last sound ring.
        first, last = (edge - _RISE, edge) if after > before else (edge, edge + _FALL)
        times += [first, last]
        levels += [before, after]
    grid = np.arange(0, frames + 256, 256)
    coarse = 10.0 ** (np.interp(grid / RATE, times, levels) / 20.0)
    return stretched(coarse, grid, frames)


def stretched(values: NDArray[Any], places: NDArray[Any], frames: int) -> Samples:
    """Straight lines through `values` at the frames `places`, float32 [frames]."""
    out = np.empty(frames, np.float32)
    for piece in blocks(frames, lambda: None):
        out[piece] = np.interp(np.arange(piece.start, piece.stop), places, values)
    return out


def fade_curve(frames: int, tail_seconds: float) -> Samples:
    """The song's edges, float32 [frames]: 2 ms of ramp, then 1, then a cosine over the ring-out.

    It ends in silence 55 ms before the last frame.
    """
    curve = np.ones(frames, np.float32)
    silence = min(frames_of(FADE_SILENCE), frames // 4)
    length = min(frames_of(max(0.9, 1.1 * tail_seconds)), frames // 2)
    end = frames - silence
    x = np.linspace(0.0, 1.0, length, dtype=np.float32)
    curve[end - length : end] = (0.5 + 0.5 * np.cos(np.pi * x)) ** 1.3
    curve[end:] = 0.0
    first = min(frames_of(0.002), frames)
    curve[:first] *= np.linspace(0.0, 1.0, first, dtype=np.float32)
    return curve
