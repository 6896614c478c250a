"""Mastering presets: tone, target and ceiling as TOML, the app's own and the user's."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.effects import Effect, parse_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.resources import resource
from grammy_desktop.mastering.goal import check_goal

DEFAULT_PRESET = "spotify-loud"


@dataclass(frozen=True)
class ClipStage:
    """Rounds peaks before the limiter. Both in dB above the ceiling: where it begins, and what it tends to."""

    knee_db: float
    limit_db: float


@dataclass(frozen=True)
class Preset:
    """How a master is to sound and how loud it is to be.

    target_lufs: integrated loudness. ceiling_dbtp: highest true peak. chain: for a mix at -18 LUFS. clip: None leaves
    all peaks to the limiter.
    """

    id: str
    name: str
    description: str
    target_lufs: float
    ceiling_dbtp: float
    chain: tuple[Effect, ...]
    clip: ClipStage | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "target_lufs": self.target_lufs,
            "ceiling_dbtp": self.ceiling_dbtp,
        }


def load_presets(user_dir: Path | None = None) -> dict[str, Preset]:
    """Every preset by id; a user's preset with the id of a built-in one takes its place.

    Raises UserError naming the file when a user's preset cannot be read.
    """
    folders = [resource("presets")]
    if user_dir is not None and user_dir.is_dir():
        folders.append(user_dir)
    presets: dict[str, Preset] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            preset = read_preset(path)
            presets[preset.id] = preset
    return presets


def find_preset(presets: dict[str, Preset], preset_id: str) -> Preset:
    """Raises UserError listing what there is."""
    if preset_id not in presets:
        raise UserError(f"There is no preset “{preset_id}”; there are {', '.join(sorted(presets))}.")
    return presets[preset_id]


def read_preset(path: Path) -> Preset:
    """One preset file. Raises UserError naming the file and what is wrong in it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"“{path.name}” could not be read as a preset: {error}.", file=str(path)) from error
    known = {"id", "name", "description", "target_lufs", "ceiling_dbtp", "chain", "clip"}
    for key in data:
        if key not in known:
            raise UserError(
                f"“{path.name}”: a preset has no “{key}”; it has {', '.join(sorted(known))}.", file=str(path)
            )
    target, ceiling = _number(path, data, "target_lufs"), _number(path, data, "ceiling_dbtp")
    try:
        check_goal(target, ceiling)
    except UserError as error:
        raise UserError(f"“{path.name}”: {error}", file=str(path)) from error
    preset_id = str(data.get("id", path.stem))
    return Preset(
        id=preset_id,
        name=str(data.get("name", preset_id)),
        description=str(data.get("description", "")),
        target_lufs=target,
        ceiling_dbtp=ceiling,
        chain=parse_chain(data.get("chain", []), path.name),
        clip=_clip(path, data.get("clip")),
    )


def _clip(path: Path, data: object) -> ClipStage | None:
    if data is None:
        return None
    if not isinstance(data, dict):
        raise UserError(f"“{path.name}”: [clip] must be a table.", file=str(path))
    stage = ClipStage(_number(path, data, "knee_db"), _number(path, data, "limit_db"))
    if stage.limit_db <= stage.knee_db:
        raise UserError(f"“{path.name}”: in [clip] “limit_db” must be above “knee_db”.", file=str(path))
    return stage


def _number(path: Path, data: dict[str, Any], key: str) -> float:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UserError(f"“{path.name}”: “{key}” must be a number.", file=str(path))
    return float(value)
