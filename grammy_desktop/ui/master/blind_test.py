"""A/B/X: which of two is X, how often it was told right, and whether that beats guessing. No Qt."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from math import comb

TRIALS_FOR_A_VERDICT = 10
LEVEL = 0.05
"""Chance of a false 'you hear it'."""


def chance_of(right: int, trials: int) -> float:
    """Probability that pure guessing gets `right` or more of `trials` (one-sided binomial test)."""
    return float(sum(comb(trials, k) for k in range(right, trials + 1)) / 2**trials)


@dataclass
class BlindTest:
    """`hidden` is 'a' or 'b' while a trial is open."""

    rng: random.Random = field(default_factory=random.SystemRandom)
    hidden: str | None = None
    right: int = 0
    trials: int = 0

    def begin(self) -> str:
        """Draw what X is; an open trial keeps its answer."""
        if self.hidden is None:
            self.hidden = self.rng.choice(("a", "b"))
        return self.hidden

    def guess(self, answer: str) -> bool:
        """Count an answer; True when it was right. Raises ValueError when no trial is open."""
        if self.hidden is None:
            raise ValueError("no trial is open")
        correct = answer == self.hidden
        self.right += correct
        self.trials += 1
        self.hidden = None
        return correct

    def start_over(self) -> None:
        self.hidden, self.right, self.trials = None, 0, 0

    @property
    def words(self) -> str:
        """What stands under the buttons."""
        if not self.trials:
            return "Blind test: X hides which one plays"
        return f"Blind test: {self.right} of {self.trials} right"

    @property
    def verdict(self) -> str:
        """After ten trials, what the count means; '' before."""
        if self.trials < TRIALS_FOR_A_VERDICT:
            return ""
        chance = chance_of(self.right, self.trials)
        if chance < LEVEL:
            return f"You hear the difference: guessing gets this far once in {round(1 / chance):,} times."
        return f"Not told from guessing yet: guessing gets this far {round(chance * 100)} times in 100."
