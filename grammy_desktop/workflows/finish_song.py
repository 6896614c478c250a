"""A song's sound on its way to the library: files, loudness, master, score and report, for whatever made the song."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.score_file import SCORE_ROLE, write_score
from grammy_desktop.core.song import Song
from grammy_desktop.workflows.mastering_aim import Mastering, aim_details
from grammy_desktop.workflows.metadata import song_metadata
from grammy_desktop.workflows.pictures import HeardAudio, master_curves
from grammy_desktop.workflows.stages import StageClock

if TYPE_CHECKING:
    from grammy_desktop.mastering import Mastered

_LAPS = 3
"""Times that a loop is played while it is mastered, so that its edges are mastered as they will be heard."""


@dataclass(frozen=True)
class MadeSong:
    """What a worker made; every path lies in the staging folder."""

    title: str
    recipe: dict[str, Any]
    arrangement: dict[str, Any] | None
    take_files: dict[str, Path]
    take_loudness: dict[str, Any]
    take_details: dict[str, Any]
    take_spectrum: dict[str, list[float]]
    seconds: dict[str, float]
    master_files: dict[str, Path] = field(default_factory=dict)
    master_loudness: dict[str, Any] = field(default_factory=dict)
    master_details: dict[str, Any] = field(default_factory=dict)
    master_name: str = ""
    score: dict[str, Any] | None = None


Made = TypeVar("Made", bound=MadeSong)


def take_of_song(
    song: Song,
    staging: Path,
    clock: StageClock,
    *,
    details: Mapping[str, Any] | None = None,
    kept: Mapping[str, Path] | None = None,
) -> MadeSong:
    """Mix, stems, MIDI and score of a song in the staging folder, measured. details: facts kept beside the take's own.

    kept: files of roles that need not be written again.
    """
    files = _write_take(song, staging, clock, kept or {})
    heard = HeardAudio.of_clip(song.mix)
    return MadeSong(
        title=song.title,
        recipe=song.recipe.to_json(),
        arrangement=song.arrangement.to_json() if song.arrangement else None,
        take_files=files,
        take_loudness=heard.loudness().to_json(),
        take_details={**heard.curves(), **(details or {})},
        take_spectrum=heard.third_octaves(),
        seconds={},
    )


def _write_take(song: Song, staging: Path, clock: StageClock, kept: Mapping[str, Path]) -> dict[str, Path]:
    from grammy_desktop.core.audio_file import write_wav
    from grammy_desktop.generation.composer.midi.file import write_midi
    from grammy_desktop.generation.composer.spill import give_back

    metadata = song_metadata(song.title, song.recipe.to_json(), song.arrangement)
    files = {"mix": staging / "mix.wav"}
    write_wav(files["mix"], song.mix, metadata=metadata)
    clock.publish("mix", files["mix"])
    for name, clip in song.stems.items():
        clock.check_cancelled()
        role = f"stem:{name}"
        files[role] = kept.get(role, staging / f"stem-{name}.wav")
        if role not in kept:
            write_wav(files[role], clip, metadata=metadata)
        give_back(clip.samples)
    if song.arrangement is not None:
        files["midi"] = staging / "song.mid"
        write_midi(song.arrangement, files["midi"])
        files[SCORE_ROLE] = write_score(song.arrangement, staging / "score.json")
    return files


def mastered_song(
    song: Song,
    made: Made,
    mastering: Mastering,
    paths: AppPaths,
    staging: Path,
    clock: StageClock,
    *,
    start: float = 0.55,
) -> Made:
    """The take with its master, Grammy Meter score and report; from `start` on of the progress.

    Raises `UserError` for a bad preset or reference, `Cancelled` when told to stop.
    """
    from grammy_desktop.core.audio_file import write_wav
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.scoring import score
    from grammy_desktop.workflows.song_report import write_song_report

    mastered = _mastered(song, mastering, paths, staging, PartOfProgress(clock, start, start + 0.2, "master"))
    files = {"master": staging / "master.wav", "report": staging / "report.png", "report_json": staging / "report.json"}
    write_wav(files["master"], mastered.clip, metadata=song_metadata(song.title, made.recipe, song.arrangement))
    clock.publish("master", files["master"])
    genre = song.recipe.brief.genre.value
    scored = score(mastered.clip, style=genre, progress=PartOfProgress(clock, start + 0.2, 0.94, "score")).to_json()
    clock.report(0.94, "store")
    report, heard = mastered.report.to_json(), HeardAudio.of_clip(mastered.clip)
    write_song_report(files["report"], song, mastered, heard, scored, load_styles(paths.user_styles))
    curves = master_curves(made.take_spectrum, heard)
    made = replace(
        made,
        master_files=files,
        master_loudness=report["after"],
        master_details={**_master_facts(report), **curves, "aim": aim_details(mastering)},
        master_name=mastered_name(mastered),
        score=scored,
        seconds=clock.seconds(),
    )
    _write_report_json(files["report_json"], made)
    return made


def _mastered(song: Song, mastering: Mastering, paths: AppPaths, staging: Path, progress: Progress) -> Mastered:
    """A loop is mastered while it goes round, so that its end still meets its beginning."""
    from grammy_desktop.workflows.master_track import master_clip

    if song.arrangement is None or song.arrangement.ending != "loop":
        return master_clip(song.mix, mastering, paths, progress, name=song.title, work_dir=staging)
    frames = song.mix.frames
    laps = AudioClip(np.tile(song.mix.samples, (_LAPS, 1)), song.mix.sample_rate)
    whole = master_clip(laps, mastering, paths, progress, name=song.title, work_dir=staging)
    middle = (_LAPS // 2) * frames
    return replace(whole, clip=AudioClip(whole.clip.samples[middle : middle + frames].copy(), laps.sample_rate))


def _master_facts(report: dict[str, Any]) -> dict[str, Any]:
    """What the library keeps of the mastering report beside a master."""
    reduction = report.get("gain_reduction") or {"times": [], "db": []}
    return {**report, "gain_reduction": reduction}


def mastered_name(mastered: Mastered) -> str:
    """'Spotify loud' for a preset, 'Like demo.wav' for a reference."""
    report = mastered.report
    return f"Like {report.reference}" if report.reference else report.preset.replace("-", " ").capitalize()


def _write_report_json(path: Path, made: MadeSong) -> None:
    content = {
        "title": made.title,
        "recipe": made.recipe,
        "arrangement": made.arrangement,
        "loudness": {"mix": made.take_loudness, "master": made.master_loudness},
        "score": made.score,
        "seconds": made.seconds,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False), encoding="utf-8")
