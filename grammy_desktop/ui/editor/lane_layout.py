"""How tall each lane is. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

MIX_MIN = 96
MIX_OVER_NOTES = 56
STEM_MIN, STEM_TIGHT, STEM_MAX = 48, 40, 120


@dataclass(frozen=True)
class LaneLayout:
    """Heights in px. `scroll_range` is how far the stems can be scrolled under the fixed mix lane."""

    mix: int
    stem: int
    stems: int
    visible: int

    @property
    def scroll_range(self) -> int:
        return max(0, self.stem * self.stems - self.visible)

    def top(self, index: int, scroll: int) -> int:
        """Top of lane `index`; 0 is the mix, stems follow."""
        return 0 if index == 0 else self.mix + (index - 1) * self.stem - scroll

    def height(self, index: int) -> int:
        return self.mix if index == 0 else self.stem


def lay_out(
    height: int, stems: int, *, wanted: int | None = None, notes: bool = False, tight: int = STEM_TIGHT
) -> LaneLayout:
    """A third of `height` for the mix, the rest in equal shares for the stems (48 to 120, 40 when tight).

    `wanted` is a stem height chosen by the user (Alt+wheel).
    `notes`: parts stand under the mix, which is small then. `tight`: the least height of a lane (larger text needs more).
    """
    if stems == 0:
        return LaneLayout(MIX_OVER_NOTES if notes else max(MIX_MIN, height), STEM_MIN, 0, 0)
    mix = MIX_OVER_NOTES if notes else max(MIX_MIN, height // 3)
    share = (height - mix) // stems
    stem = min(STEM_MAX, share) if share >= STEM_MIN else max(tight, share)
    if wanted is not None:
        stem = min(STEM_MAX, max(tight, wanted))
    mix = max(mix, height - stem * stems)
    return LaneLayout(mix, stem, stems, height - mix)
