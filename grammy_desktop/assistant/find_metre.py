"""Finds the metre."""

from __future__ import annotations

import re

from grammy_desktop.assistant.said import Said, last_said
from grammy_desktop.assistant.scan import Scan

PLAYABLE = ("2/4", "3/4", "4/4", "6/8", "9/8", "12/8")
"""Metres that every style can be played in; others only in styles that name them."""

_FRACTION = re.compile(
    r"(?<![\d/.])(\d{1,2})[/⁄](2|4|8|16)(?![\d/]|\s*(?:notes?|note\b|delay|dotted|swing|triplets?))"
    r"(?:[ -]?(?:time(?: signature)?|metre|meter|signature|feel|beat|groove))?"
)
_WORDS = re.compile(
    r"\b(?:(waltz(?:es)?|in three|in 3(?![\d./:])|three[ -](?:four|quarter)(?: time)?)|"
    r"(six[ -]eight(?:h|hs)?|in six|jig)"
    r"|(twelve[ -]eight)|(five[ -]four|in five)|(seven[ -]eight|in seven)|(common time"
    r"|four[ -]four)|(nine[ -]eight)|(cut time))\b"
)
_MEANT = ("3/4", "6/8", "12/8", "5/4", "7/8", "4/4", "9/8", "2/2")
_QUARTERS = {metre: int(metre.split("/")[0]) * 4 / int(metre.split("/")[1]) for metre in PLAYABLE}


def find_metre(scan: Scan, notes: list[str]) -> str | None:
    """The metre as said ('7/8'), the last of several, or None. Words ('waltz') are left to be read as genres too."""
    found: list[Said[str]] = []
    for m in scan.matches(_FRACTION):
        scan.take(*m.span())
        found.append(Said(m.start(), f"{int(m[1])}/{m[2]}"))
    for m in scan.matches(_WORDS):
        if scan.before(m.start()).endswith("/") or (
            m[0].startswith("in ")
            and re.match(r" (?:parts|voices|layers|sections|minutes|seconds|bars|keys|steps)", scan.after(m.end()))
        ):
            continue
        found.append(Said(m.start(), next(metre for metre, group in zip(_MEANT, m.groups(), strict=True) if group)))
    return last_said(found, "a metre of", notes)


def playable(metre: str, style_metres: tuple[str, ...], notes: list[str]) -> str:
    """The metre itself where it can be played, else the nearest that can, with a note."""
    if metre in PLAYABLE or metre in style_metres:
        return metre
    beats, unit = (int(part) for part in metre.split("/"))
    quarters = beats * 4 / unit
    while quarters > 6:
        quarters /= 2
    # Of two equally near the plainer: 4/4 before the others.
    order = ("4/4", "3/4", "6/8", "2/4")
    nearest = min(order, key=lambda known: (abs(_QUARTERS[known] - quarters), order.index(known)))
    if metre != "2/2":
        notes.append(f"{metre} cannot be played in this style yet; {nearest} is the nearest metre that can.")
    return nearest
