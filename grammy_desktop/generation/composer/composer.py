"""The built-in engine: composes, performs, renders and mixes on this computer, without downloads or network."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from grammy_desktop import __version__
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Cancelled, PartOfProgress, Progress
from grammy_desktop.core.song import Arrangement, Licence, Part, Recipe, Song
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.endings import (
    continued,
    loop_of,
    rendered_frames,
    song_seconds,
    style_for_ending,
)
from grammy_desktop.generation.composer.mix import StemMixer, finish_mix
from grammy_desktop.generation.composer.render import RATE, Stage, render_part
from grammy_desktop.generation.composer.titles import title_for

T = TypeVar("T")
_LICENCE = Licence(
    id="LicenseRef-own-work",
    sellable=True,
    reason="Composed by rule on your computer and played by its own synthesis and an MIT-licensed sound font: yours to sell.",
)
_THREADS = 2
_HEAVY_MODULES = ("scipy.fft", "scipy.ndimage", "scipy.signal")
_POLL = 0.1
"""Seconds between two looks at whether the work was cancelled."""


@dataclass(frozen=True)
class ComposerEngine:
    """Makes a song from a brief in seconds. The same brief, seed and version give the same samples."""

    id: str = "composer"
    name: str = "Built-in composer"
    version: str = __version__
    licence: Licence = _LICENCE

    def generate(
        self,
        brief: Brief,
        seed: int,
        progress: Progress,
        *,
        styles: Mapping[str, Style] | None = None,
        patches: Path | None = None,
    ) -> Song:
        """The finished song at 48 kHz, `brief.duration` seconds long to the frame; the mix is the sum of the stems.

        A loop lasts as many whole bars as come nearest to the duration. styles: style sheets by id (the shipped ones where
        None). patches: folder of the user's own sounds. Raises UserError for an unknown style, `Cancelled`.
        """
        progress.report(0.0, "compose")
        style = _style(brief, load_styles() if styles is None else styles)
        arrangement = compose(brief, style, seed, PartOfProgress(progress, 0.0, 0.06, "compose"))
        if not arrangement.parts:
            raise UserError("Nothing is left to play; exclude fewer instruments.")
        progress.report(0.06, "perform")
        seconds = brief.duration.value
        frames = round(song_seconds(arrangement, seconds) * RATE)
        with _Crew(progress) as crew:
            length = rendered_frames(arrangement, style, frames, RATE)
            stems = _render_stems(crew, arrangement, style, length, seed, patches)
            if arrangement.ending == "loop":
                stems = {name: continued(stem, frames, RATE) for name, stem in stems.items()}
            progress.report(0.86, "mix")
            ending = style_for_ending(style, arrangement, seconds)
            mixed = finish_mix(stems, arrangement, ending, crew.check, each=crew.each)
        whole, parts = mixed.mix, mixed.stems
        if arrangement.ending == "loop":
            whole = loop_of(whole, frames, RATE)
            parts = {name: loop_of(stem, frames, RATE) for name, stem in parts.items()}
        progress.report(1.0, "mix")
        return Song(
            title=title_for(brief, seed),
            mix=AudioClip(whole, RATE),
            stems={name: AudioClip(samples, RATE) for name, samples in parts.items()},
            recipe=Recipe(
                engine=self.id,
                engine_version=self.version,
                seed=seed,
                brief=brief,
                licence=self.licence,
                parameters={"style": style.id, "sample_rate": RATE},
            ),
            arrangement=arrangement,
        )


def _style(brief: Brief, styles: Mapping[str, Style]) -> Style:
    style = styles.get(brief.genre.value)
    if style is None:
        raise UserError(f"There is no style {brief.genre.value!r}; choose one of {', '.join(sorted(styles))}.")
    return style


def _render_stems(
    crew: _Crew, arrangement: Arrangement, style: Style, frames: int, seed: int, patches: Path | None
) -> dict[str, Samples]:
    """Render and process all stems; which thread makes a stem changes nothing in it."""
    stage = Stage(60.0 / arrangement.tempo, frames, arrangement.key.tonic, seed, crew.check, patches)
    mixer = StemMixer.prepare(arrangement, style, frames=frames, seed=seed, check=crew.check)

    def render(part: Part) -> Samples:
        return render_part(part, stage)

    names = mixer.stem_names()
    stems = crew.run([partial(mixer.build, name, render) for name in names], start=0.08, end=0.85, stage="render")
    return dict(zip(names, stems, strict=True))


class _Crew:
    """Two threads, and a watch on the progress: threads never touch it, they only see whether to stop."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._main = threading.get_ident()
        self._stop = threading.Event()
        # Two threads that import a large package at the same time may see it half made.
        for name in _HEAVY_MODULES:
            importlib.import_module(name)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="composer")

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def check(self) -> None:
        """Raise `Cancelled` when the work is to stop; from any thread."""
        if threading.get_ident() == self._main:
            self._progress.check_cancelled()
        elif self._stop.is_set():
            raise Cancelled

    def run(self, work: Sequence[Callable[[], T]], *, start: float, end: float, stage: str) -> list[T]:
        """Do all of `work`, reporting from `start` to `end`; results in the order of `work`."""
        futures = [self._pool.submit(task) for task in work]
        pending = set(futures)
        while pending:
            self._progress.check_cancelled()
            done, pending = wait(pending, timeout=_POLL, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
            self._progress.report(start + (end - start) * (1.0 - len(pending) / len(futures)), stage)
        return [future.result() for future in futures]

    def each(self, work: Callable[[Samples], None], stems: Iterable[Samples]) -> None:
        """Do `work` on every stem."""
        self.run([partial(work, stem) for stem in stems], start=0.9, end=0.99, stage="mix")
