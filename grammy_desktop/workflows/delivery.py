"""Where results go: the format a name asks for, names that never collide, files that are whole or not there."""

from __future__ import annotations

import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.stream import blocks_of

if TYPE_CHECKING:
    from grammy_desktop.core.audio_file import AudioFormat

_FORMATS: dict[str, AudioFormat] = {
    ".wav": "wav",
    ".wave": "wav",
    ".flac": "flac",
    ".mp3": "mp3",
    ".ogg": "ogg",
    ".aiff": "aiff",
    ".aif": "aiff",
    ".opus": "opus",
    ".m4a": "m4a",
}
_READABLE = (*_FORMATS, ".w64", ".rf64", ".bwf", ".caf", ".aac", ".mp4", ".wma", ".oga", ".au")
"""What a folder is searched for; a file that is named outright may be called anything."""
_BITS = {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}
BITS = tuple(_BITS)


def format_for(target: Path) -> AudioFormat:
    """The format that a file's name asks for. Raises `UserError` for one that cannot be written."""
    try:
        return _FORMATS[target.suffix.lower()]
    except KeyError:
        known = ".wav, .flac, .mp3, .ogg, .aiff, .opus or .m4a"
        raise UserError(f"“{target.name}” must end in {known}.", file=str(target)) from None


def subtype_for(format: AudioFormat, bits: str | None) -> str | None:
    """The writer's subtype for 16, 24 or 32f bits; None leaves it to the format. Raises `UserError` where it has no such bits."""
    if bits is None:
        return None
    from grammy_desktop.core.audio_file import SUBTYPES

    if bits not in _BITS:
        raise UserError(f"There is no bit depth “{bits}”; there are {', '.join(BITS)}.")
    if _BITS[bits] not in SUBTYPES[format]:
        raise UserError(f"{format.upper()} cannot hold {bits} bits; WAV can.")
    return _BITS[bits]


def audio_files(places: Sequence[Path]) -> list[Path]:
    """Files as they are named; of folders every audio file in them, at any depth, in alphabetical order, each once.

    Hidden files are left out, and “NAME master” where NAME lies beside it. Raises `UserError` for an empty folder or nothing.
    """
    found: list[Path] = []
    for place in places:
        if not place.is_dir():
            found.append(place)
            continue
        inside = _in_folder(place)
        if not inside:
            raise UserError(f"“{place}” holds no audio files.", file=str(place))
        found += inside
    if not found:
        raise UserError("There is nothing to do: name a file or a folder.")
    return list(dict.fromkeys(found))


def _in_folder(folder: Path) -> list[Path]:
    found: list[Path] = []
    try:
        for root, folders, names in os.walk(folder, onerror=_complain):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            stems = {_plain(Path(name).stem) for name in names}
            found += [Path(root, name) for name in sorted(names) if _wanted(name, stems)]
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EnvironmentFailure(f"“{folder}” cannot be read: {why}.", file=str(folder)) from error
    return found


def _complain(error: OSError) -> None:
    raise error


def _wanted(name: str, stems: set[str]) -> bool:
    path = Path(name)
    if name.startswith(".") or path.suffix.lower() not in _READABLE:
        return False
    made_from, _, number = _plain(path.stem).rpartition(" master")
    return not (made_from in stems and (not number.strip() or number.strip().isdigit()))


def plan_outputs(
    sources: Sequence[Path],
    *,
    out_dir: Path | None = None,
    roots: Iterable[Path] = (),
    suffix: str = ".wav",
    word: str = " master",
) -> list[Path]:
    """“NAME master.wav” for every source, beside it or in `out_dir`, none of them twice and none that exists.

    roots: folders that were searched; below `out_dir` the places of their files are kept. Names that differ only in case or
    in how an umlaut is spelled count as the same: some disks hold only one of them. What is written under such a name later
    is put there with `numbered`: somebody else may have taken it meanwhile.
    """
    folders = tuple(roots)
    taken: set[str] = set()
    planned: list[Path] = []
    for source in sources:
        place = source.parent if out_dir is None else out_dir / _below(source, folders)
        stem, number = f"{source.stem}{word}", 1
        candidate = place / f"{stem}{suffix}"
        while _plain(str(candidate)) in taken or candidate.exists():
            number += 1
            candidate = place / f"{stem} {number}{suffix}"
        taken.add(_plain(str(candidate)))
        planned.append(candidate)
    return planned


def _below(source: Path, roots: Sequence[Path]) -> Path:
    for root in roots:
        if source.is_relative_to(root):
            return source.parent.relative_to(root)
    return Path()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def check_out_dir(out_dir: Path) -> None:
    """Make the folder and prove that it can be written. Raises `EnvironmentFailure` or `UserError`."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        # A name of its own: two programs may try the same folder at the same moment.
        probe = out_dir / f".grammy-write-test-{secrets.token_hex(4)}"
        probe.write_bytes(b"grammy")
        probe.unlink()
    except (NotADirectoryError, FileExistsError) as error:
        raise UserError(f"“{out_dir}” is a file, not a folder; choose a folder.", file=str(out_dir)) from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EnvironmentFailure(
            f"“{out_dir}” cannot be written ({why}); choose another folder.", file=str(out_dir)
        ) from error


def put_file(source: Path, target: Path, *, numbered: bool = False) -> Path:
    """Copy a finished file to where the user wants it: whole or not at all; folders are made. Raises as `atomic_file`.

    numbered: a file of that name stays, and the copy becomes `target 2`, `target 3`...; the name it got is returned.
    """
    from grammy_desktop.core.atomic import atomic_file, write_new

    check_out_dir(target.parent)
    if numbered:
        return write_new(target, lambda partial: shutil.copyfile(source, partial))
    with atomic_file(target) as partial:
        shutil.copyfile(source, partial)
    return target


def check_output(source: Path, out: Path, bits: str | None = None) -> None:
    """Raise before any work is done: a folder or an unknown format as target, the source itself, a place that takes no file."""
    if out.is_dir():
        raise UserError(f"“{out}” is a folder; name a file, such as “{out / source.stem}.wav”.", file=str(out))
    format = format_for(out)
    subtype_for(format, bits)
    if format == "m4a" and shutil.which("ffmpeg") is None:
        raise UserError(
            f"“{out.name}” needs ffmpeg to be written, which is not installed; install it or choose another format.",
            file=str(out),
        )
    if source.exists() and out.exists() and source.samefile(out):
        raise UserError(f"“{source.name}” would be overwritten by its own result; choose another --out.", file=str(out))
    check_out_dir(out.parent)


def deliver(source: Path, target: Path, progress: Progress | None = None, *, numbered: bool = False) -> Path:
    """Put a finished WAV where the user wants it, in the format its name asks for, whole or not at all; metadata is kept.

    numbered: as for `put_file`.
    """
    from grammy_desktop.core.atomic import write_new

    check_out_dir(target.parent)
    if format_for(target) == "wav":
        return put_file(source, target, numbered=numbered)
    if numbered:
        return write_new(target, lambda partial: _encode(source, partial, progress or NoProgress()))
    _encode(source, target, progress or NoProgress())
    return target


def _encode(source: Path, target: Path, progress: Progress) -> None:
    from grammy_desktop.core.audio_file import open_source, open_writer

    with open_source(source) as audio:
        writer = open_writer(
            target,
            sample_rate=audio.sample_rate,
            channels=audio.channels,
            format=format_for(target),
            metadata=read_metadata(source),
        )
        with writer as out:
            for block in blocks_of(audio, progress=progress, stage="export"):
                out.write(block)
