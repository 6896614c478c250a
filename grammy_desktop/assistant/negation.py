"""How far a 'no', a 'not' or a 'without' reaches, and how strong a 'very' makes what follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from grammy_desktop.assistant.lexicon import Mention
from grammy_desktop.assistant.scan import Scan

_NEGATORS = frozenset(
    ("no", "not", "without", "w/o", "minus", "never", "nothing", "none", "isn't", "isnt", "don't", "dont", "nor", "neither",
     "except", "excluding", "avoid", "avoiding", "skip", "skipping", "remove", "removing", "lose", "hate", "cut",
      "mute", "sans", "zero", "doesn't",
     "shouldn't", "exclude", "omit", "leave", "ditch", "kill")
)  # fmt: skip
_PAIRS = frozenset(
    (
        ("instead", "of"),
        ("rather", "than"),
        ("anything", "but"),
        ("other", "than"),
        ("nothing", "with"),
        ("free", "of"),
        ("leave", "out"),
        ("drop", "the"),
    )
)
_LESS = frozenset(("less", "fewer"))
_CLEAR_TEXT = """
    any the a an all at too so very really overly super extremely that much many kind kinds sort type of is be
    being in it its use using want need like add include have has play please real more even remotely
    particularly especially just i do does to me ever get give for out sound sounding feel feeling going super
    super's
"""
_CLEAR = frozenset(
    _CLEAR_TEXT.split()
)  # fmt: skip
"""Words that a negation passes over."""
_EXCEPT = re.compile(r"\b(?:except|excluding|apart from|other than|save for)\b")
_CANCELLED = frozenset(("only", "just", "necessarily", "afraid"))
_LINKS = frozenset(("and", "or", "nor", "any", "no", "the", "a", "an", "of", "kind", "overly", "too", "also", "even"))
_GOES_ON = re.compile(r"^(?:\s*,\s*[\w -]+?)*\s*,?\s*n?or\b")
_STRONG = frozenset(
    (
        "very",
        "super",
        "extremely",
        "really",
        "ultra",
        "incredibly",
        "insanely",
        "hella",
        "mega",
        "so",
        "totally",
        "deeply",
        "crazy",
        "ridiculously",
        "intensely",
        "extra",
        "most",
    )
)
_MILD = frozenset(
    (
        "slightly",
        "bit",
        "little",
        "somewhat",
        "mildly",
        "subtly",
        "kinda",
        "faintly",
        "lightly",
        "touch",
        "hint",
        "tad",
        "sorta",
        "subtle",
        "fairly",
    )
)


class Sense(Enum):
    """How a phrase was meant: plainly, not at all, or less than before ('less drums')."""

    WANTED = "wanted"
    UNWANTED = "unwanted"
    LESS = "less"


def senses(scan: Scan, words: Sequence[str], mentions: Sequence[Mention]) -> list[Sense]:
    """How each mention was meant. 'no drums or bass' bans both, 'no drums, flute' only the drums."""
    found: list[Sense] = []
    for index, mention in enumerate(mentions):
        sense = _own(scan, words, mention)
        if index and found[-1] is Sense.UNWANTED and _EXCEPT.search(scan.text, mentions[index - 1].end, mention.start):
            # 'no drums except the kick'
            found.append(Sense.WANTED)
            continue
        if (
            sense is Sense.WANTED
            and index
            and found[-1] is not Sense.WANTED
            and _linked(scan, mentions[index - 1], mention)
        ):
            sense = found[-1]
        found.append(sense)
    return found


def _own(scan: Scan, words: Sequence[str], mention: Mention) -> Sense:
    """What the words just before a mention make of it."""
    typed = scan.tokens[mention.first].word
    if typed.endswith("less") and not mention.entry.phrase.endswith("less"):
        return Sense.UNWANTED
    tail = words[mention.last + 1] if mention.last + 1 < len(words) else ""
    if tail == "free" and scan.text[mention.end : mention.end + 1] == "-":
        return Sense.UNWANTED
    strange = 0
    index = mention.first
    while index > 0 and index > mention.first - 8:
        if not set(scan.text[scan.tokens[index - 1].end : scan.tokens[index].start]) <= {" ", "\t", '"', "'", "-"}:
            return Sense.WANTED
        index -= 1
        word = words[index]
        pair = (words[index - 1], word) if index else ("", word)
        if pair in _PAIRS:
            return (
                Sense.WANTED if pair == ("drop", "the") and mention.entry.phrase in ("bass", "beat") else Sense.UNWANTED
            )
        if word in _LESS:
            return Sense.LESS
        if word in _NEGATORS:
            following = words[index + 1]
            if (following in _CANCELLED and word in ("not", "don't", "isn't")) or pair == ("not", "without"):
                return Sense.WANTED
            return Sense.UNWANTED
        if word in _CLEAR:
            continue
        if strange or not mention.entry.instrument or not scan.free(scan.tokens[index].start, scan.tokens[index].end):
            return Sense.WANTED
        # One unknown adjective: 'no cheesy saxophone'.
        strange += 1
        if len(word) < 4 or word in _LINKS or word in _STOPS:
            return Sense.WANTED
    return Sense.WANTED


_STOPS = frozenset(
    (
        "with",
        "only",
        "instead",
        "then",
        "plus",
        "featuring",
        "start",
        "wait",
        "maybe",
        "actually",
        "give",
        "make",
        "some",
        "lots",
    )
)


def _linked(scan: Scan, before: Mention, mention: Mention) -> bool:
    """Whether a list goes on from one mention to the next: '... or bass', '..., bass or piano'."""
    between = scan.text[before.end : mention.start]
    links = re.findall(r"[^\W_]+", between)
    if any(link not in _LINKS for link in links):
        return False
    marks = set(re.sub(r"[\w\s]", "", between))
    if links:
        return marks <= {",", "/", "&", "+"}
    if marks == {","}:
        return _GOES_ON.match(scan.text[mention.end :]) is not None
    return marks == {"/"}


def intensity(scan: Scan, words: Sequence[str], mention: Mention) -> str:
    """'very', 'slightly' or ''."""
    index = mention.first - 1
    while index >= 0 and words[index] in ("of", "more", "bit", "little", "and") and words[index] not in _MILD:
        index -= 1
    if index < 0 or mention.first - index > 3 or "," in scan.text[scan.tokens[index].end : mention.start]:
        return ""
    if words[index] in _MILD:
        return "slightly"
    return "very" if words[index] in _STRONG and index == mention.first - 1 else ""
