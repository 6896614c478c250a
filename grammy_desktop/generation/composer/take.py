"""From a score to sound: its parts rendered, put into stems, mixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.song import Arrangement, Part
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.crew import Crew
from grammy_desktop.generation.composer.endings import (
    continued,
    loop_of,
    rendered_frames,
    song_seconds,
    style_for_ending,
)
from grammy_desktop.generation.composer.mix import StemMixer, finish_mix
from grammy_desktop.generation.composer.render import RATE, Stage, render_part
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


def render_take(
    crew: Crew, score: Arrangement, style: Style, seconds: float, studio: Studio, progress: Progress
) -> Take:
    """The whole song, `seconds` long (a loop: as many bars as come nearest)."""
    frames = round(song_seconds(score, seconds) * RATE)
    length = rendered_frames(score, style, frames, RATE)
    stems = render_stems(crew, score, style, length, studio, span=(0.12, 0.85))
    if score.ending == "loop":
        stems = {name: continued(stem, frames, RATE) for name, stem in stems.items()}
    progress.report(0.86, "mix")
    with trimmed(stems.values()):
        mixed = finish_mix(
            stems, score, style_for_ending(style, score, seconds), crew.check, each=crew.each, hands=crew.hands
        )
    mix, stems = mixed.mix, mixed.stems
    if score.ending == "loop":
        mix, stems = loop_of(mix, frames, RATE), {name: loop_of(stem, frames, RATE) for name, stem in stems.items()}
    progress.report(1.0, "mix")
    return Take(mix, stems)


def render_stems(
    crew: Crew, score: Arrangement, style: Style, frames: int, studio: Studio, *, span: tuple[float, float]
) -> dict[str, Samples]:
    """All stems before the mix; which thread makes a stem changes nothing in it. span: of the progress."""
    names, build = stem_builder(score, style, frames, studio, crew.check)
    keep = spilled if is_worth_it(frames, len(names)) else _as_is
    stems = crew.run([partial(_kept, keep, build, name) for name in names], span=span)
    return dict(zip(names, stems, strict=True))


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
