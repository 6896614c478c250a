"""What is measured on a restyled song: its chords and melody against those of the song that it was made from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.music import Chord
from grammy_desktop.core.song import Arrangement

STEP = 0.05
"""Seconds."""
_TRIAD = 8
"""Semitones above the root from which a note is no part of the triad."""
_THIRDS = ((3, "min"), (4, "maj"))


def family(symbol: str) -> tuple[int, str] | None:
    """(root, quality of the triad: maj, min, dim, aug, sus2, sus4 or 5); None where no chord sounds."""
    if symbol == NO_CHORD:
        return None
    chord = Chord.parse(symbol)
    steps = {interval % 12 for interval in chord.intervals if interval < 12}
    third = next((name for step, name in _THIRDS if step in steps), None)
    if third == "min" and 6 in steps and 7 not in steps:
        return chord.root, "dim"
    if third == "maj" and 8 in steps and 7 not in steps:
        return chord.root, "aug"
    if third is not None:
        return chord.root, third
    return chord.root, "sus4" if 5 in steps else "sus2" if 2 in steps else "5"


def seventh(symbol: str) -> tuple[int, str, bool, bool] | None:
    """The same with whether a minor and a major seventh sound."""
    base = family(symbol)
    if base is None:
        return None
    steps = {interval % 12 for interval in Chord.parse(symbol).intervals}
    return (*base, 10 in steps, 11 in steps)


def symbols(score: Arrangement, times: NDArray[np.float64]) -> list[str]:
    """The chord at each time."""
    beats = [score.beat_at(float(time)) for time in times]
    starts = np.array([chord.start for chord in score.chords])
    places = np.clip(np.searchsorted(starts, np.array(beats) + 1e-6, side="right") - 1, 0, len(starts) - 1)
    return [score.chords[place].symbol for place in places]


def chord_shares(source: Arrangement, other: Arrangement, offset: float) -> dict[str, float]:
    """Shares of the time in which `other` has the source's root, its triad and its seventh chord.

    offset: seconds of the source at which `other` begins. Judged from the source's start to where its last chord is struck.
    """
    end = source.seconds(source.chords[-1].start)
    times = np.arange(max(0.0, offset) + STEP / 2, end, STEP)
    pairs = list(zip(symbols(source, times), symbols(other, times - offset), strict=True))
    families = [(family(a), family(b)) for a, b in pairs]
    return {
        "root": _mean([(a and a[0]) == (b and b[0]) for a, b in families]),
        "triad": _mean([a == b for a, b in families]),
        "seventh": _mean([seventh(a) == seventh(b) for a, b in pairs]),
    }


def _mean(hits: list[bool]) -> float:
    return round(float(np.mean(hits)), 4)


def lines(score: Arrangement, names: set[str], times: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The pitches that the leads of these names sound at each time, NaN where they rest; the busiest one first."""
    found = []
    for part in sorted((part for part in score.parts if part.name in names), key=lambda part: -len(part.notes)):
        own = np.full(times.shape, np.nan)
        for note in part.notes:
            start, end = score.seconds(note.start), score.seconds(note.start + note.length)
            own[(times >= start) & (times < end)] = note.pitch
        found.append(own)
    return found


def one_line(found: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """What the first sounds, and the others in its rests."""
    whole = found[0]
    for other in found[1:]:
        whole = np.where(np.isfinite(whole), whole, other)
    return whole


def contour(
    source: Arrangement,
    singers: set[str],
    other: Arrangement,
    players: set[str],
    offset: float,
    *,
    skip: Sequence[tuple[float, float]] = (),
) -> tuple[float, float, float]:
    """(correlation of the two lines where both sound; how much of the source's line the other sounds in; same pitch class there).

    singers, players: the leads' names. A player takes the line in the octave of its instrument: each is moved by whole octaves,
    as a whole, to the source's. skip: (start, end) in seconds of the other where its style wrote a melody of its own. NaN where
    too little sounds together.
    """
    end = source.seconds(source.chords[-1].start)
    times = np.arange(max(0.0, offset), end, STEP / 2)
    for start, last in skip:
        times = times[(times - offset < start) | (times - offset >= last)]
    sung, played = lines(source, singers, times), lines(other, players, times - offset)
    if not sung or not played:
        return float("nan"), 0.0, 0.0
    a = one_line(sung)
    b = one_line([line + _octaves(a - line) for line in played])
    both = np.isfinite(a) & np.isfinite(b)
    covered = round(float(both.sum()) / max(1, int(np.isfinite(a).sum())), 3)
    if both.sum() < 40 or np.std(a[both]) == 0 or np.std(b[both]) == 0:
        return float("nan"), covered, 0.0
    same = float(np.mean((a[both] - b[both]) % 12 == 0))
    return round(float(np.corrcoef(a[both], b[both])[0, 1]), 3), covered, round(same, 3)


def _octaves(apart: NDArray[np.float64]) -> float:
    together = apart[np.isfinite(apart)]
    return 12.0 * round(float(np.median(together)) / 12.0) if together.size else 0.0
