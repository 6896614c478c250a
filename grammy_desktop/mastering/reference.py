"""Mastering after a reference track: its spectrum, width and loudness (matchering), under our own ceiling.

matchering compares the loudest pieces of both tracks in mid and side, and gives the mix the reference's spectrum by a
linear-phase filter each. Its limiter is left out: it does not hold true peaks.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import read_clip, resample, to_stereo, write_wav
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import Loudness
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering.goal import TARGET_RANGE, check_goal
from grammy_desktop.mastering.master import at_level, finish_master, measure_source
from grammy_desktop.mastering.presets import ClipStage
from grammy_desktop.mastering.report import Mastered

DEFAULT_CEILING = -1.0
"""dBTP."""
LONGEST = 15 * 60
"""Seconds; matchering keeps several copies of both tracks in double precision."""
_CLIP = ClipStage(knee_db=-1.0, limit_db=3.0)
_FILTER_SIZE = 4096
"""Samples of the matching filter at 44.1 and 48 kHz."""


def master_to_reference(
    clip: AudioClip,
    reference: AudioClip,
    *,
    target_lufs: float | None = None,
    ceiling_dbtp: float | None = None,
    intensity: float = 1.0,
    name: str = "",
    reference_name: str = "reference",
    work_dir: Path | None = None,
    progress: Progress,
) -> Mastered:
    """Give `clip` the tone and width of `reference`, and its loudness unless `target_lufs` is given.

    Same rate, channels (surround becomes stereo) and frame count as `clip`. intensity: share of the matched signal in the
    result, 0 leaves the tone alone. work_dir: where temporary files go (a folder of their own there, removed).
    Raises UserError for silent, damaged, too short (< 0.5 s) or too long (> 15 min) tracks and impossible goals.
    """
    clip = to_stereo(clip) if clip.channels > 2 else clip
    for track, track_name in ((clip, name), (reference, reference_name)):
        if track.duration > LONGEST:
            spoken = f"“{track_name}”" if track_name else "The audio"
            raise UserError(f"{spoken} is longer than {LONGEST // 60} min, the longest for mastering to a reference.")
    before = measure_source(clip, name)
    heard = measure_source(to_stereo(reference), reference_name)
    target = _target(heard) if target_lufs is None else target_lufs
    ceiling = DEFAULT_CEILING if ceiling_dbtp is None else ceiling_dbtp
    check_goal(target, ceiling, intensity)
    progress.report(0.1, "master")
    levelled = at_level(clip, before)
    matched = levelled
    if intensity > 0:
        matched = _match(levelled, at_level(reference, heard), work_dir, progress)
    mixture = levelled.samples + (matched.samples - levelled.samples) * np.float32(intensity)
    return finish_master(
        AudioClip(mixture, clip.sample_rate),
        before=before,
        target_lufs=target,
        ceiling_dbtp=ceiling,
        clip_stage=_CLIP,
        reference=reference_name,
        intensity=intensity,
        progress=PartOfProgress(progress, 0.6, 1.0, "master"),
    )


def _target(reference: Loudness) -> float:
    loudness = reference.integrated if reference.integrated is not None else TARGET_RANGE[0]
    return min(TARGET_RANGE[1], max(TARGET_RANGE[0], loudness))


def _match(clip: AudioClip, reference: AudioClip, work_dir: Path | None, progress: Progress) -> AudioClip:
    """matchering on files at the clip's own rate, so that only the reference is ever resampled."""
    from matchering import Config, Result, process
    from matchering.log import ModuleError

    rate = clip.sample_rate
    octaves = max(0, round(np.log2(rate / 46_000)))
    with tempfile.TemporaryDirectory(prefix="grammy-match-", dir=work_dir) as folder:
        mix_file, reference_file, result_file = (
            Path(folder) / f"{part}.wav" for part in ("mix", "reference", "result")
        )
        write_wav(mix_file, to_stereo(clip), subtype="FLOAT")
        write_wav(reference_file, resample(to_stereo(reference), rate), subtype="FLOAT")
        progress.report(0.2, "master")
        progress.check_cancelled()
        config = Config(
            internal_sample_rate=rate,
            max_length=LONGEST + 1,
            fft_size=_FILTER_SIZE << octaves,
            allow_equality=True,
            temp_folder=folder,
        )
        try:
            result = Result(str(result_file), "FLOAT", use_limiter=False, normalize=False)
            process(str(mix_file), str(reference_file), [result], config)
        except ModuleError as error:
            raise UserError(f"The tracks could not be matched: {error}.") from error
        progress.report(0.55, "master")
        progress.check_cancelled()
        matched = read_clip(result_file, max_seconds=LONGEST + 1)
    # Its filter of even length, cut from the middle, comes one sample late.
    samples = np.concatenate([matched.samples[1:], np.zeros((1, 2), np.float32)])
    if clip.channels == 1:
        samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return AudioClip(np.ascontiguousarray(samples[: clip.frames]), rate)
