"""Replaces what is played between two bar lines or under one chord, joined to what stays: nothing hangs, nothing doubles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grammy_desktop.core.song import Note

_EARLY = 0.1
"""Beats before its place in the score that a player may strike."""
_PUSHED = 0.55
"""Beats before a chord within which a note that lasts into it is the chord's already."""
_RINGS = 0.1
"""Beats that such a note lasts into the chord at least."""
_HELD = 0.3
"""Beats of a held chord that are worth striking again where its beginning was replaced."""
_DOUBLE = 0.05
"""Beats within which two strokes of one pitch are one."""
_SHORTEST = 0.05

_PUSHES = ("bass", "chords", "arp", "pad", "counter")
_HOLDS = ("pad", "chords", "counter")
_DRUMS = ("drums", "perc")


@dataclass(frozen=True)
class Window:
    """What is replaced, in real beats. opening, closing: beats before start and end in which a melody's pickup belongs to what
    follows."""

    start: float
    end: float
    opening: float = 0.0
    closing: float = 0.0


def splice(old: Sequence[Note], new: Sequence[Note], windows: Iterable[Window], role: str) -> tuple[Note, ...]:
    """`old` with the notes of `new` inside the windows."""
    notes = list(old)
    for window in windows:
        notes = _spliced(notes, new, window, role)
    return tuple(sorted(notes, key=lambda note: (note.start, note.pitch)))


def silenced(old: Sequence[Note], windows: Iterable[Window], role: str) -> tuple[Note, ...]:
    """`old` with nothing inside the windows."""
    return splice(old, (), windows, role)


def _spliced(old: Sequence[Note], new: Sequence[Note], window: Window, role: str) -> list[Note]:
    before = [note for note in old if not _from(note, window.start, role, window.opening)]
    after = [note for note in old if _from(note, window.end, role, window.closing)]
    inside = [
        note
        for note in new
        if _from(note, window.start, role, window.opening) and not _from(note, window.end, role, window.closing)
    ]
    if role in _DRUMS:
        return _without_doubles(before, inside, after)
    stays = set(after)
    gone = [note for note in old if note not in stays]
    first = min([window.start, *(note.start for note in inside)])
    last = min([window.end, *(note.start for note in after)]) if role not in _HOLDS else window.end
    ended = [_ended(note, first) for note in before]
    joined = _joined([_ended(note, last) for note in inside], gone, window.end, role)
    return _without_doubles(ended, joined, after)


def _from(note: Note, beat: float, role: str, pickup: float) -> bool:
    """Whether a note belongs to what begins at `beat`."""
    if note.start >= beat - max(_EARLY, pickup + _EARLY if pickup else 0.0):
        return True
    return role in _PUSHES and note.start >= beat - _PUSHED and note.start + note.length > beat + _RINGS


def _ended(note: Note, beat: float) -> Note:
    if note.start + note.length <= beat + 1e-9:
        return note
    return replace(note, length=round(max(_SHORTEST, beat - note.start), 6))


def _joined(inside: list[Note], gone: Sequence[Note], end: float, role: str) -> list[Note]:
    """Held tones that began before `end` and would have lasted beyond go on: in the new note of that pitch, or struck again."""
    if role not in _HOLDS:
        return inside
    result = list(inside)
    for note in gone:
        stop = note.start + note.length
        if stop < end + _HELD:
            continue
        place = next(
            (i for i, n in enumerate(result) if n.pitch == note.pitch and n.start < end <= n.start + n.length + _EARLY),
            None,
        )
        if place is None:
            result.append(replace(note, start=end, length=round(stop - end, 6)))
        else:
            result[place] = replace(result[place], length=round(stop - result[place].start, 6))
    return result


def _without_doubles(*groups: Sequence[Note]) -> list[Note]:
    """One stroke a pitch and moment, and a note ends where its pitch is struck again: where two groups meet, not within one."""
    last: dict[int, tuple[int, int]] = {}
    result: list[Note] = []
    placed = [(note, number) for number, group in enumerate(groups) for note in group]
    for note, group in sorted(placed, key=lambda item: (item[0].start, item[0].pitch)):
        place, other = last.get(note.pitch, (-1, group))
        if other != group:
            earlier = result[place]
            if note.start - earlier.start < _DOUBLE:
                longest = max(earlier.length, note.start + note.length - earlier.start)
                result[place] = replace(
                    earlier, length=round(longest, 6), velocity=max(earlier.velocity, note.velocity)
                )
                continue
            if earlier.start + earlier.length > note.start:
                result[place] = replace(earlier, length=round(max(_SHORTEST, note.start - earlier.start - 0.005), 6))
        last[note.pitch] = (len(result), group)
        result.append(note)
    return result
