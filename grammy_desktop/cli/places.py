"""What a person types for a place or a song, made exact."""

from __future__ import annotations

from pathlib import Path

from grammy_desktop.core.errors import UserError
from grammy_desktop.library import Library

_SHORTEST = 4
"""Characters of an id that must be typed at least."""


def user_path(text: str) -> Path:
    """An absolute path; `~` is the user's home. Raises `UserError` for nothing and for the home of nobody."""
    if not text.strip() or "\0" in text:
        raise UserError("An empty path is no place; name a file or a folder.")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise UserError(f"“{text}”: there is no such home folder; write the path out.", file=text) from error


def song_id(library: Library, text: str) -> str:
    """The id of a song that was typed whole, or by the beginning that lists show. Raises `UserError` when two begin alike."""
    if not _SHORTEST <= len(text) < 36:
        return text
    everything = [*library.tracks(limit=100_000), *library.tracks(filter="trash", limit=100_000)]
    found = [track.id for track in everything if track.id.startswith(text.lower())]
    if len(found) > 1:
        raise UserError(f"{len(found)} songs have an id that begins with {text}; type more of it.")
    return found[0] if found else text
