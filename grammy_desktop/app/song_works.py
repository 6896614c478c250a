"""Works of the song desk: a revision of a take, from its files in the library to a new take."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.revision import Revision
from grammy_desktop.core.score_file import SCORE_ROLE
from grammy_desktop.jobs import Lane, Work
from grammy_desktop.library import Library, TrackRecord, VersionRecord
from grammy_desktop.workflows import keep
from grammy_desktop.workflows.mastering_aim import Mastering, mastering_again
from grammy_desktop.workflows.revise_song import MadeRevision, RevisionRequest, make_revision

_STEM = "stem:"


def revise(
    library: Library,
    paths: AppPaths,
    track: TrackRecord,
    take: VersionRecord,
    revisions: Sequence[Revision],
    *,
    mastering: Mastering | None,
    finished: Callable[[VersionRecord], None] | None = None,
) -> Work:
    """The result is the `VersionRecord` of the new take. finished: called with it before the job ends (an export)."""
    score = take.files.get(SCORE_ROLE)
    request = RevisionRequest(
        data_dir=str(paths.data_dir),
        title=track.title,
        recipe=recipe_of(library, take),
        revisions=tuple(revision.to_json() for revision in revisions),
        stems={role.removeprefix(_STEM): str(path) for role, path in take.files.items() if role.startswith(_STEM)},
        score=str(score) if score is not None else None,
        mastering=mastering,
        arrangement=take.arrangement,
    )

    def finish(made: MadeRevision) -> VersionRecord:
        kept = keep.keep_revision(library, track.id, take.id, made)
        if finished is not None:
            finished(kept)
        return kept

    return Work(
        kind="revise",
        title=track.title,
        lane=Lane.GENERATION,
        function=make_revision,
        request=request,
        finish=finish,
        track_id=track.id,
    )


def take_of(library: Library, track_id: str, version_id: str | None) -> VersionRecord:
    """The take that a version is, or was mastered from; the newest where None is named.

    Raises `UserError` for imports and edits: there is no score behind what they sound like.
    """
    versions = {version.id: version for version in library.versions(track_id)}
    if not versions:
        raise UserError(f"“{library.track(track_id).title}” has no audio yet.")
    version = versions.get(version_id) if version_id is not None else list(versions.values())[-1]
    if version is None:
        raise UserError(f"There is no version with the id {version_id} in this song.")
    while version.kind == "master" and version.parent_id in versions:
        version = versions[version.parent_id]
    if version.kind == "edit":
        raise UserError(
            "Edited audio has no score behind it; change the take that it was edited from, then edit again."
        )
    if version.kind != "take":
        raise UserError("Imported audio has no score behind it; only songs composed here can be changed in places.")
    return version


def master_of(library: Library, take: VersionRecord) -> VersionRecord | None:
    """The take's newest master."""
    masters = [v for v in library.versions(take.track_id) if v.kind == "master" and v.parent_id == take.id]
    return masters[-1] if masters else None


def mastering_like(master: VersionRecord | None, presets: Sequence[str]) -> Mastering | None:
    """The aim of an earlier master; None where there was none."""
    return mastering_again(master.details, presets) if master is not None else None


def recipe_of(library: Library, take: VersionRecord) -> dict[str, Any]:
    """The recipe behind a take: kept with it, in its audio, or the song's own. Raises `UserError` where there is none."""
    own = take.details.get("recipe")
    if isinstance(own, dict):
        return own
    mix = take.files.get("mix")
    written = _written_recipe(mix) if mix is not None else None
    found = written or library.recipe(take.track_id)
    if found is None:
        raise UserError("This take has no recipe behind it; only songs composed here can be changed in places.")
    return found


def _written_recipe(mix: Path) -> dict[str, Any] | None:
    try:
        recipe = json.loads(read_metadata(mix).recipe or "null")
    except ValueError:
        return None
    return recipe if isinstance(recipe, dict) and "brief" in recipe else None
