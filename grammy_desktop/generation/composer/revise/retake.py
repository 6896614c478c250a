"""The sound of a revised song: stems that the revision does not touch are the old ones, sample for sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.song import Arrangement, Part
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.composition import Composition
from grammy_desktop.generation.composer.endings import continued, loop_of, rendered_frames
from grammy_desktop.generation.composer.render import RATE
from grammy_desktop.generation.composer.revise.carry_over import (
    Treatment,
    carried_over,
    quantised,
    treated,
    treatment_of,
    within,
)
from grammy_desktop.generation.composer.take import Studio, render_take, rendered, stem_builder


@dataclass(frozen=True, eq=False)
class Retake:
    """float32 [frames, 2] at 48 kHz; the mix is the exact sum of the stems. kept: stems that are the parent's own."""

    mix: Samples
    stems: dict[str, Samples]
    kept: frozenset[str]
    told: tuple[str, ...] = ()
    """Sentences on the user's own instruments that could not play."""


def whole_take(song: Composition, progress: Progress, *, patches: Path | None = None) -> Retake:
    """Everything rendered and mixed anew. Raises `Cancelled`, `UserError` where nothing is left to play."""
    if not song.arrangement.parts:
        raise UserError("Nothing is left to play; leave one part at least.")
    studio = Studio.of(song.seed, patches)
    take = render_take(song.arrangement, song.style, song.brief.duration.value, studio, progress)
    return Retake(take.mix, take.stems, frozenset(), tuple(studio.own.told))


def partial_take(
    before: Composition,
    after: Composition,
    delivered: Mapping[str, Samples],
    progress: Progress,
    *,
    patches: Path | None = None,
) -> Retake:
    """The parent's stems with those of `after` in place of the ones that changed. delivered: the parent's stems, by name.

    A new stem is as loud as its section and the mix made the old one. Raises `Cancelled`, `UserError`.
    """
    old, new = before.arrangement, after.arrangement
    if not new.parts:
        raise UserError("Nothing is left to play; leave one part at least.")
    names = tuple(dict.fromkeys(part.stem for part in new.parts))
    changed = [n for n in names if n not in delivered or _parts(old, n) != _parts(new, n)]
    kept = {name: delivered[name] for name in names if name not in changed}
    frames = len(next(iter(delivered.values())))
    studio = Studio.of(after.seed, patches)
    known = [name for name in changed if name in delivered]
    guide = [] if known else [_guide(delivered)]
    were, build_old = _looped(old, before.style, frames, replace(studio, seed=before.seed), progress.check_cancelled)
    _, build_new = _looped(new, after.style, frames, studio, progress.check_cancelled)
    needed = [name for name in dict.fromkeys([*known, *guide]) if name in were]
    work = [partial(build_old, n) for n in needed] + [partial(build_new, n) for n in changed]
    built = rendered(work, PartOfProgress(progress, 0.05, 0.9))
    raw_old = dict(zip(needed, built, strict=False))
    raw_new = dict(zip(changed, built[len(needed) :], strict=True))
    progress.report(0.92, "mix")
    treatment = _treatment(raw_old, delivered, frames)
    total = _sum(kept.values(), frames)
    peak = float(np.abs(_sum(delivered.values(), frames)).max())
    stems = dict(kept)
    for name in changed:
        progress.check_cancelled()
        stem = _placed(name, raw_old, delivered, raw_new[name], treatment)
        stems[name] = quantised(within(stem, total, peak))
        total += stems[name]
    progress.report(1.0, "mix")
    return Retake(total, {name: stems[name] for name in names}, frozenset(kept), tuple(studio.own.told))


def _parts(score: Arrangement, stem: str) -> tuple[Part, ...]:
    return tuple(part for part in score.parts if part.stem == stem)


def _guide(delivered: Mapping[str, Samples]) -> str:
    """The stem that sounds most of the time: from it is learned what the mix does over time."""
    return max(delivered, key=lambda name: (float(np.mean(np.abs(delivered[name][::4801]) > 1e-4)), name))


def _treatment(raw: Mapping[str, Samples], delivered: Mapping[str, Samples], frames: int) -> Treatment | None:
    """What the mix did to all stems alike, heard from those at hand."""
    return treatment_of(_sum(raw.values(), frames), _sum((delivered[name] for name in raw), frames))


def _placed(
    name: str,
    raw_old: Mapping[str, Samples],
    delivered: Mapping[str, Samples],
    raw_new: Samples,
    treatment: Treatment | None,
) -> Samples:
    if name in raw_old:
        return carried_over(raw_old[name], delivered[name], raw_new, treatment)
    return treated(raw_new, treatment) if treatment is not None else raw_new


def _sum(stems: Iterable[Samples], frames: int) -> Samples:
    total = np.zeros((frames, 2), np.float32)
    for stem in stems:
        total += stem
    return total


def _looped(
    score: Arrangement, style: Style, frames: int, studio: Studio, check: Callable[[], None]
) -> tuple[tuple[str, ...], Callable[[str], Samples]]:
    """As `stem_builder`; a loop's stems are as long as the loop, their tails wrapped."""
    names, build = stem_builder(score, style, rendered_frames(score, style, frames, RATE), studio, check)
    if score.ending != "loop":
        return names, build
    return names, lambda name: loop_of(continued(build(name), frames, RATE), frames, RATE)
