"""A mix in memory becomes a master: tone by the preset's chain or a reference, then loudness under a ceiling."""

from __future__ import annotations

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.loudness import Loudness
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.mastering.matching import MatchPlan
from grammy_desktop.mastering.presets import Preset
from grammy_desktop.mastering.report import Mastered
from grammy_desktop.mastering.streamed import Planned, planned


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
