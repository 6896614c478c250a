"""Files of a song under names a producer can read, ready to be dragged or copied."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import TrackRecord
from grammy_desktop.ui.editor.drag_out import name_files
from grammy_desktop.workflows.naming import file_stem

KINDS = ("master", "mix", "stems", "midi")


def roles_of(kind: str, files: Mapping[str, Path]) -> list[str]:
    """The roles behind a tile: 'stems' are all of them."""
    if kind == "stems":
        return sorted(role for role in files if role.startswith("stem:"))
    return [kind] if kind in files else []


def prepare(paths: AppPaths, track: TrackRecord, files: Mapping[str, Path], kind: str) -> list[Path]:
    """Hard links (copies where links cannot be) in the exports folder; empty when there is nothing. Raises OSError."""
    named = []
    for role in roles_of(kind, files):
        part = role.removeprefix("stem:")
        named.append((file_stem(track.title, track.tempo, track.key, part), files[role]))
    return name_files(paths.exports / track.id, named) if named else []
