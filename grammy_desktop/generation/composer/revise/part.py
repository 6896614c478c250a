"""One player plays something else; everybody else plays on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.song import Arrangement, Note, Part
from grammy_desktop.core.styles import PartStyle, mood_effect
from grammy_desktop.generation.composer.composition import Composition, own_stream, played_parts, streams_of
from grammy_desktop.generation.composer.draft import other_melody

_KIT = ("drums", "perc")
KICKS = (35, 36)
"""General MIDI drum keys that others are ducked by."""
_DUCKED = 2.5
"""dB that somebody is ducked by from which the kick must stay where the ducking expects it."""
_TRIES = 4
_VOICED = ("chords", "pad", "arp")
_OTHER_VOICINGS = ("close", "drop2", "spread", "shell", "triad", "rootless")
_REGISTERS = (-7, -5, 5, 7)
"""Semitones that a counter-line moves up or down, where its rules leave it no other choice."""


def players_called(song: Composition, name: str) -> list[PartStyle]:
    """The player of that name, or all players of the stem of that name. Raises `UserError` listing those there are."""
    wanted = name.strip().lower()
    heard = {part.name for part in song.score.parts}
    own = [player for player in song.players if player.name.lower() == wanted and player.name in heard]
    found = own or [player for player in song.players if player.stem.lower() == wanted and player.name in heard]
    if not found:
        names = ", ".join(part.name for part in song.score.parts)
        raise UserError(f"This song has no part “{name}”; it has {names}.")
    return found


def reroll_part(song: Composition, name: str, seed: int, progress: Progress | None = None) -> Composition:
    """The part (or all parts of a stem) with other notes; players that double it follow.

    Drums keep the kick's places where others are ducked by it. Raises `UserError` for a part that has nothing else to play.
    """
    named = {player.doubles or player.name for player in players_called(song, name)}
    chosen = [player for player in song.players if player.name in named or player.doubles in named]
    if all(player.role == "fx" for player in chosen):
        raise UserError(f"“{name}” follows the form and has nothing else to play; change its sound, or remove it.")
    before = _pattern(song, named)
    for attempt in range(_TRIES):
        fresh = _with_seed(song, chosen, seed + attempt * 1_000_003)
        if attempt:
            fresh = _asked_otherwise(fresh, chosen, seed, attempt)
        taken = {part.name: part for part in played_parts(fresh, streams_of(song.seed), progress)}
        parts = _exchanged(song, {player.name for player in chosen}, taken)
        result = replace(fresh, score=replace(song.score, parts=parts))
        if _pattern(result, named) != before:
            break
    return result


def _with_seed(song: Composition, chosen: list[PartStyle], seed: int) -> Composition:
    rerolls = {**song.rerolls, **{player.name: seed for player in chosen}}
    draft = song.draft
    lead = next((player for player in chosen if player.role == "lead"), None)
    if lead is not None:
        mood = mood_effect(song.brief.mood.value)
        draft = other_melody(song.style, song.key, song.plan, draft, mood, own_stream(song.seed, lead.name, seed))
    return replace(song, rerolls=rerolls, draft=draft)


def _asked_otherwise(song: Composition, chosen: list[PartStyle], seed: int, attempt: int) -> Composition:
    """A player whose rules would give the same notes again gets other voicings, or another register."""
    rng = np.random.default_rng([song.seed, seed, attempt])
    names = {player.name for player in chosen}

    def other(player: PartStyle) -> PartStyle:
        if player.name not in names:
            return player
        if player.role in _VOICED:
            options = [voicing for voicing in _OTHER_VOICINGS if voicing != player.voicing]
            return replace(player, voicing=options[int(rng.integers(len(options)))])
        if player.role == "counter":
            step = _REGISTERS[int(rng.integers(len(_REGISTERS)))]
            low, high = player.range
            return replace(player, range=(max(28, low + step), min(100, high + step)))
        return player

    return replace(song, players=tuple(other(player) for player in song.players))


def _exchanged(song: Composition, names: set[str], taken: dict[str, Part]) -> tuple[Part, ...]:
    """The song's parts with those of `names` from `taken`; in the players' order."""
    old = {part.name: part for part in song.score.parts}
    parts = []
    for player in song.players:
        part = taken.get(player.name) if player.name in names else old.get(player.name)
        before = old.get(player.name)
        if (
            part is not None
            and before is not None
            and player.role in _KIT
            and player.name in names
            and _is_ducked(song)
        ):
            part = replace(part, notes=with_kicks_of(part.notes, before.notes))
        if part is not None:
            parts.append(part)
    return tuple(parts)


def _is_ducked(song: Composition) -> bool:
    heard = {part.name for part in song.score.parts}
    return any(p.sidechain_db >= _DUCKED for p in song.players if p.name in heard and p.role not in _KIT)


def with_kicks_of(notes: tuple[Note, ...], old: tuple[Note, ...]) -> tuple[Note, ...]:
    """`notes` with the kicks of `old` in place of their own."""
    mixed = [n for n in notes if n.pitch not in KICKS] + [n for n in old if n.pitch in KICKS]
    return tuple(sorted(mixed, key=lambda n: (n.start, n.pitch)))


def _pattern(song: Composition, names: set[str]) -> frozenset[tuple[str, int, float]]:
    """What is played, performance aside."""
    score: Arrangement = song.score
    return frozenset(
        (part.name, note.pitch, round(note.start * 4) / 4)
        for part in score.parts
        if part.name in names
        for note in part.notes
    )
