"""The grid notation: one character is a sixteenth, blanks separate bars.

`.` rest, `g` ghost, `o` soft, `x` normal, `X` accent, `r` two 32nds, `t` a triplet, `f` flam, `-` held, `/` held and gliding.
"""

from __future__ import annotations

from dataclasses import dataclass

VELOCITY = {"g": 28, "o": 58, "x": 92, "X": 116}
SYMBOLS = frozenset(".goxXrtf-/")

STEPS_PER_BEAT = 4
"""Grid steps in a quarter note."""

ROWS: dict[str, int] = {
    "K": 36, "S": 38, "C": 39, "R": 37, "H": 42, "O": 46, "P": 44, "D": 51, "Cr": 49, "T": 45, "Sh": 82, "Tb": 54, "Cg": 63,
    "Bg": 60, "Cb": 56, "Cl": 75, "Sn": 39, "Pc": 69,
}  # fmt: skip
"""General MIDI drum keys of the rows."""


@dataclass(frozen=True)
class Hit:
    """`step` and `length` in sixteenths from the first bar's start; fractions come from rolls. `glide` slides into the next."""

    step: float
    length: float
    velocity: int
    glide: bool = False


def bars(grid: str) -> tuple[str, ...]:
    """The bars of a grid string."""
    return tuple(grid.split())


def read_hits(grid: str) -> tuple[Hit, ...]:
    """The onsets of a grid string, held steps included in their lengths. Unknown symbols raise ValueError."""
    text = "".join(bars(grid))
    hits: list[Hit] = []
    for step, symbol in enumerate(text):
        if symbol not in SYMBOLS:
            raise ValueError(f"{symbol!r} is no grid symbol")
        if symbol in "./-":
            continue
        end = step + 1
        while end < len(text) and text[end] in "-/":
            end += 1
        glide = "/" in text[step:end]
        hits.extend(_expand(symbol, step, end - step, glide))
    return tuple(hits)


def _expand(symbol: str, step: int, length: int, glide: bool) -> list[Hit]:
    if symbol == "r":
        return [Hit(step, 0.5, 90), Hit(step + 0.5, 0.5, 70)]
    if symbol == "t":
        return [Hit(step + i / 3, 1 / 3, velocity) for i, velocity in enumerate((90, 65, 75))]
    if symbol == "f":
        # A grace note a quarter of a step ahead: 20 to 30 ms at usual tempos.
        return [Hit(max(0.0, step - 0.22), 0.2, 44), Hit(step, length, 98)]
    return [Hit(step, length, VELOCITY[symbol], glide)]
