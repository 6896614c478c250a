"""What a brief wants of the form: intros and outros, sections that must not be, sections that begin at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grammy_desktop.core.brief import form_moment
from grammy_desktop.core.styles import FormBlock
from grammy_desktop.generation.composer.form.fit import fit
from grammy_desktop.generation.composer.form.kinds import kind_of, stem_of

_EDGE_BARS = {"intro": 4, "outro": 4}
_LONG, _SHORT = 2.2, 0.5
"""How many times longer or shorter a long or short intro is than the style's own."""
_STRETCH = 2.0
"""A section stretched further than this gets a neighbour instead."""
_ENDINGS = {"fade out": "fade", "cold end": "stop", "loop": "loop"}


@dataclass(frozen=True)
class FormWishes:
    """`edges`: 'no', 'short' or 'long' for intro and outro; `without`: kinds of section that are left out; `ending` of
    `Arrangement.ending` or ''; `build`: energy grows from first to last; `moments`: (section, seconds) in order of time.
    """

    edges: dict[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    ending: str = ""
    build: bool = False
    moments: tuple[tuple[str, float], ...] = ()

    @classmethod
    def read(cls, form: Sequence[str]) -> FormWishes:
        """From `Brief.form`; of two that contradict each other the later one holds."""
        edges: dict[str, str] = {}
        without: set[str] = set()
        moments: dict[str, float] = {}
        ending, build = "", False
        for wish in form:
            first, _, rest = wish.partition(" ")
            moment = form_moment(wish)
            if moment is not None:
                moments[moment[0]] = moment[1]
                without.discard(moment[0])
            elif wish in _ENDINGS:
                ending = _ENDINGS[wish]
            elif wish == "build":
                build = True
            elif rest in _EDGE_BARS:
                edges[rest] = first
            elif first == "no":
                without.add(rest)
                moments.pop(rest, None)
        if ending == "loop":
            edges = {"intro": "no", "outro": "no"}
        return cls(edges, frozenset(without), ending, build, tuple(sorted(moments.items(), key=lambda item: item[1])))


def _is(block: FormBlock, wanted: str) -> bool:
    """Whether a block is a 'drop', 'chorus' or 'break' as a listener would say."""
    kind = kind_of(block.name, block.energy)
    return kind == ("break" if wanted == "break" else "chorus")


def carry_out(blocks: Sequence[FormBlock], wishes: FormWishes) -> list[FormBlock]:
    """Leave out, lengthen, shorten and add sections."""
    result = [block for block in blocks if not any(_is(block, wanted) for wanted in wishes.without)]
    if len(result) < len(blocks) and wishes.without & {"drop", "chorus"}:
        # A build-up that leads nowhere goes too.
        result = [block for block in result if kind_of(block.name) != "build"]
    if not any(kind_of(block.name) not in ("intro", "outro") for block in result):
        middle = max(blocks, key=lambda block: block.bars)
        result.insert(min(1, len(result)), FormBlock("verse", middle.bars, min(0.6, middle.energy)))
    for edge, how in wishes.edges.items():
        result = _edge(result, edge, how)
    return result


def _edge(blocks: list[FormBlock], edge: str, how: str) -> list[FormBlock]:
    """The intro or outro left out, shortened or made long."""
    place = 0 if edge == "intro" else -1
    there = bool(blocks) and kind_of(blocks[place].name) == edge and stem_of(blocks[place].name) != "riff"
    if how == "no":
        while len(blocks) > 1 and kind_of(blocks[place].name) == edge:
            blocks = blocks[1:] if edge == "intro" else blocks[:-1]
        return blocks
    if not there:
        energy = 0.7 * min(block.energy for block in blocks)
        new = FormBlock(edge, _EDGE_BARS[edge], max(0.2, energy))
        blocks = [new, *blocks] if edge == "intro" else [*blocks, new]
    own = blocks[place]
    bars = max(8, round(own.bars * _LONG)) if how == "long" else max(1, round(own.bars * _SHORT))
    blocks = list(blocks)
    blocks[place] = replace(own, bars=bars)
    return blocks


def place_moments(
    blocks: Sequence[FormBlock], units: int, unit_seconds: float, wishes: FormWishes, phrase: int
) -> list[FormBlock]:
    """All blocks fitted to `units` bars of `unit_seconds`; wished sections begin on the bar nearest to their moment."""
    rest = list(blocks)
    placed: list[FormBlock] = []
    used = 0
    held = False
    for wanted, seconds in wishes.moments:
        at = min(max(0, round(seconds / unit_seconds)), units - 1)
        if at < used or (at == used and placed):
            continue
        target = next((i for i, block in enumerate(rest) if _is(block, wanted) and not (held and i == 0)), None)
        if target is None:
            target = max(1 if held else 0, len(rest) - 1) if len(rest) > 1 else len(rest)
            rest.insert(target, _new_block(wanted, blocks))
        before = _filled(rest[:target], at - used, rest, units - used)
        placed += fit(before, at - used, phrase=phrase, keep_first=held) if at > used else []
        rest, used, held = rest[target:], at, True
    return placed + fit(rest, units - used, phrase=phrase, keep_first=held)


def _new_block(wanted: str, blocks: Sequence[FormBlock]) -> FormBlock:
    if wanted == "break":
        return FormBlock("break", 8, 0.35)
    return FormBlock(wanted, 8, min(1.0, max(block.energy for block in blocks) + 0.05))


def _filled(before: list[FormBlock], bars: int, rest: Sequence[FormBlock], left: int) -> list[FormBlock]:
    """What comes before a moment, with another verse in it when it would be stretched too far."""
    natural = sum(block.bars for block in before) * left / max(1, sum(block.bars for block in rest))
    if before and bars <= max(4.0, natural * _STRETCH):
        return before
    energy = sum(block.energy for block in before) / len(before) if before else 0.45
    verse = FormBlock("verse", max(4, bars - round(natural)), min(0.65, energy + 0.1))
    place = len(before) - (1 if before and kind_of(before[-1].name) in ("build", "pre") else 0)
    return [*before[:place], verse, *before[place:]]
