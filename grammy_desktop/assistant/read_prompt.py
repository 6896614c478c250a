"""Reads a prompt into a brief: words in any order, the later of two contradictions wins, nothing unknown is lost."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from grammy_desktop.assistant.find_duration import Length, find_duration
from grammy_desktop.assistant.find_feel import find_energy, find_era, find_swing, find_vocals, tick_eras
from grammy_desktop.assistant.find_form import FormWish, find_form, settle
from grammy_desktop.assistant.find_genre import GenreFound, find_genre
from grammy_desktop.assistant.find_instruments import find_instruments
from grammy_desktop.assistant.find_key import find_key
from grammy_desktop.assistant.find_metre import find_metre, playable
from grammy_desktop.assistant.find_tempo import find_tempo, find_time_feel
from grammy_desktop.assistant.find_words import Words, find_words
from grammy_desktop.assistant.infer import choose_key, choose_mood, choose_tempo, infer_energy
from grammy_desktop.assistant.lexicon import lexicon_of
from grammy_desktop.assistant.scan import Scan
from grammy_desktop.assistant.vocabulary import FILLERS, TEMPO_WORDS
from grammy_desktop.core.brief import MAX_DURATION, MAX_PROMPT, MIN_DURATION, Brief, Choice, Origin
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import Style

T = TypeVar("T")

DEFAULT_DURATION = 120.0
"""Seconds."""

LOOP_BARS = 8.0
"""What a loop lasts when nothing is said."""


@dataclass(frozen=True)
class Reading:
    """A brief, and what is worth telling about how it came to be."""

    brief: Brief
    genre: GenreFound


@dataclass(frozen=True)
class _Numbers:
    """What a prompt says in figures."""

    length: Length | None
    key: Key | None
    mode: str | None
    metre: str | None
    tempo: float | None
    feel: float
    swing: float | None
    energy: float | None


def read_prompt(
    prompt: str, styles: Mapping[str, Style], *, style: str | None = None, duration: float | None = None
) -> Brief:
    """The brief of a prompt. `style` and `duration` (seconds) overrule what the prompt says.

    What is not said is chosen from the style by a hash of the prompt: the same prompt always gives the same brief. Values in
    the prompt that no song can have are brought to the nearest that one can have, and `notes` says so.
    UserError for an empty or too long prompt, a `duration` outside 5 to 600 s or an unknown style id.
    """
    return understand(prompt, styles, style=style, duration=duration).brief


def understand(
    prompt: str, styles: Mapping[str, Style], *, style: str | None = None, duration: float | None = None
) -> Reading:
    """As `read_prompt`, with how the genre was found."""
    _validate(prompt, styles, style, duration)
    scan = Scan(prompt)
    notes: list[str] = []
    wishes = find_form(scan)
    wishes, numbers = _tempo_from_form(wishes, _read_numbers(scan, notes))
    era = find_era(scan, notes)
    vocals = find_vocals(scan, notes)
    words = find_words(scan, lexicon_of(styles), notes)
    tick_eras(scan)
    wanted, excluded = find_instruments(scan, words.lexicon, words.mentions, words.senses, notes)
    genre = find_genre(
        scan, words.lexicon, words.mentions, words.senses, words.moods, wanted, styles, notes if style is None else []
    )
    if style is not None:
        genre = GenreFound(styles[style], Origin.SAID)
    pace = _tempo(numbers, words, genre, scan, notes)
    metre = _metre(numbers, genre, notes)
    bar = _bar_seconds(metre.value, pace.value)
    if _bare_loop(scan, words):
        wishes = [*wishes, FormWish(len(scan.text), "loop")]
    loop = any(wish.wish == "loop" for wish in wishes)
    length = (
        Choice(float(duration), Origin.SAID) if duration is not None else _duration(numbers, words, bar, loop, notes)
    )
    form = settle(wishes, duration=length.value, bar_seconds=bar, notes=notes)
    brief = Brief(
        prompt=prompt,
        genre=Choice(genre.style.id, genre.origin),
        mood=choose_mood(words.moods, words.unwanted_moods, genre),
        tempo=pace,
        key=_key(numbers, words, genre, scan),
        metre=metre,
        duration=length,
        instruments=_said(tuple(wanted), bool(wanted)),
        excluded=_said(tuple(excluded), bool(excluded)),
        vocals=_said(bool(vocals), vocals is not None),
        form=_said(form, bool(form)),
        energy=infer_energy(words.moods) if numbers.energy is None else Choice(numbers.energy, Origin.SAID),
        era=_said(era, bool(era)),
        swing=_said(numbers.swing, numbers.swing is not None),
        not_understood=tuple(dict.fromkeys(w for w in scan.rest() if w not in FILLERS and len(w) > 1)),
        notes=tuple(dict.fromkeys(notes)),
    )
    return Reading(brief, genre)


def _said(value: T, said: bool) -> Choice[T]:
    return Choice(value, Origin.SAID if said else Origin.DEFAULT)


def _validate(prompt: str, styles: Mapping[str, Style], style: str | None, duration: float | None) -> None:
    if not prompt.strip():
        raise UserError("The prompt is empty; say what the song should be, such as 'rainy lofi, 80 BPM'.")
    if len(prompt) > MAX_PROMPT:
        raise UserError(f"The prompt has {len(prompt):,} characters; shorten it to {MAX_PROMPT:,} or fewer.")
    if style is not None and style not in styles:
        raise UserError(f"There is no style {style!r}; the styles are {', '.join(sorted(styles))}.")
    if duration is not None and not (math.isfinite(duration) and MIN_DURATION <= duration <= MAX_DURATION):
        raise UserError(f"A song can last {MIN_DURATION:g} to {MAX_DURATION:g} seconds, not {duration:g}.")


def _read_numbers(scan: Scan, notes: list[str]) -> _Numbers:
    """In an order in which none takes what is another's: '60 %' before '60', '3/4' before '3', '60 s' before '60'."""
    swing = find_swing(scan, notes)
    energy = find_energy(scan)
    key, mode = find_key(scan, notes)
    metre = find_metre(scan, notes)
    length = find_duration(scan, notes)
    feel = find_time_feel(scan)
    return _Numbers(length, key, mode, metre, find_tempo(scan, notes), feel, swing, energy)


def _tempo_from_form(wishes: list[FormWish], numbers: _Numbers) -> tuple[list[FormWish], _Numbers]:
    """'A drop at 130' means the tempo when none is said and the song is not that long."""
    seconds = numbers.length.seconds if numbers.length is not None and numbers.length.seconds else DEFAULT_DURATION
    for wish in wishes:
        if (
            wish.bare
            and numbers.tempo is None
            and wish.seconds is not None
            and max(60.0, seconds - 1) < wish.seconds <= 220
        ):
            return [other for other in wishes if other is not wish], replace(numbers, tempo=wish.seconds)
    return wishes, numbers


def _digest(scan: Scan) -> bytes:
    return hashlib.sha256(" ".join(scan.text.split()).encode()).digest()


def _tempo(numbers: _Numbers, words: Words, genre: GenreFound, scan: Scan, notes: list[str]) -> Choice[float]:
    said = [word for word in words.tempos if word != "ballad" or "ballad" not in genre.style.id]
    word = said[-1] if said else None
    if numbers.tempo is not None:
        if numbers.feel != 1.0:
            notes.append(
                f"The tempo stays {numbers.tempo:g} BPM as said; half and double time are left to the style's groove."
            )
        _note_words_left_aside(said, numbers.tempo, notes)
        return Choice(numbers.tempo, Origin.SAID)
    contradicting = [other for other in dict.fromkeys(said) if _differ(other, word)]
    if contradicting:
        notes.append(f"You asked for {' and '.join(contradicting)} first; the later wish, {word}, was taken.")
    chosen = choose_tempo(genre, word, words.moods, numbers.feel, _digest(scan))
    if numbers.feel != 1.0:
        notes.append(f"{'Half' if numbers.feel < 1 else 'Double'} time was taken as a tempo of {chosen.value:g} BPM.")
    return chosen


def _differ(word: str, other: str | None) -> bool:
    """Whether two tempo words cannot both be meant."""
    if other is None or word == other:
        return False
    first, second = TEMPO_WORDS[word], TEMPO_WORDS[other]
    return first[1] < second[0] or second[1] < first[0]


def _note_words_left_aside(words: Sequence[str], tempo: float, notes: list[str]) -> None:
    """'slow' beside '150 BPM' has no effect; neither in half nor in double time does it fit."""
    for word in dict.fromkeys(words):
        low, high = TEMPO_WORDS[word]
        slow, fast = high <= 110, low >= 115
        if (slow and tempo > high * 1.25) or (fast and tempo < low * 0.8):
            notes.append(f"The tempo is {tempo:g} BPM as said; “{word}” was left aside.")


def _metre(numbers: _Numbers, genre: GenreFound, notes: list[str]) -> Choice[str]:
    metres = genre.style.metres
    if numbers.metre is None:
        return Choice("4/4" if "4/4" in metres or not metres else metres[0], Origin.DEFAULT)
    return Choice(playable(numbers.metre, metres, notes), Origin.SAID)


def _bar_seconds(metre: str, tempo: float) -> float:
    beats, unit = (int(part) for part in metre.split("/"))
    return beats * 4 / unit * 60 / tempo


def _bare_loop(scan: Scan, words: Words) -> bool:
    """Whether 'loop' means the song: 'a lofi loop' does, 'a piano loop' is something inside it."""
    for index, token in enumerate(scan.tokens):
        if token.word in ("loop", "loops") and scan.free(token.start, token.end):
            before = scan.tokens[index - 1].word if index else ""
            inside = any(m.last == index - 1 and m.entry.instrument for m in words.mentions)
            if not inside and before not in ("no", "sample", "melody", "chord", "vocal", "melodic", "not"):
                return True
    return False


def _duration(numbers: _Numbers, words: Words, bar: float, loop: bool, notes: list[str]) -> Choice[float]:
    if numbers.length is not None:
        said = numbers.length.seconds or numbers.length.bars * bar
        possible = min(MAX_DURATION, max(MIN_DURATION, said))
        if possible != said:
            notes.append(f"A song can last {MIN_DURATION:g} to {MAX_DURATION:g} seconds; {said:g} became {possible:g}.")
        return Choice(round(possible, 2), Origin.SAID)
    if words.duration is not None:
        return Choice(words.duration, Origin.INFERRED)
    if loop:
        return Choice(round(min(MAX_DURATION, max(MIN_DURATION, LOOP_BARS * bar)), 2), Origin.INFERRED)
    return Choice(DEFAULT_DURATION, Origin.DEFAULT)


def _key(numbers: _Numbers, words: Words, genre: GenreFound, scan: Scan) -> Choice[Key]:
    if numbers.key is not None:
        return Choice(numbers.key, Origin.SAID)
    return choose_key(genre, numbers.mode, words.moods, _digest(scan))
