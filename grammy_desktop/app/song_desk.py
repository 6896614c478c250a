"""What a user changes of a song: parts, sections, chords, sounds, stems, length, mood; every change is a new take."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.app import song_works
from grammy_desktop.core.brief import MAX_DURATION, MIN_DURATION, Brief
from grammy_desktop.core.chord_text import parse_chord
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.revision import Change, Revision, counted, revisions_of
from grammy_desktop.core.score_file import SCORE_ROLE, read_score
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import is_sound
from grammy_desktop.core.styles.sounds import patch_names, shipped_patches
from grammy_desktop.library import VersionRecord
from grammy_desktop.workflows import keep
from grammy_desktop.workflows.delivery import check_out_dir
from grammy_desktop.workflows.remix import read_variation
from grammy_desktop.workflows.revise_song import parent_composition

if TYPE_CHECKING:
    from grammy_desktop.app.app import App

_LARGEST_SEED = 100_000


class SongDesk:
    """`App.songs`. Methods that start work return job ids at once; the result of each is the `VersionRecord` of the new take,
    whose parent is the take that it came from. `UserError` where a song has no place for the change.

    Sections and chords are numbered from 0, as in the take's arrangement. A version that is a master stands for its take.
    version_id None: the newest. Every method takes `out_dir` besides: the new take's files are written there as well.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    def score(self, version_id: str) -> Arrangement:
        """Every note of the take; composed again from its recipe where it keeps no score."""
        version = self._app.library.version(version_id)
        take = song_works.take_of(self._app.library, version.track_id, version_id)
        kept = take.files.get(SCORE_ROLE)
        if kept is not None:
            return read_score(kept)
        return parent_composition(song_works.recipe_of(self._app.library, take), self._app.styles).arrangement

    def reroll_part(
        self, track_id: str, version_id: str | None, part: str, *, seed: int | None = None, **options: Any
    ) -> str:
        """Other notes for one part (or all parts of a stem); no other stem changes by a byte."""
        take = self._take(track_id, version_id)
        self._check_part(take, part)
        return self._revise(take, Revision(Change.PART, part=part, seed=_seed(seed)), **options)

    def reroll_section(
        self, track_id: str, version_id: str | None, section: int, *, seed: int | None = None, **options: Any
    ) -> str:
        """Other notes for everybody between two bar lines."""
        take = self._take(track_id, version_id)
        _check_number(section, len((take.arrangement or {}).get("sections", ())), "section")
        return self._revise(take, Revision(Change.SECTION, index=section, seed=_seed(seed)), **options)

    def reroll_chord(
        self, track_id: str, version_id: str | None, chord: int, *, seed: int | None = None, **options: Any
    ) -> str:
        """Another chord of the style that fits there."""
        take = self._take(track_id, version_id)
        _check_number(chord, len((take.arrangement or {}).get("chords", ())), "chord")
        return self._revise(take, Revision(Change.CHORD, index=chord, seed=_seed(seed)), **options)

    def change_chords(self, track_id: str, version_id: str | None, changes: Mapping[int, str], **options: Any) -> str:
        """Chords by their numbers, as text: "Am7", "F#m7b5/C", "N.C.", "A:min7"."""
        take = self._take(track_id, version_id)
        if not changes:
            raise UserError("Say which chords to change, such as 5=Am7.")
        for index, text in changes.items():
            _check_number(index, len((take.arrangement or {}).get("chords", ())), "chord")
            parse_chord(text)
        return self._revise(take, Revision(Change.CHORDS, chords=dict(changes)), **options)

    def mute(self, track_id: str, version_id: str | None, stems: Sequence[str], **options: Any) -> str:
        """Without these stems (none: all are heard again), before mastering."""
        return self._revise(self._take(track_id, version_id), Revision(Change.MUTE, stems=tuple(stems)), **options)

    def solo(self, track_id: str, version_id: str | None, stems: Sequence[str], **options: Any) -> str:
        """With these stems only."""
        take = self._take(track_id, version_id)
        there = _stems(take)
        for stem in stems:
            if stem not in there:
                raise UserError(f"This take has no stem “{stem}”; it has {', '.join(there)}.")
        if not stems:
            raise UserError("Say which stems are to be heard.")
        muted = tuple(stem for stem in there if stem not in stems)
        return self._revise(take, Revision(Change.MUTE, stems=muted), **options)

    def set_sound(self, track_id: str, version_id: str | None, part: str, sound: str, **options: Any) -> str:
        """The part on another sound: 'sf:0:73' (sound font, bank and program), 'synth:warm_pad' (a patch)."""
        take = self._take(track_id, version_id)
        self._check_part(take, part)
        if not is_sound(sound, shipped_patches() | patch_names(self._app.paths.user_patches)):
            raise UserError(
                f"There is no sound “{sound}”; name a patch such as synth:warm_pad, or a preset such as sf:0:73."
            )
        for known in (take.arrangement or {}).get("parts", ()):
            if known["name"].lower() == part.strip().lower() and _is_kit(known["sound"]) != _is_kit(sound):
                wanted = "a drum kit, such as synth:kit_909" if _is_kit(known["sound"]) else "no drum kit"
                raise UserError(f"“{part}” needs {wanted}; “{sound}” would not play its notes.")
        return self._revise(take, Revision(Change.SOUND, part=part, sound=sound), **options)

    def add_part(self, track_id: str, version_id: str | None, instrument: str, **options: Any) -> str:
        """Another instrument plays along."""
        return self._revise(self._take(track_id, version_id), Revision(Change.ADD, part=instrument), **options)

    def remove_part(self, track_id: str, version_id: str | None, part: str, **options: Any) -> str:
        take = self._take(track_id, version_id)
        self._check_part(take, part)
        return self._revise(take, Revision(Change.REMOVE, part=part), **options)

    def resize(self, track_id: str, version_id: str | None, seconds: float, **options: Any) -> str:
        """The same song longer or shorter: hook, chords, groove and sounds are kept."""
        if not MIN_DURATION <= seconds <= MAX_DURATION:
            raise UserError(f"A song can last {MIN_DURATION:g} to {MAX_DURATION:g} seconds, not {seconds:g}.")
        return self._revise(
            self._take(track_id, version_id), Revision(Change.RESIZE, seconds=float(seconds)), **options
        )

    def loop(
        self, track_id: str, version_id: str | None, *, section: int | None = None, bars: int = 0, **options: Any
    ) -> str:
        """Whole bars that follow upon themselves: of a section, or of the song; 0 bars are all there are."""
        take = self._take(track_id, version_id)
        if section is not None:
            _check_number(section, len((take.arrangement or {}).get("sections", ())), "section")
        if bars < 0:
            raise UserError(f"A loop needs one bar or more, not {bars}.")
        return self._revise(take, Revision(Change.LOOP, index=section, bars=bars), **options)

    def vary(self, track_id: str, version_id: str | None, words: str, **options: Any) -> str:
        """The same song as the words want it: "darker", "slower, with strings"; hook and form are kept."""
        take = self._take(track_id, version_id)
        wishes = read_variation(words, self._brief(take), self._app.styles)
        return self._revise(take, Revision(Change.VARY, words=words, wishes=wishes), **options)

    def restore(self, track_id: str, version_id: str) -> VersionRecord:
        """An older take, with its master, as the newest one: what undoes every change after it. At once, without a job."""
        take = song_works.take_of(self._app.library, track_id, version_id)
        return keep.keep_restored(self._app.library, take, song_works.master_of(self._app.library, take))

    def undo(self, track_id: str) -> VersionRecord:
        """The take that the newest one came from, as the newest one."""
        take = song_works.take_of(self._app.library, track_id, None)
        parent = take.parent_id
        if parent is None:
            raise UserError("This song was not changed yet; there is nothing to undo.")
        return self.restore(track_id, parent)

    def revisions(self, version_id: str) -> tuple[Revision, ...]:
        """What was changed of the take since it was composed."""
        take = song_works.take_of(self._app.library, self._app.library.version(version_id).track_id, version_id)
        return revisions_of(song_works.recipe_of(self._app.library, take).get("parameters", {}))

    def _take(self, track_id: str, version_id: str | None) -> VersionRecord:
        return song_works.take_of(self._app.library, track_id, version_id)

    def _revise(self, take: VersionRecord, revision: Revision, *, out_dir: Path | None = None) -> str:
        library = self._app.library
        track = library.track(take.track_id)
        recipe = song_works.recipe_of(library, take)
        if recipe.get("engine") != "composer":
            raise UserError(
                "Only songs of the built-in composer can be changed in places; this take has no score behind it."
            )
        if any(done.kind is Change.LOOP for done in revisions_of(recipe.get("parameters", {}))):
            raise UserError("A loop cannot be changed further; change the take that it was cut from, and cut it again.")
        if out_dir is not None:
            check_out_dir(out_dir)
        mastering = song_works.mastering_like(song_works.master_of(library, take), tuple(self._app.mastering.presets))

        def export(kept: VersionRecord) -> None:
            if out_dir is not None:
                master = song_works.master_of(library, kept)
                files = {**kept.files, **(master.files if master is not None else {})}
                keep.copy_out(track, files, out_dir)

        work = song_works.revise(
            library, self._app.paths, track, take, [revision], mastering=mastering, finished=export
        )
        return self._app.jobs.submit(work)

    def _brief(self, take: VersionRecord) -> Brief:
        """The brief as the take's revisions have left it."""
        recipe = song_works.recipe_of(self._app.library, take)
        return parent_composition(recipe, self._app.styles).brief

    def _check_part(self, take: VersionRecord, part: str) -> None:
        parts = (take.arrangement or {}).get("parts", ())
        names = {p["name"].lower() for p in parts} | {p["stem"].lower() for p in parts}
        if part.strip().lower() not in names:
            raise UserError(f"This song has no part “{part}”; it has {', '.join(p['name'] for p in parts)}.")


def _stems(take: VersionRecord) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part["stem"] for part in (take.arrangement or {}).get("parts", ())))


def _is_kit(sound: str) -> bool:
    return sound.startswith(("sf:128:", "synth:kit_"))


def _seed(seed: int | None) -> int:
    if seed is None:
        return secrets.randbelow(_LARGEST_SEED)
    if not 0 <= seed < 2**32:
        raise UserError(f"A seed is a whole number from 0 to {2**32 - 1}, not {seed}.")
    return seed


def _check_number(number: int, count: int, what: str) -> None:
    if not 0 <= number < count:
        raise UserError(f"This song has {counted(count, what)}; there is no {what} {number + 1}.")
