"""The arc of a song: every chorus a little stronger than the one before, calmer or wilder as the brief wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grammy_desktop.core.styles import FormBlock
from grammy_desktop.generation.composer.form.kinds import kind_of

_STEP = 0.04
"""What a chorus gains over the one before it."""


def shape_energy(blocks: Sequence[FormBlock], *, shift: float = 0.0, build: bool = False) -> list[FormBlock]:
    """`shift` -1 (calmer) to 1 (more); `build`: energy grows from the first section to the last."""
    levels = [block.energy for block in blocks]
    _grow(blocks, levels)
    if build:
        low, high = min(levels), max(levels)
        last = max(1, len(levels) - 1)
        levels = [low + (high - low) * place / last for place in range(len(levels))]
    levels = [level + shift * 0.3 * (1.0 - level) if shift > 0 else level * (1.0 + 0.35 * shift) for level in levels]
    return [replace(block, energy=round(min(1.0, level), 4)) for block, level in zip(blocks, levels, strict=True)]


def _grow(blocks: Sequence[FormBlock], levels: list[float]) -> None:
    """Up to the strongest chorus, each is weaker than the next; what comes after it may fall away."""
    choruses = [i for i, block in enumerate(blocks) if kind_of(block.name, block.energy) == "chorus"]
    if not choruses:
        return
    peak = max(choruses, key=lambda i: (levels[i], i))
    limit = levels[peak]
    for i in reversed([i for i in choruses if i < peak]):
        limit -= _STEP
        levels[i] = max(0.1, min(levels[i], limit))
        limit = levels[i]
