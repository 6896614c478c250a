"""The beginning of a song, to be heard while the rest is made: its first bars with all their notes, at their level."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import Style

SHORTEST_SONG = 20.0
"""Seconds; a song as short as this is made as quickly as its opening."""
_LEAST, _MOST = 4.5, 14.0
_SHARE = 0.06
"""Of the song; what it takes to make the opening delays the rest."""
_TAIL = 0.2
"""Seconds of the mixer's fade at the opening's end (it fades a little longer)."""
_FADE = 1.0


@dataclass(frozen=True)
class Opening:
    """The first bars as a score of their own; the style that mixes them; seconds; gain (linear) against the whole song."""

    arrangement: Arrangement
    style: Style
    seconds: float
    gain: float

    def at_level(self, mix: Samples) -> Samples:
        """`mix` as loud as the song will be there, in place."""
        mix *= np.float32(self.gain)
        return mix


def opening_of(arrangement: Arrangement, style: Style, seconds: float) -> Opening | None:
    """None where the song is short, a loop, or begins with so long a section that there is nothing to cut."""
    if seconds <= SHORTEST_SONG or arrangement.ending == "loop":
        return None
    bar = arrangement.beats_per_bar
    wanted = min(max(_LEAST, _SHARE * seconds), _MOST)
    bars = max(1, round(arrangement.beat_at(wanted) / bar))
    if bars >= arrangement.bars:
        return None
    edge = bars * bar
    sections = tuple(
        replace(section, bars=min(section.bars, bars - section.start))
        for section in arrangement.sections
        if section.start < bars
    )
    parts = tuple(
        replace(part, notes=notes)
        for part in arrangement.parts
        if (notes := tuple(note for note in part.notes if note.start < edge))
    )
    if not parts:
        return None
    cut = replace(
        arrangement,
        sections=sections,
        chords=tuple(chord for chord in arrangement.chords if chord.start < edge),
        key_changes=tuple(change for change in arrangement.key_changes if change.beat < edge),
        parts=parts,
        ending="hold",
    )
    loudest = max(section.energy for section in arrangement.sections)
    here = max(section.energy for section in sections)
    points = style.mix.section_db
    decibels = _level(here, points) - _level(loudest, points)
    mix = replace(style.mix, tail_seconds=_TAIL)
    return Opening(cut, replace(style, mix=mix), arrangement.seconds(edge) + _FADE, 10.0 ** (min(0.0, decibels) / 20.0))


def _level(energy: float, points: tuple[tuple[float, float], ...]) -> float:
    """LU of a section by its energy, between the style's points."""
    ordered = sorted(points)
    return float(np.interp(energy, [point[0] for point in ordered], [point[1] for point in ordered]))
