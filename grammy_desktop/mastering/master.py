"""A mix in memory becomes a master: tone by the preset's chain or a reference, then loudness under a ceiling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.loudness import Loudness
from grammy_desktop.core.progress import NoProgress, PartOfProgress, Progress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.mastering.matching import MatchPlan
from grammy_desktop.mastering.presets import ClipStage, Preset
from grammy_desktop.mastering.report import Mastered
from grammy_desktop.mastering.streamed import CHAIN_LEVEL, Planned, heard_before, planned


def master(
    clip: AudioClip,
    preset: Preset | MatchPlan,
    *,
    target_lufs: float | None = None,
    ceiling_dbtp: float | None = None,
    intensity: float = 1.0,
    name: str = "",
    before: Loudness | None = None,
    progress: Progress,
) -> Mastered:
    """Master `clip` with `preset`; same sample rate and frame count, no delay. More than two channels are mixed to stereo.

    target_lufs (-40 to -5), ceiling_dbtp (-9 to 0): instead of the preset's. intensity: 0 leaves the tone alone, 1 is the
    preset as written; loudness and ceiling are kept either way. name: the file's, for messages. A plan of matching may
    stand in the preset's place. before: the clip's figures where they are known.
    Raises UserError for silence, samples that are not numbers, less than half a second, or an impossible goal.
    """
    whole = PartOfProgress(progress, 0.0, 1.0, "master")
    with planned(
        ClipSource(clip),
        preset,
        target_lufs=target_lufs,
        ceiling_dbtp=ceiling_dbtp,
        intensity=intensity,
        name=name,
        before=before,
        progress=whole,
    ) as made:
        return _kept(made, whole)


def _kept(made: Planned, progress: Progress) -> Mastered:
    samples = made.take.samples
    done = 0
    for block in made.blocks(PartOfProgress(progress, 1.0, 1.0)):
        samples[done : done + len(block)] = block
        done += len(block)
    return Mastered(AudioClip(samples, made.take.sample_rate), made.report())


def measure_source(clip: AudioClip, name: str) -> Loudness:
    """Loudness of what is to be mastered. Raises UserError when there is nothing to master; `name` as in `master`."""
    return heard_before(ClipSource(clip), name, NoProgress())


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
    """The end stage and its report for a signal after tone shaping."""
    aim = Preset(preset, "", "", target_lufs, ceiling_dbtp, (), clip_stage)
    levelled = replace(before, integrated=CHAIN_LEVEL)
    mastered = master(toned, aim, intensity=intensity, before=levelled, progress=progress)
    return Mastered(mastered.clip, replace(mastered.report, before=before, reference=reference))
