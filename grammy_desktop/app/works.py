"""Turns each thing a user does into a `Work` for the queue: the heavy function, its request, and how the result is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from grammy_desktop.app.options import CreateOptions
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.journal import JobEntry
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.score_file import idea_from_json, idea_to_json
from grammy_desktop.core.song import Licence
from grammy_desktop.jobs import Lane, Work
from grammy_desktop.library import Library, TrackRecord, VersionRecord
from grammy_desktop.workflows import (
    create_song,
    delivery,
    export_track,
    import_audio,
    keep,
    master_track,
    render_edit,
    score_track,
)
from grammy_desktop.workflows.finish_song import MadeSong
from grammy_desktop.workflows.mastering_aim import Mastering
from grammy_desktop.workflows.naming import one_line

_PENDING_LICENCE = Licence("LicenseRef-unfinished", False, "Not finished yet.")
_TITLE_LENGTH = 60


def create(
    library: Library, paths: AppPaths, options: CreateOptions, brief: Brief, seed: int, reading_seconds: float
) -> Work:
    """A pending row now; the song when the job is done; nothing when it is not."""
    request = create_song.CreateRequest(
        data_dir=str(paths.data_dir),
        brief=brief.to_json(),
        seed=seed,
        engine=options.engine,
        preset=options.preset,
        reference=options.reference,
        finish=options.finish,
        idea=idea_to_json(options.idea) if options.idea is not None else None,
        opening=options.opening,
    )
    track_id = library.add_pending(
        title=_working_title(brief),
        prompt=brief.prompt,
        brief=request.brief,
        engine=options.engine,
        seed=seed,
        licence=_PENDING_LICENCE,
        style=brief.genre.value,
    )

    def finish(made: MadeSong) -> dict[str, Any]:
        made = replace(made, seconds={"enhance": round(reading_seconds, 3), **made.seconds})
        return keep.keep_song(library, track_id, request, made, options.out_dir)

    return Work(
        kind="create",
        title=_working_title(brief),
        lane=Lane.GENERATION,
        function=create_song.make_song,
        request=request,
        request_json=_request_json(request, options.out_dir),
        finish=finish,
        undo=lambda: library.discard_pending(track_id),
        track_id=track_id,
        renew=lambda: create(library, paths, options, brief, seed, reading_seconds),
    )


def interrupted_songs(library: Library) -> list[JobEntry]:
    """Songs that a crash interrupted and that have not been started again; oldest first."""
    return [entry for entry in reversed(library.journal.interrupted()) if entry.kind == "create" and entry.request]


def read_request(text: str) -> tuple[CreateOptions, Brief, int]:
    """The inverse of what `create` journals."""
    values = json.loads(text)
    out_dir = values.pop("out_dir", None)
    request = create_song.CreateRequest(**values)
    options = CreateOptions(
        engine=request.engine,
        preset=request.preset,
        reference=request.reference,
        finish=request.finish,
        idea=idea_from_json(request.idea) if request.idea is not None else None,
        out_dir=Path(out_dir) if out_dir else None,
        opening=request.opening,
    )
    return options, Brief.from_json(request.brief), request.seed


def master(library: Library, paths: AppPaths, track: TrackRecord, version: VersionRecord, mastering: Mastering) -> Work:
    source = version.files.get("mix") or heard_file(version)[1]
    request = master_track.MasterRequest(
        data_dir=str(paths.data_dir),
        source=str(source),
        mastering=mastering,
        title=track.title,
        genre=track.genre or None,
        score=True,
    )
    return Work(
        kind="master",
        title=track.title,
        lane=Lane.MASTERING,
        function=master_track.make_master,
        request=request,
        finish=lambda made: keep.keep_master(library, track.id, version.id, made),
        track_id=track.id,
    )


def score(library: Library, track: TrackRecord, version: VersionRecord) -> Work:
    request = score_track.ScoreRequest(source=str(heard_file(version)[1]), genre=track.genre or None)

    def finish(result: dict[str, Any]) -> dict[str, Any]:
        library.set_score(version.id, result)
        return result

    return Work(
        kind="score",
        title=track.title,
        lane=Lane.SCORING,
        function=score_track.measure_score,
        request=request,
        finish=finish,
        track_id=track.id,
    )


def score_file(source: Path, style: str | None) -> Work:
    request = score_track.ScoreRequest(source=str(source), genre=style)
    return Work(
        kind="score",
        title=one_line(source.name),
        lane=Lane.SCORING,
        function=score_track.measure_score,
        request=request,
    )


def fix(library: Library, track: TrackRecord, version: VersionRecord, insight_id: str) -> Work:
    role, source = heard_file(version)
    request = score_track.FixRequest(source=str(source), insights=(insight_id,), genre=track.genre or None)
    return Work(
        kind="fix",
        title=track.title,
        lane=Lane.SCORING,
        function=score_track.make_fix,
        request=request,
        finish=lambda made: keep.keep_fix(library, track.id, version.id, role, made),
        track_id=track.id,
    )


def fix_file(source: Path, insights: tuple[str, ...], style: str | None, out: Path) -> Work:
    request = score_track.FixRequest(source=str(source), insights=insights, genre=style)

    def finish(made: score_track.MadeFix) -> dict[str, Any]:
        delivery.deliver(made.path, out)
        before = made.before["overall_score"]
        return {**made.score, "applied": list(made.applied), "overall_before": before, "file": str(out)}

    return Work(
        kind="fix",
        title=one_line(source.name),
        lane=Lane.SCORING,
        function=score_track.make_fix,
        request=request,
        finish=finish,
    )


def import_file(library: Library, path: Path) -> Work:
    return Work(
        kind="import",
        title=one_line(path.name),
        lane=Lane.SCORING,
        function=import_audio.make_import,
        request=import_audio.ImportRequest(str(path)),
        finish=lambda made: keep.keep_import(library, made),
    )


def export(track: TrackRecord, files: dict[str, Path], format: str, out_dir: Path) -> Work:
    request = export_track.ExportRequest(
        title=track.title,
        tempo=track.tempo,
        key=track.key,
        files={role: str(path) for role, path in files.items()},
        out_dir=str(out_dir),
        format=format,
    )
    return Work(
        kind="export",
        title=track.title,
        lane=Lane.MASTERING,
        function=export_track.make_export,
        request=request,
        track_id=track.id,
    )


def edit(library: Library, track: TrackRecord, version: VersionRecord, edits: str) -> Work:
    files = {
        role: str(path) for role, path in version.files.items() if role in ("mix", "master") or role.startswith("stem:")
    }
    return Work(
        kind="edit",
        title=track.title,
        lane=Lane.MASTERING,
        function=render_edit.make_edit,
        request=render_edit.EditRequest(files=files, edits=edits),
        finish=lambda made: keep.keep_edit(library, track.id, version.id, made),
        track_id=track.id,
    )


def heard_file(version: VersionRecord) -> tuple[str, Path]:
    """(role, path) of what a listener hears of this version: the master where there is one."""
    role = "master" if "master" in version.files else "mix" if "mix" in version.files else next(iter(version.files))
    return role, version.files[role]


def _request_json(request: create_song.CreateRequest, out_dir: Path | None) -> str:
    # Escaped: a path may hold bytes that are no text.
    return json.dumps({**vars(request), "out_dir": str(out_dir) if out_dir else None})


def _working_title(brief: Brief) -> str:
    text = " ".join(brief.prompt.split())
    return text if len(text) <= _TITLE_LENGTH else f"{text[:_TITLE_LENGTH].rstrip()}…"
