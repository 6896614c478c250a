"""Puts what a worker made into the library. Runs in the parent, in the database lane; each function commits once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.score_file import SCORE_ROLE
from grammy_desktop.core.song import Licence
from grammy_desktop.library import Library, NewTrack, NewVersion, TrackRecord, VersionRecord
from grammy_desktop.library.records import PLAIN_ROLES
from grammy_desktop.workflows.create_song import CreateRequest
from grammy_desktop.workflows.export_track import ExportRequest, make_export
from grammy_desktop.workflows.finish_song import MadeSong
from grammy_desktop.workflows.import_audio import MadeImport
from grammy_desktop.workflows.master_track import MadeMaster
from grammy_desktop.workflows.render_edit import MadeEdit
from grammy_desktop.workflows.revise_song import MadeRevision
from grammy_desktop.workflows.score_track import MadeFix

OWN_RECORDING = Licence("LicenseRef-own-recording", True, "Your own recording: its rights are yours to judge.")


def keep_song(
    library: Library, track_id: str, request: CreateRequest, made: MadeSong, out_dir: Path | None
) -> dict[str, Any]:
    """Complete the pending track with its take and master; the JSON of `grammy create`."""
    take = NewVersion(
        kind="take",
        name=f"Take, seed {request.seed}",
        files=made.take_files,
        loudness=made.take_loudness,
        arrangement=made.arrangement,
        details={**made.take_details, **_song_facts(request, made)},
    )
    master = None
    if made.master_files:
        master = NewVersion(
            kind="master",
            name=made.master_name,
            files=made.master_files,
            loudness=made.master_loudness,
            arrangement=made.arrangement,
            details=made.master_details,
            score=made.score,
        )
    track = library.complete(track_id, take, recipe=made.recipe, title=made.title, child=master)
    files = {role: path for version in library.versions(track_id) for role, path in version.files.items()}
    if out_dir is not None:
        try:
            files = copy_out(track, files, out_dir)
        except GrammyError as error:
            kept = f"{error.message.rstrip('.')}; the song itself is in the library."
            raise type(error)(kept, file=error.file) from error
    return song_json(track, request, made, files)


def song_json(track: TrackRecord, request: CreateRequest, made: MadeSong, files: dict[str, Path]) -> dict[str, Any]:
    """The keys of `grammy create --json`."""
    loudness = {**made.master_loudness, "mix": made.take_loudness} if made.master_files else made.take_loudness
    return {
        "track_id": track.id,
        "title": track.title,
        "brief": request.brief,
        "seed": request.seed,
        "engine": request.engine,
        "licence": track.licence_id,
        "sellable": track.sellable,
        "licence_reason": track.licence_reason,
        "files": {
            "mix": files.get("mix"),
            "master": files.get("master"),
            "midi": files.get("midi"),
            "stems": {role.removeprefix("stem:"): path for role, path in files.items() if role.startswith("stem:")},
            "report": files.get("report"),
            "report_json": files.get("report_json"),
        },
        "sections": (made.arrangement or {}).get("sections", []),
        "loudness": loudness,
        "platforms": made.master_details.get("platforms", []),
        "score": made.score,
        "seconds": made.seconds,
    }


def copy_out(track: TrackRecord, files: dict[str, Path], out_dir: Path) -> dict[str, Path]:
    """The library's files under producer's names in `out_dir`."""
    from grammy_desktop.core.progress import NoProgress

    # The score file is the app's own; what others read is the MIDI file.
    named = {role: str(path) for role, path in files.items() if role != SCORE_ROLE}
    request = ExportRequest(track.title, track.tempo, track.key, named, str(out_dir))
    return make_export(request, out_dir, NoProgress())


def keep_master(library: Library, track_id: str, parent_id: str, made: MadeMaster) -> VersionRecord:
    """A new master under the version it was made from."""
    parent = library.version(parent_id)
    return library.add_version(
        track_id,
        NewVersion(
            kind="master",
            name=made.name,
            parent_id=parent_id,
            files=made.files,
            loudness=made.loudness,
            arrangement=parent.arrangement,
            details=made.details,
            score=made.score,
        ),
    )


def keep_edit(library: Library, track_id: str, parent_id: str, made: MadeEdit) -> VersionRecord:
    """An edit under the version it was made from. Its sections and chords are gone: the time line is another."""
    return library.add_version(
        track_id,
        NewVersion(
            kind="edit",
            name="Edit",
            parent_id=parent_id,
            files=made.files,
            loudness=made.loudness,
            details={**made.details, "duration": made.duration},
        ),
    )


def keep_revision(library: Library, track_id: str, parent_id: str, made: MadeRevision) -> VersionRecord:
    """The new take under the one it was made from, with its master; the parent stays as it is."""
    take = library.add_version(
        track_id,
        NewVersion(
            kind="take",
            name=made.name,
            parent_id=parent_id,
            files=_storable(made.take_files),
            loudness=made.take_loudness,
            arrangement=made.arrangement,
            details={**made.take_details, "kept_stems": list(made.kept_stems), "seconds": made.seconds},
        ),
        recipe=made.recipe,
    )
    if made.master_files:
        library.add_version(
            track_id,
            NewVersion(
                kind="master",
                name=made.master_name,
                parent_id=take.id,
                files=made.master_files,
                loudness=made.master_loudness,
                arrangement=made.arrangement,
                details=made.master_details,
                score=made.score,
            ),
        )
    return take


def keep_restored(library: Library, take: VersionRecord, master: VersionRecord | None) -> VersionRecord:
    """An older take as the newest one again, with its master; their files are shared with the older ones."""
    restored = library.add_version(take.track_id, _again(take, take.parent_id))
    if master is not None:
        library.add_version(take.track_id, _again(master, restored.id))
    return restored


def _again(version: VersionRecord, parent_id: str | None) -> NewVersion:
    return NewVersion(
        kind=version.kind,
        name=version.name,
        parent_id=parent_id,
        files=version.files,
        loudness=version.loudness,
        arrangement=version.arrangement,
        details=version.details,
        score=version.score,
    )


def _storable(files: dict[str, Path]) -> dict[str, Path]:
    """Without roles that the library has no place for."""
    return {role: path for role, path in files.items() if role in PLAIN_ROLES or role.startswith("stem:")}


def keep_fix(library: Library, track_id: str, parent_id: str, role: str, made: MadeFix) -> VersionRecord:
    """The fixed audio as a version of the same kind of sound (`role` 'mix' or 'master')."""
    parent = library.version(parent_id)
    return library.add_version(
        track_id,
        NewVersion(
            kind="master" if role == "master" else "edit",
            name=f"Fixed: {', '.join(made.labels)}",
            parent_id=parent_id,
            files={role: made.path},
            loudness=made.loudness,
            arrangement=parent.arrangement,
            details=made.details,
            score=made.score,
        ),
    )


def keep_import(library: Library, made: MadeImport) -> TrackRecord:
    return library.add_import(
        NewTrack(
            title=made.title,
            licence=OWN_RECORDING,
            tempo=made.tempo,
            key=made.key,
            duration=made.duration,
        ),
        NewVersion(
            kind="import", name="Import", files={"mix": made.file}, loudness=made.loudness, details=made.details
        ),
    )


def _song_facts(request: CreateRequest, made: MadeSong) -> dict[str, Any]:
    brief = request.brief
    return {
        "duration": brief["duration"],
        "tempo": brief["tempo"],
        "key": brief["key"],
        "metre": brief["metre"],
        "seconds": made.seconds,
    }
