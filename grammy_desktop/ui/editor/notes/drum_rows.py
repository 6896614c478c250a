"""Which row of a drum lane a note stands on: pieces of the kit, low ones below. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

PIECES: tuple[tuple[str, frozenset[int]], ...] = (
    ("Kick", frozenset({35, 36})),
    ("Snare", frozenset({38, 40})),
    ("Rim", frozenset({37})),
    ("Clap", frozenset({39})),
    ("Toms", frozenset({41, 43, 45, 47, 48, 50})),
    ("Percussion", frozenset()),
    ("Shaker", frozenset({69, 70, 82})),
    ("Closed hi-hat", frozenset({42, 44})),
    ("Open hi-hat", frozenset({46})),
    ("Ride", frozenset({51, 53, 59})),
    ("Cymbals", frozenset({49, 52, 55, 57})),
)
"""General MIDI's percussion map in rows from below; what no row names is percussion."""

_OTHER = next(index for index, (_, notes) in enumerate(PIECES) if not notes)


def piece_of(pitch: int) -> int:
    """Index in `PIECES`."""
    return next((index for index, (_, notes) in enumerate(PIECES) if pitch in notes), _OTHER)


def drum_rows(pitches: Iterable[int]) -> tuple[dict[int, int], tuple[str, ...]]:
    """Pitch to row (0 is the lowest), only of pieces that are played, and the rows' names."""
    used = sorted(set(pitches))
    pieces = sorted({piece_of(pitch) for pitch in used})
    return {pitch: pieces.index(piece_of(pitch)) for pitch in used}, tuple(PIECES[piece][0] for piece in pieces)
