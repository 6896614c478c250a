"""The assistant listens to a mix before it is mastered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.progress import Progress


@dataclass(frozen=True)
class ListenRequest:
    """genre: the style id to hold it against, None for music of all kinds. name: for messages."""

    source: str
    genre: str | None = None
    name: str = ""


def hear_mix(request: ListenRequest, staging: Path, progress: Progress) -> dict[str, Any]:
    """Runs in a worker: the JSON of a `Proposal`. Raises UserError for silence and for what is too short."""
    from grammy_desktop.core.audio_file import open_source
    from grammy_desktop.mastering.listen import listen

    path = Path(request.source)
    with open_source(path) as source:
        return listen(source, genre=request.genre, name=request.name or path.name, progress=progress).to_json()
