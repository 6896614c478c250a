"""Carries out one revision on a composed song: what it does not name stays note for note."""

from __future__ import annotations

from collections.abc import Callable

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.revision import Change, Revision
from grammy_desktop.generation.composer.composition import Composition
from grammy_desktop.generation.composer.revise.band import add_player, mute_stems, remove_player, set_sound
from grammy_desktop.generation.composer.revise.form import cut_loop, resized, varied
from grammy_desktop.generation.composer.revise.harmony import change_chords, other_chord
from grammy_desktop.generation.composer.revise.part import reroll_part
from grammy_desktop.generation.composer.revise.section import reroll_section

_Carry = Callable[[Composition, Revision, Progress | None], Composition]


def revised(song: Composition, revision: Revision, progress: Progress | None = None) -> Composition:
    """The song after one change. Raises `UserError` where it has no such part, section, chord or stem."""
    if song.is_loop:
        raise UserError("A loop cannot be changed further; change the take that it was cut from, and cut it again.")
    return _CARRY_OUT[revision.kind](song, revision, progress)


_CARRY_OUT: dict[Change, _Carry] = {
    Change.PART: lambda song, r, p: reroll_part(song, r.part, r.seed, p),
    Change.SECTION: lambda song, r, p: reroll_section(song, _number(r), r.seed, p),
    Change.CHORD: lambda song, r, p: other_chord(song, _number(r), r.seed, p),
    Change.CHORDS: lambda song, r, p: change_chords(song, r.chords, p),
    Change.SOUND: lambda song, r, p: set_sound(song, r.part, r.sound),
    Change.ADD: lambda song, r, p: add_player(song, r.part, p),
    Change.REMOVE: lambda song, r, p: remove_player(song, r.part),
    Change.MUTE: lambda song, r, p: mute_stems(song, r.stems),
    Change.RESIZE: lambda song, r, p: resized(song, r.seconds, p),
    Change.VARY: lambda song, r, p: varied(song, r.wishes, p),
    Change.LOOP: lambda song, r, p: cut_loop(song, r.index, r.bars),
}


def _number(revision: Revision) -> int:
    if revision.index is None:
        raise UserError("Say which one, by its number.")
    return revision.index
