"""Master files outside the library: one or many, to any format, with a ceiling that survives codecs, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.workflows.delivery import format_for, subtype_for
from grammy_desktop.workflows.master_track import Mastering, aim_for

if TYPE_CHECKING:
    from grammy_desktop.core.audio_file import AudioFileSource
    from grammy_desktop.core.dither import DitherMode
    from grammy_desktop.mastering import Preset
    from grammy_desktop.mastering.codecs import CodecResult
    from grammy_desktop.mastering.matching import MatchPlan

_CODEC_TRIES = 3
"""Masters that are made anew with a lower ceiling at most; one is enough as a rule."""
_ENOUGH = 0.05
"""dB above the ceiling after codecs that are let pass, as the platforms' judge does."""
_EXACT_FORMATS = ("wav", "flac", "aiff")


@dataclass(frozen=True)
class FileMasterRequest:
    """out: its ending says the format. bits: 16, 24, 32f or None (the format's own); `mastering.subtype` is not looked at.

    proof: the codecs are tried on the written file too. assistant: listens and takes the preset's place; genre: the style id
    that it compares with.
    """

    data_dir: str
    source: str
    mastering: Mastering
    out: str
    bits: str | None = None
    proof: bool = False
    assistant: bool = False
    genre: str | None = None


@dataclass(frozen=True)
class MadeFileMaster:
    """path: the master in the staging folder, in the format of `out`. report: the JSON of `grammy master` without `file`."""

    path: Path
    report: dict[str, Any]


def make_file_master(request: FileMasterRequest, staging: Path, progress: Progress) -> MadeFileMaster:
    """Runs in a worker, streamed. What is reported as `after` was read back from the written file.

    Raises `UserError` for bad files and goals, silence, and a format without such bits.
    """
    from grammy_desktop.mastering.codecs import check_codecs, worst_excess
    from grammy_desktop.mastering.goal import CEILING_RANGE
    from grammy_desktop.mastering.proof import prove

    out, table = Path(request.out), AppPaths(Path(request.data_dir)).user_platforms
    format = format_for(out)
    made = staging / f"master{out.suffix}"
    span = 0.85 / (_CODEC_TRIES + 1 if request.mastering.codec_safe else 1)
    report = _master(request, None, made, PartOfProgress(progress, 0.0, span))
    promised = float(report["ceiling_dbtp"])
    ceiling = promised
    tried: tuple[CodecResult, ...] = ()
    for number in range(1, _CODEC_TRIES + 1 if request.mastering.codec_safe else 1):
        part = PartOfProgress(progress, number * span, (number + 1) * span)
        encoding = PartOfProgress(part, 0.0, 0.5, "encode")
        tried = check_codecs(made, user_table=table, limit_dbtp=promised, work_dir=staging, progress=encoding)
        excess = worst_excess(tried, promised)
        if excess <= _ENOUGH or number == _CODEC_TRIES or ceiling <= CEILING_RANGE[0]:
            break
        ceiling = max(CEILING_RANGE[0], ceiling - excess)
        report = _master(request, ceiling, made, PartOfProgress(part, 0.5, 1.0))
    exact = format in _EXACT_FORMATS
    proof = prove(
        made,
        # A lossy file is a codec's work already: its peaks are told, not held against the limiter.
        ceiling_dbtp=promised if exact else None,
        target_lufs=float(report["target_lufs"]) if exact and report["reached"] else None,
        codecs=tried or request.proof,
        user_table=table,
        work_dir=staging,
        progress=PartOfProgress(progress, 0.85, 1.0, "measure"),
    ).to_json()
    report |= {"after": proof["loudness"], "ceiling_dbtp": promised, "platforms": proof.pop("platforms")}
    report["proof"] = {name: value for name, value in proof.items() if name != "file"}
    if request.mastering.codec_safe:
        report["codec_safe_ceiling_dbtp"] = round(ceiling, 2)
    return MadeFileMaster(made, report)


def _master(request: FileMasterRequest, ceiling: float | None, made: Path, progress: Progress) -> dict[str, Any]:
    """One master, written in the format asked for; its report. ceiling: dBTP instead of the aim's."""
    from grammy_desktop.core.audio_file import open_source, open_writer
    from grammy_desktop.mastering.streamed import master_source

    path, mastering = Path(request.source), request.mastering
    format = format_for(made)
    with open_source(path) as source:
        goal, told = _goal(source, request, PartOfProgress(progress, 0.0, 0.2, "master"))
        with open_writer(
            made,
            sample_rate=source.sample_rate,
            channels=min(2, source.channels),
            format=format,
            subtype=subtype_for(format, request.bits),
            metadata=read_metadata(path),
            dither=cast("DitherMode", mastering.dither),
        ) as writer:
            report = master_source(
                source,
                goal,
                out=writer,
                target_lufs=mastering.loudness,
                ceiling_dbtp=mastering.ceiling if ceiling is None else ceiling,
                intensity=mastering.intensity,
                name=path.name,
                work_dir=made.parent,
                progress=PartOfProgress(progress, 0.2, 1.0, "master"),
            ).to_json()
        if source.channels > 2:
            told = {**told, "note": f"{report['note']} Its {source.channels} channels were mixed to stereo.".strip()}
    del report["gain_reduction"]
    if mastering.all_references:
        report["reference"] = " + ".join(path.name for path in mastering.all_references)
    return {**report, **told}


def _goal(
    source: AudioFileSource, request: FileMasterRequest, progress: Progress
) -> tuple[Preset | MatchPlan, dict[str, Any]]:
    """What to master with: the assistant's own preset, or what is asked for; and what the report says about it besides."""
    from grammy_desktop.mastering.listen import listen

    name = Path(request.source).name
    if not request.assistant:
        return aim_for(source, request.mastering, AppPaths(Path(request.data_dir)), name, progress), {}
    proposal = listen(source, genre=request.genre, name=name, progress=progress)
    told = {"findings": [finding.to_json() for finding in proposal.findings], "preset": "assistant"}
    return proposal.preset, {"assistant": proposal.to_json()["preset"], **told}
