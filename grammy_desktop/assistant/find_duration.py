"""Finds how long the song shall be."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grammy_desktop.assistant.quantities import DIGITS, HOURS, MINUTES, NUMBER, SECONDS, number_of
from grammy_desktop.assistant.said import Said, last_said
from grammy_desktop.assistant.scan import Scan

_TO = r"(?: ?(?:-|to|and|or) ?)"
_N = rf"({NUMBER})"

_RANGE = re.compile(rf"\b(?:between )?{_N}{_TO}{_N}[ -]?({MINUTES}|{SECONDS}|s\b|m\b)(?![\w])")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])")
_PRIMES = re.compile(r"\b(\d{1,2})'([0-5]\d)(?:\"|'')?(?!\w)")
_BOTH = re.compile(rf"\b{_N}[ -]?(?:{MINUTES}|m)[,.]?(?: and)? ?{_N}[ -]?(?:{SECONDS}|s)?\b(?! ?(?:bpm|bars?|beats))")
_AND_A_HALF = re.compile(rf"\b(?:({NUMBER}) and a half|({NUMBER})½) {MINUTES}\b|\b(?:a )?minute and a half\b")
_HALF = re.compile(rf"\b(?:half (?:a |an )?|(?:a )?half[ -])({MINUTES}|{HOURS})\b")
_QUARTERS = re.compile(rf"\b(?:(three )quarters? of|(?:a )?quarter of) an? ({MINUTES}|{HOURS})\b")
_VAGUE = re.compile(rf"\b(?:a )?(couple(?: of)?|few) ({MINUTES})\b")
_ONE = re.compile(rf"\b(?:an? )({MINUTES}|{HOURS})\b")
_HOURS = re.compile(rf"\b{_N}[ -]?({HOURS}|h)\b")
_MINUTES = re.compile(rf"\b{_N}[ -]?(?:{MINUTES}|m)\b")
_SECONDS = re.compile(rf"\b{_N}[ -]?{SECONDS}\b")
_S = re.compile(rf"(?<![\w.'])({DIGITS})( ?)s\b(?!')")
_LABELLED = re.compile(
    rf"\b(?:length|duration|lasts?|lasting)(?: ?[:=]| of| is)? ?({DIGITS})(?![\w:./'%]| ?(?:bars?|bpm|beats))"
)
_BARS = re.compile(
    rf"\b{_N}(?:[ -](?:bars|measures)\b|[ -](?:bar|measure)[ -](?=loop|long|song|track|piece|beat|sketch|idea))"
    r"(?! (?:intro|outro|break|drop|build|verse|chorus|phrase|drum|fill|solo|of (?:silence|intro)|blues|before|later))"
)
_NO_BARS_AFTER = re.compile(
    r"\b(?:every|after|at|each|first|last|next|per|intro|outro|verse|chorus|drop|break"
    r"|breakdown|build)(?: the| is| of)? $"
)

_MACHINES = ("808", "909", "303", "707", "606")
_DECADES = ("20", "30", "40", "50", "60", "70", "80", "90", "00")
_LENGTH_BEFORE = re.compile(
    r"\b(?:for|of|lasting|lasts|length|duration|about|around|approx|under|exactly|max|only|just)[ :=]*$"
)
_ERA_BEFORE = re.compile(r"\b(?:the|early|late|mid|from|like|circa|of the|style)[ -]*$|'$")
_LENGTH_AFTER = re.compile(
    r"^[ -]*(?:long|loop|clip|version|edit|max|maximum|total|length|duration|snippet|cut|please)\b"
)
_NOUN_AFTER = re.compile(r"^(?:[ -]+|'s? )([a-z][\w&-]*)")
_NO_NOUN = frozenset(
    (
        "and",
        "in",
        "at",
        "with",
        "no",
        "but",
        "or",
        "for",
        "on",
        "without",
        "by",
        "of",
        "then",
        "to",
        "bpm",
        "please",
        "w",
    )
)


@dataclass(frozen=True)
class Length:
    """`seconds`, or `bars` where the prompt counts bars (the tempo is not known yet)."""

    seconds: float = 0.0
    bars: float = 0.0


def find_duration(scan: Scan, notes: list[str]) -> Length | None:
    """The length that the prompt says, the last of several, or None."""
    found: list[Said[Length]] = []

    def note(match: re.Match[str], seconds: float) -> None:
        scan.take(*match.span())
        found.append(Said(match.start(), Length(seconds)))

    for m in scan.matches(_RANGE):
        if (not m[1][0].isdigit() and "-" in m[0]) or (" and " in m[0] and "between" not in m[0]):
            # 'twenty-five seconds', 'a hundred and twenty seconds'
            continue
        middle = (number_of(m[1]) + number_of(m[2])) / 2
        seconds = middle * (60 if m[3].startswith("m") else 1)
        notes.append(f"“{m[0].strip()}” was taken as its middle, {seconds:g} seconds.")
        note(m, seconds)
    for m in scan.matches(_CLOCK):
        note(m, int(m[1]) * 60 + int(m[2]))
    for m in scan.matches(_PRIMES):
        note(m, int(m[1]) * 60 + int(m[2]))
    for m in scan.matches(_AND_A_HALF):
        whole = m[1] or m[2]
        note(m, ((number_of(whole) if whole else 1) + 0.5) * 60)
    for m in scan.matches(_BOTH):
        note(m, number_of(m[1]) * 60 + number_of(m[2]))
    for m in scan.matches(_QUARTERS):
        note(m, (0.75 if m[1] else 0.25) * _unit(m[2]))
    for m in scan.matches(_HALF):
        note(m, 0.5 * _unit(m[1]))
    for m in scan.matches(_VAGUE):
        note(m, (2 if m[1].startswith("couple") else 3) * 60)
    for m in scan.matches(_HOURS):
        note(m, number_of(m[1]) * 3600)
    for m in scan.matches(_MINUTES):
        note(m, number_of(m[1]) * 60)
    for m in scan.matches(_SECONDS):
        note(m, number_of(m[1]))
    for m in scan.matches(_ONE):
        note(m, _unit(m[1]))
    for m in scan.matches(_LABELLED):
        value = number_of(m[1])
        note(m, value * 60 if value < 10 else value)
    _letter_s(scan, found, notes)
    if not found:
        for m in scan.matches(_BARS):
            if not _NO_BARS_AFTER.search(scan.before(m.start())):
                scan.take(*m.span())
                found.append(Said(m.start(), Length(bars=number_of(m[1]))))
    return last_said(
        found,
        "a length of",
        notes,
        text=lambda length: f"{length.seconds:g} seconds" if length.seconds else f"{length.bars:g} bars",
    )


def _unit(word: str) -> float:
    return 3600.0 if word.startswith("h") else 60.0


def _letter_s(scan: Scan, found: list[Said[Length]], notes: list[str]) -> None:
    """'30s' is a length; '90s' may be the nineties: what stands around it decides."""
    for m in list(scan.matches(_S)):
        if m[1] in _MACHINES or (len(m[1]) == 4 and not m[2]):
            continue
        if m[2] or m[1] not in _DECADES:
            scan.take(*m.span())
            found.append(Said(m.start(), Length(number_of(m[1]))))
            continue
        if _is_era(scan, m, already=bool(found)):
            notes.append(f"“{m[0]}” was read as the decade; for a length write “{m[1]} seconds”.")
            continue
        scan.take(*m.span())
        if m[1] in ("50", "60", "70", "80", "90"):
            notes.append(f"“{m[0]}” was read as {m[1]} seconds; for the decade write “the {m[0]}”.")
        found.append(Said(m.start(), Length(number_of(m[1]))))


def _is_era(scan: Scan, match: re.Match[str], *, already: bool) -> bool:
    """Whether '90s' means the nineties: before a music noun ('90s hip hop') yes, alone or as 'for 90s' no."""
    if match[1] in ("20", "30", "40"):
        return False
    before, after = scan.before(match.start()), scan.after(match.end())
    if _ERA_BEFORE.search(before) or match[1] == "00":
        return True
    if _LENGTH_BEFORE.search(before) or _LENGTH_AFTER.match(after):
        return False
    noun = _NOUN_AFTER.match(after)
    if noun is not None and noun[1] not in _NO_NOUN:
        return True
    return already
