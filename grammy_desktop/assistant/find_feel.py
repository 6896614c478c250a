"""Finds era, swing, energy and whether there shall be singing."""

from __future__ import annotations

import re

from grammy_desktop.assistant.said import Said, last_said
from grammy_desktop.assistant.scan import Scan

_ERA_DIGITS = re.compile(
    r"(?<![\w.])(?:(19[5-9]0|20[0-2]0)'?s|'?([05-9]0)'?s)(?![\w])(?:[ -](?:era|style|styled"
    r"|vibe|vibes|inspired|sound|feel))?"
)
_ERA_WORDS = re.compile(
    r"\b(fifties|sixties|seventies|eighties|nineties|noughties|y2k|(?:late|mid|early)[ -]2000s"
    r"|contemporary|modern|present[- ]day)\b"
)
_ERA_OF_WORD = {
    "fifties": "60s", "sixties": "60s", "seventies": "70s", "eighties": "80s", "nineties": "90s", "noughties": "2000s",
    "y2k": "2000s", "contemporary": "modern", "modern": "modern", "present day": "modern", "present-day": "modern",
}  # fmt: skip
_ERA_OF_DECADE = {"50": "60s", "60": "60s", "70": "70s", "80": "80s", "90": "90s", "00": "2000s"}

_SWING_NUMBER = re.compile(
    r"\b(?:swing|swung|shuffle)(?: ?[:=@]| of| at| around| about)* ?(\d{2,3})(?:\.\d+)? ?(%"
    r"|percent|per cent)?(?! ?(?:bpm|beats))|(\d{2,3})(?:\.\d+)? ?(?:%|percent|per cent) "
    r"(?:swing|swung|shuffle)"
)
_SWINGS: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"\b(?:no|without|zero) (?:swing|shuffle)\b|\bunswung\b|\bstraight(?:[- ](?:up|ahead))? "
        r"(?:feel|groove|grooves|beat|beats|drums|timing|rhythm|eighths?|8ths?|16ths?|sixteenths?"
        r"|hats)\b|\b(?:hard )?quanti[sz]ed\b"), 50.0),
    (re.compile(r"\b(?:heavy|hard|strong|big|lots of) swing\b|\b(?:heavily|hard|very) swung\b"), 66.0),
    (re.compile(r"\b(?:light|slight|subtle|gentle|a bit of|a little) swing\b|\b(?:lightly|slightly|gently) swung\b"), 56.0),
    (re.compile(r"\b(?:triplet|shuffle|shuffled|shuffling)[ -](?:feel|groove|swing|beat|rhythm|drums)\b|\bshuffled\b"), 66.7),
    (re.compile(r"\bswung\b|\bswingy\b|\bswing(?:ing)?[ -](?:feel|groove|beat|rhythm|drums|hats|8ths"
        r"|16ths)\b|\bwith (?:some |a )?swing\b"), 62.0),
)  # fmt: skip

_ENERGIES: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"\b(?:max(?:imum)?|maximal|full|insane|extreme(?:ly)?|very high)[ -](?:high[ -])?energy\b"), 1.0),
    (re.compile(r"\b(?:high|big|lots of|tons of|full of)[ -]energy\b|\bhard[- ]hitting\b|\bin[- ]your[- ]face\b"), 0.7),
    (re.compile(r"\b(?:more|extra) energ(?:y|etic)\b"), 0.4),
    (re.compile(r"\b(?:medium|mid|moderate)[ -]energy\b"), 0.0),
    (re.compile(r"\bless (?:energy|energetic|intense|busy)\b|\b(?:calmer|mellower|gentler|softer)\b"
        r"|\bunderstated\b|\blow[- ]key\b"), -0.4),
    (re.compile(r"\b(?:low|little|no)[ -]energy\b"), -0.7),
    (re.compile(r"\b(?:very|super|extremely) low[ -]energy\b"), -1.0),
)  # fmt: skip
_ENERGY_NUMBER = re.compile(
    r"\benergy(?: level)?(?: ?[:=]| of| is| at)? ?(\d{1,3})(?: ?(/ ?10\b|/ ?5\b|%|/ ?100\b| out of 10| out of 5))?"
)

_NO_VOCALS = re.compile(
    r"\b(?:no|without|minus|zero|w/o|don't want|not|never)(?: any| the)? (?:(?:lead|male"
    r"|female|rap|human|main) )?(?:vocals?|voices?|singing|singers?|lyrics|rapping|words)\b|\b"
    r"(?:vocal|lyric)s?[- ](?:free|less)\b|\bvocalless\b|\bno one sings\b"
)
_VOCALS = re.compile(
    r"\b(?<!chopped )(?:instrumentals?(?: only)?|(?:female|male|rap|lead|soulful|sung|airy"
    r"|breathy|with|duet)? ?(?:vocals?|voice|singing|singers?(?![- ]songwriter)|sung|lyrics"
    r"|rapping|rapper|vocalist)(?! (?:chops?|samples?|house|trance))"
    r"|a ?capp?ella)\b"
)


def find_era(scan: Scan, notes: list[str]) -> str:
    """One of `ERAS`, the last of several, "" for none. Call it after lengths are taken: '90s' may be one."""
    found: list[Said[str]] = []
    for m in scan.matches(_ERA_DIGITS):
        if m[1]:
            year = int(m[1])
            era = "modern" if year >= 2010 else "2000s" if year == 2000 else _ERA_OF_DECADE[m[1][2:]]
        else:
            era = _ERA_OF_DECADE[m[2]]
        found.append(Said(m.start(), era))
    for m in scan.matches(_ERA_WORDS):
        found.append(Said(m.start(), _ERA_OF_WORD.get(m[1], "2000s")))
    return last_said(found, "the era", notes) or ""


def tick_eras(scan: Scan) -> None:
    """Count the words of eras as understood, once genres that hold them ('90s hip hop') have been found."""
    for pattern in (_ERA_DIGITS, _ERA_WORDS):
        for m in scan.matches(pattern):
            scan.take(*m.span())


def find_swing(scan: Scan, notes: list[str]) -> float | None:
    """Per cent: 50 straight to 75; None when nothing is said."""
    found: list[Said[float]] = []
    for m in scan.matches(_SWING_NUMBER):
        value = float(m[1] or m[3])
        if value > 100 or (m[1] and not m[2] and not 50 <= value <= 75):
            continue
        scan.take(*m.span())
        if not 50 <= value <= 75:
            # Many sequencers count from 0 to 100.
            percent = 50 + value / 4
            notes.append(f"A swing of {value:g} % was taken as {percent:g} % on the scale from 50 (straight) to 75.")
            value = percent
        found.append(Said(m.start(), value))
    for pattern, value in _SWINGS:
        for m in scan.matches(pattern):
            scan.take(*m.span())
            found.append(Said(m.start(), value))
    return last_said(found, "a swing of", notes, text=lambda percent: f"{percent:g} %")


def find_energy(scan: Scan) -> float | None:
    """-1 to 1; None when nothing is said."""
    found: list[Said[float]] = []
    for m in scan.matches(_ENERGY_NUMBER):
        scale = (m[2] or "").replace(" ", "").replace("outof", "/")
        top = {"%": 100.0, "/100": 100.0, "/5": 5.0}.get(scale, 10.0)
        scan.take(*m.span())
        found.append(Said(m.start(), max(-1.0, min(1.0, round(2 * float(m[1]) / top - 1, 2)))))
    for pattern, value in reversed(_ENERGIES):
        for m in scan.matches(pattern):
            scan.take(*m.span())
            found.append(Said(m.start(), value))
    return max(found, key=lambda said: said.at).value if found else None


def find_vocals(scan: Scan, notes: list[str]) -> bool | None:
    """True for 'with vocals' and the like, False for 'instrumental', None when nothing is said. The later wins."""
    found: list[Said[bool]] = []
    for m in scan.matches(_NO_VOCALS):
        scan.take(*m.span())
        found.append(Said(m.start(), False))
    for m in scan.matches(_VOCALS):
        scan.take(*m.span())
        found.append(Said(m.start(), not m[0].startswith("instrumental")))
    return last_said(found, "music", notes, text=lambda sung: "with vocals" if sung else "without vocals")
