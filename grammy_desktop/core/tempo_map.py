"""Tempo maps: from beats to seconds and back, where the tempo changes in steps.

A map is a tuple of (beat, BPM): from that beat on the song goes at that tempo. An empty map is one tempo throughout.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

TempoMap = tuple[tuple[float, float], ...]


@lru_cache(maxsize=64)
def _corners(tempo: float, changes: TempoMap) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """(beats, seconds, BPM) of the places from which a tempo holds; the first is beat 0."""
    beats, times, tempi = [0.0], [0.0], [tempo]
    for beat, bpm in sorted(changes):
        if not bpm > 0.0:
            raise ValueError(f"the tempo map holds {bpm} BPM at beat {beat}")
        if beat <= 0.0:
            tempi[0] = bpm
            continue
        times.append(times[-1] + (beat - beats[-1]) * 60.0 / tempi[-1])
        beats.append(beat)
        tempi.append(bpm)
    return tuple(beats), tuple(times), tuple(tempi)


def seconds_at(beat: float, tempo: float, changes: TempoMap = ()) -> float:
    """Seconds from the song's start to a beat; before the start and after the last change the nearest tempo goes on."""
    if not changes:
        return beat * 60.0 / tempo
    beats, times, tempi = _corners(tempo, changes)
    place = max(0, bisect_right(beats, beat) - 1)
    return times[place] + (beat - beats[place]) * 60.0 / tempi[place]


def beat_at(seconds: float, tempo: float, changes: TempoMap = ()) -> float:
    """The inverse of `seconds_at`."""
    if not changes:
        return seconds * tempo / 60.0
    beats, times, tempi = _corners(tempo, changes)
    place = max(0, bisect_right(times, seconds) - 1)
    return beats[place] + (seconds - times[place]) * tempi[place] / 60.0


def tempo_changes(tempo: float, changes: TempoMap = ()) -> TempoMap:
    """(beat, BPM) of every tempo that is heard, the first at beat 0; what changes nothing is left out."""
    beats, _, tempi = _corners(tempo, changes)
    heard: list[tuple[float, float]] = []
    for beat, bpm in zip(beats, tempi, strict=True):
        if heard and heard[-1][0] == beat:
            heard.pop()
        if not heard or heard[-1][1] != bpm:
            heard.append((beat, bpm))
    return tuple(heard)
