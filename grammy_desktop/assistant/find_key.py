"""Finds the key: a tonic with a mode, or a mode alone."""

from __future__ import annotations

import re

from grammy_desktop.assistant.said import Said, last_said
from grammy_desktop.assistant.scan import Scan
from grammy_desktop.core.music import MODES, Key

_MODE_WORDS = {"maj": "major", "min": "minor", "aeolian": "minor", "ionian": "major", "minor pentatonic": "minor",
               "major pentatonic": "major", "natural minor": "minor", "blues scale": "minor", "phrygian dominant": "phrygian",
               "moll": "minor", "dur": "major"} | {mode: mode for mode in MODES}  # fmt: skip
_SAID_MODES = [mode for mode in _MODE_WORDS if mode not in ("moll", "dur")]
_MODES = "|".join(re.escape(mode).replace(r"\ ", "[ -]") for mode in sorted(_SAID_MODES, key=len, reverse=True))
_SIGN = r"(?:\s?(#|♯|♭|[ -]?(?:sharp|flat)(?!\w)|b(?=[\s:.,;!?-]|$|m\b|maj|min)))"

_FULL = re.compile(rf"(?i)(?<![\w'#])([A-G]){_SIGN}?[\s-]?({_MODES})\b(?![-']?ish)")
_SHORT = re.compile(r"(?<![\w#'/-])([A-G])(#|b|♯|♭)?m(?![\w'#/])")
_SHORT_LOWER = re.compile(r"\b(?:in|key|key of|key:|key=) ?([a-g])(#|b|♯|♭)?m\b")
_KEY_OF = re.compile(
    r"(?i)\b(?:in the key of|key(?: of| is|:|=| =)?|scale of|tonality:?) ?([A-G])(#|b(?![a-z])"
    r"|♯|♭|[ -]?sharp|[ -]?flat)?(?![\w#'])"
)
_IN = re.compile(
    r"(?:\b[Ii]n|\bIN) ([B-G](?:#|b|♯|♭|[ -]?[Ss]harp|[ -]?[Ff]lat)?|A(?:#|b|♯|♭|[ -]?[Ss]harp"
    r"|[ -]?[Ff]lat))(?![\w#'&-])"
)
_IN_A = re.compile(r"(?:\b[Ii]n|\bIN) (A)(?=\s*(?:[,.;!?)]|$|at \d|\d))")
_CAMELOT = re.compile(r"(?<![\w#.:])(1[0-2]|[1-9])([AB])(?![\w#])")
_CHORDS = re.compile(
    r"(?<![\w#])([A-G](?:#|b)?)(m?)(?:(?:maj|min|m)?\d{0,2})(?:(?: ?[-–|>,/] ?| )[A-G](?:#|b)?"
    r"(?:m|maj|min)?\d{0,2}(?![\w#])){2,}"
)
_NO_KEY_AFTER = re.compile(
    r"\s+(?:thirds?|seconds?|sixths?|sevenths?|intervals?|chords?|key|mood|mode|feel|feeling"
    r"|scale|tonality|vibe|hit|setback"
    r"|comeback|change|detail|problem|twist|issue|role|league|label|artist|version|tune|melody"
    r"|song|track|touch|sound|part|lift|shift|bug|event)\b"
)
_TONIC_EXPECTED = re.compile(r"(?:\b(?:in|key|key of|key is)|[:=(,;]|^)\s*$")
_MODE_ALONE = re.compile(rf"\b({_MODES})(?:[ -]?ish)?(?:[ -](?:key|mode|scale|tonality|chords?|feel|mood))?\b")
# Minor keys by their number on the Camelot wheel; the major ones lie three semitones above.
_CAMELOT_MINOR = {number: (8 + 7 * (number - 1)) % 12 for number in range(1, 13)}


def find_key(scan: Scan, notes: list[str]) -> tuple[Key | None, str | None]:
    """(key, None) when said in full, (None, mode) when only a mode is named, (None, None) otherwise."""
    found: list[Said[Key]] = []

    def note(match: re.Match[str], key: Key) -> None:
        scan.take(*match.span())
        found.append(Said(match.start(), key))

    for m in list(scan.matches(_CHORDS, cased=True)):
        key = _key(m[1][0], m[1][1:], "minor" if m[2] else "major")
        notes.append(f"The chords “{m[0]}” cannot be asked for in a prompt; their first was taken as the key, {key}.")
        note(m, key)
    for m in scan.matches(_FULL, cased=True):
        if _is_article(scan, m):
            continue
        if m[3].lower().replace("-", " ") == "phrygian dominant":
            notes.append("Phrygian dominant was taken as phrygian.")
        note(m, _key(m[1], m[2], m[3]))
    for pattern, cased in ((_SHORT, True), (_SHORT_LOWER, False)):
        for m in scan.matches(pattern, cased=cased):
            note(m, _key(m[1], m[2], "minor"))
    for m in scan.matches(_KEY_OF, cased=True):
        if m[1] != "a" or not re.match(r" *\w", scan.after(m.end())):
            note(m, _key(m[1], m[2], "major"))
    for pattern in (_IN, _IN_A):
        for m in scan.matches(pattern, cased=True):
            note(m, _key(m[1][0], m[1][1:], "major"))
    for m in scan.matches(_CAMELOT, cased=True):
        minor = _CAMELOT_MINOR[int(m[1])]
        note(m, Key(minor, "minor") if m[2] == "A" else Key((minor + 3) % 12, "major"))
    said = last_said(found, "the key", notes)
    if said is not None:
        return said, None
    modes = [m for m in scan.matches(_MODE_ALONE) if m[1] not in ("min", "maj") and _alone(scan, m)]
    for m in modes:
        scan.take(*m.span())
    return None, (_MODE_WORDS[re.sub("[ -]+", " ", modes[-1][1])] if modes else None)


def _is_article(scan: Scan, match: re.Match[str]) -> bool:
    """Whether 'a minor' is the article: 'in a minor' names a key, 'in a minor mood' and 'a major hit' do not."""
    if match[1].upper() != "A" or match[2] is not None:
        return False
    if _NO_KEY_AFTER.match(scan.text, match.end()):
        return True
    if match[1] == "A" and not match[0].isupper():
        return False
    return _TONIC_EXPECTED.search(scan.before(match.start())) is None


def _alone(scan: Scan, match: re.Match[str]) -> bool:
    """Whether a mode word speaks of the song's mode: not in 'a minor third' or 'a major comeback'."""
    if match[1] not in ("minor", "major"):
        return True
    following = _NO_KEY_AFTER.match(scan.text, match.end())
    return following is None or following[0].strip() in (
        "key", "mood", "mode", "feel", "feeling", "scale", "tonality", "chord", "chords", "vibe", "melody",
         "song", "track", "tune", "sound",
    )  # fmt: skip


def _key(letter: str, accidental: str | None, mode: str) -> Key:
    sign = (accidental or "").strip(" -").lower()
    name = letter.upper() + {"sharp": "#", "♯": "#", "flat": "b", "♭": "b"}.get(sign, sign)
    return Key.parse(f"{name} {_MODE_WORDS[re.sub(r'[ -]+', ' ', mode.lower())]}")
