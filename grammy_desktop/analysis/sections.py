"""Sections of a recording: boundaries on bar lines where much changes at once, and which sections are alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import Attacks
from grammy_desktop.analysis.bar_features import Bars, bars_of, boundary_features, likeness_of
from grammy_desktop.analysis.pitches import Pitches
from grammy_desktop.analysis.result import BeatGrid, SectionSpan
from grammy_desktop.analysis.small_net import trained

Floats = NDArray[np.float64]

_LONGEST = 24
"""Bars."""
_LENGTHS = {1: -3.0, 2: -1.2, 4: 0.0, 8: 0.3, 12: -0.3, 16: -0.2}
"""How usual sections of so many bars are, in nats; even numbers not named -0.9, odd ones -1.6."""
_ALIKE = 0.72
_FREE_BAR = 2.0
"""Seconds of a bar where there are no beats."""


def find_sections(
    attacks: Attacks, pitches: Pitches, beats: BeatGrid | None, seconds: float
) -> tuple[SectionSpan, ...]:
    """Sections from 0 to the end; one where the recording is shorter than four bars."""
    bars = bars_of(bar_lines(beats, seconds), attacks, pitches)
    chances = boundary_chances(bars)
    return tuple(_labelled(bars, segment(chances), chances))


def bar_lines(beats: BeatGrid | None, seconds: float) -> Floats:
    """[bars + 1] seconds from 0 to the end; what is shorter than half a bar joins its neighbour."""
    if beats is None or beats.downbeats.size < 3:
        return np.linspace(0.0, seconds, max(1, round(seconds / _FREE_BAR)) + 1)
    inner = beats.downbeats
    half = float(np.median(np.diff(inner))) / 2
    inner = inner[(inner > half) & (inner < seconds - half)]
    return np.concatenate([[0.0], inner, [seconds]])


def boundary_chances(bars: Bars) -> Floats:
    """[bars]: how probable it is that a section begins with each bar (1 for the first)."""
    if bars.edges.size < 3:
        return np.ones(bars.edges.size - 1)
    logits = trained("sections")(boundary_features(bars))[:, 0].astype(np.float64)
    chances = 1.0 / (1.0 + np.exp(-logits))
    chances[0] = 1.0
    return np.asarray(chances)


def segment(chances: Floats, *, eagerness: float = 0.0) -> list[int]:
    """First bars of the sections: the most probable boundaries among those that make sections of usual length.

    eagerness: nats added to what speaks for each boundary; above 0 fewer are missed and more are found that are none.
    """
    count = chances.size
    gain = np.log(chances + 1e-4) - np.log(1.0 - chances + 1e-4) + eagerness
    best = np.full(count + 1, -np.inf)
    best[0] = 0.0
    back = np.zeros(count + 1, dtype=np.int64)
    for end in range(1, count + 1):
        for start in range(max(0, end - _LONGEST), end):
            length = end - start
            usual = _LENGTHS.get(length, -0.9 if length % 2 == 0 else -1.6)
            if start == 0 or end == count:
                usual = max(usual, -0.6)
            value = best[start] + 0.5 * usual + (float(gain[end]) if end < count else 0.0)
            if value > best[end]:
                best[end], back[end] = value, start
    starts = []
    end = count
    while end > 0:
        end = int(back[end])
        starts.append(end)
    return starts[::-1]


def _labelled(bars: Bars, starts: list[int], chances: Floats) -> list[SectionSpan]:
    """Letters in order of appearance: the same for sections whose bars are alike one by one."""
    like_sound, like_harmony = likeness_of(bars)
    like = 0.5 * (like_sound + like_harmony)
    known: list[tuple[str, int, int]] = []
    spans = []
    loud = np.clip(1.0 + bars.energy / 30.0, 0.0, 1.0)
    for first, last in zip(starts, [*starts[1:], chances.size], strict=True):
        label, alike = "", _ALIKE
        for name, start, end in known:
            length = min(last - first, end - start)
            value = float(np.mean([like[first + step, start + step] for step in range(length)]))
            if value > alike:
                label, alike = name, value
        if not label:
            label = _letter(len({name for name, _, _ in known}))
        known.append((label, first, last))
        spans.append(
            SectionSpan(
                float(bars.edges[first]), float(bars.edges[last]), label, float(chances[first]),
                float(loud[first:last].mean()),
            )
        )  # fmt: skip
    return spans


def _letter(number: int) -> str:
    return chr(ord("A") + number % 26) + ("" if number < 26 else str(number // 26))
