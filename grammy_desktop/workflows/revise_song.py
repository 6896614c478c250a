"""Changes a song that was made before: a new take, its parent untouched; only what the change needs is rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.revision import Revision, revisions_of, with_revisions
from grammy_desktop.core.score_file import idea_from_json, read_score
from grammy_desktop.core.song import Arrangement, Licence, Recipe, Song
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.workflows.finish_song import MadeSong, mastered_song, take_of_song
from grammy_desktop.workflows.mastering_aim import Mastering
from grammy_desktop.workflows.stages import StageClock

if TYPE_CHECKING:
    from grammy_desktop.generation.composer.composition import Composition
    from grammy_desktop.generation.composer.revise.retake import Retake

_RATE = 48_000
_ANOTHER_SONG = (
    "This take was composed by another version of Grammy Desktop and would come out as another song; "
    "create it again from its prompt to change it."
)


@dataclass(frozen=True)
class RevisionRequest:
    """`recipe` is the parent's `Recipe.to_json()`; `stems` its files by stem; `score` its score file where it has one.

    `revisions` are what is changed now, as JSON. Without `mastering` the take is neither mastered nor scored.
    """

    data_dir: str
    title: str
    recipe: dict[str, Any]
    revisions: tuple[dict[str, Any], ...]
    stems: dict[str, str]
    score: str | None = None
    mastering: Mastering | None = None
    arrangement: dict[str, Any] | None = None
    """The parent's `Arrangement.to_json()`: what a composition that is made again must agree with."""


@dataclass(frozen=True)
class MadeRevision(MadeSong):
    """What a worker made; new files lie in the staging folder, stems that are the parent's own in the library."""

    name: str = ""
    kept_stems: tuple[str, ...] = ()


def make_revision(request: RevisionRequest, staging: Path, progress: Progress) -> MadeRevision:
    """Runs in a worker. Raises `UserError` for what the song has no place for, `Cancelled` when told to stop."""
    clock = StageClock(progress)
    clock.report(0.0, "compose")
    paths = AppPaths(Path(request.data_dir))
    styles = load_styles(paths.user_styles)
    revisions = tuple(Revision.from_json(values) for values in request.revisions)
    before = parent_composition(request.recipe, styles, score=Path(request.score) if request.score else None)
    _check_form(before, request.arrangement)
    after = _changed(before, revisions)
    end = 0.55 if request.mastering else 0.9
    retake = _retake(request, before, after, revisions, paths, PartOfProgress(clock, 0.03, end))
    recipe = recipe_with(request.recipe, revisions)
    song = _song(request, recipe, retake, after.arrangement)
    kept = {f"stem:{name}": Path(request.stems[name]) for name in retake.kept}
    take = take_of_song(song, staging, clock, details=_facts(after, song, retake), kept=kept)
    name = ", ".join(str(revision) for revision in revisions)
    made = MadeRevision(**vars(take), name=name, kept_stems=tuple(sorted(retake.kept)))
    if request.mastering is not None:
        made = mastered_song(song, made, request.mastering, paths, staging, clock)
    return replace(made, seconds=clock.seconds())


def parent_composition(recipe: dict[str, Any], styles: dict[str, Style], *, score: Path | None = None) -> Composition:
    """The composition behind a take, made again from its recipe. score: the take's own notes, which win.

    Raises `UserError` where the recipe is none of the built-in composer's, or its song comes out otherwise today.
    """
    from grammy_desktop.generation.composer.composition import first_composition
    from grammy_desktop.generation.composer.restyle import song_from_recipe
    from grammy_desktop.generation.composer.revise.apply import revised

    if recipe.get("engine") != "composer":
        raise UserError(
            "Only songs of the built-in composer can be changed in places; this take has no score behind it."
        )
    brief = Brief.from_json(recipe["brief"])
    style = styles.get(brief.genre.value)
    if style is None:
        raise UserError(f"The style “{brief.genre.value}” that this song was made in is not here any more.")
    parameters = recipe.get("parameters", {})
    idea = idea_from_json(parameters["idea"]) if parameters.get("idea") else None
    seed = int(recipe["seed"])
    if parameters.get("restyle"):
        song = song_from_recipe(parameters["restyle"], style, brief, seed)
    else:
        song = first_composition(brief, style, seed, idea=idea)
    for revision in revisions_of(parameters):
        song = revised(song, revision)
    return song if score is None else with_own_notes(song, read_score(score))


def with_own_notes(song: Composition, score: Arrangement) -> Composition:
    """The composition with the notes that the take really has. Raises `UserError` where its form is another today."""
    if score == song.arrangement:
        return song
    own = {part.name: part for part in score.parts}
    known = {player.name for player in song.players}
    if score.sections != song.score.sections or score.tempo != song.score.tempo or not set(own) <= known:
        raise UserError(_ANOTHER_SONG)
    others = tuple(part for part in song.score.parts if part.name not in own and part.stem in song.muted)
    return replace(song, score=replace(score, parts=(*score.parts, *others)))


def _check_form(song: Composition, arrangement: dict[str, Any] | None) -> None:
    """Raises `UserError` where the song made again has other sections or chords than the take."""
    if arrangement is None:
        return
    again = song.arrangement.to_json()
    if any(again[name] != arrangement.get(name) for name in ("tempo", "sections", "chords")):
        raise UserError(_ANOTHER_SONG)


def recipe_with(recipe: dict[str, Any], revisions: Sequence[Revision]) -> dict[str, Any]:
    """The recipe with these revisions after those that it has."""
    parameters = recipe.get("parameters", {})
    return {**recipe, "parameters": with_revisions(parameters, (*revisions_of(parameters), *revisions))}


def _changed(song: Composition, revisions: Sequence[Revision]) -> Composition:
    from grammy_desktop.generation.composer.revise.apply import revised

    before, style = song.arrangement, song.style
    for revision in revisions:
        song = revised(song, revision)
    if song.arrangement == before and song.style == style:
        raise UserError(f"“{', '.join(map(str, revisions))}” changes nothing in this song.")
    return song


def _retake(
    request: RevisionRequest,
    before: Composition,
    after: Composition,
    revisions: Sequence[Revision],
    paths: AppPaths,
    progress: Progress,
) -> Retake:
    from grammy_desktop.generation.composer.revise.retake import partial_take, whole_take

    if any(revision.whole for revision in revisions) or not request.stems:
        return whole_take(after, progress, patches=paths.user_patches)
    delivered = {name: _read(Path(path)) for name, path in request.stems.items()}
    return partial_take(before, after, delivered, progress, patches=paths.user_patches)


def _read(path: Path) -> Samples:
    from grammy_desktop.core.audio_file import read_clip

    clip = read_clip(path)
    if clip.sample_rate != _RATE or clip.channels != 2:
        raise UserError(
            f"The stem “{path.name}” is not what the composer wrote; change a take of its own.", file=str(path)
        )
    return clip.samples


def _song(request: RevisionRequest, recipe: dict[str, Any], retake: Retake, arrangement: Arrangement) -> Song:
    licence = Licence(**recipe["licence"])
    own = Recipe(
        engine=recipe["engine"],
        engine_version=recipe["engine_version"],
        seed=int(recipe["seed"]),
        brief=Brief.from_json(recipe["brief"]),
        licence=licence,
        parameters=recipe["parameters"],
        weights_hash=recipe.get("weights_hash"),
    )
    stems = {name: AudioClip(samples, _RATE) for name, samples in retake.stems.items()}
    return Song(request.title, AudioClip(retake.mix, _RATE), stems, own, arrangement)


def _facts(after: Composition, song: Song, retake: Retake) -> dict[str, Any]:
    score = after.arrangement
    return {
        "duration": round(song.mix.duration, 3),
        "tempo": score.tempo,
        "key": str(score.key),
        "metre": f"{score.metre[0]}/{score.metre[1]}",
        "recipe": song.recipe.to_json(),
        "notes": list(retake.told),
    }
