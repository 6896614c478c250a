"""Songs for the library's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grammy_desktop.core.song import Licence
from grammy_desktop.library import Library, NewTrack, NewVersion, TrackRecord

LICENCE = Licence("CC0-1.0", True, "Made by the built-in composer: yours to sell.")
NOT_FOR_SALE = Licence("CC-BY-NC-4.0", False, "The model's weights are not for commercial use.")


def brief(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "genre": "lofi",
        "mood": ["calm", "warm"],
        "tempo": 84.0,
        "key": "A minor",
        "metre": "4/4",
        "duration": 60.0,
    }
    return values | changes


def add_pending(
    library: Library, title: str = "Wet Asphalt", prompt: str = "rain on the street", **changes: Any
) -> str:
    values: dict[str, Any] = {"brief": brief(), "engine": "composer", "seed": 7, "licence": LICENCE}
    return library.add_pending(title=title, prompt=prompt, **(values | changes))


def add_song(
    library: Library, title: str = "Wet Asphalt", prompt: str = "rain on the street", **changes: Any
) -> TrackRecord:
    """A finished song; `content` is what its audio file holds, `score` its overall score."""
    content, score = changes.pop("content", title.encode()), changes.pop("score", None)
    track_id = add_pending(library, title, prompt, **changes)
    with library.staging_folder() as folder:
        mix = write(folder / "mix.wav", content)
        scores = None if score is None else {"overall_score": score, "insights": []}
        return library.complete(track_id, NewVersion("take", "Take 1", files={"mix": mix}, score=scores), {"seed": 7})


def imported(library: Library, file: Path, title: str = "Tape", **changes: Any) -> TrackRecord:
    return library.add_import(
        NewTrack(title=title, licence=LICENCE, **changes), NewVersion("import", "Original", files={"mix": file})
    )


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def titles(library: Library, query: str = "", **options: Any) -> list[str]:
    return [track.title for track in library.tracks(query, **options)]


def stored_files(library: Library) -> set[str]:
    return {path.name for path in library.paths.audio.rglob("*") if path.is_file()}
