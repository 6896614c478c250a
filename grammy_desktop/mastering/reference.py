"""Mastering after a reference track: its spectrum and width by matching filters, its loudness under our own ceiling.

What is kept of a reference is a profile. It can be saved as a file, shared, blended with others, and is found again by
the content of the audio file that it was made from.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grammy_desktop.core.audio import AudioClip, AudioSource
from grammy_desktop.core.audio_file import open_source
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.mastering.goal import check_goal
from grammy_desktop.mastering.master import master
from grammy_desktop.mastering.matching import (
    PROFILE_SUFFIX,
    MatchPlan,
    ReferenceProfile,
    analyse_reference,
    analyse_target,
    blend_profiles,
    load_profile,
    plan_match,
    save_profile,
)
from grammy_desktop.mastering.report import Mastered

_HASHED = 2**24
"""Bytes between two looks for a cancel."""
_LOGGER = logging.getLogger(__name__)


def master_to_reference(
    clip: AudioClip,
    reference: AudioClip | ReferenceProfile,
    *,
    target_lufs: float | None = None,
    ceiling_dbtp: float | None = None,
    intensity: float = 1.0,
    name: str = "",
    reference_name: str = "",
    work_dir: Path | None = None,
    progress: Progress,
) -> Mastered:
    """Give `clip` the tone and width of `reference`, and its loudness unless `target_lufs` is given.

    Same rate, channels (surround becomes stereo), frame count and timing as `clip`. intensity: share of the difference in
    dB that is made up, 0 leaves the tone alone. reference_name: a clip's name; a profile has its own. work_dir: not used,
    nothing is written. For files of any length: `plan_for`, then `master_source`.
    Raises UserError for silent, damaged or too short (< 0.5 s) tracks and impossible goals.
    """
    check_goal(-14.0 if target_lufs is None else target_lufs, -1.0 if ceiling_dbtp is None else ceiling_dbtp, intensity)
    if isinstance(reference, ReferenceProfile):
        profile = reference
    else:
        heard = PartOfProgress(progress, 0.0, 0.1, "master")
        profile = analyse_reference(ClipSource(reference), name=reference_name or "reference", progress=heard)
    plan = plan_for(
        ClipSource(clip), profile, intensity=intensity, name=name, progress=PartOfProgress(progress, 0.1, 0.2, "master")
    )
    return master(
        clip,
        plan,
        target_lufs=target_lufs,
        ceiling_dbtp=ceiling_dbtp,
        name=name,
        progress=PartOfProgress(progress, 0.2, 1.0, "master"),
    )


def plan_for(
    source: AudioSource, profile: ReferenceProfile, *, intensity: float = 1.0, name: str = "", progress: Progress
) -> MatchPlan:
    """Listen to `source` once and plan its match, for `master_source`. Raises UserError as `master_to_reference`."""
    return plan_match(analyse_target(source, name=name, progress=progress), profile, intensity=intensity)


def load_reference(path: Path, *, cache_dir: Path | None = None, progress: Progress) -> ReferenceProfile:
    """The profile of an audio file, or the one that a `.gmref` file holds.

    cache_dir: a folder (made when it is missing) where profiles are kept by the content of their audio file.
    Raises UserError, naming the file, when it is neither or cannot serve as a reference.
    """
    path = Path(path)
    if path.suffix.lower() == PROFILE_SUFFIX:
        return load_profile(path)
    with open_source(path) as source:
        digest = _digest(path, progress)
        kept = cache_dir / f"{digest}{PROFILE_SUFFIX}" if cache_dir is not None else None
        profile = _from_cache(kept)
        if profile is None:
            profile = analyse_reference(source, name=path.name, source_hash=digest, progress=progress)
            _to_cache(kept, profile)
    # What is kept goes by content: the same audio may have another name now.
    return replace(profile, name=path.name)


def load_references(
    paths: Sequence[Path], *, weights: Sequence[float] | None = None, cache_dir: Path | None = None, progress: Progress
) -> ReferenceProfile:
    """Several references (audio or `.gmref`) blended into one by their weights; by default all weigh the same."""
    parts = [PartOfProgress(progress, n / len(paths), (n + 1) / len(paths)) for n in range(len(paths))]
    profiles = [
        load_reference(path, cache_dir=cache_dir, progress=part) for path, part in zip(paths, parts, strict=True)
    ]
    return blend_profiles(profiles, weights)


def _digest(path: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as handle:
            while part := handle.read(_HASHED):
                digest.update(part)
                progress.check_cancelled()
        return digest.hexdigest()
    except OSError as error:
        raise EnvironmentFailure(f"“{path.name}” could not be read: {error.strerror}.", file=str(path)) from error


def _from_cache(kept: Path | None) -> ReferenceProfile | None:
    if kept is None or not kept.is_file():
        return None
    try:
        return load_profile(kept)
    except UserError:
        # Of an older version, or damaged: it is made anew.
        return None


def _to_cache(kept: Path | None, profile: ReferenceProfile) -> None:
    if kept is None:
        return
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        save_profile(kept, profile)
    except (OSError, EnvironmentFailure) as error:
        _LOGGER.warning("The profile of a reference could not be kept: %s", error)
