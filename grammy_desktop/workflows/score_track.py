"""Measure a file on the Grammy Meter, and carry out the fixes it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.workflows.lossless import write_whole
from grammy_desktop.workflows.pictures import HeardAudio


@dataclass(frozen=True)
class ScoreRequest:
    """`source` is an audio file; `genre` the style to compare with (None: the nearest is found)."""

    source: str
    genre: str | None = None


@dataclass(frozen=True)
class FixRequest:
    """Carry out the fixes of the insights named (`all` for every one) on the file `source`."""

    source: str
    insights: tuple[str, ...]
    genre: str | None = None


@dataclass(frozen=True)
class MadeFix:
    """`applied` are the insights' ids, `labels` what was done about each, in words."""

    path: Path
    applied: tuple[str, ...]
    labels: tuple[str, ...]
    before: dict[str, Any]
    score: dict[str, Any]
    loudness: dict[str, Any]
    details: dict[str, Any]


def measure_score(request: ScoreRequest, staging: Path, progress: Progress) -> dict[str, Any]:
    """Runs in a worker: the score as JSON."""
    from grammy_desktop.core.audio_file import read_clip
    from grammy_desktop.scoring import score

    progress.report(0.0, "score")
    return score(read_clip(Path(request.source)), style=request.genre, progress=progress).to_json()


def make_fix(request: FixRequest, staging: Path, progress: Progress) -> MadeFix:
    """Runs in a worker: the fixed file (`fixed.wav`), scored again. Raises `UserError` for an insight that is not there."""
    from grammy_desktop.core.audio_file import read_clip
    from grammy_desktop.core.loudness import measure
    from grammy_desktop.scoring import apply_fix, fixes_in_order, score

    progress.report(0.0, "score")
    source = Path(request.source)
    clip = read_clip(source)
    before = score(clip, style=request.genre, progress=PartOfProgress(progress, 0.0, 0.4))
    fixable = [insight for insight in before.insights if insight.fix is not None]
    wanted = {insight.id for insight in fixable} if "all" in request.insights else set(request.insights)
    unknown = sorted(wanted - {insight.id for insight in fixable})
    if unknown:
        there = ", ".join(insight.id for insight in fixable) or "none"
        raise UserError(f"“{source.name}” has no fix for {', '.join(unknown)}; fixes there are: {there}.")
    chosen = [insight for insight in fixable if insight.id in wanted]
    if not chosen:
        raise UserError(f"“{source.name}” has nothing that a fix could mend.", file=str(source))
    for fix in fixes_in_order(chosen):
        progress.report(0.45, "fix")
        clip = apply_fix(clip, fix)
    applied = tuple(insight.id for insight in chosen)
    path = staging / "fixed.wav"
    write_whole(path, clip, read_metadata(source))
    after = score(clip, style=request.genre, progress=PartOfProgress(progress, 0.55, 0.95))
    return MadeFix(
        path=path,
        applied=applied,
        labels=tuple(insight.fix.label for insight in chosen if insight.fix is not None),
        before=before.to_json(),
        score=after.to_json(),
        loudness=measure(clip).to_json(),
        details={
            **HeardAudio.of_clip(clip).curves(),
            "fixes": list(applied),
            "score_before": before.to_json(),
        },
    )
