"""Bring an audio file of the user's own into the library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import Progress
from grammy_desktop.workflows.lossless import write_whole
from grammy_desktop.workflows.naming import one_line
from grammy_desktop.workflows.pictures import HeardAudio

_LONGEST_TITLE = 200
"""Characters: a tag may hold a whole lyric."""


@dataclass(frozen=True)
class ImportRequest:
    source: str


@dataclass(frozen=True)
class MadeImport:
    """`file` is a WAV in the staging folder: 24-bit, or float where the source goes beyond full scale."""

    title: str
    file: Path
    duration: float
    tempo: float | None
    key: str | None
    loudness: dict[str, Any]
    details: dict[str, Any]


def make_import(request: ImportRequest, staging: Path, progress: Progress) -> MadeImport:
    """Runs in a worker. Raises `UserError` when the file is not audio, holds NaN or is cut short."""
    from grammy_desktop.analysis import estimate_key, estimate_tempo
    from grammy_desktop.core.audio_file import read_clip
    from grammy_desktop.core.loudness import measure

    source = Path(request.source)
    progress.report(0.05, "read")
    clip = read_clip(source)
    metadata = read_metadata(source)
    path = staging / "import.wav"
    progress.report(0.3, "store")
    write_whole(path, clip, metadata)
    progress.report(0.5, "measure")
    loudness = measure(clip).to_json()
    heard = loudness["integrated"] is not None and clip.duration >= 5.0
    beat = estimate_tempo(clip) if heard and not metadata.tempo else None
    tempo = metadata.tempo or (beat.bpm if beat else None)
    progress.report(0.8, "measure")
    tonality = estimate_key(clip) if heard and not metadata.key else None
    key = metadata.key or (str(tonality[0]) if tonality else None)
    return MadeImport(
        title=one_line(metadata.title, _LONGEST_TITLE) or one_line(source.stem, _LONGEST_TITLE) or "Untitled",
        file=path,
        duration=clip.duration,
        tempo=round(tempo, 2) if tempo else None,
        key=key,
        loudness=loudness,
        details={
            "source": one_line(source.name),
            **HeardAudio.of_clip(clip).curves(),
        },
    )
