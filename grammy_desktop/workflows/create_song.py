"""Prompt to finished song: compose, render, mix, master, measure, score; then keep it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.score_file import SCORE_ROLE, write_score
from grammy_desktop.core.song import Arrangement, Song
from grammy_desktop.mastering import Mastered
from grammy_desktop.workflows.metadata import song_metadata
from grammy_desktop.workflows.pictures import HeardAudio, master_curves
from grammy_desktop.workflows.stages import StageClock


@dataclass(frozen=True)
class CreateRequest:
    """One take. `brief` is `Brief.to_json()`; without `finish` the song is neither mastered nor scored."""

    data_dir: str
    brief: dict[str, Any]
    seed: int
    engine: str = "composer"
    preset: str = "spotify-loud"
    reference: str | None = None
    finish: bool = True
    idea: dict[str, Any] | None = None
    """`idea_to_json` of the user's own hook or chords."""


@dataclass(frozen=True)
class MadeSong:
    """What a worker made; every path lies in the staging folder."""

    title: str
    recipe: dict[str, Any]
    arrangement: dict[str, Any] | None
    take_files: dict[str, Path]
    take_loudness: dict[str, Any]
    take_details: dict[str, Any]
    seconds: dict[str, float]
    master_files: dict[str, Path] = field(default_factory=dict)
    master_loudness: dict[str, Any] = field(default_factory=dict)
    master_details: dict[str, Any] = field(default_factory=dict)
    master_name: str = ""
    score: dict[str, Any] | None = None


def make_song(request: CreateRequest, staging: Path, progress: Progress) -> MadeSong:
    """Runs in a worker. Raises `UserError` for a bad preset, reference or engine, `Cancelled` when told to stop."""
    from grammy_desktop.core.loudness import measure

    clock = StageClock(progress)
    paths = AppPaths(Path(request.data_dir))
    brief = Brief.from_json(request.brief)
    song = _generate(request, brief, paths, staging, PartOfProgress(clock, 0.0, 0.55 if request.finish else 0.9))
    metadata = song_metadata(song.title, song.recipe.to_json(), song.arrangement)
    take_files = _write_take(song, staging, metadata)
    clock.publish("mix", take_files["mix"])
    take_loudness = measure(song.mix).to_json()
    take_details = HeardAudio.of_clip(song.mix).curves()
    arrangement = song.arrangement.to_json() if song.arrangement else None
    made = MadeSong(
        title=song.title,
        recipe=song.recipe.to_json(),
        arrangement=arrangement,
        take_files=take_files,
        take_loudness=take_loudness,
        take_details=take_details,
        seconds={},
    )
    if request.finish:
        made = _finish(request, song, made, paths, staging, clock)
    seconds = clock.seconds()
    _write_report_json(staging, made, seconds)
    return MadeSong(**{**vars(made), "seconds": seconds})


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
        on_opening=publish,
        idea=idea_from_json(request.idea) if request.idea is not None else None,
    )
    return song


def _write_take(song: Song, staging: Path, metadata: Any) -> dict[str, Path]:
    from grammy_desktop.core.audio_file import write_wav
    from grammy_desktop.generation.composer.spill import give_back

    files = {"mix": staging / "mix.wav"}
    write_wav(files["mix"], song.mix, metadata=metadata)
    for name, clip in song.stems.items():
        path = staging / f"stem-{name}.wav"
        write_wav(path, clip, metadata=metadata)
        give_back(clip.samples)
        files[f"stem:{name}"] = path
    if song.arrangement is not None:
        files["midi"] = _write_midi(song.arrangement, staging / "song.mid")
        files[SCORE_ROLE] = write_score(song.arrangement, staging / "score.json")
    return files


def _write_midi(arrangement: Arrangement, path: Path) -> Path:
    from grammy_desktop.generation.composer.midi.file import write_midi

    write_midi(arrangement, path)
    return path


def _finish(
    request: CreateRequest, song: Song, made: MadeSong, paths: AppPaths, staging: Path, clock: StageClock
) -> MadeSong:
    from grammy_desktop.core.audio_file import write_wav
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.scoring import score
    from grammy_desktop.workflows.master_track import master_clip
    from grammy_desktop.workflows.mastering_aim import Mastering
    from grammy_desktop.workflows.song_report import write_song_report

    mastering = Mastering(preset=request.preset, reference=request.reference)
    whole = PartOfProgress(clock, 0.55, 0.75, "master")
    mastered = master_clip(song.mix, mastering, paths, whole, name=song.title, work_dir=staging)
    master_path = staging / "master.wav"
    metadata = song_metadata(song.title, made.recipe, song.arrangement)
    write_wav(master_path, mastered.clip, metadata=metadata)
    clock.publish("master", master_path)
    genre = request.brief["genre"]
    scored = score(mastered.clip, style=genre, progress=PartOfProgress(clock, 0.75, 0.93, "score")).to_json()
    clock.report(0.93, "store")
    report = mastered.report.to_json()
    details = master_details(song.mix, mastered.clip, report)
    write_song_report(staging / "report.png", song, mastered, scored, load_styles(paths.user_styles))
    return MadeSong(
        **{
            **vars(made),
            "master_files": {
                "master": master_path,
                "report": staging / "report.png",
                "report_json": staging / "report.json",
            },
            "master_loudness": report["after"],
            "master_details": details,
            "master_name": mastered_name(mastered),
            "score": scored,
        }
    )


def master_details(mix: AudioClip, master: AudioClip, report: dict[str, Any]) -> dict[str, Any]:
    """What the library keeps beside a master: the report, and the curves of the Master page."""
    reduction = report.get("gain_reduction") or {"times": [], "db": []}
    kept = {name: value for name, value in report.items() if name != "gain_reduction"}
    curves = master_curves(HeardAudio.of_clip(mix, loudness=False), HeardAudio.of_clip(master))
    return {**kept, "gain_reduction": reduction, **curves}


def mastered_name(mastered: Mastered) -> str:
    """'Spotify loud' for a preset, 'Like demo.wav' for a reference."""
    report = mastered.report
    return f"Like {report.reference}" if report.reference else report.preset.replace("-", " ").capitalize()


def _write_report_json(staging: Path, made: MadeSong, seconds: dict[str, float]) -> None:
    if not made.master_files:
        return
    content = {
        "title": made.title,
        "recipe": made.recipe,
        "arrangement": made.arrangement,
        "loudness": {"mix": made.take_loudness, "master": made.master_loudness},
        "score": made.score,
        "seconds": seconds,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    (staging / "report.json").write_text(text, encoding="utf-8")
