"""The form of a recording: whole bars, and what each section does, by how it returns and how loud it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from grammy_desktop.analysis import Analysis, SectionSpan
from grammy_desktop.core.song import Section
from grammy_desktop.generation.composer.restyle.bars import Bars

_SURE = 0.3
"""Probability from which a boundary is believed."""
_SHORTEST = 2
"""Bars of a section."""
_LONG = 12
"""Bars from which a song of one piece is told apart into verse and chorus."""
_PHRASE = 4
_RETURNS = 0.08
"""Energy that a section gains by coming back."""
_EDGE = 8
"""Bars of an intro or outro at most, or a quarter of the song."""
_CALM, _DROP = 0.8, 0.15
"""An edge is an intro below this share of the highest energy; a break lies this far below both neighbours."""


def heard_form(analysis: Analysis, bars: Bars, last_chord: float) -> tuple[Section, ...]:
    """Sections named after what they do (intro, verse, chorus, break, outro), from bar 0 to the bar of the last chord."""
    total = max(1, math.ceil(last_chord / bars.quarters - 1e-6))
    pieces = _pieces(analysis.sections, bars, total)
    body = [piece for piece in pieces if piece.bars >= _PHRASE]
    if len(body) == 1 and body[0].bars >= _LONG:
        # One piece is no form: its second half is played as the chorus.
        at, whole = pieces.index(body[0]), body[0]
        half = (whole.bars // 2 + 2) // 4 * 4
        quiet = replace(whole, bars=half, energy=0.9 * whole.energy)
        loud = Section(f"{whole.name}+", whole.start + half, whole.bars - half, whole.energy)
        pieces[at : at + 1] = [quiet, loud]
    kinds = _kinds(pieces, total)
    return tuple(replace(piece, name=kind) for piece, kind in zip(pieces, kinds, strict=True))


def _pieces(spans: Sequence[SectionSpan], bars: Bars, total: int) -> list[Section]:
    """The heard sections on bar lines, those too short joined to the one before; `name` is the label."""
    pieces: list[Section] = []
    for span in spans:
        start = min(total, max(0, round(bars.place(span.start) / bars.quarters)))
        believed = span.probability >= _SURE or (pieces and pieces[-1].name != span.label)
        if not pieces:
            pieces.append(Section(span.label, 0, total, span.energy))
        elif believed and start - pieces[-1].start >= _SHORTEST and total - start >= _SHORTEST:
            pieces[-1] = replace(pieces[-1], bars=start - pieces[-1].start)
            pieces.append(Section(span.label, start, total - start, span.energy))
    return pieces or [Section("A", 0, total, 0.6)]


def _kinds(pieces: Sequence[Section], total: int) -> list[str]:
    top = _chorus(pieces)
    highest = max(piece.energy for piece in pieces)
    edge = max(_EDGE, total // 4)
    kinds = []
    for index, piece in enumerate(pieces):
        calm = piece.energy < _CALM * highest and piece.bars <= edge and len(pieces) > 1
        if index == 0 and (calm or (piece.bars < _PHRASE and total >= 3 * _PHRASE)):
            kinds.append("intro")
        elif index == len(pieces) - 1 and calm:
            kinds.append("outro")
        elif piece.name == top:
            kinds.append("chorus")
        elif 0 < index < len(pieces) - 1 and _between(pieces, index) - piece.energy > _DROP:
            kinds.append("break")
        else:
            kinds.append("verse")
    return kinds


def _chorus(pieces: Sequence[Section]) -> str:
    """The label of the loudest sections; what returns is a chorus rather than what is loud once, and it lasts a phrase."""
    long = [piece for piece in pieces if piece.bars >= _PHRASE] or list(pieces)
    levels: dict[str, list[float]] = {}
    for piece in long:
        levels.setdefault(piece.name, []).append(piece.energy)
    return max(
        levels, key=lambda label: (sum(levels[label]) / len(levels[label]) + _RETURNS * (len(levels[label]) > 1), label)
    )


def _between(pieces: Sequence[Section], index: int) -> float:
    return min(pieces[index - 1].energy, pieces[index + 1].energy)
