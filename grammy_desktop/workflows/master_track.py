"""Master a clip, a file or a version of a song."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering import Mastered


@dataclass(frozen=True)
class Mastering:
    """What to aim for. A `reference` (path of an audio file) takes the place of the preset's chain."""

    preset: str = "spotify-loud"
    reference: str | None = None
    loudness: float | None = None
    ceiling: float | None = None
    intensity: float = 1.0


@dataclass(frozen=True)
class MasterRequest:
    """Master the file `source`; its metadata is carried over. `genre` is the style to score against."""

    data_dir: str
    source: str
    mastering: Mastering
    title: str = ""
    genre: str | None = None
    score: bool = False


@dataclass(frozen=True)
class MadeMaster:
    files: dict[str, Path]
    loudness: dict[str, Any]
    details: dict[str, Any]
    report: dict[str, Any]
    name: str
    score: dict[str, Any] | None


def check_mastering(mastering: Mastering, paths: AppPaths) -> None:
    """Raise `UserError` before any work is done: no such preset, an unreadable reference, an impossible goal."""
    from grammy_desktop.mastering import load_presets
    from grammy_desktop.mastering.goal import check_goal

    presets = load_presets(paths.user_presets)
    if mastering.reference is None and mastering.preset not in presets:
        known = ", ".join(sorted(presets))
        raise UserError(f"There is no preset “{mastering.preset}”; available: {known}.")
    if mastering.reference is not None:
        from grammy_desktop.core.audio_file import read_info

        read_info(Path(mastering.reference))
    preset = presets.get(mastering.preset) or next(iter(presets.values()))
    target = preset.target_lufs if mastering.loudness is None else mastering.loudness
    ceiling = preset.ceiling_dbtp if mastering.ceiling is None else mastering.ceiling
    check_goal(target, ceiling, mastering.intensity)


def master_clip(
    clip: AudioClip,
    mastering: Mastering,
    paths: AppPaths,
    progress: Progress,
    *,
    name: str = "",
    work_dir: Path | None = None,
) -> Mastered:
    """The clip mastered by preset or reference, with its report. `name` is for messages; temporary files go to `work_dir`."""
    from grammy_desktop.core.audio_file import read_clip
    from grammy_desktop.mastering import load_presets, master, master_to_reference

    check_mastering(mastering, paths)
    if mastering.reference is not None:
        reference = Path(mastering.reference)
        return master_to_reference(
            clip,
            read_clip(reference),
            name=name,
            reference_name=reference.name,
            target_lufs=mastering.loudness,
            ceiling_dbtp=mastering.ceiling,
            intensity=mastering.intensity,
            work_dir=work_dir,
            progress=progress,
        )
    preset = load_presets(paths.user_presets)[mastering.preset]
    return master(
        clip,
        preset,
        name=name,
        target_lufs=mastering.loudness,
        ceiling_dbtp=mastering.ceiling,
        intensity=mastering.intensity,
        progress=progress,
    )


def make_master(request: MasterRequest, staging: Path, progress: Progress) -> MadeMaster:
    """Runs in a worker: `master.wav` in the staging folder, measured and (when asked) scored."""
    from grammy_desktop.core.audio_file import read_clip, write_wav
    from grammy_desktop.workflows.create_song import master_details, mastered_name

    progress.report(0.0, "master")
    source = Path(request.source)
    clip = read_clip(source)
    end = 0.7 if request.score else 0.95
    mastered = master_clip(
        clip,
        request.mastering,
        AppPaths(Path(request.data_dir)),
        PartOfProgress(progress, 0.05, end),
        name=source.name,
        work_dir=staging,
    )
    path = staging / "master.wav"
    write_wav(path, mastered.clip, metadata=read_metadata(source))
    scored = None
    if request.score:
        from grammy_desktop.scoring import score

        scored = score(
            mastered.clip, style=request.genre, progress=PartOfProgress(progress, end, 0.95, "score")
        ).to_json()
    report = mastered.report.to_json()
    return MadeMaster(
        files={"master": path},
        loudness=report["after"],
        details=master_details(clip, mastered.clip, report),
        report=report,
        name=mastered_name(mastered),
        score=scored,
    )
