"""Motifs: two-bar rhythms made a song's own, and contours with one leap in them.

A motif's rhythm comes from the style; a note is pushed, split, left out or held on, and at least a beat is left to breathe.
Its contour is an arch, a wave, a fall or a climb in scale steps, most of them single steps, with one leap of a fourth to a
sixth that the next note steps back from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from grammy_desktop.core.styles.grid import Hit
from grammy_desktop.generation.composer.rhythm import Metre, bar_hits

Rhythm = tuple[Hit, ...]
"""Onsets of two bars, in steps from the first."""

_SHAPES = ("arch", "fall", "rise", "wave", "valley")
_REACH = 4.5
"""Scale steps that a contour keeps within, either side of its middle."""
_MOST = 11
"""Notes in two bars that a singer still has breath for."""

_TRIES = 4
_OTHER_END = 0.75
_ECHO = 0.5
_BENDS = ((-1.0, -1.0), (-1.0, -1.0), (-1.0, -2.0), (0.0, -1.0), (1.0, -1.0), (-2.0, -1.0), (-1.0, 1.0, -1.0))
"""How the answer's last notes leave the contour, in scale steps; most of them fall."""


@dataclass(frozen=True)
class Motif:
    """`contour` holds a scale step for every onset."""

    rhythm: Rhythm
    contour: tuple[float, ...]


def make_motif(grid: str, metre: Metre, rng: np.random.Generator, *, changes: int) -> Motif:
    """A motif on a style's two-bar grid with up to `changes` changes of its rhythm."""
    rhythm = two_bars(grid, metre)
    for _ in range(changes):
        rhythm = _otherwise(rhythm, metre, rng)
    rhythm = with_breath(_sparser(rhythm, metre), metre)
    return Motif(rhythm, make_contour(len(rhythm), rng))


def answering(motif: Motif, metre: Metre, rng: np.random.Generator) -> Motif:
    """The second a of a-a-b-a: its first bar as it was, its end turned otherwise and in most songs in another rhythm."""
    split = float(metre.steps)
    if sum(hit.step >= split for hit in motif.rhythm) < 2:
        # A motif of one bar answers within it, or echoes its beginning where it was silent.
        split /= 2
    head = tuple(hit for hit in motif.rhythm if hit.step < split)
    tail = tuple(hit for hit in motif.rhythm if hit.step >= split)
    if split < metre.steps and rng.random() < _ECHO:
        echo = (replace(hit, step=hit.step + metre.steps) for hit in motif.rhythm[: int(rng.integers(2, 4))])
        tail = (*tail, *(hit for hit in echo if not tail or hit.step > tail[-1].step + 1))
    elif len(tail) >= 2 and rng.random() < _OTHER_END:
        tail = _otherwise(tail, metre, rng)
    rhythm = with_breath(_apart((*head, *tail)), metre)
    bend = _BENDS[int(rng.integers(len(_BENDS)))]
    contour = [motif.contour[index % len(motif.contour)] for index in range(len(rhythm))] if motif.contour else []
    for back, step in enumerate(reversed(bend), 1):
        if back <= len(contour):
            contour[-back] += step
    return Motif(rhythm, tuple(contour))


def contrasting(motif: Motif, grid: str, metre: Metre, rng: np.random.Generator) -> Motif:
    """The b of a-a-b-a: half of the rhythm new, the contour turned over, and somewhat higher (by its user)."""
    other = two_bars(grid, metre)
    half = float(metre.steps)
    if rng.random() < 0.5:
        rhythm = [hit for hit in other if hit.step < half] + [hit for hit in motif.rhythm if hit.step >= half]
    else:
        rhythm = [hit for hit in motif.rhythm if hit.step < half] + [hit for hit in other if hit.step >= half]
    fitted = with_breath(_sparser(_apart(rhythm), metre), metre)
    turned = [-step for step in motif.contour] or [0.0]
    if rng.random() < 0.5:
        return Motif(fitted, make_contour(len(fitted), rng))
    return Motif(fitted, tuple(turned[index % len(turned)] for index in range(len(fitted))))


def two_bars(grid: str, metre: Metre) -> Rhythm:
    first, second = bar_hits(grid, 0, metre), bar_hits(grid, 1, metre)
    return (*first, *(replace(hit, step=hit.step + metre.steps) for hit in second))


def _apart(hits: Sequence[Hit]) -> Rhythm:
    """No note sounds into the next."""
    ordered = sorted(hits, key=lambda hit: hit.step)
    return tuple(
        replace(hit, length=min(hit.length, ordered[i + 1].step - hit.step)) if i + 1 < len(ordered) else hit
        for i, hit in enumerate(ordered)
    )


def _otherwise(rhythm: Rhythm, metre: Metre, rng: np.random.Generator) -> Rhythm:
    """One change that fits, of a few that are tried."""
    for _ in range(_TRIES):
        other = _changed(rhythm, metre, rng)
        if other != rhythm:
            return other
    return rhythm


def _changed(rhythm: Rhythm, metre: Metre, rng: np.random.Generator) -> Rhythm:
    """One change; the same rhythm where the drawn one does not fit."""
    if len(rhythm) < 2:
        return rhythm
    place = int(rng.integers(1, len(rhythm)))
    hit, hits = rhythm[place], list(rhythm)
    match int(rng.integers(5)):
        case 0 if len(hits) > 4:
            hits[place - 1] = replace(hits[place - 1], length=hit.step + hit.length - hits[place - 1].step)
            del hits[place]
        case 1 if hit.length >= 4 and not hit.triplet:
            hits[place : place + 1] = [
                replace(hit, length=hit.length - 2),
                replace(hit, step=hit.step + hit.length - 2, length=2.0, velocity=hit.velocity - 10),
            ]
        case 2 if not hit.triplet and hit.step % metre.pulse == 0 and hit.step - hits[place - 1].step >= 3:
            # Pushed: sung an eighth before its beat, as long as before.
            hits[place] = replace(hit, step=hit.step - 2, length=hit.length + 2)
        case 3 if not hit.triplet and hit.length >= 4 and hit.step % metre.pulse == 0:
            hits[place] = replace(hit, step=hit.step + 2, length=hit.length - 2)
        case 4 if not hit.triplet and hit.step - (hits[place - 1].step + hits[place - 1].length) >= 2:
            hits.insert(place, replace(hit, step=hit.step - 2, length=2.0, velocity=hit.velocity - 14))
        case _:
            return rhythm
    return _apart(hits)


def _sparser(rhythm: Rhythm, metre: Metre) -> Rhythm:
    """Weak notes left out until a singer could sing it."""
    hits = list(rhythm)
    while len(hits) > _MOST:
        weak = [i for i in range(1, len(hits)) if hits[i].step % metre.pulse] or list(range(1, len(hits)))
        del hits[min(weak, key=lambda i: (hits[i].length, -i))]
    return tuple(hits)


def with_breath(rhythm: Rhythm, metre: Metre) -> Rhythm:
    """At least one beat of rest in two bars: where there is none, the last note ends early (or is left out)."""
    hits = list(rhythm)
    end = 2.0 * metre.steps
    while hits:
        gaps = [after.step - (hit.step + hit.length) for hit, after in pairwise(hits)]
        if max([hits[0].step, *gaps, end - hits[-1].step - hits[-1].length]) >= metre.pulse - 1e-6:
            break
        last = hits[-1]
        room = end - metre.pulse - last.step
        if room >= 2 or len(hits) == 1:
            hits[-1] = replace(last, length=max(1.0, room))
            break
        del hits[-1]
    return tuple(hits)


def make_contour(length: int, rng: np.random.Generator) -> tuple[float, ...]:
    """Scale steps around 0: a shape, one leap, otherwise steps and a few repeats."""
    if length < 2:
        return (0.0,) * length
    shape = _SHAPES[int(rng.integers(len(_SHAPES)))]
    leap_at = int(rng.integers(1, length)) if length > 2 else 0
    steps = [0.0]
    pull = 0.0
    for place in range(1, length):
        direction = _direction(shape, place / length)
        if pull:
            move, pull = pull, 0.0
        elif place == leap_at:
            move = direction * float(rng.choice([3, 3, 4, 5]))
            pull = -float(np.sign(move))
        elif rng.random() < 0.2:
            move = 0.0
        else:
            move = (direction if rng.random() < 0.8 else -direction) * (2.0 if rng.random() < 0.12 else 1.0)
        if abs(steps[-1] + move) > _REACH:
            move = -move
        steps.append(steps[-1] + move)
    centre = (max(steps) + min(steps)) / 2
    return tuple(step - centre for step in steps)


def _direction(shape: str, share: float) -> float:
    """Whither the line goes at a share of its length."""
    if shape in ("fall", "rise"):
        return 1.0 if shape == "rise" else -1.0
    if shape == "wave":
        return 1.0 if int(share * 4) % 2 == 0 else -1.0
    up = share < 0.5
    return 1.0 if up == (shape == "arch") else -1.0
