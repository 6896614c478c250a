"""The whole score of a song as JSON, every note of it, back and forth without loss.

Written field by field from the dataclasses themselves: what the nouns of `song.py` learn later is kept as well. A field that
holds its default is left out; one that a file lacks takes its default; one that this version does not know is passed over.
"""

from __future__ import annotations

import json
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement

SCORE_ROLE = "score"
"""The role of the file in a version of the library."""
_VERSION = 1


def arrangement_to_json(arrangement: Arrangement) -> dict[str, Any]:
    """Plain values for JSON, times in beats: the inverse of `arrangement_from_json`."""
    return {"version": _VERSION, **_plain(arrangement)}


def arrangement_from_json(values: dict[str, Any]) -> Arrangement:
    """Raises `UserError` for what is no score, or one of a later version."""
    version = values.get("version") if isinstance(values, dict) else None
    if not isinstance(version, int):
        raise UserError("This is no score of Grammy Desktop.")
    if version > _VERSION:
        raise UserError("This score comes from a newer Grammy Desktop; update to open it.")
    try:
        arrangement: Arrangement = _restored(values, Arrangement)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"This score is damaged ({error}); compose the song again.") from error
    return arrangement


def idea_to_json(idea: Idea) -> dict[str, Any]:
    """What a recipe keeps of a user's idea (`parameters["idea"]`): the inverse of `idea_from_json`."""
    return dict(_plain(idea))


def idea_from_json(values: dict[str, Any]) -> Idea:
    """Raises `UserError` for what is no idea."""
    try:
        idea: Idea = _restored(values, Idea)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"The idea that this song was made of is damaged ({error}).") from error
    return idea


def write_score(arrangement: Arrangement, path: Path) -> Path:
    path.write_text(json.dumps(arrangement_to_json(arrangement), allow_nan=False, separators=(",", ":")), "utf-8")
    return path


def read_score(path: Path) -> Arrangement:
    """Raises `UserError` naming the file."""
    try:
        return arrangement_from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, UserError) as error:
        reason = error.message if isinstance(error, UserError) else "it cannot be read"
        raise UserError(f"The score “{path.name}” cannot be used: {reason}", file=str(path)) from error


def _plain(value: Any) -> Any:
    if isinstance(value, Key):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if not _is_default(field, getattr(value, field.name))
        }
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def _is_default(field: Field[Any], value: Any) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default)
    return field.default_factory is not MISSING and bool(value == field.default_factory())


@lru_cache(maxsize=64)
def _hints(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind) if field.init)


def _restored(value: Any, kind: Any) -> Any:
    """`value` of JSON as the annotated type `kind` has it."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _restored(value, next(option for option in inner if option is not type(None)))
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_restored(item, inner[0]) for item in value)
        return tuple(_restored(item, option) for item, option in zip(value, inner, strict=True))
    if origin is dict:
        return {name: _restored(item, inner[1]) for name, item in value.items()}
    if kind is Key:
        return Key.parse(value)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _restored(value[name], hint) for name, hint in _hints(kind) if name in value})
    if kind is float:
        return float(value)
    return value
