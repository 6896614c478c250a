"""`App.restyle`'s work: from a file or a song of the library to a new song in another style."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.app import song_works
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.score_file import arrangement_to_json
from grammy_desktop.core.song import Licence
from grammy_desktop.jobs import Lane, Work
from grammy_desktop.library import Library, TrackRecord, VersionRecord
from grammy_desktop.workflows import keep
from grammy_desktop.workflows.create_song import CreateRequest
from grammy_desktop.workflows.delivery import check_out_dir
from grammy_desktop.workflows.finish_song import MadeSong
from grammy_desktop.workflows.mastering_aim import Mastering, check_mastering
from grammy_desktop.workflows.naming import one_line
from grammy_desktop.workflows.restyle_song import RestyleRequest, check_restyle, make_restyle

if TYPE_CHECKING:
    from grammy_desktop.app.app import App

_PENDING_LICENCE = Licence("LicenseRef-unfinished", False, "Not finished yet.")
_LARGEST_SEED = 100_000
_LONGEST_NAME = 80


@dataclass(frozen=True)
class RestyleOptions:
    """`file` or `track` (a song of the library, and its `take`: None the newest) becomes a song in `style`.

    tempo: 'keep' or BPM; key: 'keep' or a key; melody: 'keep' or 'new'.
    """

    style: str
    file: Path | None = None
    track: str | None = None
    take: str | None = None
    tempo: str = "keep"
    key: str = "keep"
    melody: str = "keep"
    seed: int | None = None
    preset: str = "spotify-loud"
    finish: bool = True
    out_dir: Path | None = None


def check_source(file: Path) -> None:
    """Raises `UserError` where the file cannot be read or is too short or too long; nothing is heard yet."""
    from grammy_desktop.core.audio_file import read_info
    from grammy_desktop.generation.composer.restyle.hear import check_length

    check_length(read_info(file).duration, file.name)


def reads_score(app: App, track_id: str, version_id: str | None = None) -> bool:
    """Whether a song of the library is restyled by its own score, and nothing of it guessed."""
    return _composed(app.library, *_chosen(app.library, track_id, version_id)) is not None


def restyle(app: App, options: RestyleOptions) -> str:
    """Start the job; its result is the JSON of `grammy restyle`. Raises `UserError` for what cannot succeed."""
    check_mastering(Mastering(preset=options.preset), app.paths)
    if options.out_dir is not None:
        check_out_dir(options.out_dir)
    seed = secrets.randbelow(_LARGEST_SEED) if options.seed is None else options.seed
    if not 0 <= seed < 2**32:
        raise UserError(f"A seed is a whole number from 0 to {2**32 - 1}, not {seed}.")
    request = RestyleRequest(
        data_dir=str(app.paths.data_dir),
        style=options.style,
        seed=seed,
        name="",
        tempo=options.tempo,
        key=options.key,
        melody=options.melody,
        preset=options.preset,
        finish=options.finish,
    )
    request = _of_file(options, request) if options.file is not None else _of_track(app, options, request)
    check_restyle(request, app.styles)
    return app.jobs.submit(_work(app, request, options.out_dir))


def _of_file(options: RestyleOptions, request: RestyleRequest) -> RestyleRequest:
    assert options.file is not None
    if options.track is not None:
        raise UserError("Name a file or a song of the library, not both.")
    return replace(request, source=str(options.file), name=one_line(options.file.name, _LONGEST_NAME))


def _of_track(app: App, options: RestyleOptions, request: RestyleRequest) -> RestyleRequest:
    """A song composed here by its own score; anything else by what is heard of it."""
    if options.track is None:
        raise UserError("Name the file to restyle, or a song of the library with --track.")
    track, chosen = _chosen(app.library, options.track, options.take)
    request = replace(request, name=one_line(track.title, _LONGEST_NAME) or "Untitled", source_id=track.id)
    licence = {"id": track.licence_id, "sellable": track.sellable, "reason": track.licence_reason}
    origin = _composed(app.library, track, chosen)
    if origin is not None:
        score = arrangement_to_json(app.songs.score(origin.id))
        recipe = song_works.recipe_of(app.library, origin)
        return replace(request, score=score, score_style=_style_of(recipe), licence=licence)
    files = app.files_of(track.id) | chosen.files
    source = files.get("mix") or files.get("master")
    if source is None:
        raise UserError(f"“{track.title}” has no audio to restyle.")
    return replace(request, source=str(source))


def _chosen(library: Library, track_id: str, version_id: str | None) -> tuple[TrackRecord, VersionRecord]:
    """The song and the version that is meant, the newest where none is named. Raises `UserError`."""
    track = library.track(track_id)
    versions = library.versions(track.id)
    found = next((v for v in reversed(versions) if version_id is None or v.id == version_id), None)
    if found is None:
        raise UserError(f"There is no version with the id {version_id} in this song.")
    return track, found


def _composed(library: Library, track: TrackRecord, chosen: VersionRecord) -> VersionRecord | None:
    """The take behind a version, where the composer made it."""
    versions = {version.id: version for version in library.versions(track.id)}
    origin = chosen
    while origin.kind == "master" and origin.parent_id in versions:
        origin = versions[origin.parent_id]
    if origin.kind != "take" or song_works.recipe_of(library, origin).get("engine") != "composer":
        return None
    return origin


def _style_of(recipe: dict[str, Any]) -> str | None:
    style = recipe.get("parameters", {}).get("style")
    return str(style) if style else None


def _work(app: App, request: RestyleRequest, out_dir: Path | None) -> Work:
    library = app.library
    # Until the worker has named it.
    own_name = Path(request.name).stem if request.source_id is None else request.name
    title = f"{own_name} ({app.styles[request.style].name})"
    track_id = library.add_pending(
        title=title,
        prompt="",
        brief={},
        engine="composer",
        seed=request.seed,
        licence=_PENDING_LICENCE,
        style=request.style,
    )

    def finish(made: MadeSong) -> dict[str, Any]:
        brief = made.recipe["brief"]
        created = CreateRequest(request.data_dir, brief, request.seed, preset=request.preset, finish=request.finish)
        facts = {name: value for name, value in made.take_details["restyle"].items() if name != "analysis"}
        return {**keep.keep_song(library, track_id, created, made, out_dir), "restyle": facts}

    return Work(
        kind="restyle",
        title=title,
        lane=Lane.GENERATION,
        function=make_restyle,
        request=request,
        finish=finish,
        undo=lambda: library.discard_pending(track_id),
        track_id=track_id,
        renew=lambda: _work(app, request, out_dir),
    )
