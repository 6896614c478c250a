"""Finds the tempo said as a number, and whether half or double time is wanted."""

from __future__ import annotations

import re

from grammy_desktop.assistant.quantities import DIGITS, NUMBER, number_of
from grammy_desktop.assistant.said import Said, last_said
from grammy_desktop.assistant.scan import Scan

MIN_TEMPO, MAX_TEMPO = 30.0, 300.0
"""BPM that a song can have."""

_BPM = r"(?:b\.?p\.?m\.?s?|beats per minute|beats a minute)"
_RANGE = re.compile(rf"\b(?:between )?({NUMBER}) ?(?:{_BPM} ?)?(?:-|to|and|or) ?({NUMBER})[ -]?{_BPM}(?!\w)")
_LABELLED_RANGE = re.compile(
    r"(?:\b(?:bpm|tempo|at|around|about)|[~@])(?: of| is|:| =|=| between| at| around)* ?"
    r"(\d{2,3}) ?(?:-|to|and) ?(\d{2,3})"
    r"(?![\w.:%/]|\s*(?:s\b|sec|min|bars?|hz))"
)
_WITH_UNIT = re.compile(rf"(?<![\w.])({NUMBER})(?:ish)?(?: |-)?{_BPM}(?!\w)")
_LABELLED = re.compile(rf"\b(?:{_BPM}|tempo)(?: of| is|:| =|=| at| around| about)* ?~? ?({DIGITS})(?![\w%])")
_AT = re.compile(
    r"(?:\bat|@|~|\baround|\babout|\broughly|\bcirca|\bapprox\.?|\bapproximately)\s?(\d{2,3}(?:\.\d{1,3})?)(?:ish)?\b"
    r"(?!\s*(?:hz|khz|%|s\b|sec|min|bar|:|/|years?|db|miles|people))"
)
_BARE = re.compile(
    r"(?<![\w.#/:$€£'-])(?<!- )(\d{2,3}(?:\.\d{1,3})?)(?:ish)?(?![\w.%/:'-]|\s*(?:bars?|hz|khz|%|bits?|th|nd|rd|st)\b)"
)
_NOT_A_TEMPO_BEFORE = re.compile(
    r"\b(?:top|route|area|studio|level|number|no\.|opus|op\.?|symphony|vol\.?|chapter|agent"
    r"|blink|take|sum|maroon|tr|tb|dx|juno"
    r"|jupiter|age|aged|room|swing|drop|not|no|in|year|yamaha|roland|mpc|sp)[ -]*$"
)
_NOT_A_TEMPO_AFTER = re.compile(
    r"^[ -]*(?:years?|days?|people|miles?|times|songs|tracks|notes?|ways|degrees|percent|voices|guitars|instruments|players"
    r"|year|piece|kbps|db|lufs|channels?|piece|musicians|violins|strings|keys|bars|measures|ms"
    r"|weeks?|months?|o'clock)\b"
)
_MACHINES = ("808", "909", "303", "707", "606", "505", "101")

_HALF_TIME = re.compile(r"\bhalf[ -]?time(?: feel| groove| beat| drums)?\b")
_DOUBLE_TIME = re.compile(r"\bdouble[ -]?time(?: feel| groove| beat| drums)?\b")


def find_tempo(scan: Scan, notes: list[str]) -> float | None:
    """BPM said as a number, within what a song can have, or None."""
    found: list[Said[float]] = []
    for m in (*scan.matches(_RANGE), *scan.matches(_LABELLED_RANGE)):
        if not scan.free(*m.span()):
            continue
        if (not m[1][0].isdigit() and "-" in m[0]) or (" and " in m[0] and "between" not in m[0]):
            # 'ninety-five BPM', 'a hundred and twenty BPM'
            continue
        scan.take(*m.span())
        middle = (number_of(m[1]) + number_of(m[2])) / 2
        notes.append(f"“{m[0]}” was taken as its middle, {middle:g} BPM.")
        found.append(Said(m.start(), middle))
    for pattern, fits in ((_WITH_UNIT, _always), (_LABELLED, _always), (_AT, _always), (_BARE, _plausible)):
        if found and pattern in (_AT, _BARE):
            break
        for m in list(scan.matches(pattern)):
            if fits(scan, m):
                scan.take(*m.span())
                found.append(Said(m.start(), number_of(m[1])))
    tempo = last_said(found, "a tempo of", notes, text=lambda bpm: f"{bpm:g} BPM")
    if tempo is None:
        return None
    possible = min(MAX_TEMPO, max(MIN_TEMPO, tempo))
    if possible != tempo:
        notes.append(f"A tempo of {tempo:g} BPM cannot be made; {possible:g} BPM is the nearest that can.")
    return possible


def _always(_scan: Scan, _match: re.Match[str]) -> bool:
    return True


def _plausible(scan: Scan, match: re.Match[str]) -> bool:
    """Whether a bare number is a tempo: in the usual range, and neither a drum machine nor a count of things."""
    if match[1] in _MACHINES or not 40 <= float(match[1]) <= 220:
        return False
    if _NOT_A_TEMPO_BEFORE.search(scan.before(match.start())):
        return False
    return _NOT_A_TEMPO_AFTER.match(scan.after(match.end())) is None


def find_time_feel(scan: Scan) -> float:
    """0.5 for half time, 2 for double time, 1 when neither is said."""
    found: list[tuple[int, float]] = []
    for pattern, factor in ((_HALF_TIME, 0.5), (_DOUBLE_TIME, 2.0)):
        for match in scan.matches(pattern):
            scan.take(*match.span())
            found.append((match.start(), factor))
    return max(found)[1] if found else 1.0
