"""A mix becomes a master: tone by the preset's chain, then loudness under a ceiling."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_convert import to_stereo
from grammy_desktop.core.effects import apply_effects
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import Loudness, measure
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering.end_stage import TOLERANCE, finish
from grammy_desktop.mastering.goal import check_goal
from grammy_desktop.mastering.platforms import judge_platforms
from grammy_desktop.mastering.presets import ClipStage, Preset
from grammy_desktop.mastering.report import Mastered, MasterReport, measure_reduction

CHAIN_LEVEL = -18.0
"""LUFS: what every mix is brought to before the chain, so that thresholds mean the same for all."""
SHORTEST = 0.5
"""Seconds."""


def master(
    clip: AudioClip,
    preset: Preset,
    *,
    target_lufs: float | None = None,
    ceiling_dbtp: float | None = None,
    intensity: float = 1.0,
    name: str = "",
    progress: Progress,
) -> Mastered:
    """Master `clip` with `preset`; same sample rate and frame count, no delay. More than two channels are mixed to stereo.

    target_lufs (-40 to -5), ceiling_dbtp (-9 to 0): instead of the preset's. intensity: 0 leaves the tone alone, 1 is the
    preset as written; loudness and ceiling are kept either way. name: the file's, for messages.
    Raises UserError for silence, samples that are not numbers, less than half a second, or an impossible goal.
    """
    target = preset.target_lufs if target_lufs is None else target_lufs
    ceiling = preset.ceiling_dbtp if ceiling_dbtp is None else ceiling_dbtp
    check_goal(target, ceiling, intensity)
    clip = to_stereo(clip) if clip.channels > 2 else clip
    before = measure_source(clip, name)
    progress.report(0.1, "master")
    levelled = at_level(clip, before)
    chain = [effect.scaled(intensity) for effect in preset.chain]
    toned = apply_effects(levelled, chain, progress=PartOfProgress(progress, 0.1, 0.4, "master"))
    return finish_master(
        toned,
        before=before,
        target_lufs=target,
        ceiling_dbtp=ceiling,
        clip_stage=preset.clip,
        preset=preset.id,
        intensity=intensity,
        progress=PartOfProgress(progress, 0.4, 1.0, "master"),
    )


def measure_source(clip: AudioClip, name: str) -> Loudness:
    """Loudness of what is to be mastered. Raises UserError when there is nothing to master; `name` as in `master`."""
    spoken = f"“{name}”" if name else "The audio"
    file = name or None
    if clip.duration < SHORTEST:
        raise UserError(f"{spoken} is {clip.duration:.2f} s long; mastering needs at least {SHORTEST:g} s.", file=file)
    peak = float(np.max(np.abs(clip.samples)))
    if not np.isfinite(peak):
        raise UserError(f"{spoken} holds samples that are not numbers (NaN or infinity).", file=file)
    if peak == 0.0:
        raise UserError(f"{spoken} is silent throughout, so there is nothing to master.", file=file)
    loudness = measure(clip)
    if loudness.integrated is None:
        raise UserError(f"{spoken} is too quiet to be mastered: nothing in it is above -70 LUFS.", file=file)
    return loudness


def at_level(clip: AudioClip, loudness: Loudness) -> AudioClip:
    """The clip at the chain's level."""
    gain = CHAIN_LEVEL - (loudness.integrated if loudness.integrated is not None else CHAIN_LEVEL)
    return AudioClip(clip.samples * np.float32(10 ** (gain / 20)), clip.sample_rate)


def finish_master(
    toned: AudioClip,
    *,
    before: Loudness,
    target_lufs: float,
    ceiling_dbtp: float,
    clip_stage: ClipStage | None,
    progress: Progress,
    preset: str = "",
    reference: str = "",
    intensity: float = 1.0,
) -> Mastered:
    """The end stage and its report; `toned` is the signal after tone shaping."""
    finished = finish(
        toned, target_lufs=target_lufs, ceiling_dbtp=ceiling_dbtp, clip_stage=clip_stage, progress=progress
    )
    result = AudioClip(finished.samples, toned.sample_rate)
    after = measure(result)
    reached = after.integrated is not None and abs(after.integrated - target_lufs) <= TOLERANCE
    report = MasterReport(
        before=before,
        after=after,
        preset=preset,
        reference=reference,
        target_lufs=target_lufs,
        ceiling_dbtp=ceiling_dbtp,
        intensity=intensity,
        platforms=judge_platforms(after),
        gain_reduction=measure_reduction(finished.driven, finished.samples, toned.sample_rate),
        reached=reached,
        note="" if reached else _why_missed(after, target_lufs),
    )
    progress.report(1.0, "master")
    return Mastered(result, report)


def _why_missed(after: Loudness, target_lufs: float) -> str:
    if after.integrated is None:
        return "The result is too quiet to be measured."
    return (
        f"{target_lufs:g} LUFS could not be reached: its peaks are so far above the rest that"
        f" {after.integrated:.1f} LUFS is as loud as it gets without breaking up."
    )
