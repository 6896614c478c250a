"""Grids in any metre: those written for it, else the style's 4/4 patterns cut, stretched or regrouped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from grammy_desktop.core.styles.grid import STEPS_PER_BEAT, Hit, bars, is_triplet, read_hits, split_metre

_STRENGTH = {"X": 5, "f": 4, "x": 3, "r": 3, "t": 3, "o": 2, "g": 1, "-": 0, "/": 0, ".": -1}


@dataclass(frozen=True)
class Metre:
    """`beats`/`unit` with what follows from it. A compound metre (6/8, 9/8, 12/8) counts dotted quarters."""

    beats: int
    unit: int

    @classmethod
    def parse(cls, text: str) -> Metre:
        beats, unit = text.split("/")
        return cls(int(beats), int(unit))

    @property
    def text(self) -> str:
        return f"{self.beats}/{self.unit}"

    @property
    def quarters(self) -> float:
        """Quarter-note beats in a bar."""
        return self.beats * 4 / self.unit

    @property
    def steps(self) -> int:
        """Sixteenths in a bar."""
        return self.beats * 16 // self.unit

    @property
    def compound(self) -> bool:
        return self.unit == 8 and self.beats % 3 == 0

    @property
    def pulse(self) -> int:
        """Sixteenths in a felt beat: a quarter, or a dotted quarter in a compound metre."""
        return 6 if self.compound else 4

    @property
    def strong_steps(self) -> tuple[int, ...]:
        """Steps that feel like the start of something."""
        if self.compound:
            return tuple(range(0, self.steps, 6))
        if self.steps == 16:
            return (0, 8)
        return (0,)

    @property
    def backbeat_steps(self) -> tuple[int, ...]:
        """Where the snare belongs when a groove has to be made up."""
        if self.compound:
            return tuple(range(6, self.steps, 12))
        if self.beats == 3:
            return (4, 8)
        return tuple(range(4, self.steps, 8))


def fitting(grids: Sequence[str], metre: Metre) -> tuple[str, ...]:
    """The grids written for `metre`; where there are none, those for 4/4, which `bar_hits` adapts."""
    exact = tuple(grid for grid in grids if split_metre(grid)[0] == metre.text)
    return exact or tuple(grid for grid in grids if split_metre(grid)[0] == "4/4") or tuple(grids)


@lru_cache(maxsize=512)
def adapt_bar(bar: str, metre: Metre) -> str:
    """A bar of 4/4 (16 steps, or 12 in triplets) rewritten for `metre`."""
    if metre.steps == 16 and not metre.compound:
        return bar
    if is_triplet(bar, 16):
        return _adapt_triplets(bar, metre)
    if metre.compound:
        return _regroup(bar, metre.steps)
    if metre.steps <= 16:
        return bar[: metre.steps]
    return (bar + bar[8:])[: metre.steps].ljust(metre.steps, ".")


def _adapt_triplets(bar: str, metre: Metre) -> str:
    """Triplet beats are the beats of a compound metre; a simple one takes as many of them as it has quarters."""
    beats = [bar[start : start + 3] for start in range(0, 12, 3)]
    if metre.compound:
        groups = [beats[index % 4] for index in range(metre.steps // 6)]
        text = "".join(groups) + "."
        return "".join(a + ("-" if a in "-/" or (a != "." and b in "-/") else ".") for a, b in pairwise(text))
    if metre.steps % 4 == 0:
        return "".join(beats[index % 4] for index in range(metre.steps // 4))
    # Half a quarter is left over: the long-short of each beat on sixteenths.
    straight = "".join(f"{b[0]}{'-' if b[0] != '.' and b[1] == '-' else '.'}{b[1:]}" for b in beats)
    return straight[: metre.steps]


def _regroup(bar: str, steps: int) -> str:
    """Each half of the bar (8 steps) becomes a dotted-quarter beat (6 steps) on the eighth-note grid."""
    half = []
    for start in (0, 8):
        group = ["."] * 6
        for step, symbol in enumerate(bar[start : start + 8]):
            place = min(4, round(step * 6 / 16) * 2)
            if _STRENGTH[symbol] > _STRENGTH[group[place]]:
                group[place] = symbol
        for place in (1, 3, 5):
            if group[place - 1] in "xXo-" and group[min(5, place + 1)] == "-":
                group[place] = "-"
        half.append("".join(group))
    groups = steps // 6
    return "".join(half[index % 2] for index in range(groups))


@lru_cache(maxsize=2048)
def bar_hits(grid: str, index: int, metre: Metre) -> tuple[Hit, ...]:
    """The onsets of bar `index` of a grid (grids repeat), in steps from that bar's start."""
    own, text = split_metre(grid)
    pattern = bars(text)
    bar = pattern[index % len(pattern)]
    return read_hits(bar if own == metre.text else adapt_bar(bar, metre), metre.steps)


def beat(step: float) -> float:
    """Quarter-note beats of a number of steps."""
    return step / STEPS_PER_BEAT
