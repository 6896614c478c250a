"""Finds numbers with meaning in a prompt: duration, tempo, metre and key. Of several, the last counts."""

from __future__ import annotations

import re

from grammy_desktop.assistant.scan import Scan
from grammy_desktop.assistant.vocabulary import DURATION_WORDS, NUMBER_WORDS
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import MODES, Key

MIN_TEMPO, MAX_TEMPO = 30.0, 300.0
"""BPM that can be asked for."""

METRES = ("2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "9/8", "12/8")

_MINUTES = r"(?:minutes?|mins?)"
_SECONDS = r"(?:seconds?|secs?)"
_NUMBER = r"(\d+(?:[.,]\d+)?|" + "|".join(NUMBER_WORDS) + ")"
_MODE_WORDS = {"maj": "major", "min": "minor", "aeolian": "minor", "ionian": "major"} | {mode: mode for mode in MODES}
_MODES = "|".join(sorted(map(re.escape, _MODE_WORDS), key=len, reverse=True))


def _value(text: str) -> float:
    return float(NUMBER_WORDS[text]) if text in NUMBER_WORDS else float(text.replace(",", "."))


def find_duration(scan: Scan) -> tuple[float, bool] | None:
    """(seconds, said as a number) or None."""
    found: list[tuple[int, float, bool]] = []

    def note(match: re.Match[str], seconds: float, said: bool = True) -> None:
        scan.take(*match.span())
        found.append((match.start(), seconds, said))

    for m in scan.matches(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])"):
        note(m, int(m[1]) * 60 + int(m[2]))
    for m in scan.matches(rf"\b{_NUMBER}(?: |-)?{_MINUTES},?(?: and)? {_NUMBER} ?{_SECONDS}?\b(?! ?bpm)"):
        note(m, _value(m[1]) * 60 + _value(m[2]))
    for m in scan.matches(rf"\b{_NUMBER} and a half {_MINUTES}\b"):
        note(m, (_value(m[1]) + 0.5) * 60)
    for m in scan.matches(rf"\b{_NUMBER}(?: |-)?(?:{_MINUTES}|m)\b"):
        note(m, _value(m[1]) * 60)
    for m in scan.matches(rf"\b{_NUMBER}(?: |-)?{_SECONDS}\b"):
        note(m, _value(m[1]))
    for m in scan.matches(r"\b(\d+(?:\.\d+)?)( ?)s\b"):
        if not _is_decade(scan, m):
            note(m, float(m[1]))
    for position, phrase in scan.phrases(DURATION_WORDS):
        found.append((position, DURATION_WORDS[phrase], False))
    if not found:
        return None
    said = [entry for entry in found if entry[2]] or found
    _, seconds, exact = max(said)
    return seconds, exact


def _is_decade(scan: Scan, match: re.Match[str]) -> bool:
    """'80s rock' and 'the 90s' are decades, '90 s' and 'for 60s' are lengths."""
    if match[2] or match[1] not in ("50", "60", "70", "80", "90"):
        return False
    if re.search(r"\b(for|of|lasting|length|duration)\s*$", scan.before(match.start())):
        return False
    if re.search(r"\bthe\s*$", scan.before(match.start())):
        return True
    following = re.match(r"[\s-]+(\w+)", scan.text[match.end() :])
    return following is not None and following[1] not in (
        "long",
        "loop",
        "song",
        "track",
        "version",
        "clip",
        "and",
        "in",
        "at",
    )


def find_tempo(scan: Scan) -> float | None:
    """BPM said as a number, or None. UserError outside 30 to 300."""
    patterns = (
        r"(?<![\d.])(\d+(?:\.\d+)?)(?: |-)?(?:bpm|beats per minute)\b",
        r"\b(?:bpm|tempo)(?: of| is|:|=| at)? ?(\d+(?:\.\d+)?)\b",
        r"(?:\bat|@|\baround|\babout)\s?(\d{2,3}(?:\.\d+)?)\b(?!\s*(?:hz|%|s\b|sec|min|bar))",
        r"(?<![\w.#/:-])(\d{2,3}(?:\.\d+)?)(?![\w.%/:-]|\s*(?:bars?|hz|%))",
    )
    for number, pattern in enumerate(patterns):
        found = []
        for match in scan.matches(pattern):
            value = float(match[1])
            if number == 3 and (match[1] == "808" or match[1] == "909" or not 40 <= value <= 220):
                continue
            if not MIN_TEMPO <= value <= MAX_TEMPO:
                raise UserError(
                    f"A tempo of {match[1]} BPM cannot be made; choose one from {MIN_TEMPO:g} to {MAX_TEMPO:g} BPM."
                )
            scan.take(*match.span())
            found.append(value)
        if found:
            return found[-1]
    return None


def find_metre(scan: Scan) -> str | None:
    found: list[tuple[int, str]] = []
    for match in scan.matches(r"\b(\d{1,2})/(\d{1,2})\b"):
        if match[0] in METRES:
            scan.take(*match.span())
            found.append((match.start(), match[0]))
    words = {
        "waltz": "3/4",
        "in three": "3/4",
        "six eight": "6/8",
        "three four": "3/4",
        "five four": "5/4",
        "seven eight": "7/8",
    }
    found += [(position, words[phrase]) for position, phrase in scan.phrases(words)]
    return max(found)[1] if found else None


def find_key(scan: Scan) -> tuple[Key | None, str | None]:
    """(key, None) when said in full, (None, mode) when only a mode is named, (None, None) otherwise."""
    found: list[tuple[int, Key]] = []
    note = r"([A-Ga-g])(?:\s?(#|♯|♭|(?:[ -]?(?:sharp|flat))(?!\w)|b(?=[\s:-]|m\b|maj|min)))?"
    for m in scan.matches(rf"(?i)\b{note}[\s-]?({_MODES})\b", cased=True):
        if m[1] == "a" and m[2] is None and not _tonic_expected(scan, m):
            continue
        found.append((m.start(), _key(m[1], m[2], m[3])))
        scan.take(*m.span())
    for m in scan.matches(r"\b([A-G])(#|b|♯|♭)?m\b", cased=True):
        found.append((m.start(), _key(m[1], m[2], "minor")))
        scan.take(*m.span())
    for m in scan.matches(r"\bin ([a-g])(#|b|♯|♭)?m\b"):
        found.append((m.start(), _key(m[1], m[2], "minor")))
        scan.take(*m.span())
    for m in scan.matches(
        r"(?i)\b(?:key(?: of|:)?|in the key of) ([A-Ga-g])(?:\s?(#|b|♯|♭|[ -]?sharp|[ -]?flat))?(?![\w#])", cased=True
    ):
        found.append((m.start(), _key(m[1], m[2], "major")))
        scan.take(*m.span())
    for m in scan.matches(r"\bin ([B-G]|A(?=[#b♯♭]))(#|b|♯|♭)?(?![\w#])", cased=True):
        found.append((m.start(), _key(m[1], m[2], "major")))
        scan.take(*m.span())
    if found:
        return max(found, key=lambda entry: entry[0])[1], None
    modes = scan.phrases(MODES)
    return None, (modes[-1][1] if modes else None)


def _tonic_expected(scan: Scan, match: re.Match[str]) -> bool:
    """Whether a lower-case 'a minor' means the key: 'in a minor' does, 'in a minor mood' and 'a major hit' do not."""
    before = scan.before(match.start())
    after = re.match(r"\s*(\w+)", scan.text[match.end() :])
    if after is not None and after[1] in ("key", "mood", "mode", "feel", "feeling", "scale", "tonality", "vibe", "hit"):
        return False
    return re.search(r"\b(in|key|key of|:)\s*$", before) is not None


def _key(letter: str, accidental: str | None, mode: str) -> Key:
    sign = (accidental or "").strip(" -").lower()
    name = letter.upper() + {"sharp": "#", "♯": "#", "flat": "b", "♭": "b"}.get(sign, sign)
    return Key.parse(f"{name} {_MODE_WORDS[re.sub(r'[ -]+', ' ', mode.lower())]}")
