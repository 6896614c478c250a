"""What the composing modules hand to each other: sections as planned, chords as placed, notes before performance.

Times are in internal quarter-note beats: the song may be written at half or double its tempo (see `form.Plan.factor`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from grammy_desktop.core.music import Chord, Key


@dataclass(frozen=True)
class Event:
    """A note as written.

    tag: the drum row; 'glide' for a note that slides into the next; 'up' and 'down' for strokes over strings; 'pickup' for
    notes that lead into a section. triplet: it stands on a triplet of its own, which swing leaves where it is.
    """

    start: float
    length: float
    pitch: int
    velocity: float
    tag: str = ""
    triplet: bool = False

    @property
    def end(self) -> float:
        return self.start + self.length

    def moved(self, beats: float) -> Event:
        return replace(self, start=self.start + beats)


@dataclass(frozen=True)
class SectionPlan:
    """`kind` is what the section does: intro, verse, pre, chorus, solo, break, build, stop or outro."""

    name: str
    kind: str
    start: int
    bars: int
    energy: float
    following: float
    """Energy of the next section; 0 at the end of the song."""

    @property
    def end(self) -> int:
        return self.start + self.bars

    @property
    def lifts(self) -> bool:
        """Whether the next section is clearly stronger."""
        return self.following >= self.energy + 0.1


@dataclass(frozen=True)
class Span:
    """A chord sounding from `start` for `length` beats, in `key`; `section` is the index of its section."""

    start: float
    length: float
    chord: Chord
    section: int
    key: Key

    @property
    def end(self) -> float:
        return self.start + self.length


def chord_at(spans: list[Span], beat: float) -> Span:
    """The chord that sounds at a beat (the first or last one outside the song)."""
    return spans[place_at(spans, beat)]


def place_at(spans: list[Span], beat: float) -> int:
    """The place of that chord in the list."""
    low, high = 0, len(spans) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if spans[middle].start <= beat + 1e-6:
            low = middle
        else:
            high = middle - 1
    return low


_MERGE = 0.03
"""Beats: the same pitch struck twice within this is one note (a 64th is 0.0625)."""


def without_overlaps(events: list[Event], *, gap: float = 0.0) -> list[Event]:
    """Sorted by start; a note ends before the same pitch starts again; doubles of one moment are merged."""
    last: dict[int, int] = {}
    result: list[Event] = []
    for event in sorted(events, key=lambda e: (e.start, e.pitch)):
        index = last.get(event.pitch)
        if index is not None:
            earlier = result[index]
            if event.start - earlier.start < _MERGE:
                result[index] = replace(
                    earlier, length=max(earlier.length, event.length), velocity=max(earlier.velocity, event.velocity)
                )
                continue
            if earlier.end > event.start - gap:
                result[index] = replace(earlier, length=max(0.02, event.start - gap - earlier.start))
        last[event.pitch] = len(result)
        result.append(event)
    return result


def until(events: list[Event], end: float) -> list[Event]:
    """The events that start before `end`, none of them sounding longer."""
    return [
        event if event.end <= end + 1e-6 else replace(event, length=end - event.start)
        for event in events
        if event.start < end - 1e-6
    ]
