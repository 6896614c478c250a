"""Who plays, and on what: another sound, a player more or less, stems that are not heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.styles import INSTRUMENTS, Instrument, PartStyle, Style, midi_program
from grammy_desktop.generation.composer.composition import Composition, played_parts, streams_of
from grammy_desktop.generation.composer.orchestration import choose_players, covers
from grammy_desktop.generation.composer.revise.part import players_called

_ENTERS = 0.4
"""Energy from which a player who joins is heard."""
_KIT = ("drums", "perc")


def set_sound(song: Composition, name: str, sound: str) -> Composition:
    """The part sounded by something else; its notes stay. Raises `UserError` for a part that is not there."""
    player = players_called(song, name)[0]
    players = tuple(replace(p, sound=sound) if p.name == player.name else p for p in song.players)
    parts = tuple(
        replace(part, sound=sound, program=midi_program(sound)) if part.name == player.name else part
        for part in song.score.parts
    )
    return replace(song, players=players, score=replace(song.score, parts=parts))


def remove_player(song: Composition, name: str) -> Composition:
    """Without the part (or the parts of a stem) and whoever doubles it. Raises `UserError` where nobody would be left."""
    gone = {player.name for player in players_called(song, name)}
    gone |= {player.name for player in song.players if player.doubles in gone}
    parts = tuple(part for part in song.score.parts if part.name not in gone)
    if not parts:
        raise UserError(f"Without “{name}” nothing is left to play.")
    players = tuple(player for player in song.players if player.name not in gone)
    return replace(song, players=players, score=replace(song.score, parts=parts))


def add_player(song: Composition, name: str, progress: Progress | None = None) -> Composition:
    """With another instrument (`core.styles.INSTRUMENTS`, or an optional part of the style) that plays along.

    Raises `UserError` listing instruments for one that nobody knows.
    """
    player = _newcomer(song, name)
    grown = replace(song, players=(*song.players, player))
    taken = {part.name: part for part in played_parts(grown, streams_of(song.seed), progress)}
    if player.name not in taken:
        raise UserError(f"“{name}” finds nothing to play in this song.")
    return replace(grown, score=replace(song.score, parts=(*song.score.parts, taken[player.name])))


def mute_stems(song: Composition, stems: Sequence[str]) -> Composition:
    """Without these stems (none: all are heard). Raises `UserError` for unknown ones, and where all would be silent."""
    there = tuple(dict.fromkeys(part.stem for part in song.score.parts))
    for stem in stems:
        if stem not in there:
            raise UserError(f"This song has no stem “{stem}”; it has {', '.join(there)}.")
    if set(there) <= set(stems):
        raise UserError("Nothing would be heard; leave one stem at least.")
    return replace(song, muted=tuple(stem for stem in there if stem in stems))


def _newcomer(song: Composition, name: str) -> PartStyle:
    wanted = name.strip().lower()
    taken = {player.name for player in song.players}
    by_name = next((part for part in song.style.parts if part.name.lower() == wanted), None)
    instrument = _instrument(wanted)
    if by_name is None and instrument is None:
        known = ", ".join(sorted(i.name for i in INSTRUMENTS if not i.rows))
        raise UserError(f"There is no instrument “{name}”; choose one of {known}.")
    if by_name is None and instrument is not None:
        fitting = (part for part in song.style.parts if part.name not in taken and covers(instrument, part))
        by_name = next(fitting, None)
    if by_name is not None:
        player = replace(by_name, optional=False, min_energy=min(by_name.min_energy, _ENTERS))
    else:
        assert instrument is not None
        if instrument.role in _KIT:
            raise UserError(f"This style has no part for {instrument.name}; choose another instrument.")
        player = _alone(song, instrument)
    number, own = 2, player.name
    while player.name in taken:
        player = replace(player, name=f"{own}_{number}")
        number += 1
    return replace(player, doubles=player.doubles if player.doubles in taken else "")


def _alone(song: Composition, instrument: Instrument) -> PartStyle:
    """The player that a style without any would get for the instrument: a counter-line where the song has a lead."""
    nobody: Style = replace(song.style, parts=())
    brief = song.brief.said(instruments=(instrument.name,), excluded=())
    (player,) = choose_players(nobody, brief, np.random.default_rng(0))
    roles = {other.role for other in song.players}
    if player.role in ("lead", "bass") and player.role in roles:
        return replace(player, role="counter", gain_db=-7.0)
    return player


def _instrument(wanted: str) -> Instrument | None:
    return next(
        (i for i in INSTRUMENTS if not i.rows and (i.name == wanted or wanted in i.words)),
        None,
    )
