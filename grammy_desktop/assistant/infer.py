"""Chooses what the prompt leaves open: tempo, key, moods. The same prompt always gives the same choice."""

from __future__ import annotations

from collections.abc import Sequence

from grammy_desktop.assistant.find_genre import GenreFound
from grammy_desktop.assistant.vocabulary import CLASSICAL_TERMS, TEMPO_WORDS
from grammy_desktop.core.brief import Choice, Origin
from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import mood_effect, mood_of


def choose_mood(words: tuple[str, ...], unwanted: Sequence[str], genre: GenreFound) -> Choice[tuple[str, ...]]:
    """The moods said; else two of the style's that are not unwanted."""
    if words:
        return Choice(words, Origin.SAID)
    origin = Origin.DEFAULT if genre.origin is Origin.DEFAULT else Origin.INFERRED
    avoided = {mood_of(word) for word in unwanted}
    fitting = [word for word in genre.style.moods if mood_of(word) is None or mood_of(word) not in avoided]
    return Choice(tuple(fitting[:2]), origin)


def choose_tempo(
    genre: GenreFound, word: str | None, moods: tuple[str, ...], feel: float, digest: bytes
) -> Choice[float]:
    """A tempo of the style, moved by tempo words and moods; `feel` 0.5 for half time, 2 for double time."""
    limits = genre.style.tempo
    centre, low, high = limits.mode, limits.low, limits.high
    origin = Origin.DEFAULT if genre.origin is Origin.DEFAULT else Origin.INFERRED
    if word is not None:
        tempo, origin = _tempo_of_word(word, low, centre, high), Origin.INFERRED
    else:
        # A few per cent to either side, so that not every prompt of a genre gets the same tempo.
        wobble = 1 + (digest[0] / 255 - 0.5) * 0.06
        effect = mood_effect(moods)
        origin = origin if effect.tempo == 1.0 else Origin.INFERRED
        tempo = float(round(min(high, max(low, centre * effect.tempo * wobble))))
    if feel != 1.0 and 50 <= tempo * feel <= 220:
        return Choice(float(round(tempo * feel)), Origin.INFERRED)
    return Choice(tempo, origin)


def _tempo_of_word(word: str, low: float, centre: float, high: float) -> float:
    """A tempo inside the style's range when the word allows it, in half or double time if need be, else the word's own."""
    first, last = TEMPO_WORDS[word]
    if word not in CLASSICAL_TERMS and word not in ("ballad", "downtempo", "down-tempo"):
        if last <= 80:
            return float(round(low + (centre - low) * (0.0 if last < 70 else 0.25)))
        if first >= 115:
            return float(round(high if first >= 160 else centre + (high - centre) * 0.7))
    for factor in (1.0, 0.5, 2.0):
        bottom, top = max(first * factor, low), min(last * factor, high)
        if bottom <= top and (factor == 1.0 or word not in CLASSICAL_TERMS):
            return float(round((bottom + top) / 2))
    return float(round((first + last) / 2))


def choose_key(genre: GenreFound, mode: str | None, moods: tuple[str, ...], digest: bytes) -> Choice[Key]:
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


def infer_energy(moods: tuple[str, ...]) -> Choice[float]:
    """What the moods say about energy: 0.4 for energetic, -0.4 for calm songs, 0 near the middle."""
    value = round(mood_effect(moods).arousal - 0.5, 2)
    return Choice(value, Origin.INFERRED) if abs(value) >= 0.2 else Choice(0.0, Origin.DEFAULT)
