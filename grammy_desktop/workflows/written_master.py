"""A master from file to file, and made again with a lower ceiling where a codec would lift its peaks over the promised one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.workflows.mastering_aim import Mastering, aim_for, with_names

if TYPE_CHECKING:
    from grammy_desktop.core.audio_file import AudioFileSource, AudioFormat
    from grammy_desktop.core.dither import DitherMode
    from grammy_desktop.mastering import MasterReport, Preset
    from grammy_desktop.mastering.codecs import CodecResult
    from grammy_desktop.mastering.matching import MatchPlan

    Aim = Callable[[AudioFileSource, Progress], Preset | MatchPlan]

_CODEC_TRIES = 3
"""Masters that are made anew with a lower ceiling at most; one is enough as a rule."""
_ENOUGH = 0.05
"""dB above the ceiling after codecs that are let pass, as the platforms' judge does."""


@dataclass(frozen=True)
class WrittenMaster:
    """One master to be written: `source` to `made`. subtype: the writer's, None for the format's own.

    aim: what to master with, decided when the source is open; None for what `mastering` says.
    """

    data_dir: Path
    source: Path
    made: Path
    mastering: Mastering
    format: AudioFormat = "wav"
    subtype: str | None = None
    aim: Aim | None = None

    def write(self, progress: Progress, *, ceiling_dbtp: float | None = None) -> MasterReport:
        """Streamed; `ceiling_dbtp` instead of the aim's. Raises `UserError` for bad files and goals, silence."""
        from grammy_desktop.core.audio_file import open_source, open_writer
        from grammy_desktop.mastering.streamed import master_source

        mastering = self.mastering
        with open_source(self.source) as source:
            mixed_down = f"Its {source.channels} channels were mixed to stereo." if source.channels > 2 else ""
            aim = (self.aim or self._asked)(source, PartOfProgress(progress, 0.0, 0.2, "master"))
            with open_writer(
                self.made,
                sample_rate=source.sample_rate,
                channels=min(2, source.channels),
                format=self.format,
                subtype=self.subtype,
                metadata=read_metadata(self.source),
                dither=cast("DitherMode", mastering.dither),
            ) as writer:
                report = master_source(
                    source,
                    aim,
                    out=writer,
                    target_lufs=mastering.loudness,
                    ceiling_dbtp=mastering.ceiling if ceiling_dbtp is None else ceiling_dbtp,
                    intensity=mastering.intensity,
                    name=self.source.name,
                    work_dir=self.made.parent,
                    progress=PartOfProgress(progress, 0.2, 1.0, "master"),
                )
        return with_names(replace(report, note=f"{report.note} {mixed_down}".strip()), mastering)

    def _asked(self, source: AudioFileSource, progress: Progress) -> Preset | MatchPlan:
        return aim_for(source, self.mastering, AppPaths(self.data_dir), self.source.name, progress)


@dataclass(frozen=True)
class SafeMaster:
    """report: its ceiling is the one promised. ceiling_dbtp: the one it was made with. tried: the codecs on the last one."""

    report: MasterReport
    ceiling_dbtp: float
    tried: tuple[CodecResult, ...] = ()


def write_master(job: WrittenMaster, progress: Progress) -> SafeMaster:
    """Written once; where `codec_safe` is asked for, again with the ceiling lowered by what the worst codec added.

    What codecs are to keep to is the ceiling that was asked for; of a preset that leaves room below its platforms' limits, the
    strictest of these limits.
    """
    if not job.mastering.codec_safe:
        report = job.write(progress)
        return SafeMaster(report, report.ceiling_dbtp)
    from grammy_desktop.mastering.codecs import MOST_LOWERED, check_codecs, worst_excess
    from grammy_desktop.mastering.goal import CEILING_RANGE

    table = AppPaths(job.data_dir).user_platforms
    span = 1 / (_CODEC_TRIES + 1)
    report = job.write(PartOfProgress(progress, 0.0, span))
    asked = ceiling = report.ceiling_dbtp
    promised = _promised(job, report)
    lowest = max(CEILING_RANGE[0], asked - MOST_LOWERED)
    tried: tuple[CodecResult, ...] = ()
    for number in range(1, _CODEC_TRIES + 1):
        part = PartOfProgress(progress, number * span, (number + 1) * span)
        encoding = PartOfProgress(part, 0.0, 0.5, "encode")
        tried = check_codecs(
            job.made, user_table=table, limit_dbtp=promised, work_dir=job.made.parent, progress=encoding
        )
        excess = worst_excess(tried, promised)
        if excess <= _ENOUGH or number == _CODEC_TRIES or ceiling <= lowest:
            break
        ceiling = max(lowest, ceiling - excess)
        report = replace(job.write(PartOfProgress(part, 0.5, 1.0), ceiling_dbtp=ceiling), ceiling_dbtp=asked)
    left = worst_excess(tried, promised)
    if left > _ENOUGH:
        unsafe = (
            f"Codecs still lift its peaks {left:.1f} dB above {promised:g} dBTP: a quieter target leaves them room."
        )
        report = replace(report, note=f"{report.note} {unsafe}".strip())
    return SafeMaster(report, ceiling, tried)


def _promised(job: WrittenMaster, report: MasterReport) -> float:
    """dBTP."""
    from grammy_desktop.mastering import load_presets
    from grammy_desktop.mastering.platforms import load_platforms

    paths = AppPaths(job.data_dir)
    preset = load_presets(paths.user_presets).get(report.preset)
    if job.mastering.ceiling is not None or preset is None:
        return report.ceiling_dbtp
    limits = [p.ceiling_dbtp for p in load_platforms(paths.user_platforms) if p.id in preset.platforms]
    return max(report.ceiling_dbtp, min(limits, default=report.ceiling_dbtp))
