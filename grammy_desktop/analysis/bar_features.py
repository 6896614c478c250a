"""Each bar's sound, harmony and energy, and how much changes from bar to bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import Attacks
from grammy_desktop.analysis.harmonic_change import BASS, TREBLE, chroma
from grammy_desktop.analysis.pitches import RATE as PITCH_RATE
from grammy_desktop.analysis.pitches import Pitches

Floats = NDArray[np.float64]

_QUARTERS = 4
"""Parts of a bar in which harmony is heard separately."""
_WIDTHS = (1, 2, 4, 8)
"""Bars before and after a boundary that are compared."""
_GROUPS = 9
"""Groups of seven mel bands whose level is followed through the bar."""


@dataclass(frozen=True, eq=False)
class Bars:
    """edges: [bars + 1] seconds. sound: [bars, n] timbre and attacks, standardised. harmony: [bars, 96] unit length.

    energy: [bars] dB against the loudest bar. start: [bars] attacks of cymbals on the downbeat against the bar's mean.
    unusual: [bars, 4, 14] how far attacks and levels of each quarter of a bar differ from that quarter's mean over all bars:
    fills, risers, gaps and impacts.
    """

    edges: Floats
    sound: Floats
    harmony: Floats
    energy: Floats
    start: Floats
    unusual: Floats


def bars_of(edges: Floats, attacks: Attacks, pitches: Pitches) -> Bars:
    """edges: [bars + 1] seconds of the bar lines."""
    level = _means(attacks.level, attacks.frames_at(edges))
    hits = _means(attacks.bands, attacks.frames_at(edges))
    spread = np.sqrt(np.maximum(_means(np.square(attacks.level), attacks.frames_at(edges)) - level**2, 0.0))
    sound = np.hstack([level, 0.7 * spread[:, ::2], 0.5 * np.log(0.1 + hits)])
    sound = (sound - sound.mean(axis=0)) / (sound.std(axis=0) + 0.12)
    quarters = np.interp(np.arange((edges.size - 1) * _QUARTERS + 1) / _QUARTERS, np.arange(edges.size), edges)
    parts = [_means(np.sqrt(chroma(pitches, weight)), quarters * PITCH_RATE) for weight in (TREBLE, BASS)]
    harmony = np.hstack(parts)
    harmony /= np.linalg.norm(harmony, axis=1, keepdims=True) + 1e-6
    harmony = harmony.reshape(edges.size - 1, -1) / np.sqrt(_QUARTERS)
    power = _means(pitches.power[:, None], edges * PITCH_RATE)[:, 0]
    energy = 10.0 * np.log10(power / max(float(power.max()), 1e-12) + 1e-6)
    at = np.clip(np.round(attacks.frames_at(edges[:-1])).astype(np.int64), 1, attacks.bands.shape[0] - 3)
    downbeat = np.max([attacks.bands[at + shift, 3:].mean(axis=1) for shift in (-1, 0, 1, 2)], axis=0)
    start = np.log((0.2 + downbeat) / (0.2 + hits[:, 3:].mean(axis=1)))
    return Bars(edges, sound, harmony, energy, start, _unusual(attacks, quarters))


def _unusual(attacks: Attacks, quarters: Floats) -> Floats:
    """[bars, 4, 14]: see `Bars`."""
    frames = attacks.frames_at(quarters)
    groups = attacks.level[:, : _GROUPS * 7].reshape(-1, _GROUPS, 7).mean(axis=2)
    rows = np.hstack([np.log(0.1 + _means(attacks.bands, frames)), _means(groups, frames)])
    rows = rows.reshape(-1, _QUARTERS, rows.shape[1])
    rows = rows - rows.mean(axis=0)
    return np.asarray(rows / (rows.std(axis=(0, 1)) + 0.1))


def _means(rows: NDArray[np.floating], frames: Floats) -> Floats:
    """Means of `rows` between successive (fractional) frame numbers."""
    count = rows.shape[0]
    cuts = np.clip(np.round(frames).astype(np.int64), 0, count)
    total = np.vstack([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])
    first = np.minimum(cuts[:-1], count - 1)
    last = np.maximum(cuts[1:], first + 1)
    return np.asarray((total[last] - total[first]) / (last - first)[:, None])


def likeness_of(bars: Bars) -> tuple[Floats, Floats]:
    """([bars, bars] of sound, [bars, bars] of harmony), 1 where alike."""
    count = bars.sound.shape[0]
    apart = np.square(bars.sound[:, None] - bars.sound[None]).mean(axis=2) if count else np.zeros((0, 0))
    return np.exp(-0.5 * apart), bars.harmony @ bars.harmony.T


def boundary_features(bars: Bars) -> NDArray[np.float32]:
    """float32 [bars, features]: what speaks for a section beginning with each bar; the order is part of the model.

    Differences of means over 1 to 8 bars (after Foote 2000), steps of energy, a cymbal on the downbeat, the place in the song.
    """
    count = bars.edges.size - 1
    like_sound, like_harmony = likeness_of(bars)
    columns: list[Floats] = []
    for width in _WIDTHS:
        columns.append(_step(bars.sound, width))
        columns.append(_signed(bars.energy, width))
        for like in (like_sound, like_harmony):
            columns.append(_novelty(like, width))
    columns += [np.abs(column) for column in (_signed(bars.energy, 1), _signed(bars.energy, 4))]
    columns.append(bars.start)
    columns.append(np.concatenate([[0.0], bars.start[:-1]]))
    columns.append(_repeats(like_harmony))
    columns.append(_repeats(like_sound))
    index = np.arange(count)
    columns += [(index % 2 == 0).astype(float), (index % 4 == 0).astype(float), (index % 8 == 0).astype(float)]
    columns += [np.minimum(index, 8) / 8.0, np.minimum(count - index, 8) / 8.0]
    table = np.stack(columns, axis=1)
    # Each against its neighbours: a boundary is a peak.
    left, right = np.vstack([table[:1], table[:-1]]), np.vstack([table[1:], table[-1:]])
    first = bars.unusual[:, 0]
    ending = np.concatenate([np.zeros((1, 2 * first.shape[1])), bars.unusual[:-1, 2:].reshape(count - 1, -1)])
    return np.hstack([table, left[:, :18], right[:, :18], first, ending]).astype(np.float32)


def _step(rows: Floats, width: int) -> Floats:
    """Mean absolute difference of the `width` rows before and after."""
    return np.array([float(np.abs(after - before).mean()) for before, after in _sides(rows, width)])


def _signed(values: Floats, width: int) -> Floats:
    return np.array([float(after - before) / 6.0 for before, after in _sides(values, width)])


def _sides(rows: Floats, width: int) -> list[tuple[Floats, Floats]]:
    count = rows.shape[0]
    found = []
    for index in range(count):
        before = rows[max(0, index - width) : index] if index else rows[:1]
        found.append((before.mean(axis=0), rows[index : index + width].mean(axis=0)))
    return found


def _novelty(like: Floats, width: int) -> Floats:
    count = like.shape[0]
    found = np.zeros(count)
    for index in range(1, count):
        before, after = slice(max(0, index - width), index), slice(index, min(count, index + width))
        inside = (like[before, before].mean() + like[after, after].mean()) / 2
        found[index] = inside - like[before, after].mean()
    return found


def _repeats(like: Floats) -> Floats:
    """How much better the bars from here on match a stretch elsewhere than the bar before does: a repeat begins."""
    count = like.shape[0]
    found = np.zeros(count)
    for index in range(1, count - 2):
        for lag in range(-index, count - index - 2):
            if abs(lag) < 2:
                continue
            run = [
                like[index + step, index + step + lag] for step in range(4) if max(index, index + lag) + step < count
            ]
            if len(run) < 3:
                continue
            earlier = index - 1 + lag
            before = like[index - 1, earlier] if 0 <= earlier < count else 0.5
            found[index] = max(found[index], float(np.mean(run)) - float(before))
    return found
