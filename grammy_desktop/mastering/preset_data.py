"""A mastering preset as a value, and its two written forms: plain data (JSON) and a TOML file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grammy_desktop.core.effects import Effect, parse_chain
from grammy_desktop.core.effects.chain_data import entries_of
from grammy_desktop.core.errors import UserError
from grammy_desktop.mastering.goal import check_goal

MAX_NAME, MAX_DESCRIPTION = 80, 600
"""Characters."""
MAX_CHAIN = 32
"""Effects; a mastering chain has a handful."""
_KEYS = (
    "id",
    "name",
    "description",
    "based_on",
    "target_lufs",
    "ceiling_dbtp",
    "platforms",
    "genres",
    "clip",
    "chain",
)
_HEADER = """\
# A mastering preset of Grammy Desktop. Levels in the chain are meant for a mix at -18 LUFS: every mix is brought there
# first. [clip]: dB above the ceiling where peaks begin to be rounded, and what the rounding tends to.

"""


@dataclass(frozen=True)
class ClipStage:
    """Rounds peaks before the limiter. Both in dB above the ceiling: where it begins, and what it tends to."""

    knee_db: float
    limit_db: float


@dataclass(frozen=True)
class Preset:
    """How a master is to sound and how loud it is to be.

    target_lufs: integrated loudness. ceiling_dbtp: highest true peak. chain: for a mix at -18 LUFS. clip: None leaves
    all peaks to the limiter. platforms: ids of `resources/platforms.toml` it is made for. genres: style ids it suits.
    based_on: id of the preset a user's own began as. own: a user's, not the app's (where it was found; never written).
    """

    id: str
    name: str
    description: str
    target_lufs: float
    ceiling_dbtp: float
    chain: tuple[Effect, ...]
    clip: ClipStage | None = None
    platforms: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    based_on: str = ""
    own: bool = False

    def to_json(self) -> dict[str, Any]:
        """What a list of presets shows; `preset_to_json_full` has the chain too."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "target_lufs": self.target_lufs,
            "ceiling_dbtp": self.ceiling_dbtp,
            "platforms": list(self.platforms),
            "genres": list(self.genres),
            "based_on": self.based_on or None,
            "own": self.own,
        }


def preset_to_json_full(preset: Preset) -> dict[str, Any]:
    """Everything that `preset_from_json` needs, in plain values: how an unsaved preset travels to a worker."""
    data: dict[str, Any] = {
        "id": preset.id,
        "name": preset.name,
        "description": preset.description,
        "based_on": preset.based_on,
        "target_lufs": preset.target_lufs,
        "ceiling_dbtp": preset.ceiling_dbtp,
        "platforms": list(preset.platforms),
        "genres": list(preset.genres),
        "chain": entries_of(preset.chain),
    }
    if preset.clip is not None:
        data["clip"] = {"knee_db": preset.clip.knee_db, "limit_db": preset.clip.limit_db}
    return data


def preset_to_toml(preset: Preset) -> str:
    """The text of a preset file; reading it gives an equal preset."""
    import tomli_w

    data = preset_to_json_full(preset)
    kept = {key: _tidy(data[key]) for key in _KEYS if data.get(key) not in (None, "", [])}
    return _HEADER + tomli_w.dumps(kept)


def preset_from_json(data: Mapping[str, Any], *, where: str = "preset", file: str | None = None) -> Preset:
    """The inverse of `preset_to_json_full`; only target and ceiling are required.

    where: the file's name for messages; without an `id` it gives the id too. Raises UserError naming what is wrong.
    """
    if not isinstance(data, Mapping):
        raise UserError(f"“{where}”: a preset is a table of values.", file=file)
    for key in data:
        if key not in _KEYS:
            raise UserError(f"“{where}”: a preset has no “{key}”; it has {', '.join(sorted(_KEYS))}.", file=file)
    target, ceiling = _number(where, data, "target_lufs", file), _number(where, data, "ceiling_dbtp", file)
    try:
        check_goal(target, ceiling)
    except UserError as error:
        raise UserError(f"“{where}”: {error}", file=file) from error
    chain = parse_chain(data.get("chain", []), where)
    if len(chain) > MAX_CHAIN:
        raise UserError(f"“{where}”: its chain has {len(chain)} effects; {MAX_CHAIN} is the most.", file=file)
    preset_id = _text(where, data, "id", MAX_NAME, file) or where.removesuffix(".toml")
    return Preset(
        id=preset_id,
        name=_text(where, data, "name", MAX_NAME, file) or preset_id,
        description=_text(where, data, "description", MAX_DESCRIPTION, file),
        target_lufs=target,
        ceiling_dbtp=ceiling,
        chain=chain,
        clip=_clip(where, data.get("clip"), file),
        platforms=_words(where, data, "platforms", file),
        genres=_words(where, data, "genres", file),
        based_on=_text(where, data, "based_on", MAX_NAME, file),
    )


def _clip(where: str, data: object, file: str | None) -> ClipStage | None:
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise UserError(f"“{where}”: [clip] must be a table.", file=file)
    stage = ClipStage(_number(where, data, "knee_db", file), _number(where, data, "limit_db", file))
    if stage.limit_db <= stage.knee_db:
        raise UserError(f"“{where}”: in [clip] “limit_db” must be above “knee_db”.", file=file)
    if not -24 <= stage.knee_db <= 24 or stage.limit_db > 24:
        raise UserError(f"“{where}”: in [clip] the values may be -24 to 24 dB.", file=file)
    return stage


def _number(where: str, data: Mapping[str, Any], key: str, file: str | None) -> float:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UserError(f"“{where}”: “{key}” must be a number.", file=file)
    return float(value)


def _text(where: str, data: Mapping[str, Any], key: str, longest: int, file: str | None) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise UserError(f"“{where}”: “{key}” must be text.", file=file)
    # A shared file may hold anything; line breaks and control characters would break lists and terminals.
    value = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    if len(value) > longest:
        raise UserError(f"“{where}”: “{key}” has {len(value)} characters; {longest} is the most.", file=file)
    return value


def _words(where: str, data: Mapping[str, Any], key: str, file: str | None) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise UserError(f"“{where}”: “{key}” must be a list of ids.", file=file)
    return tuple(value)


def _tidy(value: Any) -> Any:
    """Whole numbers without their '.0', so that a file reads as a person would write it."""
    if isinstance(value, dict):
        return {key: _tidy(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_tidy(entry) for entry in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
