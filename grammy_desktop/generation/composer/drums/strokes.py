"""Strokes of a groove as lists that a song may change, and small questions about them."""

from __future__ import annotations

from collections.abc import Sequence

from grammy_desktop.core.styles import Groove
from grammy_desktop.core.styles.grid import Hit, bars, read_hits
from grammy_desktop.generation.composer.rhythm import Metre, bar_hits

Bar = dict[str, list[Hit]]

BARS = 4
BACKBEAT_ROWS = ("S", "C", "R", "Sn")
GHOST = 45
"""Velocity up to which a hit counts as a ghost: quiet sections leave them out."""
FOOT = "P"
"""The hi-hat that a foot plays, under hands that leave it alone."""


def groove_hits(groove: Groove, row: str, index: int, metre: Metre) -> tuple[Hit, ...]:
    """The hits of bar `index` of a row, in steps from the bar's start."""
    if groove.metre == metre.text:
        pattern = bars(groove.rows[row])
        return read_hits(pattern[index % len(pattern)], metre.steps)
    hits = bar_hits(groove.rows[row], index, metre)
    if shuffles(groove):
        # Triplet beats carry over to other metres as they are.
        return hits
    # A groove of another metre: its kick and backbeat have to be put where this metre has them.
    if row == "K":
        return tuple(hit for hit in hits if hit.step == 0 or hit.step >= metre.steps - 4) or (Hit(0, 1, 116),)
    if row in BACKBEAT_ROWS:
        return tuple(Hit(step, 1, 104 if i else 96) for i, step in enumerate(metre.backbeat_steps))
    return hits


def shuffles(groove: Groove) -> bool:
    """Whether a groove is written in triplets, so that compound metres can take it over beat by beat."""
    return any(len(bar) == 12 for grid in groove.rows.values() for bar in bars(grid))


def free(hits: Sequence[Hit], step: float, gap: float = 0.9) -> bool:
    """Whether nobody plays within `gap` of a step."""
    return all(abs(hit.step - step) >= gap for hit in hits)


def hit_at(step: float, velocity: int, places: Sequence[float]) -> Hit:
    """A stroke at one of a groove's `places`, a triplet where they are."""
    return Hit(step, 1, velocity, False, places[1] > 1.1)
