"""Which instruments a prompt wants, which it does not want, and whether it wants no others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grammy_desktop.assistant.lexicon import Lexicon, Mention
from grammy_desktop.assistant.negation import Sense
from grammy_desktop.assistant.scan import Scan
from grammy_desktop.core.styles import INSTRUMENTS
from grammy_desktop.core.styles.instruments import OTHER_INSTRUMENTS

_ROLES = {instrument.name: instrument.role for instrument in INSTRUMENTS}
_ONLY_BEFORE = re.compile(
    r"(?:\b(?<!not )(?:only|just|solely|purely|exclusively|nothing but|nothing except|solo"
    r"|unaccompanied|lone|all)(?: with)?(?: (?:an?|the|some|one|two))?)[ -]+$"
)
_ONLY_AFTER = re.compile(
    r"^(?:[ -]only\b(?! (?:in|at|on|for|when|during|after|until))|,? (?:and )?nothing else\b"
    r"|,? (?:and )?no other instruments?\b|[ -]alone\b| by itself\b|,? unaccompanied\b)"
)
_OTHERS = re.compile(r"\b(?:no|without)(?: any)? other instruments?\b|\bnothing else\b")
_JOIN = re.compile(r"^ ?(?:and|&|\+|plus|with|,|, ?and|/) ?(?:an? |the |some )?$")
_ONLY_A_PASSAGE = re.compile(r"^[ -](?:solos?|riffs?|licks?|fills?|rolls?|runs?|shredding)\b")
_BEATS = ("beat", "beats")
_A_CAPPELLA = re.compile(r"\ba ?capp?ella\b")


def find_instruments(
    scan: Scan, lexicon: Lexicon, mentions: Sequence[Mention], senses: Sequence[Sense], notes: list[str]
) -> tuple[list[str], list[str]]:
    """(wanted, excluded) canonical names in order; a later wish wins over an earlier one.

    `OTHER_INSTRUMENTS` is among the excluded when only the wanted ones shall play.
    """
    verdicts: dict[str, bool] = {}
    if _A_CAPPELLA.search(scan.text):
        verdicts |= {"drums": False, "bass": False}
    named: list[Mention] = []
    for mention, sense in zip(mentions, senses, strict=True):
        inner = (
            [] if mention.entry.instrument else [part.instrument for part in lexicon.within(mention) if part.instrument]
        )
        names = [mention.entry.instrument] if mention.entry.instrument else inner
        if not names or sense is Sense.LESS or (inner and sense is Sense.UNWANTED):
            continue
        if sense is Sense.UNWANTED and _ONLY_A_PASSAGE.match(scan.after(mention.end)):
            # 'no guitar solos' leaves the guitars.
            continue
        if mention.entry.phrase in _BEATS and sense is Sense.WANTED:
            continue
        if sense is Sense.WANTED:
            named.append(mention)
        for name in names:
            wanted = sense is Sense.WANTED
            earlier = verdicts.pop(name, None)
            if earlier is not None and earlier != wanted:
                notes.append(
                    f"You asked for “{'no ' if wanted else ''}{name}” first; "
                    f"the later wish, “{'' if wanted else 'no '}{name}”, was taken."
                )
            verdicts[name] = wanted
    wanted_names = [name for name, yes in verdicts.items() if yes]
    excluded = [name for name, yes in verdicts.items() if not yes]
    if wanted_names and _alone(scan, named):
        excluded += [name for name in _silent(wanted_names) if name not in excluded]
    return wanted_names, excluded


def _silent(wanted: Sequence[str]) -> list[str]:
    """What is excluded when only the wanted instruments shall play."""
    roles = {_ROLES[name] for name in wanted}
    kit = roles & {"drums", "perc"}
    return [*([] if kit else ["drums"]), *([] if "bass" in roles else ["bass"]), OTHER_INSTRUMENTS]


def _alone(scan: Scan, named: Sequence[Mention]) -> bool:
    """Whether an 'only' stands before or after the instruments named."""
    for m in scan.matches(_OTHERS):
        scan.take(*m.span())
        return True
    index = 0
    while index < len(named):
        last = index
        while last + 1 < len(named) and _JOIN.match(scan.text[named[last].end : named[last + 1].start]):
            last += 1
        before, after = scan.before(named[index].start, 40), scan.after(named[last].end, 40)
        first = named[index].entry
        if (
            _ONLY_BEFORE.search(before)
            or _ONLY_AFTER.match(after)
            or (first.genre and first.phrase.startswith("solo "))
        ):
            return True
        index = last + 1
    return False
