"""Prompt to finished song: compose, render, mix, master, measure, score; then keep it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.song import Song
from grammy_desktop.workflows.finish_song import MadeSong, mastered_song, take_of_song
from grammy_desktop.workflows.mastering_aim import Mastering
from grammy_desktop.workflows.stages import StageClock


@dataclass(frozen=True)
class CreateRequest:
    """One take. `brief` is `Brief.to_json()`; without `finish` the song is neither mastered nor scored.

    opening: publish its first bars ahead, for somebody who listens.
    """

    data_dir: str
    brief: dict[str, Any]
    seed: int
    engine: str = "composer"
    preset: str = "spotify-loud"
    reference: str | None = None
    finish: bool = True
    idea: dict[str, Any] | None = None
    """`idea_to_json` of the user's own hook or chords."""
    opening: bool = True


def make_song(request: CreateRequest, staging: Path, progress: Progress) -> MadeSong:
    """Runs in a worker. Raises `UserError` for a bad preset, reference or engine, `Cancelled` when told to stop."""
    clock = StageClock(progress)
    paths = AppPaths(Path(request.data_dir))
    brief = Brief.from_json(request.brief)
    song = _generate(request, brief, paths, staging, PartOfProgress(clock, 0.0, 0.55 if request.finish else 0.9))
    made = take_of_song(song, staging, clock)
    if request.finish:
        mastering = Mastering(preset=request.preset, reference=request.reference)
        made = mastered_song(song, made, mastering, paths, staging, clock)
    return replace(made, seconds=clock.seconds())


def find_engine(engine: str) -> Any:
    """The engine of that id. Raises `UserError` naming those there are."""
    if engine != "composer":
        raise UserError(f"There is no engine “{engine}”; available: composer.")
    from grammy_desktop.generation.composer.composer import ComposerEngine

    return ComposerEngine()


def _generate(request: CreateRequest, brief: Brief, paths: AppPaths, staging: Path, progress: Progress) -> Song:
    from grammy_desktop.core.score_file import idea_from_json
    from grammy_desktop.core.styles import load_styles

    def publish(opening: AudioClip) -> None:
        """Something to listen to while the rest is made."""
        from grammy_desktop.core.audio_file import write_wav

        path = staging / "preview.wav"
        write_wav(path, opening)
        progress.publish("preview", path)

    progress.report(0.0, "compose")
    engine = find_engine(request.engine)
    styles = load_styles(paths.user_styles)
    song: Song = engine.generate(
        brief,
        request.seed,
        progress,
        styles=styles,
        patches=paths.user_patches,
        on_opening=publish if request.opening else None,
        idea=idea_from_json(request.idea) if request.idea is not None else None,
    )
    return song
