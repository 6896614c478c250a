"""A finished score's sound on its way to the library: files, loudness, master, score and report, for whatever made the song."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress
from grammy_desktop.core.score_file import SCORE_ROLE, write_score
from grammy_desktop.core.song import Song
from grammy_desktop.library.records import PLAIN_ROLES
from grammy_desktop.workflows.create_song import MadeSong, master_details, mastered_name
from grammy_desktop.workflows.mastering_aim import Mastering
from grammy_desktop.workflows.metadata import song_metadata
from grammy_desktop.workflows.stages import StageClock


def take_of_song(song: Song, staging: Path, clock: StageClock, *, details: dict[str, Any] | None = None) -> MadeSong:
    """Mix, stems, MIDI and score of a song in the staging folder, measured. details: facts kept beside the take's own."""
    from grammy_desktop.core.audio_file import write_wav
    from grammy_desktop.core.loudness import measure
    from grammy_desktop.generation.composer.midi.file import write_midi
    from grammy_desktop.workflows.pictures import HeardAudio

    recipe = song.recipe.to_json()
    metadata = song_metadata(song.title, recipe, song.arrangement)
    files = {"mix": staging / "mix.wav"}
    write_wav(files["mix"], song.mix, metadata=metadata)
    clock.publish("mix", files["mix"])
    for name, clip in song.stems.items():
        clock.check_cancelled()
        files[f"stem:{name}"] = staging / f"stem-{name}.wav"
        write_wav(files[f"stem:{name}"], clip, metadata=metadata)
    if song.arrangement is not None:
        files["midi"] = staging / "song.mid"
        write_midi(song.arrangement, files["midi"])
        if SCORE_ROLE in PLAIN_ROLES:
            files[SCORE_ROLE] = write_score(song.arrangement, staging / "score.json")
    return MadeSong(
        title=song.title,
        recipe=recipe,
        arrangement=song.arrangement.to_json() if song.arrangement else None,
        take_files=files,
        take_loudness=measure(song.mix).to_json(),
        take_details={**HeardAudio.of_clip(song.mix).curves(), **(details or {})},
        seconds={},
    )


def mastered_song(
    song: Song, made: MadeSong, mastering: Mastering, paths: AppPaths, staging: Path, clock: StageClock
) -> MadeSong:
    """The take with its master, Grammy Meter score and report. Raises `UserError` for a bad preset or reference, `Cancelled`."""
    from grammy_desktop.core.audio_file import write_wav
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.scoring import score
    from grammy_desktop.workflows.master_track import master_clip
    from grammy_desktop.workflows.song_report import write_song_report

    part = PartOfProgress(clock, 0.6, 0.77, "master")
    mastered = master_clip(song.mix, mastering, paths, part, name=song.title, work_dir=staging)
    files = {"master": staging / "master.wav", "report": staging / "report.png", "report_json": staging / "report.json"}
    write_wav(files["master"], mastered.clip, metadata=song_metadata(song.title, made.recipe, song.arrangement))
    clock.publish("master", files["master"])
    genre = song.recipe.brief.genre.value
    scored = score(mastered.clip, style=genre, progress=PartOfProgress(clock, 0.77, 0.94, "score")).to_json()
    clock.report(0.94, "store")
    report = mastered.report.to_json()
    write_song_report(files["report"], song, mastered, scored, load_styles(paths.user_styles))
    content = {
        "title": song.title,
        "recipe": made.recipe,
        "arrangement": made.arrangement,
        "loudness": {"mix": made.take_loudness, "master": report["after"]},
        "score": scored,
        "seconds": clock.seconds(),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    files["report_json"].write_text(text, encoding="utf-8")
    return replace(
        made,
        master_files=files,
        master_loudness=report["after"],
        master_details=master_details(song.mix, mastered.clip, report),
        master_name=mastered_name(mastered),
        score=scored,
    )
