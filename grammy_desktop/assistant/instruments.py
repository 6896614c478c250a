"""Finds the instruments that a prompt wants and does not want, and whether it wants singing."""

from __future__ import annotations

import re

from grammy_desktop.assistant.scan import Scan
from grammy_desktop.core.styles import INSTRUMENTS

_NEGATION = re.compile(
    r"\b(?:no|without|minus|drop the|remove|excluding|except|not|skip the|don't want|lose the)\s+(?:any\s+|the\s+|a\s+)?$"
)
_LINK = re.compile(r"^[\s,]*(?:(?:or|and|nor|any|no|,)\s*)*$")
_LIST_GOES_ON = re.compile(r"^(?:\s*,\s*[\w ]+?)*\s*,?\s*n?or\b")
_ONLY_BEATS = ("beat", "beats")


def find_instruments(scan: Scan) -> tuple[list[str], list[str]]:
    """(wanted, excluded) canonical names in order. 'no drums or bass' excludes both; a later wish wins over an earlier one."""
    names = {word: instrument.name for instrument in INSTRUMENTS for word in instrument.words}
    verdicts: dict[str, bool] = {}
    if scan.phrases(("drumless", "beatless")):
        verdicts["drums"] = False
    if scan.phrases(("acapella", "a cappella", "a capella")):
        verdicts |= {"drums": False, "bass": False}
    end, negated = -1, False
    for position, phrase in scan.phrases(names):
        between = scan.text[end:position] if end >= 0 else "."
        linked = _LINK.match(between) is not None
        if between.strip() == ",":
            # 'no drums, flute' wants the flute; 'no drums, bass or piano' wants none of them.
            linked = _LIST_GOES_ON.match(scan.text[position + len(phrase) :]) is not None
        explicit = _NEGATION.search(scan.before(position)) is not None
        # An 'and' or an 'or' hands a negation on; a new 'with' ends it.
        negated = explicit or (linked and negated)
        end = position + len(phrase)
        if phrase in _ONLY_BEATS and not negated:
            continue
        name = names[phrase]
        verdicts.pop(name, None)
        verdicts[name] = not negated
    wanted = [name for name, yes in verdicts.items() if yes]
    return wanted, [name for name, yes in verdicts.items() if not yes]


def find_vocals(scan: Scan) -> bool | None:
    """True for 'with vocals' and the like, False for 'instrumental', None when nothing is said. The later wins."""
    wishes: list[tuple[int, bool]] = []
    for match in scan.matches(r"\b(?:no|without|minus) (?:any )?(?:vocals?|voices?|singing|singer|lyrics)\b"):
        scan.take(*match.span())
        wishes.append((match.start(), False))
    for match in scan.matches(r"\b(?:instrumental|vocals?|singing|singer|sung|lyrics)\b"):
        scan.take(*match.span())
        wishes.append((match.start(), not match[0].startswith("instrumental")))
    return max(wishes)[1] if wishes else None
