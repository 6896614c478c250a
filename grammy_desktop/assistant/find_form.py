"""Finds wishes about the form: 'no intro', 'long outro', 'drop at 0:45', 'fade out', 'seamless loop'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grammy_desktop.assistant.quantities import MINUTES, NUMBER, SECONDS, number_of
from grammy_desktop.assistant.scan import Scan

_NO = (
    r"(?:\b(?:no|without|w/o|skip|skipping|minus|lose|cut|omit|avoid|not? need|don't (?:want"
    r"|need|add|use)|do not want|leave out|zero)"
    r"(?: (?:any|the|an?|its|this))*)"
)
_SECTION = (
    r"(intro(?:duction)?s?|outros?|ending|drops?|beat drops?|choruse?s?|hooks?|breakdowns?"
    r"|breaks?|bridges?|build[- ]?ups?|builds?)"
)
_MOMENT_SECTION = r"(drop|chorus|hook|refrain|breakdown|break|bridge)"
_NAMES = (
    ("intro", "intro"), ("outro", "outro"), ("ending", "outro"), ("drop", "drop"), ("beat drop", "drop"), ("chorus", "chorus"),
    ("hook", "chorus"), ("refrain", "chorus"), ("break", "break"), ("bridge", "break"), ("build", "build"),
)  # fmt: skip

_CLOCK = r"(?:(\d{1,2}):([0-5]\d))"
_SPAN = rf"(?:({NUMBER})[ -]?({MINUTES}|{SECONDS}|s\b|m\b|bars?)?)"
_COMES = (
    r"(?: (?:that |which )?(?:should |must |to |will )?(?:hits?|comes?|comes? in|drops?"
    r"|kicks? in|starts?|starting|begins?|enters?|happens?|arrives?|lands?|is|be))?"
)
_AT = r"(?:at|after|by|@|around|from|in at)(?: (?:about|around|the|exactly))*"
_BPM = r"(?! ?(?:b\.?p\.?m|beats per|%|hz|/|\d|:))"

_SECTION_AT = re.compile(
    rf"\b(?:the |first |beat )*{_MOMENT_SECTION}s?{_COMES} {_AT} ?(bar )?(?:{_CLOCK}|{_SPAN}){_BPM}(?: mark)?"
)
_AT_SECTION = re.compile(
    rf"\b(?:at|after) (?:{_CLOCK}|({NUMBER})[ -]?({MINUTES}|{SECONDS}|s|m|bars?))"
    rf"(?: of intro)?,?(?: comes| there's| there is)?(?: the| a)?(?: big| first)? {_MOMENT_SECTION}\b"
)
_CLOCK_SECTION = re.compile(rf"{_CLOCK} (?:the )?{_MOMENT_SECTION}\b")
_STRAIGHT = re.compile(
    r"\b(?:starts?|starting|opens?|opening|begins?|beginning|jumps?|goes|go|comes? in|kicks? off)(?: out)?"
    r"(?: (?:straight|right|directly|immediately|instantly))*(?: away)? (?:with|on|at|in|into"
    r"|to|from)(?: the| a)?(?: big)?"
    r" (drop|chorus|hook|refrain)\b"
    r"|\b(?:straight|right|directly) (?:in)?to the (drop|chorus|hook|refrain)\b|\b(drop|chorus|hook)[ -]first\b"
)
_NEGATED = re.compile(rf"{_NO} {_SECTION}(?:(?: ?(?:,|/|or|and|nor|&)+ ?(?:an?y? |the |no )?){_SECTION})*(?![\w])")
_NEGATED_ONE = re.compile(rf"{_NO} {_SECTION}(?![\w])")
_SECTIONS = re.compile(rf"\b{_SECTION}\b")
_LESS = re.compile(r"\b(intro|outro|drop|chorus|hook|bridge)(?:less|-free)\b")
_LONG = (
    r"(?:long|longer|lengthy|extended|extra[- ]long|slow|drawn[- ]out|gradual|spacious"
    r"|dj[- ]friendly|dj|(?:16|32|24|sixteen|thirty-two)[ -]bar)"
)
_SHORT = r"(?:short|shorter|quick|brief|tiny|minimal|(?:2|4|two|four)[ -]bar)"
_SIZED = re.compile(
    rf"\b({_NO} )?({_LONG}|{_SHORT})(?:,? (?:and )?\w+)? (intro|outro|ending)(?:(?: and "
    rf"| ?[/&] ?| or )(intro|outro))?\b"
)
_SIZED_AFTER = re.compile(
    rf"\b(intro|outro|ending)(?: (?:should be|is|must be|to be|that is|that's))? ({_LONG}"
    rf"|{_SHORT})\b(?! (?:\w+ )?(?:intro|outro|ending|drop|chorus|build))"
)
_FADE = re.compile(
    rf"\b({_NO} )?(?:(?:slow |long )?fade[- ]?outs?|fades? (?:out|away)|fading (?:out|away)|"
    rf"(?:ends?|ending|finish(?:es)?) (?:with|in|on) a (?:long |slow )?fade|fade (?:at|to"
    rf"|towards?) the end|fade ending|faded? ending)\b"
)
_COLD = re.compile(
    rf"\b({_NO} )?(?:(?:cold|hard|abrupt|sudden|sharp|tight|clean|dead) (?:end|ending|stop"
    rf"|finish|cut)|(?:ends?|stops?|finish(?:es)?) (?:abruptly|suddenly|cold|dead))\b"
)
_NO_FADE = re.compile(rf"{_NO} fade\b")
_LOOP = re.compile(
    rf"\b({_NO} )?(?:(?:seamless(?:ly)?|perfect(?:ly)?|endless(?:ly)?|infinite(?:ly)?"
    rf"|gapless)[ -]loop(?:able|ing|ed|s)?|loop(?:s|ing)? (?:perfectly|seamlessly|endlessly)"
    r"|loopable|(?:for|to) loop(?:ing)?|loop[- ]perfect|looping|looped|loop-able|can be looped)\b"
)
_BUILD = re.compile(
    rf"\b({_NO} )?(?:(?:slow(?:ly)?|gradual(?:ly)?|big|long|huge|tension|constant(?:ly)?|steady"
    rf"|steadily)[ -]build(?:[- ]?ups?|s|ing(?: up)?)?"
    r"|build[- ]?ups?|builds? (?:up|slowly|gradually|and builds?|to|towards?|over)|building "
    r"(?:up|slowly|gradually|to|towards?|tension)|crescendo|build)\b"
)
_PLAIN = re.compile(
    rf"\b(?:(?:big|huge|massive|heavy|catchy|epic|hard|insane|filthy|great|soaring|strong"
    rf"|anthemic|uplifting|the|a|with|and) )+{_SECTION}\b"
)

_GROUPS = (("no intro", "short intro", "long intro"), ("no outro", "long outro"), ("fade out", "cold end", "loop"))


@dataclass(frozen=True)
class FormWish:
    """A wish of the vocabulary of `Brief.form`; with `seconds` or `bars`, the moment of the section `wish` ("drop").

    `bare`: the moment was a number without a unit, which may be a tempo as well ('a huge drop at 130').
    """

    at: int
    wish: str
    seconds: float | None = None
    bars: float | None = None
    bare: bool = False


def find_form(scan: Scan) -> list[FormWish]:
    """All wishes in the order in which they were said. What is found here is not read as a length or an instrument."""
    found: list[FormWish] = []
    _find_moments(scan, found)
    for m in scan.matches(_STRAIGHT):
        scan.take(*m.span())
        section = next(group for group in m.groups() if group)
        found += [FormWish(m.start(), "no intro"), FormWish(m.start() + 1, _name(section), seconds=0.0)]
    _find_endings(scan, found)
    _find_sizes(scan, found)
    # The second for lists that go on with something else: "no intro, drop at 0:45".
    for pattern in (_NEGATED, _NEGATED_ONE):
        for m in scan.matches(pattern):
            scan.take(*m.span())
            for n in _SECTIONS.finditer(m[0]):
                name = _name(n[1])
                if name != "build":
                    found.append(FormWish(m.start() + n.start(), f"no {name}"))
    for m in scan.matches(_LESS):
        scan.take(*m.span())
        found.append(FormWish(m.start(), f"no {_name(m[1])}"))
    for m in scan.matches(_BUILD):
        scan.take(*m.span())
        if not m[1]:
            found.append(FormWish(m.start(), "build"))
    for m in scan.matches(_PLAIN):
        scan.take(*m.span())
    return sorted(found, key=lambda wish: wish.at)


def _name(word: str) -> str:
    return next(name for start, name in _NAMES if word.startswith(start))


def _find_moments(scan: Scan, found: list[FormWish]) -> None:
    for m in scan.matches(_SECTION_AT):
        scan.take(*m.span())
        found.append(_moment(m.start(), m[1], m[3], m[4], m[5], "bars" if m[2] else m[6], counted=bool(m[2])))
    for m in scan.matches(_AT_SECTION):
        scan.take(*m.span())
        found.append(_moment(m.start(), m[5], m[1], m[2], m[3], m[4]))
    for m in scan.matches(_CLOCK_SECTION):
        scan.take(*m.span())
        found.append(_moment(m.start(), m[3], m[1], m[2], None, None))


def _moment(
    at: int,
    section: str,
    minutes: str | None,
    seconds: str | None,
    number: str | None,
    unit: str | None,
    *,
    counted: bool = False,
) -> FormWish:
    """`counted`: bars are numbered from 1 ('at bar 17'), not passed ('after 16 bars')."""
    name = _name(section)
    if minutes is not None and seconds is not None:
        return FormWish(at, name, seconds=int(minutes) * 60 + int(seconds))
    value = number_of(number or "0")
    if unit is not None and unit.startswith("bar"):
        return FormWish(at, name, bars=max(0.0, value - 1) if counted else value)
    minutes_said = unit is not None and unit.startswith("m")
    return FormWish(at, name, seconds=value * 60 if minutes_said else value, bare=unit is None)


def _find_endings(scan: Scan, found: list[FormWish]) -> None:
    for pattern, wish, otherwise in ((_FADE, "fade out", "cold end"), (_COLD, "cold end", ""), (_LOOP, "loop", "")):
        for m in scan.matches(pattern):
            scan.take(*m.span())
            chosen = otherwise if m[1] else wish
            if chosen:
                found.append(FormWish(m.start(), chosen))
    for m in scan.matches(_NO_FADE):
        scan.take(*m.span())
        found.append(FormWish(m.start(), "cold end"))


def _find_sizes(scan: Scan, found: list[FormWish]) -> None:
    for m in scan.matches(_SIZED):
        scan.take(*m.span())
        long = re.fullmatch(_LONG, m[2]) is not None
        for section in (m[3], m[4]):
            if section:
                _size(found, m.start(), _name(section), long != bool(m[1]))
    for m in scan.matches(_SIZED_AFTER):
        scan.take(*m.span())
        _size(found, m.start(), _name(m[1]), re.fullmatch(_LONG, m[2]) is not None)


def _size(found: list[FormWish], at: int, section: str, long: bool) -> None:
    if long or section == "intro":
        found.append(FormWish(at, f"{'long' if long else 'short'} {section}"))


def settle(wishes: list[FormWish], *, duration: float, bar_seconds: float, notes: list[str]) -> tuple[str, ...]:
    """The wishes as `Brief.form` holds them: of contradictory ones the later, moments in seconds inside the song."""
    kept: dict[str, str] = {}
    for wish in wishes:
        text = wish.wish
        if wish.seconds is not None or wish.bars is not None:
            seconds = wish.seconds if wish.seconds is not None else (wish.bars or 0.0) * bar_seconds
            text = f"{wish.wish} at {round(seconds, 1):g}"
            if seconds > duration - 1:
                notes.append(
                    f"The {wish.wish} was wanted at {seconds:g} seconds, but the song lasts {duration:g}; "
                    "that wish was left aside."
                )
                continue
        slot = next((group[0] for group in _GROUPS if text in group), text.removeprefix("no ").partition(" at ")[0])
        earlier = kept.pop(slot, None)
        if earlier is not None and earlier != text:
            notes.append(f"You asked for {_article(earlier)} first; the later wish, {_article(text)}, was taken.")
        kept[slot] = text
    return tuple(kept.values())


def _article(wish: str) -> str:
    return f"“{wish}”"
