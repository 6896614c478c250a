"""Whether there is anything to hear in a track, and the sentence for one that is of no use, by what it was to be used for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import UserError

SHORTEST = 0.5
"""Seconds."""
_STILL = 2e-4
"""Peak to peak: -80 dBFS, which nothing above -70 LUFS stays under."""


@dataclass(frozen=True)
class Role:
    """How sentences about a track end: what it is of no use for."""

    useless: str
    needs: str
    quiet: str


TARGET = Role("there is nothing to master", "mastering needs", "mastered")
REFERENCE = Role("it cannot be a reference", "a reference needs", "a reference")


class Hearable:
    """Looks at a track's blocks on their way past; each of its errors is a UserError that names the track."""

    def __init__(self, name: str, role: Role) -> None:
        """name: the file's; '' for none."""
        self._name = name
        self._role = role
        self._lowest: Samples | None = None
        self._highest: Samples | None = None
        self._moves = False

    def push(self, block: Samples) -> None:
        """[n, channels]. Music is known by its first block and costs nothing from there on."""
        if self._moves or len(block) == 0:
            return
        low, high = block.min(axis=0), block.max(axis=0)
        if self._lowest is not None and self._highest is not None:
            low, high = np.minimum(low, self._lowest), np.maximum(high, self._highest)
        self._lowest, self._highest = low, high
        self._moves = bool(np.any(high - low > _STILL))

    def check(self) -> None:
        """Raise for silence and for a constant (DC), which a meter takes for sound: it hears the step at its beginning."""
        if self._moves or self._lowest is None or self._highest is None:
            return
        if not (self._lowest.any() or self._highest.any()):
            raise self._error(f"is silent throughout, so {self._role.useless}")
        if float(np.max(np.abs(self._lowest + self._highest))) > _STILL:
            raise self._error(
                f"holds a constant offset (DC) and no sound, so {self._role.useless}; record or export it again"
            )

    def check_length(self, seconds: float) -> None:
        if seconds < SHORTEST:
            raise self._error(f"is {seconds:.2f} s long; {self._role.needs} at least {SHORTEST:g} s")

    def too_quiet(self) -> UserError:
        return self._error(f"is too quiet to be {self._role.quiet}: nothing in it is above -70 LUFS")

    def no_numbers(self) -> UserError:
        return self._error("holds samples that are not numbers (NaN or infinity)")

    def _error(self, what: str) -> UserError:
        spoken = f"“{self._name}”" if self._name else "The audio"
        return UserError(f"{spoken} {what}.", file=self._name or None)
