"""Voicings: where a chord's notes lie. Voice leading by dynamic programming over all candidates of a passage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from grammy_desktop.core.music import Chord

Voicing = tuple[int, ...]

# Lowest MIDI note on which an interval of that many semitones still sounds clear.
_LOW_LIMITS = {1: 52, 2: 51, 3: 48, 4: 46, 5: 46, 6: 46, 7: 34, 8: 41, 9: 41, 10: 41, 11: 41}
_MAX_CANDIDATES = 18


def chord_tones(chord: Chord, voicing: str) -> tuple[int, ...]:
    """The pitch classes that a voicing type keeps, in stacking order."""
    root, intervals = chord.root, chord.intervals
    if voicing == "power":
        fifth = next((i for i in intervals if i in (6, 7, 8)), 7)
        return (root, (root + fifth) % 12)
    if voicing == "quartal":
        return tuple((root + i) % 12 for i in _fourths(chord))
    if voicing == "cluster" and 6 not in intervals:
        third = next((i for i in intervals if i in (3, 4, 5)), 7)
        return tuple(dict.fromkeys((root + i) % 12 for i in (0, 2, third, 7)))
    if voicing == "triad":
        intervals = intervals[:3]
    elif voicing == "shell" and len(intervals) > 3:
        intervals = (intervals[0], intervals[1], intervals[3])
    elif voicing == "rootless" and len(intervals) > 4:
        # Only ninths and more: a seventh chord without its root would be the relative triad.
        intervals = intervals[1:]
    # At most four voices: the fifth can go, then the root, which the bass has.
    kept = list(intervals)
    for spare in (7, 0, 14):
        if len(kept) > 4 and spare in kept:
            kept.remove(spare)
    return tuple(dict.fromkeys((root + i) % 12 for i in kept[:4]))


def _fourths(chord: Chord) -> tuple[int, ...]:
    """Four tones in fourths that stand for a chord: from the root in minor, from the third or seventh in major."""
    intervals = chord.intervals
    if 6 in intervals or 8 in intervals:
        return intervals[:4]
    if 3 in intervals or 5 in intervals or 4 not in intervals:
        return (0, 5, 10, 3) if 3 in intervals else (7, 0, 5, 10)
    return (10, 4, 9, 2) if 10 in intervals else (4, 9, 2, 7)


@lru_cache(maxsize=4096)
def candidates(chord: Chord, voicing: str, low: int, high: int) -> tuple[Voicing, ...]:
    """All voicings of the type inside the range, the clearest first; never empty."""
    tones = chord_tones(chord, voicing)
    found: set[Voicing] = set()
    for base in range(low, high + 1):
        if base % 12 not in tones:
            continue
        first = tones.index(base % 12)
        if voicing in ("power", "quartal") and first != 0:
            continue
        close = _stack([tones[(first + i) % len(tones)] for i in range(len(tones))], base)
        if voicing == "power":
            close = (*close, base + 12)
        found.add(close)
        if voicing in ("drop2", "rootless", "spread") and len(close) >= 3:
            found.add(tuple(sorted((*close[:-2], close[-2] - 12, close[-1]))))
        if voicing == "spread" and len(close) == 3:
            found.add((close[0], close[2], close[1] + 12))
            found.add((close[0], close[2], close[1] + 12, close[0] + 24))
    fitting = [v for v in found if v[0] >= low and v[-1] <= high] or [_squeeze(tones, low, high)]
    return tuple(sorted(fitting, key=lambda v: (_unclear(v, (low + high) / 2), v))[:_MAX_CANDIDATES])


def _stack(pcs: Sequence[int], base: int) -> Voicing:
    notes = [base]
    for pc in pcs[1:]:
        notes.append(notes[-1] + ((pc - notes[-1]) % 12 or 12))
    return tuple(notes)


def _squeeze(tones: Sequence[int], low: int, high: int) -> Voicing:
    """A narrow range: whatever tones fit, one octave each."""
    notes = sorted({low + (pc - low) % 12 for pc in tones})
    return tuple(note for note in notes if note <= high) or (low,)


def _unclear(voicing: Voicing, centre: float) -> float:
    """Cost of a voicing alone: muddy low intervals, grinding seconds on top, distance from the middle of the range."""
    cost = 0.16 * abs(sum(voicing) / len(voicing) - centre)
    for lower, upper in pairwise(voicing):
        interval = upper - lower
        if interval < 12 and lower < _LOW_LIMITS.get(interval, 0):
            cost += 3.0
    if len(voicing) >= 2 and voicing[-1] - voicing[-2] == 1:
        cost += 2.0
    return cost


@lru_cache(maxsize=65536)
def _movement(before: Voicing, after: Voicing) -> float:
    """Cost of going from one voicing to the next: total movement, the top voice doubly, parallel fifths."""
    count = min(len(before), len(after))
    a, b = before[-count:], after[-count:]
    cost = float(sum(abs(x - y) for x, y in zip(a, b, strict=True)))
    top = abs(before[-1] - after[-1])
    cost += 0.6 * top + (3.0 if top > 5 else 0.0) + 1.5 * abs(len(before) - len(after))
    for i in range(count):
        for j in range(i + 1, count):
            if a[i] != b[i] and (a[j] - a[i]) % 12 == 7 and (b[j] - b[i]) % 12 == 7:
                cost += 1.5
    return cost


def lead_voices(chords: Sequence[Chord], voicing: str, low: int, high: int, *, loop: bool = True) -> list[Voicing]:
    """The voicings of a passage with the least total cost (Viterbi); with `loop`, the way back to the start counts too."""
    if not chords:
        return []
    layers = [candidates(chord, voicing, low, high) for chord in chords]
    centre = (low + high) / 2
    own = [np.array([_unclear(v, centre) for v in layer]) for layer in layers]
    cost = own[0]
    back: list[np.ndarray[tuple[int], np.dtype[np.intp]]] = []
    parallel = 0.0 if voicing == "power" else 1.0
    for index in range(1, len(layers)):
        if layers[index] is layers[index - 1] and chords[index] == chords[index - 1]:
            back.append(np.arange(len(layers[index])))
            cost = cost + own[index]
            continue
        moves = np.array([[_movement(b, a) for b in layers[index - 1]] for a in layers[index]]) * max(parallel, 0.5)
        total = moves + cost[None, :]
        back.append(total.argmin(axis=1))
        cost = total.min(axis=1) + own[index]
    if loop and len(layers) > 1:
        first = layers[0][int(own[0].argmin())]
        cost = cost + 0.5 * np.array([_movement(v, first) for v in layers[-1]])
    choice = int(cost.argmin())
    path = [choice]
    for pointers in reversed(back):
        choice = int(pointers[choice])
        path.append(choice)
    return [layers[i][j] for i, j in enumerate(reversed(path))]
