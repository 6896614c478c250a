"""Every phrase that means something, by its words, so that a prompt is looked up instead of searched through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from grammy_desktop.assistant.scan import Scan, Token, words_of
from grammy_desktop.assistant.vocabulary import (
    DURATION_WORDS,
    FILLERS,
    HOMONYMS,
    MORE_GENRE_WORDS,
    NOT_GENRES,
    TEMPO_WORDS,
)
from grammy_desktop.core.styles import INSTRUMENTS, MOODS, Style

_SUFFIXES = (("ier", "y"), ("er", ""), ("er", "e"), ("ness", ""), ("iness", "y"), ("ly", ""), ("ish", ""), ("est", ""))
_BLANK = frozenset(" -_/+&'\t")
_OWN_INSTRUMENTS = frozenset(("drums", "bass", "supersaw", "kick", "snare"))
"""Instruments that a genre's name holds without asking for them: 'drum and bass', 'synth pop'."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase means; it may mean several things at once ('epic' is a genre and a mood)."""

    phrase: str
    style: str = ""
    mood: str = ""
    instrument: str = ""
    tempo: str = ""
    duration: float = 0.0
    nothing: bool = False

    @property
    def genre(self) -> bool:
        return bool(self.style)


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry found at tokens `first` to `last` (inclusive) of the prompt, characters `start` to `end`."""

    entry: Entry
    first: int
    last: int
    start: int
    end: int


@dataclass
class Lexicon:
    """`phrases` by their words; `words` are all single words that occur in them, `by_letter`
    those of them that a misspelt word may have meant, by their first letter."""

    phrases: dict[tuple[str, ...], Entry] = field(default_factory=dict)
    joined: dict[str, Entry] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    words: dict[str, None] = field(default_factory=dict)
    by_letter: dict[str, list[str]] = field(default_factory=dict)

    def add(self, phrase: str, **meaning: object) -> None:
        """Give a phrase one more meaning; the first meaning of a kind stays."""
        words = words_of(phrase)
        if not words:
            return
        entry = self.phrases.get(words) or Entry(" ".join(words))
        values = {name: getattr(entry, name) for name in Entry.__slots__}
        values |= {name: value for name, value in meaning.items() if not values[name]}
        entry = Entry(**values)
        self.phrases[words] = entry
        self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))
        for word in words:
            if word not in self.words and len(word) >= 4 and word.isascii() and word not in FILLERS:
                self.by_letter.setdefault(word[0], []).append(word)
            self.words[word] = None
        if len("".join(words)) >= 6 and not entry.nothing:
            # 'deephouse' and 'deep house', 'drumnbass' and 'drum and bass' are the same.
            self.joined["".join(words)] = entry
            if "and" in words:
                self.joined["".join("n" if word == "and" else word for word in words)] = entry

    def find(self, scan: Scan, words: list[str]) -> list[Mention]:
        """All phrases in the prompt, the longest first where they overlap. `words` are the tokens' words, corrected."""
        found: list[Mention] = []
        tokens, index = scan.tokens, 0
        while index < len(tokens):
            mention = self._at(scan, tokens, words, index)
            if mention is None:
                index += 1
                continue
            if not mention.entry.nothing:
                found.append(mention)
            index = mention.last + 1
        return found

    def _at(self, scan: Scan, tokens: list[Token], words: list[str], index: int) -> Mention | None:
        first = tokens[index]
        reach = min(self.longest.get(words[index], 1), len(tokens) - index)
        for count in range(reach, 0, -1):
            last = index + count - 1
            if not scan.free(first.start, tokens[last].end) or not _together(scan, tokens, index, last):
                continue
            key = tuple(words[index : last + 1])
            entry = self.phrases.get(key) or self._inflected(key)
            if entry is not None:
                return Mention(entry, index, last, first.start, tokens[last].end)
        return self._compound(scan, tokens, words, index)

    def _inflected(self, key: tuple[str, ...]) -> Entry | None:
        """Plurals of anything, other forms of mood words."""
        word = key[-1]
        if len(word) > 3 and word.endswith("s"):
            entry = self.phrases.get((*key[:-1], word[:-1]))
            if entry is not None:
                return entry
        if len(key) > 1:
            return None
        for suffix, instead in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 3:
                stem = word[: -len(suffix)]
                doubled = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem
                for form in (stem + instead, doubled):
                    entry = self.phrases.get((form,))
                    if entry is not None and entry.mood:
                        return Entry(entry.phrase, mood=entry.mood)
        return None

    def _compound(self, scan: Scan, tokens: list[Token], words: list[str], index: int) -> Mention | None:
        """Written in one word, or in two what is one: 'boombap', 'synth wave'."""
        token = tokens[index]
        if not scan.free(token.start, token.end):
            return None
        entry = self.joined.get(words[index])
        if entry is not None:
            return Mention(entry, index, index, token.start, token.end)
        if index + 1 < len(tokens) and len(words[index]) >= 3 and len(words[index + 1]) >= 3:
            following = tokens[index + 1]
            entry = self.phrases.get((words[index] + words[index + 1],))
            if (
                entry is not None
                and scan.free(token.start, following.end)
                and _together(scan, tokens, index, index + 1)
            ):
                return Mention(entry, index, index + 1, token.start, following.end)
        return None

    def colours_only(self, mention: Mention) -> bool:
        """Whether a genre's name is an instrument with an adjective: 'sad piano' is, 'piano house' is not."""
        entries = [self.phrases.get((word,)) for word in mention.entry.phrase.split()]
        known = [entry for entry in entries if entry is not None]
        return any(e.instrument for e in known) and not any(e.genre and not e.instrument and not e.mood for e in known)

    def within(self, mention: Mention) -> list[Entry]:
        """Instruments and tempo words inside a longer genre phrase: 'piano house' asks for a piano, 'slow jazz' is slow."""
        words = mention.entry.phrase.split()
        if len(words) < 2 or not mention.entry.genre:
            return []
        parts = (self.phrases.get((word,)) for word in words)
        return [part for part in parts if part is not None and part.instrument not in _OWN_INSTRUMENTS]


def _together(scan: Scan, tokens: list[Token], first: int, last: int) -> bool:
    """Whether nothing but blanks and hyphens stands between the tokens."""
    return all(_BLANK.issuperset(scan.text[tokens[i].end : tokens[i + 1].start]) for i in range(first, last))


def lexicon_of(styles: Mapping[str, Style]) -> Lexicon:
    """The phrases of these styles and all that does not depend on them; kept while the styles stay the same."""
    return _lexicon(tuple((style.id, style.name, style.words) for style in styles.values()))


@lru_cache(maxsize=4)
def _lexicon(styles: tuple[tuple[str, str, tuple[str, ...]], ...]) -> Lexicon:
    lexicon = Lexicon()
    ids = frozenset(style_id for style_id, _, _ in styles)
    for phrase in HOMONYMS:
        lexicon.add(phrase, nothing=True)
    # A style's own name beats what others call themselves; then the sheets' words in order.
    for style_id, name, _ in styles:
        lexicon.add(style_id.replace("_", " "), style=style_id)
        lexicon.add(name.lower(), style=style_id)
    for style_id, _, own in styles:
        for word in own:
            if word.lower() not in NOT_GENRES:
                lexicon.add(word.lower(), style=style_id)
    for style_id, more in MORE_GENRE_WORDS.items():
        for word in more if style_id in ids else ():
            lexicon.add(word, style=style_id)
    for instrument in INSTRUMENTS:
        for word in (instrument.name, *instrument.words):
            lexicon.add(word, instrument=instrument.name)
    for mood in MOODS:
        for word in (mood.name, *mood.words):
            lexicon.add(word, mood=word)
    for word in TEMPO_WORDS:
        lexicon.add(word, tempo=word)
    for word, seconds in DURATION_WORDS.items():
        lexicon.add(word, duration=seconds)
    return lexicon
