"""Chooses the style that a prompt means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grammy_desktop.assistant.lexicon import Lexicon, Mention
from grammy_desktop.assistant.negation import Sense
from grammy_desktop.assistant.scan import Scan
from grammy_desktop.assistant.vocabulary import GENERIC_HEADS, WEAK_GENRES
from grammy_desktop.core.brief import Origin
from grammy_desktop.core.styles import Style, mood_of

FALLBACK_STYLE = "pop"

_IDIOMATIC = {
    "banjo": "country", "ukulele": "folk", "accordion": "folk", "harmonica": "blues",
     "harpsichord": "neoclassical", "808": "trap",
    "distorted guitar": "hard_rock", "steel drums": "tropical_house", "vinyl": "lofi", "log drum": "amapiano",
    "wobble bass": "dubstep", "acid bass": "techno", "supersaw": "edm", "timpani": "cinematic", "sleigh bells": "holiday",
    "square lead": "chiptune", "reese bass": "drum_and_bass", "hoover": "edm", "clavinet": "funk", "slap bass": "funk",
    "kalimba": "afrobeats",
}  # fmt: skip
"""Instruments that suggest a style more clearly than a mood does."""
_SUGGESTED = {
    "strings": "cinematic", "violin": "neoclassical", "cello": "neoclassical", "harp": "neoclassical", "oboe": "neoclassical",
    "clarinet": "jazz_ballad", "horn": "cinematic", "choir": "cinematic", "church organ": "cinematic", "piano": "neoclassical",
    "felt piano": "neoclassical", "acoustic guitar": "folk", "nylon guitar": "bossa_nova", "jazz guitar": "jazz_ballad",
    "electric guitar": "indie_rock", "saxophone": "jazz_ballad", "tenor saxophone": "jazz_ballad", "trumpet": "jazz_ballad",
    "vibraphone": "jazz_ballad", "upright bass": "jazz_ballad", "organ": "soul", "electric piano": "soul", "brass": "funk",
    "mandolin": "folk", "whistle": "folk", "music box": "childrens", "pad": "ambient", "marimba": "tropical_house",
    "vocal chops": "tropical_house", "talkbox": "funk", "congas": "salsa",
}  # fmt: skip
"""Instruments that suggest a style where neither genre nor mood does."""

_STRONG, _WEAK, _DOUBTFUL = 3, 2, 1
_FLAVOUR_AFTER = re.compile(
    r"^[ -](?:influences?|influenced|elements?|touch(?:es)?|flavou?rs?|flavou?red|tinged"
    r"|infused|inspired|twist|hints?|undertones?|feel to it"
    r"|drums?|beats? under|chords|melod(?:y|ies)|harmon(?:y|ies)|rhythms?|groove under|samples?|solos?|riffs?)\b"
)
_FLAVOUR_BEFORE = re.compile(
    r"\b(?:touch|hint|bit|dash|elements?|influences?|flavou?rs?|undertones?|traces?|pinch|shades?|notes?"
    r"|reminiscent|unlike|inspired by|with)"
    r"(?: of| some| an?)*\s$"
)
_NOUN_BEFORE = re.compile(r"\b(?:my|our|his|her|their|your|this|that|in the|on the|to the|of the|at the|near the)\s$")
_NOUNS = frozenset(("house", "country", "soul", "jungle", "garage", "trap", "rock", "metal", "march", "swing",
 "score", "film", "movie",
                    "drill", "folk", "pop", "blues", "son", "trance", "samba"))  # fmt: skip


@dataclass(frozen=True)
class GenreFound:
    """The style chosen and how sure that is."""

    style: Style
    origin: Origin


@dataclass(frozen=True)
class _Candidate:
    mention: Mention
    rank: int


def find_genre(
    scan: Scan,
    lexicon: Lexicon,
    mentions: Sequence[Mention],
    senses: Sequence[Sense],
    moods: Sequence[str],
    instruments: Sequence[str],
    styles: Mapping[str, Style],
    notes: list[str],
) -> GenreFound:
    """The last of the clearest genre words; else the style that instruments or moods suggest; else the fallback."""
    wanted = [mention for mention, sense in zip(mentions, senses, strict=True) if sense is Sense.WANTED]
    genres = [mention for mention in wanted if mention.entry.genre]
    refused = {
        mention.entry.style: mention.start
        for mention, sense in zip(mentions, senses, strict=True)
        if mention.entry.genre and sense is Sense.UNWANTED
    }
    genres = [mention for mention in genres if mention.start > refused.get(mention.entry.style, -1)]
    candidates = [_Candidate(mention, _rank(scan, lexicon, mention, wanted)) for mention in genres]
    candidates = _without_heads(scan, candidates)
    if candidates:
        best = max(candidate.rank for candidate in candidates)
        chosen = [candidate.mention.entry for candidate in candidates if candidate.rank == best]
        entry = chosen[-1]
        style = styles[entry.style]
        others = dict.fromkeys(other.phrase for other in chosen if other.style != entry.style)
        if others:
            notes.append(f"You named {' and '.join(others)} first; the later genre, {entry.phrase}, was taken.")
        return GenreFound(style, Origin.SAID)
    moods_styles = [mood.style for word in reversed(moods) if not word.startswith("not ") and (mood := mood_of(word))]
    hints = [
        *(_IDIOMATIC.get(name, "") for name in instruments),
        *moods_styles,
        *(_SUGGESTED.get(name, "") for name in instruments),
    ]
    for hint in hints:
        if hint in styles:
            return GenreFound(styles[hint], Origin.INFERRED)
    fallback = styles.get(FALLBACK_STYLE) or next(iter(styles.values()))
    return GenreFound(fallback, Origin.DEFAULT)


def _rank(scan: Scan, lexicon: Lexicon, mention: Mention, wanted: Sequence[Mention]) -> int:
    entry = mention.entry
    before, after = scan.before(mention.start), scan.after(mention.end)
    if entry.phrase in _NOUNS and _NOUN_BEFORE.search(before):
        return _DOUBTFUL
    if entry.instrument or entry.phrase in WEAK_GENRES:
        return _DOUBTFUL if entry.instrument else _WEAK
    if entry.mood or lexicon.colours_only(mention):
        return _WEAK
    if _FLAVOUR_AFTER.match(after) or (_FLAVOUR_BEFORE.search(before) and len(entry.phrase.split()) == 1):
        return _WEAK
    # 'a gospel choir' colours the choir; 'deep house piano' is deep house all the same when nothing else is.
    follows = next((other for other in wanted if other.first == mention.last + 1), None)
    if follows is None or follows.entry.phrase in ("beat", "beats"):
        return _STRONG
    if follows.entry.instrument and not follows.entry.genre and scan.text[mention.end : follows.start] in (" ", "-"):
        return _WEAK
    return _STRONG


def _without_heads(scan: Scan, candidates: list[_Candidate]) -> list[_Candidate]:
    """Without the family names that follow a genre: 'grunge rock' is grunge."""
    kept: list[_Candidate] = []
    for candidate in candidates:
        before = kept[-1] if kept else None
        if (
            before is not None
            and candidate.mention.entry.phrase in GENERIC_HEADS
            and before.mention.last + 1 == candidate.mention.first
            and scan.text[before.mention.end : candidate.mention.start] in (" ", "-")
            and before.mention.entry.phrase not in GENERIC_HEADS
        ):
            kept[-1] = _Candidate(before.mention, max(before.rank, candidate.rank))
            continue
        kept.append(candidate)
    return kept
