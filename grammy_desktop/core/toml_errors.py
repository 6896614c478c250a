"""Why a TOML file could not be read, in words: Python's own name the codec and the errno."""

from __future__ import annotations

from pathlib import Path

from grammy_desktop.core.errors import UserError


def unreadable(path: Path, what: str, error: Exception) -> UserError:
    """The error to raise for `path`, which was to be `what` ("a preset")."""
    if isinstance(error, FileNotFoundError):
        return UserError(f"“{path.name}” does not exist.", file=str(path))
    if isinstance(error, IsADirectoryError):
        return UserError(f"“{path.name}” is a folder, not {what}.", file=str(path))
    return UserError(f"“{path.name}” could not be read as {what}: {_reason(error)}.", file=str(path))


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error)
