"""Looks a prompt's words up: genres, instruments, moods, tempo and length, misspelt ones included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grammy_desktop.assistant.lexicon import Lexicon, Mention
from grammy_desktop.assistant.negation import Sense, intensity, senses
from grammy_desktop.assistant.scan import Scan
from grammy_desktop.assistant.spelling import mend
from grammy_desktop.assistant.vocabulary import LENGTH_OF_OTHER_THINGS

_MOODS_IN_GENRES = frozenset(("dark", "sad", "emotional", "uplifting", "epic", "funky"))
"""Mood words that keep their meaning inside a genre's name: 'dark ambient' is dark, 'hard rock' need not be aggressive."""


@dataclass(frozen=True)
class Words:
    """What was found, in order. `moods` hold an intensity where one was said ('very sad')."""

    lexicon: Lexicon
    mentions: tuple[Mention, ...]
    senses: tuple[Sense, ...]
    moods: tuple[str, ...]
    unwanted_moods: tuple[str, ...]
    tempos: tuple[str, ...]
    duration: float | None


def find_words(scan: Scan, lexicon: Lexicon, notes: list[str]) -> Words:
    """Look up all words that nobody has taken, and tick off those that mean something."""
    words = [token.word for token in scan.tokens]
    mended: dict[int, str] = {}
    for index, token in enumerate(scan.tokens):
        if not scan.free(token.start, token.end):
            continue
        known = _without_suffix(token.word, lexicon) or mend(token.word, lexicon)
        if known is not None:
            words[index] = mended[index] = known
    mentions = tuple(lexicon.find(scan, words))
    found = tuple(senses(scan, words, mentions))
    for mention in mentions:
        scan.take(mention.start, mention.end)
        for index in range(mention.first, mention.last + 1):
            if index in mended and not scan.tokens[index].word.endswith("less"):
                notes.append(f"“{scan.tokens[index].word}” was read as “{mended[index]}”.")
    moods, unwanted = _moods(scan, words, lexicon, mentions, found)
    return Words(
        lexicon,
        mentions,
        found,
        moods,
        unwanted,
        _tempos(scan, lexicon, mentions, found),
        _duration(scan, mentions, found),
    )


def _without_suffix(word: str, lexicon: Lexicon) -> str | None:
    """'drum' of 'drumless'."""
    if not word.endswith("less") or (word,) in lexicon.phrases:
        return None
    entry = lexicon.phrases.get((word[:-4],))
    return word[:-4] if entry is not None and entry.instrument else None


def _moods(
    scan: Scan, words: Sequence[str], lexicon: Lexicon, mentions: Sequence[Mention], found: Sequence[Sense]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(wanted, unwanted). 'not sad' on its own turns the mood round; 'not too dark' only takes it away."""
    wanted: dict[str, None] = {}
    unwanted: dict[str, None] = {}
    turned: list[str] = []
    for mention, sense in zip(mentions, found, strict=True):
        inner = [part.mood for part in lexicon.within(mention) if part.mood in _MOODS_IN_GENRES]
        for mood in [mention.entry.mood] if mention.entry.mood else inner:
            if sense is not Sense.WANTED:
                unwanted[mood] = None
                if mention.first and words[mention.first - 1] in ("not", "isn't", "never"):
                    turned.append(f"not {mood}")
                continue
            strength = intensity(scan, words, mention)
            wanted[f"{strength} {mood}".strip()] = None
    moods = tuple(wanted) or tuple(turned)
    return moods, tuple(unwanted)


def _tempos(scan: Scan, lexicon: Lexicon, mentions: Sequence[Mention], found: Sequence[Sense]) -> tuple[str, ...]:
    """Tempo words, not those of 'fast hats' or 'slow strings'."""
    tempos: list[str] = []
    for index, (mention, sense) in enumerate(zip(mentions, found, strict=True)):
        if sense is not Sense.WANTED:
            continue
        if mention.entry.tempo:
            following = mentions[index + 1] if index + 1 < len(mentions) else None
            of_player = (
                following is not None
                and following.first == mention.last + 1
                and bool(following.entry.instrument)
                and not following.entry.genre
                and following.entry.phrase not in ("beat", "beats", "drums")
                and scan.text[mention.end : following.start].isspace()
            )
            if not of_player:
                tempos.append(mention.entry.tempo)
        tempos += [part.tempo for part in lexicon.within(mention) if part.tempo and part.tempo != "ballad"]
    return tuple(tempos)


def _duration(scan: Scan, mentions: Sequence[Mention], found: Sequence[Sense]) -> float | None:
    """Seconds of words such as 'jingle'; 'short' and 'long' only where they speak of the song."""
    seconds: float | None = None
    for mention, sense in zip(mentions, found, strict=True):
        if not mention.entry.duration or sense is not Sense.WANTED:
            continue
        if mention.entry.phrase in ("short", "long"):
            tokens = scan.tokens[mention.last + 1 : mention.last + 2]
            follows_instrument = any(m.first == mention.last + 1 and m.entry.instrument for m in mentions)
            if follows_instrument or any(token.word in LENGTH_OF_OTHER_THINGS for token in tokens):
                continue
        seconds = mention.entry.duration
    return seconds
