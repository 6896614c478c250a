"""Reads a prompt into a brief: words in any order, the later of two contradictions wins, nothing unknown is lost."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from grammy_desktop.assistant.fuzzy import Guess, guess_word
from grammy_desktop.assistant.instruments import find_instruments, find_vocals
from grammy_desktop.assistant.numbers import find_duration, find_key, find_metre, find_tempo
from grammy_desktop.assistant.scan import Scan
from grammy_desktop.assistant.vocabulary import (
    CLASSICAL_TERMS,
    FILLERS,
    NEIGHBOURS,
    TEMPO_WORDS,
    WEAK_GENRES,
    Neighbour,
)
from grammy_desktop.core.brief import MAX_DURATION, MAX_PROMPT, MIN_DURATION, Brief, Choice, Origin
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import MOODS, Style, mood_effect, mood_of

DEFAULT_DURATION = 120.0
"""Seconds."""

FALLBACK_STYLE = "pop"

_GENRE_IN_INSTRUMENT = (
    "jazz guitar",
    "classical guitar",
    "rock guitar",
    "house piano",
    "trap drums",
    "rock drums",
    "church organ",
)

_NEGATION = r"\b(?:not|no|never|isn't|without|less)\s+(?:so\s+|too\s+|very\s+|that\s+|at all\s+)?$"


@dataclass(frozen=True)
class GenreFound:
    """The style chosen, how sure that is, and the neighbour genre that led to it, if one did."""

    style: Style
    origin: Origin
    neighbour: Neighbour | None = None


@dataclass(frozen=True)
class Reading:
    """A brief, and what is worth telling about how it came to be."""

    brief: Brief
    genre: GenreFound


def read_prompt(
    prompt: str, styles: Mapping[str, Style], *, style: str | None = None, duration: float | None = None
) -> Brief:
    """The brief of a prompt. `style` and `duration` (seconds) overrule what the prompt says.

    What is not said is chosen from the style by a hash of the prompt: the same prompt always gives the same brief.
    UserError for an empty or too long prompt, a duration outside 5 to 600 s or an unknown style id.
    """
    return understand(prompt, styles, style=style, duration=duration).brief


def understand(
    prompt: str, styles: Mapping[str, Style], *, style: str | None = None, duration: float | None = None
) -> Reading:
    """As `read_prompt`, with how the genre was found."""
    _validate(prompt, styles, style)
    scan = Scan(prompt)
    length = _duration(scan, duration)
    metre = find_metre(scan)
    key, mode = find_key(scan)
    tempo = find_tempo(scan)
    genre_words = _genre_phrases(scan, styles)
    tempo_words = _affirmed(scan, [w for w in TEMPO_WORDS if w != "upbeat"])
    tempo_words += [(at, word) for at, word in genre_words if word == "ballad"]
    vocals = find_vocals(scan)
    wanted, excluded = find_instruments(scan)
    moods = _affirmed(scan, [word for mood in MOODS for word in (mood.name, *mood.words)])
    guesses = _guesses(scan, styles)
    genre_words += [(g.position, g.word) for g in guesses if g.kind == "genre"]
    moods += [(g.position, g.word) for g in guesses if g.kind == "mood"]
    wanted += [g.word for g in guesses if g.kind == "instrument" and g.word not in wanted]
    mood_words = tuple(dict.fromkeys(word for _, word in sorted(moods)))
    # 'epic' and 'dramatic' are genre words and moods at once.
    mood_words += tuple(w for _, w in sorted(genre_words) if mood_of(w) is not None and w not in mood_words)
    genre = _choose_genre(genre_words, mood_words, styles, style)
    digest = hashlib.sha256(" ".join(scan.text.split()).encode()).digest()
    said_tempo = Choice(tempo, Origin.SAID) if tempo is not None else None
    slow_down = [w for _, w in tempo_words if w != "ballad" or genre.style.id != "rock_ballad"]
    pace = said_tempo or _choose_tempo(genre, slow_down, mood_words, digest)
    brief = Brief(
        prompt=prompt,
        genre=Choice(genre.style.id, genre.origin),
        mood=_choose_mood(mood_words, genre),
        tempo=pace,
        key=Choice(key, Origin.SAID) if key is not None else _choose_key(genre, mode, mood_words, digest),
        metre=Choice(metre, Origin.SAID) if metre is not None else Choice("4/4", Origin.DEFAULT),
        duration=length or _default_duration(scan, pace.value, metre or "4/4"),
        instruments=Choice(tuple(wanted), Origin.SAID if wanted else Origin.DEFAULT),
        excluded=Choice(tuple(excluded), Origin.SAID if excluded else Origin.DEFAULT),
        vocals=Choice(bool(vocals), Origin.DEFAULT if vocals is None else Origin.SAID),
        not_understood=tuple(dict.fromkeys(w for _, w in scan.rest() if w not in FILLERS and len(w) > 1)),
    )
    return Reading(brief, genre)


def _validate(prompt: str, styles: Mapping[str, Style], style: str | None) -> None:
    if not prompt.strip():
        raise UserError("The prompt is empty; say what the song should be, such as 'rainy lofi, 80 BPM'.")
    if len(prompt) > MAX_PROMPT:
        raise UserError(f"The prompt has {len(prompt):,} characters; shorten it to {MAX_PROMPT:,} or fewer.")
    if style is not None and style not in styles:
        raise UserError(f"There is no style {style!r}; the styles are {', '.join(sorted(styles))}.")


def _duration(scan: Scan, duration: float | None) -> Choice[float] | None:
    found = find_duration(scan)
    if duration is not None:
        found = (duration, True)
    if found is None:
        return None
    seconds, said = found
    if not math.isfinite(seconds) or not MIN_DURATION <= seconds <= MAX_DURATION:
        raise UserError(f"A song can last {MIN_DURATION:g} to {MAX_DURATION:g} seconds, not {seconds:g}.")
    return Choice(float(seconds), Origin.SAID if said else Origin.INFERRED)


def _default_duration(scan: Scan, tempo: float, metre: str) -> Choice[float]:
    if re.search(r"\bloop\b", scan.text):
        beats, unit = (int(part) for part in metre.split("/"))
        seconds = 8 * beats * 4 / unit * 60 / tempo
        return Choice(round(min(MAX_DURATION, max(MIN_DURATION, seconds)), 2), Origin.INFERRED)
    return Choice(DEFAULT_DURATION, Origin.DEFAULT)


def _affirmed(scan: Scan, phrases: list[str]) -> list[tuple[int, str]]:
    """The phrases found, without the negated ones ('not sad')."""
    return [(at, phrase) for at, phrase in scan.phrases(phrases) if not re.search(_NEGATION, scan.before(at))]


def _genre_phrases(scan: Scan, styles: Mapping[str, Style]) -> list[tuple[int, str]]:
    words = [
        word for style in styles.values() for word in (*style.words, style.name.lower(), style.id.replace("_", " "))
    ]
    words += [word for neighbour in NEIGHBOURS for word in neighbour.words]
    # 'jazz guitar' names no genre.
    guarded = [(at, len(word)) for at, word in scan.phrases(_GENRE_IN_INSTRUMENT)]
    found = _affirmed(scan, words)
    for at, length in guarded:
        scan.release(at, at + length)
    return found


def _guesses(scan: Scan, styles: Mapping[str, Style]) -> list[Guess]:
    """Misspelt words that are near enough to known ones; they count as understood."""
    guesses = []
    genres = {word for style in styles.values() for word in style.words if " " not in word}
    genres |= {word for neighbour in NEIGHBOURS for word in neighbour.words if " " not in word}
    for position, word in scan.rest():
        guess = guess_word(position, word, genres)
        if guess is not None:
            scan.take(position, position + len(word))
            guesses.append(guess)
    return guesses


def _style_of(word: str, styles: Mapping[str, Style]) -> GenreFound | None:
    for style in styles.values():
        if word in style.words or word in (style.name.lower(), style.id.replace("_", " ")):
            return GenreFound(style, Origin.SAID)
    for neighbour in NEIGHBOURS:
        if word in neighbour.words and neighbour.style in styles:
            return GenreFound(styles[neighbour.style], Origin.INFERRED, neighbour)
    return None


def _choose_genre(
    found: list[tuple[int, str]], moods: tuple[str, ...], styles: Mapping[str, Style], style: str | None
) -> GenreFound:
    if style is not None:
        return GenreFound(styles[style], Origin.SAID)
    ordered = [word for _, word in sorted(found)]
    for words in ([w for w in ordered if w not in WEAK_GENRES], ordered):
        for word in reversed(words):
            genre = _style_of(word, styles)
            if genre is not None:
                return genre
    for word in reversed(moods):
        mood = mood_of(word)
        if mood is not None and mood.style in styles:
            return GenreFound(styles[mood.style], Origin.INFERRED)
    fallback = styles.get(FALLBACK_STYLE) or next(iter(styles.values()))
    return GenreFound(fallback, Origin.DEFAULT)


def _choose_mood(words: tuple[str, ...], genre: GenreFound) -> Choice[tuple[str, ...]]:
    if words:
        return Choice(words, Origin.SAID)
    origin = Origin.DEFAULT if genre.origin is Origin.DEFAULT else Origin.INFERRED
    return Choice(genre.style.moods[:2], origin)


def _choose_tempo(genre: GenreFound, words: list[str], moods: tuple[str, ...], digest: bytes) -> Choice[float]:
    limits = genre.style.tempo
    centre, low, high = limits.mode, limits.low, limits.high
    if genre.neighbour is not None:
        centre = genre.neighbour.tempo
        low, high = centre * 0.93, centre * 1.07
    origin = Origin.DEFAULT if genre.origin is Origin.DEFAULT else Origin.INFERRED
    if words:
        return Choice(_tempo_of_word(words[-1], low, centre, high), Origin.INFERRED)
    # A few per cent to either side, so that not every prompt of a genre gets the same tempo.
    wobble = 1 + (digest[0] / 255 - 0.5) * 0.06
    effect = mood_effect(moods)
    if effect.tempo != 1.0:
        origin = Origin.INFERRED
    return Choice(float(round(min(high, max(low, centre * effect.tempo * wobble)))), origin)


def _tempo_of_word(word: str, low: float, centre: float, high: float) -> float:
    """A tempo inside the style's range when the word allows it, in half or double time if need be, else the word's own."""
    first, last = TEMPO_WORDS[word]
    if word not in CLASSICAL_TERMS and word not in ("ballad", "downtempo"):
        if last <= 80:
            return float(round(low + (centre - low) * (0.0 if last < 70 else 0.25)))
        if first >= 115:
            return float(round(high if first >= 160 else centre + (high - centre) * 0.7))
    for factor in (1.0, 0.5, 2.0):
        bottom, top = max(first * factor, low), min(last * factor, high)
        if bottom <= top and (factor == 1.0 or word not in CLASSICAL_TERMS):
            return float(round((bottom + top) / 2))
    return float(round((first + last) / 2))


def _choose_key(genre: GenreFound, mode: str | None, moods: tuple[str, ...], digest: bytes) -> Choice[Key]:
    """A key of the style; the mode follows the prompt's mode word or its moods."""
    keys = genre.style.keys
    wishes = (mode,) if mode is not None else mood_effect(moods).modes
    pick = digest[1]
    origin = Origin.INFERRED if wishes or genre.origin is not Origin.DEFAULT else Origin.DEFAULT
    for wish in wishes:
        fitting = [key for key in keys if key.mode == wish]
        if fitting:
            return Choice(fitting[pick % len(fitting)], origin)
    if wishes:
        minor = Key(0, wishes[0]).is_minor
        # In the wished mode on a tonic that the style likes, of the same colour where it has one.
        fitting = [key for key in keys if key.is_minor == minor] or list(keys)
        chosen = fitting[pick % len(fitting)]
        return Choice(chosen if chosen.is_minor == minor and mode is None else Key(chosen.tonic, wishes[0]), origin)
    return Choice(keys[pick % len(keys)], origin)
