"""From a score to sound: its parts rendered, put into stems, mixed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.song import Arrangement, Part
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.endings import (
    continued,
    loop_of,
    rendered_frames,
    song_seconds,
    style_for_ending,
)
from grammy_desktop.generation.composer.mix import StemMixer, finish_mix
from grammy_desktop.generation.composer.render import RATE, Stage, render_part
from grammy_desktop.generation.composer.render.bodies import shared_bodies
from grammy_desktop.generation.composer.render.user_sounds import OwnInstruments
from grammy_desktop.generation.composer.spill import is_worth_it, spilled, trimmed


@dataclass(frozen=True)
class Studio:
    """What is played with: the seed of every take, the folder of the user's patches and the user's own instruments."""

    seed: int
    patches: Path | None = None
    own: OwnInstruments = field(default_factory=OwnInstruments)

    @classmethod
    def of(cls, seed: int, patches: Path | None) -> Studio:
        return cls(seed, patches, OwnInstruments.beside(patches))


@dataclass(frozen=True, eq=False)
class Take:
    """float32 [frames, 2] at 48 kHz; the mix is the exact sum of the stems."""

    mix: Samples
    stems: dict[str, Samples]


def render_take(score: Arrangement, style: Style, seconds: float, studio: Studio, progress: Progress) -> Take:
    """The whole song, `seconds` long (a loop: as many bars as come nearest)."""
    frames = round(song_seconds(score, seconds) * RATE)
    length = rendered_frames(score, style, frames, RATE)
    stems = render_stems(score, style, length, studio, PartOfProgress(progress, 0.12, 0.85))
    if score.ending == "loop":
        stems = {name: continued(stem, frames, RATE) for name, stem in stems.items()}
    progress.report(0.86, "mix")
    with trimmed(stems.values()):
        mixed = finish_mix(stems, score, style_for_ending(style, score, seconds), progress.check_cancelled)
    mix, stems = mixed.mix, mixed.stems
    if score.ending == "loop":
        mix, stems = loop_of(mix, frames, RATE), {name: loop_of(stem, frames, RATE) for name, stem in stems.items()}
    progress.report(1.0, "mix")
    return Take(mix, stems)


def render_stems(
    score: Arrangement, style: Style, frames: int, studio: Studio, progress: Progress
) -> dict[str, Samples]:
    """All stems before the mix."""
    names, build = stem_builder(score, style, frames, studio, progress.check_cancelled)
    keep = spilled if is_worth_it(frames, len(names)) else _as_is
    stems = rendered([partial(_kept, keep, build, name) for name in names], progress)
    return dict(zip(names, stems, strict=True))


def rendered(work: Sequence[Callable[[], Samples]], progress: Progress) -> list[Samples]:
    """Do all of `work`, telling how far it has come. Raises `Cancelled`.

    One after the other: two threads, at numpy calls as short as these, took a third more processor time and no less of the
    clock's.
    """
    found = []
    try:
        for number, task in enumerate(work):
            progress.report(number / len(work), "render")
            found.append(task())
    finally:
        shared_bodies().trim()
    return found


def stem_builder(
    score: Arrangement, style: Style, frames: int, studio: Studio, check: Callable[[], None]
) -> tuple[tuple[str, ...], Callable[[str], Samples]]:
    """The stems' names, and what builds one before the mix."""
    stage = Stage(
        60.0 / score.tempo,
        frames,
        score.key.tonic,
        check,
        studio.patches,
        tempo_map=score.tempo_map,
        own=studio.own,
    )
    mixer = StemMixer.prepare(score, style, frames=frames, seed=studio.seed, check=check)

    def render(part: Part) -> Samples:
        return render_part(part, stage)

    return mixer.stem_names(), lambda name: mixer.build(name, render)


def _kept(keep: Callable[[Samples], Samples], build: Callable[[str], Samples], name: str) -> Samples:
    return keep(build(name))


def _as_is(samples: Samples) -> Samples:
    return samples
