"""Write a song's files where the user wants them, in the format they want."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import Progress
from grammy_desktop.workflows.naming import file_stem

FORMATS = ("wav", "flac", "mp3", "ogg", "aiff")


@dataclass(frozen=True)
class ExportRequest:
    """`files` maps roles to files of the library; `out_dir` is made when missing."""

    title: str
    tempo: float | None
    key: str | None
    files: dict[str, str]
    out_dir: str
    format: str = "wav"


def check_out_dir(out_dir: Path) -> None:
    """Make the folder and prove that it can be written. Raises `EnvironmentFailure` or `UserError`."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        probe = out_dir / ".grammy-write-test"
        probe.write_bytes(b"grammy")
        probe.unlink()
    except (NotADirectoryError, FileExistsError) as error:
        raise UserError(f"“{out_dir}” is a file, not a folder; choose a folder.", file=str(out_dir)) from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EnvironmentFailure(
            f"“{out_dir}” cannot be written ({why}); choose another folder.", file=str(out_dir)
        ) from error


def make_export(request: ExportRequest, staging: Path, progress: Progress) -> dict[str, Path]:
    """Runs in a worker: role → exported file. A cancelled or failed export leaves none of its files behind."""
    if request.format not in FORMATS:
        raise UserError(f"There is no format “{request.format}”; available: {', '.join(FORMATS)}.")
    out_dir = Path(request.out_dir)
    check_out_dir(out_dir)
    done: dict[str, Path] = {}
    finished = False
    try:
        for index, (role, source) in enumerate(request.files.items()):
            progress.report(index / len(request.files), "export")
            done[role] = _export_one(request, role, Path(source), out_dir)
        finished = True
    finally:
        if not finished:
            for path in done.values():
                path.unlink(missing_ok=True)
    return done


def _export_one(request: ExportRequest, role: str, source: Path, out_dir: Path) -> Path:
    part = role.removeprefix("stem:")
    name = file_stem(request.title, request.tempo, request.key, part)
    if role in ("midi", "report", "report_json"):
        return _copy(source, free_name(out_dir / f"{name.removesuffix('_midi').removesuffix('_json')}{source.suffix}"))
    if request.format == "wav":
        return _copy(source, free_name(out_dir / f"{name}.wav"))
    return _encode(source, free_name(out_dir / f"{name}.{request.format}"), request.format)


_SUFFIXES = {".wav": "wav", ".flac": "flac", ".mp3": "mp3", ".ogg": "ogg", ".aiff": "aiff", ".aif": "aiff"}


def format_of(target: Path) -> str:
    """The format that a file's name asks for. Raises `UserError` for one that cannot be written."""
    try:
        return _SUFFIXES[target.suffix.lower()]
    except KeyError:
        raise UserError(
            f"“{target.name}” must end in one of {', '.join(f'.{name}' for name in FORMATS)}.", file=str(target)
        ) from None


def deliver(source: Path, target: Path) -> Path:
    """Put a finished WAV where the user wants it, in the format its name asks for, whole or not at all."""
    format = format_of(target)
    check_out_dir(target.parent)
    return _copy(source, target) if format == "wav" else _encode(source, target, format)


def _encode(source: Path, target: Path, format: str) -> Path:
    from grammy_desktop.core.audio_file import AudioFormat, read_clip, write_audio

    write_audio(target, read_clip(source), cast("AudioFormat", format), metadata=read_metadata(source))
    return target


def free_name(path: Path) -> Path:
    """`path`, or `path 2`, `path 3`...: an export never replaces an older file."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.stem} {number}{path.suffix}")
    return candidate


def _copy(source: Path, target: Path) -> Path:
    import shutil

    from grammy_desktop.core.atomic import atomic_file

    with atomic_file(target) as partial:
        shutil.copyfile(source, partial)
    return target
