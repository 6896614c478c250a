"""Chord loops: reading them, choosing a song's own, colouring one chord of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.music import Key, roman_chord
from grammy_desktop.core.styles import Harmony, Style

Slots = tuple[tuple[str, ...], ...]

# Loops that show a mode's colour, for modes that a style sheet does not speak of.
_MODE_LOOPS: dict[str, tuple[str, ...]] = {
    "dorian": ("i7 IV i7 VII", "i IV VII v", "i ii IV v"),
    "phrygian": ("i bII i VII", "i bII VII i", "i VI bII VII"),
    "lydian": ("I I II I", "I II I I", "I I II vi"),
    "mixolydian": ("I bVII IV I", "I bVII I IV", "I I bVII I"),
    "locrian": ("i bII i VII", "i bV bII i"),
    "harmonic minor": ("i VI iv V", "i iv V i", "i iv i V"),
    "melodic minor": ("i IV V i", "i IV i V"),
}
_LONG = 8
"""Slots from which a loop is a whole verse (the blues)."""


@dataclass(frozen=True)
class Loops:
    """The loops of a song, each a tuple of slots, each slot one or more numerals.

    `coloured` is the chorus loop with one chord borrowed, or the same; it stands from the second pass on.
    """

    verse: Slots
    chorus: Slots
    contrast: Slots
    pre: Slots
    coloured: Slots
    coloured_verse: Slots


def parse_loop(text: str) -> Slots:
    """'i (VI VII) iv V' -> (('i',), ('VI', 'VII'), ('iv',), ('V',))."""
    slots: list[tuple[str, ...]] = []
    for group, single in re.findall(r"\(([^)]*)\)|(\S+)", text):
        slots.append(tuple(group.split()) if group else (single,))
    return tuple(slots)


def choose_loops(style: Style, key: Key, rng: np.random.Generator) -> Loops:
    """One loop for the verses, the same or another for the choruses, one for contrast, one before the chorus."""
    harmony = style.harmony
    main, contrast = loops_for(harmony.loops, key), loops_for(harmony.contrast, key)
    before = loops_for(harmony.pre, key) if harmony.pre else contrast
    verse = main[int(rng.integers(len(main)))]
    same = rng.random() < harmony.same_loop
    others = [loop for loop in main if loop != verse] or list(main)
    chorus = verse if same else others[int(rng.integers(len(others)))]
    bridge = contrast[int(rng.integers(len(contrast)))]
    pre = before[int(rng.integers(len(before)))]
    verse_slots, chorus_slots = parse_loop(verse), parse_loop(chorus)
    coloured, coloured_verse = chorus_slots, verse_slots
    if rng.random() < harmony.borrow:
        coloured = colour(chorus_slots, key, harmony, rng)
        coloured_verse = coloured if chorus == verse else colour(verse_slots, key, harmony, rng)
    return Loops(verse_slots, chorus_slots, parse_loop(bridge), parse_loop(pre), coloured, coloured_verse)


def loops_for(table: dict[str, tuple[str, ...]], key: Key) -> tuple[str, ...]:
    """The loops of a key's mode; of a mode that the style does not speak of, loops that show its colour."""
    if key.mode in table:
        return table[key.mode]
    if key.mode in _MODE_LOOPS:
        return _MODE_LOOPS[key.mode]
    return table["minor" if key.is_minor else "major"]


def phrase_bars(style: Style, key: Key) -> int:
    """Bars of the style's chord loops where they are all long (a twelve-bar blues: 12), else 4."""
    shortest = min(len(parse_loop(loop)) for loop in loops_for(style.harmony.loops, key))
    return round(shortest * style.harmony.bars_per_chord) if shortest > _LONG else 4


def colour(loop: Slots, key: Key, harmony: Harmony, rng: np.random.Generator) -> Slots:
    """The loop with one functional colour: a borrowed chord, a secondary dominant or, in jazz, a tritone substitute."""
    options = [*_swaps(loop, key, harmony.jazz), *_additions(loop, key, harmony.jazz)]
    if not options:
        return loop
    place, slot = options[int(rng.integers(len(options)))]
    return (*loop[:place], slot, *loop[place + 1 :])


_IV = re.compile(r"IV(maj7|maj9|6|add9)?$")


def _swaps(loop: Slots, key: Key, jazz: bool) -> list[tuple[int, tuple[str, ...]]]:
    """Chords that another may stand for; never the first of the loop."""
    options: list[tuple[int, tuple[str, ...]]] = []
    for place, slot in enumerate(loop):
        if place == 0 or len(slot) > 1:
            continue
        numeral = slot[0]
        if not key.is_minor and _IV.fullmatch(numeral):
            # Major to minor subdominant: the old sigh.
            options.append((place, (numeral, "iv6" if len(numeral) > 2 else "iv")))
        if not key.is_minor and numeral in ("V", "ii") and key.mode == "major":
            options.append((place, ("bVII", numeral)))
        if jazz and re.fullmatch(r"V(7|9|13|7b9|9sus)", numeral):
            options.append((place, ("subV7",)))
        if key.is_minor and numeral in ("iv", "iv7", "iv9") and key.mode == "minor" and not jazz:
            options.append((place, (numeral, "bII")))
    return options


def _additions(loop: Slots, key: Key, jazz: bool) -> list[tuple[int, tuple[str, ...]]]:
    """Secondary dominants in the second half of a slot, before a chord that they lead to."""
    options: list[tuple[int, tuple[str, ...]]] = []
    for place, slot in enumerate(loop):
        following = loop[(place + 1) % len(loop)][0]
        if place == 0 or len(slot) > 1 or place + 1 == len(loop):
            continue
        degree = re.match(r"(ii|iii|vi|IV|iv|VI|III|V)(?![iIvV])", following)
        if degree is None or following.startswith(("b", "#")):
            continue
        own = roman_chord(slot[0], key)
        dominant = f"V7/{degree[1]}"
        if roman_chord(dominant, key).root == own.root or (degree[1] == "V" and key.is_minor):
            continue
        options.append((place, (slot[0], dominant)))
        if jazz:
            options.append((place, (slot[0], f"subV7/{degree[1]}")))
    return options


def shorter(loop: Slots, slots: int) -> Slots:
    """At most `slots` of a loop: its beginning, or the end of a loop that is a verse of its own (its turnaround)."""
    if len(loop) <= slots:
        return loop
    return loop[len(loop) - slots :] if len(loop) > _LONG and slots <= 4 else loop[:slots]
