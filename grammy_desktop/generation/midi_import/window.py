"""Which bars of a file are the idea."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grammy_desktop.generation.midi_import.midi_score import Bar, RawNote

SIZES = (8, 4, 2, 1)
"""Bars that an idea may have."""
_PICKUP = 0.55
"""Share of a bar that an anacrusis may fill."""


@dataclass(frozen=True)
class Window:
    """`bars` bars from beat `start`; `pickup`: beats before it where the melody's anacrusis begins (0: none)."""

    start: float
    bars: int
    bar: float
    metre: tuple[int, int]
    pickup: float = 0.0

    @property
    def end(self) -> float:
        return self.start + self.bars * self.bar

    def holds(self, note: RawNote) -> bool:
        return self.start - 0.13 <= note.start < self.end - 0.13


def main_metre(bars: Sequence[Bar]) -> tuple[int, int]:
    """The metre of most of the time."""
    lasting: dict[tuple[int, int], float] = {}
    for bar in bars:
        if bar.is_whole:
            lasting[bar.metre] = lasting.get(bar.metre, 0.0) + bar.length
    return max(lasting, key=lambda metre: lasting[metre]) if lasting else (4, 4)


def choose_window(bars: Sequence[Bar], melody: Sequence[RawNote], others: Sequence[RawNote]) -> Window:
    """The first eight or four bars (two, one in short files) of one metre that hold the melody, with what accompanies it.

    Without a melody: where the other notes begin. Eight where the second half is no repetition of the first.
    """
    metre = main_metre(bars)
    runs = _runs(bars, metre)
    leading = melody or others
    best: tuple[float, Window] | None = None
    for run in runs:
        for place in range(len(run)):
            window, worth = _window_at(run[place:], leading, others if melody else ())
            if worth > 0.0 and (best is None or worth > best[0] + 0.15):
                best = (worth, window)
            if best is not None and best[0] >= 0.95:
                return _sized(best[1], leading, others)
    if best is None:
        first = runs[0][0] if runs else Bar(0.0, metre[0] * 4 / metre[1], metre)
        return Window(first.start, 1, first.length, metre)
    return _sized(best[1], leading, others)


def _runs(bars: Sequence[Bar], metre: tuple[int, int]) -> list[list[Bar]]:
    """Stretches of whole bars of the metre."""
    runs: list[list[Bar]] = [[]]
    for bar in bars:
        if bar.metre == metre and bar.is_whole:
            runs[-1].append(bar)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _window_at(run: Sequence[Bar], leading: Sequence[RawNote], others: Sequence[RawNote]) -> tuple[Window, float]:
    """The window that begins with the first bar of `run`, as long as it can be, and what it is worth (0 to 1)."""
    bar = run[0]
    count = next(size for size in SIZES if size <= len(run))
    pickup = _pickup_before(bar, leading)
    window = Window(bar.start, count, bar.length, bar.metre, pickup)
    if not _sounds(leading, bar) or _is_pickup_only(bar, run, leading):
        return window, 0.0
    reach = run[: min(4, count)]
    full = sum(_sounds(leading, one) for one in reach) / len(reach)
    if full < 0.5 or (count < 4 <= len(run)):
        return window, 0.0
    accompanied = sum(_sounds(others, one) for one in reach) / len(reach) if others else 1.0
    length = 1.0 if count >= 4 else 0.6
    return window, (0.5 * min(1.0, full / 0.75) + 0.5 * accompanied) * length


def _sounds(notes: Sequence[RawNote], bar: Bar) -> bool:
    return any(bar.start - 0.13 <= note.start < bar.start + bar.length - 0.13 for note in notes)


def _is_pickup_only(bar: Bar, run: Sequence[Bar], notes: Sequence[RawNote]) -> bool:
    """Whether the bar merely leads into the next one."""
    within = [note for note in notes if bar.start - 0.13 <= note.start < bar.start + bar.length - 0.13]
    late = bar.start + (1.0 - _PICKUP) * bar.length
    before = any(bar.start - bar.length <= note.start < bar.start - 0.13 for note in notes)
    return len(run) > 2 and not before and all(note.start >= late for note in within) and _sounds(notes, run[1])


def _pickup_before(bar: Bar, notes: Sequence[RawNote]) -> float:
    """Beats from the first note that leads into the bar to the bar line; 0 where a phrase ends there or nothing leads in."""
    before = sorted(note.start for note in notes if bar.start - bar.length <= note.start < bar.start - 0.13)
    if not before or before[0] < bar.start - _PICKUP * bar.length:
        return 0.0
    return bar.start - before[0]


def _sized(window: Window, leading: Sequence[RawNote], others: Sequence[RawNote]) -> Window:
    """Four bars of eight where the second four repeat the first, or nothing leads in them."""
    if window.bars == 8 and _repeats(leading, window, empty=True) and _repeats(others, window, empty=False):
        return replace(window, bars=4)
    return window


def _repeats(notes: Sequence[RawNote], window: Window, *, empty: bool) -> bool:
    """Whether the notes of the second half are those of the first; `empty` or where it has none."""
    span = window.bars // 2 * window.bar
    first, second = (_figures(notes, begin, span) for begin in (window.start, window.start + span))
    if empty and not second:
        return True
    return len(first & second) >= 0.9 * max(len(first), len(second))


def _figures(notes: Sequence[RawNote], begin: float, span: float) -> set[tuple[int, int]]:
    return {
        (round(4 * (note.start - begin)), note.pitch)
        for note in notes
        if begin - 0.13 <= note.start < begin + span - 0.13
    }
