"""Master a clip, a file or a version of a song."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from grammy_desktop.core.audio import AudioClip, AudioSource
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering import Mastered

if TYPE_CHECKING:
    from grammy_desktop.core.dither import DitherMode
    from grammy_desktop.mastering.matching import MatchPlan
    from grammy_desktop.mastering.presets import Preset
    from grammy_desktop.mastering.report import MasterReport

_SCORED_UP_TO = 30 * 60.0
"""Seconds: the meter of songs wants the whole song in memory."""
_CODEC_TRIES = 2
"""How often a master is made again with a lower ceiling for the sake of the codecs."""
_CODEC_SLACK = 0.05
"""dB above the ceiling after a codec that are let pass."""


@dataclass(frozen=True)
class Mastering:
    """What to aim for: `references` or `custom` take the preset's place.

    references: audio files or `.gmref` profiles, blended by `weights` (none: equally); `reference` is the single one.
    custom: a preset in the form of `preset_from_json`. loudness (LUFS), ceiling (dBTP): instead of the preset's.
    subtype, dither: of the written file. codec_safe: made again with a lower ceiling where Opus, MP3 or AAC exceed it.
    """

    preset: str = "spotify-loud"
    reference: str | None = None
    loudness: float | None = None
    ceiling: float | None = None
    intensity: float = 1.0
    references: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    custom: dict[str, Any] | None = None
    subtype: str = "PCM_24"
    dither: str = "tpdf"
    codec_safe: bool = False

    @property
    def all_references(self) -> tuple[Path, ...]:
        named = self.references or ((self.reference,) if self.reference is not None else ())
        return tuple(Path(name) for name in named)


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
    from grammy_desktop.core.audio_file import SUBTYPES, read_info
    from grammy_desktop.mastering.goal import check_goal
    from grammy_desktop.mastering.matching import PROFILE_SUFFIX, load_profile
    from grammy_desktop.mastering.streamed import REFERENCE_CEILING

    if mastering.subtype not in SUBTYPES["wav"]:
        raise UserError(f"A master cannot be written as “{mastering.subtype}”; use {', '.join(SUBTYPES['wav'])}.")
    for reference in mastering.all_references:
        if reference.suffix.lower() == PROFILE_SUFFIX:
            load_profile(reference)
        else:
            read_info(reference)
    preset = None if mastering.all_references else _preset(mastering, paths)
    target, ceiling = (preset.target_lufs, preset.ceiling_dbtp) if preset is not None else (-14.0, REFERENCE_CEILING)
    check_goal(
        target if mastering.loudness is None else mastering.loudness,
        ceiling if mastering.ceiling is None else mastering.ceiling,
        mastering.intensity,
    )


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
    return Mastered(mastered.clip, _named(mastered.report, mastering))


def make_master(request: MasterRequest, staging: Path, progress: Progress) -> MadeMaster:
    """Runs in a worker: `master.wav` in the staging folder, read back and measured and (when asked) scored.

    Streamed: memory does not grow with the file's length. Files longer than half an hour are not scored.
    """
    progress.report(0.0, "master")
    path = staging / "master.wav"
    end = 0.65 if request.score else 0.85
    report = _written(request, path, PartOfProgress(progress, 0.0, end))
    report = _safe_for_codecs(request, path, report, PartOfProgress(progress, end, end + 0.05))
    report, pictures = _heard(request, path, report, PartOfProgress(progress, end + 0.05, end + 0.1, "master"))
    scored = _scored(request, path, PartOfProgress(progress, end + 0.1, 1.0, "score")) if request.score else None
    content = report.to_json()
    kept = {key: value for key, value in content.items() if key != "gain_reduction"}
    return MadeMaster(
        files={"master": path},
        loudness=content["after"],
        details={**kept, "gain_reduction": content["gain_reduction"], **pictures},
        report=content,
        name=_spoken_name(report, request.mastering),
        score=scored,
    )


def _written(request: MasterRequest, path: Path, progress: Progress, ceiling: float | None = None) -> MasterReport:
    """One master from file to file. ceiling: dBTP instead of the one asked for."""
    from grammy_desktop.core.audio_file import open_source, open_writer
    from grammy_desktop.mastering.streamed import master_source

    mastering, source_path = request.mastering, Path(request.source)
    check_mastering(mastering, AppPaths(Path(request.data_dir)))
    share = 0.25 if mastering.all_references else 0.0
    with open_source(source_path) as source:
        listening = PartOfProgress(progress, 0.0, share, "master")
        aim = aim_for(source, mastering, AppPaths(Path(request.data_dir)), source_path.name, listening)
        with open_writer(
            path,
            sample_rate=source.sample_rate,
            channels=min(2, source.channels),
            subtype=mastering.subtype,
            metadata=read_metadata(source_path),
            dither=cast("DitherMode", mastering.dither),
        ) as writer:
            report = master_source(
                source,
                aim,
                out=writer,
                target_lufs=mastering.loudness,
                ceiling_dbtp=mastering.ceiling if ceiling is None else ceiling,
                intensity=mastering.intensity,
                name=source_path.name,
                work_dir=path.parent,
                progress=PartOfProgress(progress, share, 1.0),
            )
    return _named(report, mastering)


def _safe_for_codecs(request: MasterRequest, path: Path, report: MasterReport, progress: Progress) -> MasterReport:
    """Where asked: made again with the ceiling lowered by what the worst codec added; the report keeps the one promised."""
    if not request.mastering.codec_safe:
        return report
    from grammy_desktop.mastering.codecs import codec_excess_db
    from grammy_desktop.mastering.goal import CEILING_RANGE

    promised = ceiling = report.ceiling_dbtp
    for number in range(_CODEC_TRIES):
        part = PartOfProgress(progress, number / _CODEC_TRIES, (number + 1) / _CODEC_TRIES, "master")
        encoding = PartOfProgress(part, 0.0, 0.5)
        excess = codec_excess_db(path, promised, work_dir=path.parent, progress=encoding)
        if excess <= _CODEC_SLACK or ceiling <= CEILING_RANGE[0]:
            break
        ceiling = max(CEILING_RANGE[0], ceiling - excess)
        report = replace(_written(request, path, PartOfProgress(part, 0.5, 1.0), ceiling), ceiling_dbtp=promised)
    return report


def _heard(
    request: MasterRequest, path: Path, report: MasterReport, progress: Progress
) -> tuple[MasterReport, dict[str, Any]]:
    """What the written file holds: its figures take the planned ones' place. And the curves of the Master page."""
    from grammy_desktop.core.audio_file import open_source
    from grammy_desktop.mastering.platforms import judge_platforms
    from grammy_desktop.workflows.pictures import HeardAudio, master_curves

    with open_source(Path(request.source)) as source:
        mix = HeardAudio.of(source, PartOfProgress(progress, 0.0, 0.4), loudness=False)
    with open_source(path) as source:
        heard = HeardAudio.of(source, PartOfProgress(progress, 0.4, 1.0))
    loudness = heard.loudness()
    return replace(report, after=loudness, platforms=judge_platforms(loudness)), master_curves(mix, heard)


def _scored(request: MasterRequest, path: Path, progress: Progress) -> dict[str, Any] | None:
    from grammy_desktop.core.audio_file import read_clip, read_info
    from grammy_desktop.scoring import score

    if read_info(path).duration > _SCORED_UP_TO:
        return None
    return score(read_clip(path), style=request.genre, progress=progress).to_json()


def aim_for(
    source: AudioSource, mastering: Mastering, paths: AppPaths, name: str, progress: Progress
) -> Preset | MatchPlan:
    """The preset, the inline one, or a plan of matching made for this source."""
    if not mastering.all_references:
        return _preset(mastering, paths)
    from grammy_desktop.mastering.matching import analyse_target, plan_match
    from grammy_desktop.mastering.plan import playable
    from grammy_desktop.mastering.reference import load_references

    listening = PartOfProgress(progress, 0.0, 0.6)
    profile = load_references(
        mastering.all_references,
        weights=mastering.weights or None,
        cache_dir=paths.reference_cache,
        progress=listening,
    )
    target = analyse_target(playable(source), name=name, progress=PartOfProgress(progress, 0.6, 1.0))
    return plan_match(target, profile, intensity=mastering.intensity)


def _preset(mastering: Mastering, paths: AppPaths) -> Preset:
    from grammy_desktop.mastering import load_presets
    from grammy_desktop.mastering.presets import preset_from_json

    if mastering.custom is not None:
        return preset_from_json(mastering.custom, where="custom")
    presets = load_presets(paths.user_presets)
    if mastering.preset not in presets:
        raise UserError(f"There is no preset “{mastering.preset}”; available: {', '.join(sorted(presets))}.")
    return presets[mastering.preset]


def _named(report: MasterReport, mastering: Mastering) -> MasterReport:
    """A cached profile may have been made from a copy with another name."""
    names = " + ".join(path.name for path in mastering.all_references)
    return replace(report, reference=names) if names else report


def _spoken_name(report: MasterReport, mastering: Mastering) -> str:
    """'Spotify loud' for a preset, 'Like demo.wav' for a reference."""
    if report.reference:
        return f"Like {report.reference}"
    own = mastering.custom.get("name") if mastering.custom is not None else None
    return str(own) if own else report.preset.replace("-", " ").capitalize()
