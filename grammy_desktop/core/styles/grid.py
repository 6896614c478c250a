"""The grid notation: one character is a step, blanks separate bars.

`.` rest, `g` ghost, `o` soft, `x` normal, `X` accent, `r` step split in two, `t` in three, `f` flam, `-` held, `/` held and
gliding. A bar of b/u holds b*16/u sixteenths, or three quarters of that many eighth-note triplets (4/4: 16 or 12); which of
the two is seen by its length, bar by bar. A rhythm of a player may be meant for one metre: `3/4: x---x---x---`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

VELOCITY = {"g": 28, "o": 58, "x": 92, "X": 116}
SYMBOLS = frozenset(".goxXrtf-/")

STEPS_PER_BEAT = 4
"""Grid steps in a quarter note."""

TRIPLET = 4 / 3
"""Sixteenths in a step of a triplet bar."""

METRE = re.compile(r"(\d{1,2})/(4|8)")
_TAGGED = re.compile(r"\s*(\d{1,2}/(?:4|8))\s*:\s*(.*)")

ROWS: dict[str, int] = {
    "K": 36, "S": 38, "C": 39, "R": 37, "H": 42, "O": 46, "P": 44, "D": 51, "Db": 53, "Cr": 49, "T": 45, "Th": 48, "Tf": 43,
    "Sh": 82, "Tb": 54, "Cg": 63, "Cl": 75, "Cgl": 64, "Cgm": 62, "Bg": 60, "Bgl": 61, "Cb": 56, "Ti": 65, "Til": 66, "Ag": 67,
    "Agl": 68, "Ca": 69, "Ma": 70, "Gu": 73, "Gul": 74, "Wb": 76, "Wbl": 77, "Tr": 81, "Jb": 83, "Su": 87, "Sum": 86,
    "Sn": 39, "Pc": 69,
}  # fmt: skip
"""General MIDI drum keys of the rows."""


@dataclass(frozen=True)
class Hit:
    """`step` and `length` in sixteenths from the first bar's start; fractions come from rolls and triplet bars.

    `glide` slides into the next; `triplet` marks a hit of a triplet bar, which swing must leave where it is.
    """

    step: float
    length: float
    velocity: int
    glide: bool = False
    triplet: bool = False


def bars(grid: str) -> tuple[str, ...]:
    """The bars of a grid string."""
    return tuple(grid.split())


def split_metre(grid: str) -> tuple[str, str]:
    """A player's rhythm as (metre, grid): '3/4: x...' -> ('3/4', 'x...'); without a metre it is meant for 4/4."""
    match = _TAGGED.fullmatch(grid)
    return (match[1], match[2]) if match else ("4/4", grid)


def steps_in(metre: str) -> int:
    """Sixteenths in a bar of 'b/u'."""
    beats, unit = (int(number) for number in metre.split("/"))
    return beats * 16 // unit


def is_triplet(bar: str, steps: int) -> bool:
    """Whether a bar is written in eighth-note triplets; `steps` is its length in sixteenths."""
    return len(bar) * 4 == steps * 3


def read_hits(grid: str, steps: int = 16) -> tuple[Hit, ...]:
    """The onsets of a grid string, held steps included in their lengths; `steps` is a bar's length in sixteenths.

    Unknown symbols raise ValueError.
    """
    text, starts, units = "", [], []
    position = 0.0
    for bar in bars(grid):
        triplet = is_triplet(bar, steps)
        unit = TRIPLET if triplet else 1.0
        starts += [round(position + index * unit, 6) for index in range(len(bar))]
        units += [(unit, triplet)] * len(bar)
        text += bar
        position += len(bar) * unit
    starts.append(round(position, 6))
    hits: list[Hit] = []
    for index, symbol in enumerate(text):
        if symbol not in SYMBOLS:
            raise ValueError(f"{symbol!r} is no grid symbol")
        if symbol in "./-":
            continue
        end = index + 1
        while end < len(text) and text[end] in "-/":
            end += 1
        unit, triplet = units[index]
        glide = "/" in text[index:end]
        hits.extend(_expand(symbol, starts[index], starts[end] - starts[index], unit, glide, triplet))
    return tuple(hits)


def _expand(symbol: str, step: float, length: float, unit: float, glide: bool, triplet: bool) -> list[Hit]:
    if symbol == "r":
        return [Hit(step + i * unit / 2, unit / 2, velocity, False, triplet) for i, velocity in enumerate((90, 70))]
    if symbol == "t":
        return [Hit(step + i * unit / 3, unit / 3, velocity, False, triplet) for i, velocity in enumerate((90, 65, 75))]
    if symbol == "f":
        # A grace note a quarter of a step ahead: 20 to 30 ms at usual tempos.
        return [Hit(max(0.0, step - 0.22), 0.2, 44, False, triplet), Hit(step, length, 98, False, triplet)]
    return [Hit(step, length, VELOCITY[symbol], glide, triplet)]
