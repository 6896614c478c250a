"""Master a clip, or a version of a song."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering import Mastered
from grammy_desktop.workflows.mastering_aim import (
    Mastering,
    aim_details,
    aim_for,
    check_mastering,
    spoken_name,
    with_names,
)

if TYPE_CHECKING:
    from grammy_desktop.mastering.report import MasterReport
    from grammy_desktop.workflows.written_master import SafeMaster

_SCORED_UP_TO = 30 * 60.0
"""Seconds: the meter of songs wants the whole song in memory."""


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


def master_clip(
    clip: AudioClip,
    mastering: Mastering,
    paths: AppPaths,
    progress: Progress,
    *,
    name: str = "",
    work_dir: Path | None = None,
) -> Mastered:
    """The clip mastered by preset or reference, with its report. `name` is for messages; nothing is written."""
    from grammy_desktop.core.stream import ClipSource
    from grammy_desktop.mastering import master

    check_mastering(mastering, paths)
    share = 0.3 if mastering.all_references else 0.0
    aim = aim_for(ClipSource(clip), mastering, paths, name, PartOfProgress(progress, 0.0, share, "master"))
    mastered = master(
        clip,
        aim,
        name=name,
        target_lufs=mastering.loudness,
        ceiling_dbtp=mastering.ceiling,
        intensity=mastering.intensity,
        progress=PartOfProgress(progress, share, 1.0),
    )
    return Mastered(mastered.clip, with_names(mastered.report, mastering))


def make_master(request: MasterRequest, staging: Path, progress: Progress) -> MadeMaster:
    """Runs in a worker: `master.wav` in the staging folder, read back and measured and (when asked) scored.

    Streamed: memory does not grow with the file's length. Files longer than half an hour are not scored.
    """
    from grammy_desktop.workflows.written_master import WrittenMaster, write_master

    progress.report(0.0, "master")
    path, data_dir = staging / "master.wav", Path(request.data_dir)
    check_mastering(request.mastering, AppPaths(data_dir))
    end = 0.7 if request.score else 0.9
    job = WrittenMaster(data_dir, Path(request.source), path, request.mastering, subtype=request.mastering.subtype)
    written = write_master(job, PartOfProgress(progress, 0.0, end))
    report, kept = _heard(request, path, written, PartOfProgress(progress, end, end + 0.1, "master"))
    scored = _scored(request, path, PartOfProgress(progress, end + 0.1, 1.0, "score")) if request.score else None
    content = report.to_json()
    return MadeMaster(
        files={"master": path},
        loudness=content["after"],
        details={**content, **kept, "aim": aim_details(request.mastering)},
        report=content,
        name=spoken_name(report, request.mastering),
        score=scored,
    )


def _heard(
    request: MasterRequest, path: Path, written: SafeMaster, progress: Progress
) -> tuple[MasterReport, dict[str, Any]]:
    """What the written file holds: its figures take the planned ones' place. And the curves of the Master page."""
    from grammy_desktop.core.audio_file import open_source
    from grammy_desktop.mastering.platforms import load_table
    from grammy_desktop.mastering.proof import judge_with_codecs
    from grammy_desktop.workflows.pictures import HeardAudio, master_curves

    with open_source(Path(request.source)) as source:
        mix = HeardAudio.of(source, PartOfProgress(progress, 0.0, 0.4), loudness=False)
    with open_source(path) as source:
        heard = HeardAudio.of(source, PartOfProgress(progress, 0.4, 1.0))
    loudness = heard.loudness()
    platforms = judge_with_codecs(loudness, written.tried, load_table(AppPaths(Path(request.data_dir)).user_platforms))
    kept: dict[str, Any] = master_curves(mix.third_octaves(), heard)
    if written.tried:
        kept["codec_safe_ceiling_dbtp"] = round(written.ceiling_dbtp, 2)
    return replace(written.report, after=loudness, platforms=platforms), kept


def _scored(request: MasterRequest, path: Path, progress: Progress) -> dict[str, Any] | None:
    from grammy_desktop.core.audio_file import read_clip, read_info
    from grammy_desktop.scoring import score

    if read_info(path).duration > _SCORED_UP_TO:
        return None
    return score(read_clip(path), style=request.genre, progress=progress).to_json()
