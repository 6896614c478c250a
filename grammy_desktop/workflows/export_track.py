"""Write a song's files where the user wants them, in the format they want."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.audio_file import AUDIO_FORMATS
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.workflows.delivery import check_out_dir, deliver, put_file
from grammy_desktop.workflows.naming import file_stem


@dataclass(frozen=True)
class ExportRequest:
    """`files` maps roles to files of the library; `out_dir` is made when missing."""

    title: str
    tempo: float | None
    key: str | None
    files: dict[str, str]
    out_dir: str
    format: str = "wav"


def make_export(request: ExportRequest, staging: Path, progress: Progress) -> dict[str, Path]:
    """Runs in a worker: role → exported file. A cancelled or failed export leaves none of its files behind."""
    if request.format not in AUDIO_FORMATS:
        raise UserError(f"There is no format “{request.format}”; available: {', '.join(AUDIO_FORMATS)}.")
    out_dir = Path(request.out_dir)
    check_out_dir(out_dir)
    done: dict[str, Path] = {}
    finished = False
    try:
        for index, (role, source) in enumerate(request.files.items()):
            share = PartOfProgress(progress, index / len(request.files), (index + 1) / len(request.files), "export")
            done[role] = _export_one(request, role, Path(source), out_dir, share)
        finished = True
    finally:
        if not finished:
            for path in done.values():
                path.unlink(missing_ok=True)
    return done


def _export_one(request: ExportRequest, role: str, source: Path, out_dir: Path, progress: Progress) -> Path:
    part = role.removeprefix("stem:")
    name = file_stem(request.title, request.tempo, request.key, part)
    if role in ("midi", "report", "report_json"):
        return put_file(
            source, out_dir / f"{name.removesuffix('_midi').removesuffix('_json')}{source.suffix}", numbered=True
        )
    return deliver(source, out_dir / f"{name}.{request.format}", progress, numbered=True)
