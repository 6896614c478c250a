"""A form's sections given whole bars, so that together they last as long as wanted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from grammy_desktop.core.styles import Form, FormBlock
from grammy_desktop.generation.composer.form.kinds import kind_of, stem_of

_WHOLE = (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48)
_EDGES = ("intro", "outro")
_LONG_PHRASE = 8
"""Bars from which a chord loop is a verse of its own (the blues) that sections must hold whole."""


def fit(blocks: Sequence[FormBlock], units: int, *, phrase: int = 4, keep_first: bool = False) -> list[FormBlock]:
    """The blocks scaled to `units` bars in all, by whole phrases wherever possible.

    phrase: bars of the chord loop. keep_first: the first block stays even where blocks have to go.
    """
    if units < 1:
        # Not even one bar fits: the song is its final chord.
        return [replace(max(blocks, key=lambda block: block.energy), bars=0)]
    blocks = thin(blocks, units, keep_first=keep_first)
    if phrase > _LONG_PHRASE and units >= phrase:
        return _fit_verses(blocks, units, phrase)
    total = sum(block.bars for block in blocks)
    ideal = [block.bars * units / total for block in blocks]
    bars = [min(_WHOLE, key=lambda whole, want=want: abs(whole - want) / want) for want in ideal]  # type: ignore[misc]

    def cost(i: int, count: int) -> float:
        edge = kind_of(blocks[i].name) in _EDGES
        odd = (1.5 if count % 2 else 0.0) + (0.5 if count % 4 else 0.0)
        # What is left over belongs to the music, not to its edges.
        padded = edge and count > ideal[i] + 1.0
        stunted = count < 2 <= blocks[i].bars
        return (
            abs(count - ideal[i]) / ideal[i]
            + odd * (0.25 if edge else 1.0)
            + (1.5 if padded else 0.0)
            + (1.0 if stunted else 0.0)
        )

    def change(i: int, step: int) -> float:
        return cost(i, bars[i] + step) - cost(i, bars[i]) if bars[i] + step >= 1 else math.inf

    while (difference := units - sum(bars)) != 0:
        size = 4 if abs(difference) >= 4 else 2 if abs(difference) >= 2 else 1
        step = int(math.copysign(size, difference))
        if all(count + step < 1 for count in bars):
            step = int(math.copysign(1, difference))
        bars[min(range(len(bars)), key=lambda i: change(i, step))] += step
    return [replace(block, bars=count) for block, count in zip(blocks, bars, strict=True)]


def _fit_verses(blocks: Sequence[FormBlock], units: int, phrase: int) -> list[FormBlock]:
    """Inner sections last whole verses of `phrase` bars; intro and outro share what is left."""
    inner = [block for block in blocks if kind_of(block.name) not in _EDGES] or [max(blocks, key=lambda b: b.energy)]
    edges = [block for block in blocks if block not in inner]
    spare = min(sum(block.bars for block in edges), units // 4)
    # The last bar of a last verse may be the final chord, which comes after these bars.
    verses = max(1, (units - spare) // phrase, (units + 1) // phrase)
    while len(inner) > verses:
        inner.remove(min(inner, key=lambda block: block.energy))
    rest = units - verses * phrase
    if rest and not edges:
        edges = [FormBlock("outro", rest, min(block.energy for block in inner))]
        blocks = [*blocks, edges[0]]
    shares = [verses // len(inner) + (1 if place < verses % len(inner) else 0) for place in range(len(inner))]
    counts = {id(block): share * phrase for block, share in zip(inner, shares, strict=True)}
    if rest < 0:
        counts[id(inner[-1])] -= 1
    while len(edges) > max(1, rest):
        edges.pop()
    for place, block in enumerate(edges):
        counts[id(block)] = rest // len(edges) + (1 if place >= len(edges) - rest % len(edges) else 0)
    return [replace(block, bars=counts[id(block)]) for block in blocks if counts.get(id(block), 0) > 0]


def lengthen(form: Form, units: int) -> list[FormBlock]:
    """Repeat the middle of the form when the song is much longer than it."""
    blocks = list(form.blocks)
    if units <= form.bars * 1.4 or len(blocks) < 4:
        return blocks
    first = 1 if kind_of(blocks[0].name) == "intro" else 0
    last = len(blocks) - (1 if kind_of(blocks[-1].name) == "outro" else 0)
    body = blocks[first:last]
    length = sum(block.bars for block in body)
    rounds = max(1, round((units - form.bars) / length))
    middle = list(body)
    for _ in range(rounds):
        middle += [replace(block, energy=min(1.0, block.energy + 0.03)) for block in body]
    return [*blocks[:first], *middle, *blocks[last:]]


def numbered(blocks: Sequence[FormBlock]) -> list[FormBlock]:
    """Distinct names: verse, verse2, verse3. Names that differ already stay as they are."""
    if len({block.name for block in blocks}) == len(blocks):
        return list(blocks)
    counts: dict[str, int] = {}
    result = []
    for block in blocks:
        stem = stem_of(block.name) if block.name.lower() != block.name.upper() else block.name
        stem = block.name[: len(stem)]
        counts[stem] = counts.get(stem, 0) + 1
        name = stem if counts[stem] == 1 else f"{stem}{'-' if stem[-1].isdigit() else ''}{counts[stem]}"
        result.append(replace(block, name=name))
    return result


def thin(blocks: Sequence[FormBlock], units: int, *, keep_first: bool = False) -> list[FormBlock]:
    """Drop weak blocks until every block can have two bars (or one block is left)."""
    blocks = list(blocks)
    while len(blocks) > 1 and units < 2 * len(blocks):
        weakest = min(range(1 if keep_first else 0, len(blocks)), key=lambda i: (blocks[i].energy, -i))
        del blocks[weakest]
    return blocks
