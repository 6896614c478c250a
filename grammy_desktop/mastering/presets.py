"""Mastering presets: tone, target and ceiling as TOML, the app's own and the user's."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.resources import resource
from grammy_desktop.core.toml_file import read_toml
from grammy_desktop.mastering.preset_data import (
    ClipStage,
    Preset,
    preset_from_json,
    preset_to_json_full,
    preset_to_toml,
)

__all__ = [
    "DEFAULT_PRESET",
    "ClipStage",
    "Preset",
    "builtin_ids",
    "find_preset",
    "load_presets",
    "preset_from_json",
    "preset_problems",
    "preset_to_json_full",
    "preset_to_toml",
    "read_preset",
    "user_presets",
]

DEFAULT_PRESET = "spotify-loud"
LARGEST_FILE = 256 * 1024
"""Bytes; a preset has one or two thousand."""

_log = logging.getLogger(__name__)


def load_presets(user_dir: Path | None = None) -> dict[str, Preset]:
    """Every good preset by id, the app's own first, quietest to loudest.

    A user's file that cannot be used is left out (and logged); `preset_problems` has the sentences.
    """
    own = sorted((read_preset(path) for path in resource("presets").glob("*.toml")), key=_loudness_and_name)
    presets = {preset.id: preset for preset in own}
    for path, found in user_presets(user_dir):
        if isinstance(found, Preset):
            presets[found.id] = found
        else:
            _log.info("preset left out: %s (%s)", found, path)
    return presets


def preset_problems(user_dir: Path | None) -> tuple[str, ...]:
    """One sentence for each file among the user's presets that cannot be used, for a face to show."""
    return tuple(str(found) for _, found in user_presets(user_dir) if isinstance(found, UserError))


def user_presets(user_dir: Path | None) -> Iterator[tuple[Path, Preset | UserError]]:
    """The user's files in order, each with its preset or with what is wrong with it."""
    if user_dir is None or not user_dir.is_dir():
        return
    taken = dict.fromkeys(builtin_ids(), "")
    for path in sorted(user_dir.glob("*.toml")):
        if path.name.startswith("."):
            continue
        try:
            preset = read_preset(path, own=True)
            if preset.id in taken:
                holder = f"“{taken[preset.id]}”" if taken[preset.id] else "one of the app's own presets"
                raise UserError(f"“{path.name}” has the id “{preset.id}” of {holder}; give it another.", file=str(path))
        except UserError as error:
            yield path, error
        else:
            taken[preset.id] = path.name
            yield path, preset


def builtin_ids() -> tuple[str, ...]:
    """Ids of the app's own presets: the names of their files."""
    return tuple(sorted(path.stem for path in resource("presets").glob("*.toml")))


def find_preset(presets: dict[str, Preset], preset_id: str) -> Preset:
    """Raises UserError listing what there is."""
    if preset_id not in presets:
        raise UserError(f"There is no preset “{preset_id}”; there are {', '.join(sorted(presets))}.")
    return presets[preset_id]


def read_preset(path: Path, *, own: bool = False) -> Preset:
    """One preset file. Raises UserError naming the file and what is wrong in it."""
    from dataclasses import replace

    # What cannot be looked at is said by the reader.
    with suppress(OSError):
        if path.stat().st_size > LARGEST_FILE:
            raise UserError(f"“{path.name}” is too large to be a preset.", file=str(path))
    data = read_toml(path, "a preset")
    return replace(preset_from_json(data, where=path.name, file=str(path)), own=own)


def _loudness_and_name(preset: Preset) -> tuple[float, str]:
    return (preset.target_lufs, preset.name)
