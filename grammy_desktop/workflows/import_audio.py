"""Bring an audio file of the user's own into the library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import Progress
from grammy_desktop.workflows import pictures


@dataclass(frozen=True)
class ImportRequest:
    source: str


@dataclass(frozen=True)
class MadeImport:
    """`file` is a WAV in the staging folder with the same samples as the source (float stays float)."""

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
    from grammy_desktop.core.audio_file import read_clip, write_wav
    from grammy_desktop.core.loudness import measure

    source = Path(request.source)
    progress.report(0.05, "read")
    clip = read_clip(source)
    metadata = read_metadata(source)
    path = staging / "import.wav"
    progress.report(0.3, "store")
    write_wav(path, clip, metadata=metadata, subtype="FLOAT" if abs(clip.samples).max(initial=0.0) > 1.0 else "PCM_24")
    progress.report(0.5, "measure")
    loudness = measure(clip).to_json()
    heard = loudness["integrated"] is not None and clip.duration >= 5.0
    beat = estimate_tempo(clip) if heard and not metadata.tempo else None
    tempo = metadata.tempo or (beat.bpm if beat else None)
    progress.report(0.8, "measure")
    tonality = estimate_key(clip) if heard and not metadata.key else None
    key = metadata.key or (str(tonality[0]) if tonality else None)
    return MadeImport(
        title=metadata.title or source.stem,
        file=path,
        duration=clip.duration,
        tempo=round(tempo, 2) if tempo else None,
        key=key,
        loudness=loudness,
        details={
            "source": source.name,
            "history": pictures.loudness_history(clip),
            "envelope": pictures.envelope(clip, 240),
        },
    )
