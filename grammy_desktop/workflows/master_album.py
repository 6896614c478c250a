"""Several files as one album: each is aimed so that louder songs stay louder and the whole lands on the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.core.errors import GrammyError, UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.workflows.mastering_aim import Mastering

if TYPE_CHECKING:
    from grammy_desktop.mastering.album import AlbumTrack, TrackAim

_ASSISTANT_TARGET = -14.0
"""LUFS: where most services play albums."""


@dataclass(frozen=True)
class AlbumRequest:
    """Tracks in their order, and what the album is to reach as a whole."""

    data_dir: str
    sources: tuple[str, ...]
    mastering: Mastering
    assistant: bool = False


@dataclass(frozen=True)
class MadeAlbumPlan:
    """By the number of the source: its figures, its plan and what to master it with, or why it cannot be part of the album."""

    target_lufs: float
    tracks: Mapping[int, AlbumTrack]
    plans: Mapping[int, TrackAim]
    masterings: Mapping[int, Mastering]
    failed: Mapping[int, GrammyError]


def make_album_plan(request: AlbumRequest, staging: Path, progress: Progress) -> MadeAlbumPlan:
    """Runs in a worker. A bad file is left out and named; raises `UserError` when none is left."""
    from grammy_desktop.mastering.album import plan_album

    tracks: dict[int, AlbumTrack] = {}
    failed: dict[int, GrammyError] = {}
    count = len(request.sources)
    for number, source in enumerate(request.sources):
        part = PartOfProgress(progress, 0.9 * number / count, 0.9 * (number + 1) / count, "measure")
        try:
            tracks[number] = _measure(Path(source), part)
        except UserError as error:
            failed[number] = error
    target, ceiling = _goal(request, PartOfProgress(progress, 0.9, 1.0, "measure"))
    if not tracks:
        raise UserError("None of these files can be mastered; an album needs at least one that can.")
    planned = plan_album(list(tracks.values()), target, ceiling_dbtp=ceiling)
    plans = dict(zip(tracks, planned, strict=True))
    masterings = {n: replace(request.mastering, loudness=plan.target_lufs) for n, plan in plans.items()}
    return MadeAlbumPlan(target, tracks, plans, masterings, failed)


def album_json(plan: MadeAlbumPlan, masters: Mapping[int, dict[str, Any]]) -> dict[str, Any] | None:
    """What became of the album; masters: the JSON of `grammy master` by number, of those that were made. None for none."""
    from grammy_desktop.mastering.album import album_report

    made = [number for number in plan.tracks if masters.get(number, {}).get("after", {}).get("integrated") is not None]
    if not made:
        return None
    after = [_mastered(plan.tracks[number], masters[number]["after"]) for number in made]
    report = album_report(
        [plan.tracks[number] for number in made],
        [plan.plans[number] for number in made],
        after,
        target_lufs=plan.target_lufs,
    )
    return {**report.to_json(), "plan": [plan.plans[number].to_json() for number in made]}


def require_tracks(sources: Sequence[Path]) -> None:
    if len(sources) < 2:
        raise UserError("An album needs at least two files; leave --album out for one.")


def _measure(path: Path, progress: Progress) -> AlbumTrack:
    from grammy_desktop.core.audio_file import open_source
    from grammy_desktop.mastering.album import AlbumTrack
    from grammy_desktop.mastering.streamed import heard_before

    with open_source(path) as source:
        loudness = heard_before(source, path.name, progress)
        seconds = source.frames / source.sample_rate
    return AlbumTrack(path.name, loudness.integrated or 0.0, seconds, loudness.true_peak, loudness.short_term_max)


def _mastered(track: AlbumTrack, after: dict[str, Any]) -> AlbumTrack:
    return replace(track, integrated=after["integrated"], true_peak=after["true_peak"])


def _goal(request: AlbumRequest, progress: Progress) -> tuple[float, float]:
    """LUFS and dBTP of the album."""
    from grammy_desktop.mastering import find_preset, load_presets
    from grammy_desktop.mastering.goal import TARGET_RANGE
    from grammy_desktop.mastering.reference import load_references
    from grammy_desktop.mastering.streamed import REFERENCE_CEILING

    mastering, paths = request.mastering, AppPaths(Path(request.data_dir))
    target, ceiling = _ASSISTANT_TARGET, REFERENCE_CEILING
    if mastering.all_references:
        profile = load_references(
            mastering.all_references,
            weights=mastering.weights or None,
            cache_dir=paths.reference_cache,
            progress=progress,
        )
        target = min(TARGET_RANGE[1], max(TARGET_RANGE[0], profile.loudness))
    elif not request.assistant:
        preset = find_preset(load_presets(paths.user_presets), mastering.preset)
        target, ceiling = preset.target_lufs, preset.ceiling_dbtp
    return (
        target if mastering.loudness is None else mastering.loudness,
        ceiling if mastering.ceiling is None else mastering.ceiling,
    )
