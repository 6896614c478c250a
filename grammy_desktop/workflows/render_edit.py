"""Turn an edit list into audio: a new version of the song with mix and stems (or the master) edited alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import Progress
from grammy_desktop.workflows.lossless import write_whole
from grammy_desktop.workflows.pictures import HeardAudio


@dataclass(frozen=True)
class EditRequest:
    """`files` maps roles ('mix', 'stem:drums', 'master') to audio files; `edits` is the text of `EditList.to_json()`."""

    files: dict[str, str]
    edits: str


@dataclass(frozen=True)
class MadeEdit:
    files: dict[str, Path]
    loudness: dict[str, Any]
    details: dict[str, Any]
    duration: float


def make_edit(request: EditRequest, staging: Path, progress: Progress) -> MadeEdit:
    """Runs in a worker. Raises `UserError` when the edits leave nothing of the song, or are not edits."""
    from grammy_desktop.core.audio_file import open_source
    from grammy_desktop.core.edits import EditList
    from grammy_desktop.core.loudness import measure

    edits = EditList.from_json(request.edits)
    files: dict[str, Path] = {}
    main = "mix" if "mix" in request.files else next(iter(request.files))
    for index, (role, name) in enumerate(request.files.items()):
        progress.report(0.8 * index / len(request.files), "edit")
        path = staging / f"edit-{role.replace(':', '-')}.wav"
        with open_source(Path(name)) as source:
            clip = edits.render(source)
        if clip.frames == 0:
            raise UserError("Nothing of the song is left after these edits; undo one of them.")
        # The sections lie elsewhere now: markers of the old time line would mislead.
        write_whole(path, clip, replace(read_metadata(Path(name)), markers=()))
        files[role] = path
        if role == main:
            heard = clip
    progress.report(0.85, "measure")
    return MadeEdit(
        files=files,
        loudness=measure(heard).to_json(),
        details={
            **HeardAudio.of_clip(heard).curves(),
            "edits": request.edits,
        },
        duration=heard.duration,
    )
