"""Where the sections of a song of ours begin, as its audio tells, against its plan."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import Attacks, attacks_of
from grammy_desktop.analysis.bar_features import Bars, bars_of, likeness_of
from grammy_desktop.analysis.pitches import Pitches, pitches_of
from grammy_desktop.analysis.sections import boundary_chances, segment
from grammy_desktop.analysis.spectra import mono
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.song import Arrangement, Song

EAGERNESS = 1.0
"""Of `segment`: every planned boundary is to be found, at the price of some that are not in the plan. Chosen on other songs."""
_KERNEL = 4
"""Bars each way of the plain novelty."""


def form_of(song: Song, brief: Brief, seed: int) -> dict[str, Any]:
    """JSON of one song: first bars of its sections as planned, as found by the analysis, as found by a plain novelty curve.

    The bar lines are taken from the score: what is judged is whether sections can be heard, not the beat.
    """
    assert song.arrangement is not None
    samples = mono(song.mix)
    samples = samples * np.float32(0.1 / (float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) + 1e-9))
    attacks, pitches = attacks_of(samples, NoProgress()), pitches_of(samples, NoProgress())
    bars = score_bars(song.arrangement, song.mix.duration, attacks, pitches)
    count = bars.edges.size - 1
    chances = boundary_chances(bars)
    return {
        "style": brief.genre.value,
        "seed": seed,
        "bars": count,
        "planned": [section.start for section in song.arrangement.sections if 0 < section.start < count],
        "found": segment(chances, eagerness=EAGERNESS)[1:],
        "plain": plain_boundaries(bars),
        "chances": [round(float(chance), 3) for chance in chances],
    }


def score_bars(score: Arrangement, seconds: float, attacks: Attacks, pitches: Pitches) -> Bars:
    """The bars of the score; what rings after the last belongs to it."""
    lines = np.array([score.seconds(bar * score.beats_per_bar) for bar in range(score.bars + 1)])
    bar = lines[1] - lines[0]
    inner = lines[(lines > 0) & (lines < seconds - 0.4 * bar)]
    return bars_of(np.concatenate([[0.0], inner, [seconds]]), attacks, pitches)


def plain_boundaries(bars: Bars) -> list[int]:
    """Peaks of a checkerboard novelty over the likeness of bars (Foote 2000): untrained, all lengths alike."""
    like_sound, like_harmony = likeness_of(bars)
    curve = _checkerboard(0.7 * like_sound + 0.3 * like_harmony)
    level = float(curve.mean() + 0.5 * curve.std())
    return [
        index
        for index in range(1, curve.size)
        if curve[index] >= level and curve[index] == curve[max(0, index - 2) : index + 3].max()
    ]


def _checkerboard(like: NDArray[np.float64]) -> NDArray[np.float64]:
    count = like.shape[0]
    curve = np.zeros(count)
    for index in range(1, count):
        before, after = slice(max(0, index - _KERNEL), index), slice(index, min(count, index + _KERNEL))
        curve[index] = (like[before, before].mean() + like[after, after].mean()) / 2 - like[before, after].mean()
    return curve


def matched(planned: list[int], found: list[int], tolerance: int = 1) -> tuple[int, int]:
    """(planned boundaries that were found, found ones that were planned), each within `tolerance` bars."""
    hits = sum(any(abs(one - other) <= tolerance for other in found) for one in planned)
    right = sum(any(abs(one - other) <= tolerance for other in planned) for one in found)
    return hits, right
