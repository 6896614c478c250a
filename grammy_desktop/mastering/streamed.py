"""A mix of any length becomes a master: planned in a few passes over little memory, then carried out.

    measure the source | tone, into a spool, while the end stage's model listens | draft and run the end stage on the spool

The last run's output is kept, so that what was planned needs no pass of its own to be written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.loudness import Loudness, LoudnessMeter
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.stream import Pipeline, blocks_of, run_through
from grammy_desktop.mastering.end_model import ModelListener
from grammy_desktop.mastering.end_stage import TOLERANCE, finish
from grammy_desktop.mastering.goal import TARGET_RANGE, check_goal
from grammy_desktop.mastering.hearable import TARGET, Hearable
from grammy_desktop.mastering.matching import MatchPlan
from grammy_desktop.mastering.plan import (
    ChainTone,
    EndStage,
    GainStage,
    MasterPlan,
    Sink,
    Tone,
    carry_out,
    linear,
    playable,
)
from grammy_desktop.mastering.platforms import judge_platforms
from grammy_desktop.mastering.presets import ClipStage, Preset
from grammy_desktop.mastering.report import GainReduction, MasterReport
from grammy_desktop.mastering.spool import Spool

__all__ = ["MasterPlan", "carry_out", "heard_before", "master_source", "plan_master", "planned"]

CHAIN_LEVEL = -18.0
"""LUFS: what every mix is brought to before the chain, so that thresholds mean the same for all."""
REFERENCE_CEILING = -1.0
"""dBTP, where nothing else is asked for."""
REFERENCE_CLIP = ClipStage(knee_db=-1.0, limit_db=3.0)


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan, and what its last run gave: take holds the result without the trim, after are the figures with it."""

    plan: MasterPlan
    take: Spool
    after: Loudness
    reduction: GainReduction

    def blocks(self, progress: Progress) -> Iterator[Samples]:
        """The finished master."""
        trim = np.float32(linear(self.plan.end.trim_db))
        for block in blocks_of(self.take, progress=progress, stage="master"):
            yield block if trim == 1 else block * trim

    def report(self) -> MasterReport:
        plan, after = self.plan, self.after
        reached = after.integrated is not None and abs(after.integrated - plan.target_lufs) <= TOLERANCE
        return MasterReport(
            before=plan.before,
            after=after,
            preset=plan.preset,
            reference=plan.reference,
            target_lufs=plan.target_lufs,
            ceiling_dbtp=plan.ceiling_dbtp,
            intensity=plan.intensity,
            platforms=judge_platforms(after),
            gain_reduction=self.reduction,
            reached=reached,
            note="" if reached else _why_missed(after, plan.target_lufs),
        )


def plan_master(
    source: AudioSource,
    aim: Preset | MatchPlan,
    *,
    target_lufs: float | None = None,
    ceiling_dbtp: float | None = None,
    intensity: float = 1.0,
    name: str = "",
    work_dir: Path | None = None,
    progress: Progress,
) -> MasterPlan:
    """What `master_source` would carry out, without keeping the result. Parameters and errors as there."""
    with planned(
        source,
        aim,
        target_lufs=target_lufs,
        ceiling_dbtp=ceiling_dbtp,
        intensity=intensity,
        name=name,
        work_dir=work_dir,
        progress=progress,
    ) as made:
        return made.plan


def master_source(
    source: AudioSource,
    aim: Preset | MatchPlan,
    *,
    out: Sink,
    target_lufs: float | None = None,
    ceiling_dbtp: float | None = None,
    intensity: float = 1.0,
    name: str = "",
    before: Loudness | None = None,
    work_dir: Path | None = None,
    progress: Progress,
) -> MasterReport:
    """Master `source` into `out`: same rate, same frames; more than two channels are mixed to stereo.

    aim: a preset, or a plan of matching made for this source (its intensity is in it). target_lufs (-40 to -5),
    ceiling_dbtp (-9 to 0): instead of the aim's. name: the file's, for messages. before: the source's figures where they
    are known. work_dir: where spools of long audio go; they go with the process. The report's figures are of what was
    given to `out`; a file has rounding of its own: measure it.
    Raises UserError for silence, samples that are not numbers, less than half a second, or an impossible goal;
    EnvironmentFailure when the disk fails.
    """
    with planned(
        source,
        aim,
        target_lufs=target_lufs,
        ceiling_dbtp=ceiling_dbtp,
        intensity=intensity,
        name=name,
        before=before,
        work_dir=work_dir,
        progress=PartOfProgress(progress, 0.0, 0.9),
    ) as made:
        for block in made.blocks(PartOfProgress(progress, 0.9, 1.0)):
            out.write(block)
        return made.report()


@contextmanager
def planned(
    source: AudioSource,
    aim: Preset | MatchPlan,
    *,
    target_lufs: float | None = None,
    ceiling_dbtp: float | None = None,
    intensity: float = 1.0,
    name: str = "",
    before: Loudness | None = None,
    work_dir: Path | None = None,
    progress: Progress,
) -> Iterator[Planned]:
    """As `master_source`, up to the point where everything is known; `work_dir` None keeps all in memory."""
    source = playable(source)
    draft = _draft_plan(aim, target_lufs, ceiling_dbtp, intensity)
    if before is None:
        before = heard_before(source, name, PartOfProgress(progress, 0.0, 0.1, "master"))
    level = CHAIN_LEVEL - (before.integrated if before.integrated is not None else CHAIN_LEVEL)
    draft = replace(draft, before=before, level_db=level)
    frames, channels, rate = source.frames, source.channels, source.sample_rate
    with (
        Spool(frames, channels, rate, work_dir=work_dir) as toned,
        Spool(frames, channels, rate, work_dir=work_dir) as take,
    ):
        listener = ModelListener(frames, channels, rate)
        processor = Pipeline([GainStage(level), draft.tone.processor(rate, channels)])
        passing = blocks_of(source, progress=PartOfProgress(progress, 0.1, 0.4, "master"), stage="master")
        for block in run_through(passing, processor):
            toned.write(block)
            listener.push(block)
        model = listener.model(draft.end)
        search = PartOfProgress(progress, 0.4, 1.0, "master")
        finished = finish(toned, take, model, draft.end, target_lufs=draft.target_lufs, progress=search)
        yield Planned(replace(draft, end=finished.end), take, finished.after, finished.reduction)


def heard_before(source: AudioSource, name: str, progress: Progress) -> Loudness:
    """Loudness of what is to be mastered. Raises UserError when there is nothing to master; `name` as in `master_source`."""
    hearable = Hearable(name, TARGET)
    hearable.check_length(source.frames / source.sample_rate)
    meter = LoudnessMeter(source.sample_rate, source.channels)
    for block in blocks_of(source, progress=progress, stage="master"):
        if not np.isfinite(np.max(np.abs(block))):
            raise hearable.no_numbers()
        hearable.push(block)
        meter.push(block)
    hearable.check()
    loudness = meter.result()
    if loudness.integrated is None:
        raise hearable.too_quiet()
    return loudness


def _draft_plan(
    aim: Preset | MatchPlan, target_lufs: float | None, ceiling_dbtp: float | None, intensity: float
) -> MasterPlan:
    """Everything that is known before the source was heard."""
    if isinstance(aim, MatchPlan):
        own_target = min(TARGET_RANGE[1], max(TARGET_RANGE[0], aim.target_lufs))
        own_ceiling, clip, intensity = REFERENCE_CEILING, REFERENCE_CLIP, aim.intensity
        tone: Tone = aim
    else:
        own_target, own_ceiling, clip = aim.target_lufs, aim.ceiling_dbtp, aim.clip  # type: ignore[assignment]
        tone = ChainTone(tuple(effect.scaled(intensity) for effect in aim.chain))
    target = own_target if target_lufs is None else target_lufs
    ceiling = own_ceiling if ceiling_dbtp is None else ceiling_dbtp
    check_goal(target, ceiling, intensity)
    nothing = Loudness(None, None, None, None, None, None, None)
    return MasterPlan(
        before=nothing,
        level_db=0.0,
        tone=tone,
        end=EndStage(0.0, clip, ceiling),
        target_lufs=target,
        ceiling_dbtp=ceiling,
        intensity=intensity,
        preset="" if isinstance(aim, MatchPlan) else aim.id,
        reference=aim.reference if isinstance(aim, MatchPlan) else "",
    )


def _why_missed(after: Loudness, target_lufs: float) -> str:
    if after.integrated is None:
        return "The result is too quiet to be measured."
    return (
        f"{target_lufs:g} LUFS could not be reached: its peaks are so far above the rest that"
        f" {after.integrated:.1f} LUFS is as loud as it gets without breaking up."
    )
