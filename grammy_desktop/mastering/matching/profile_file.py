"""A reference's profile as one readable file, to be kept and shared."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.errors import UserError
from grammy_desktop.mastering.matching.grid import LOWEST_HZ, POINTS, POINTS_PER_OCTAVE, Curve
from grammy_desktop.mastering.matching.profile import ReferenceProfile

PROFILE_SUFFIX = ".gmref"
_FORMAT = "grammy reference profile"
_VERSION = 1
_GRID = {"lowest_hz": LOWEST_HZ, "points_per_octave": POINTS_PER_OCTAVE, "points": POINTS}
_LARGEST = 1_000_000
"""Bytes; a profile has some ten thousand."""
_NUMBERS = {
    "sample_rate": (1_000, 1_000_000),
    "duration": (0, 1e7),
    "loudness": (-100, 20),
    "rms_db": (-200, 40),
    "width_db": (-200, 200),
    "bandwidth": (1, 1_000_000),
}
"""Lowest and highest that is believed."""
_CURVE_RANGE = (-400, 100)
"""dB."""


def save_profile(path: Path, profile: ReferenceProfile) -> None:
    """Write `profile` as JSON, atomically; raises as `atomic_file`."""
    data: dict[str, Any] = {"format": _FORMAT, "version": _VERSION, "grid": _GRID}
    for key, value in asdict(profile).items():
        data[key] = [round(float(level), 3) for level in value] if isinstance(value, np.ndarray) else value
    with atomic_file(path) as temporary:
        temporary.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")


def load_profile(path: Path) -> ReferenceProfile:
    """Raises UserError, naming the file, for whatever is not a profile of this version."""
    path = Path(path)
    data = _read(path)
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise _bad(path, "is not a reference profile")
    if data.get("version") != _VERSION or data.get("grid") != _GRID:
        raise _bad(path, "is a reference profile of another version; make it again from its audio file")
    for key in ("name", "source_hash"):
        if not isinstance(data.get(key), str):
            raise _bad(path, f"is damaged: “{key}” must be text")
    numbers = {key: _number(path, data, key) for key in _NUMBERS}
    numbers["sample_rate"] = int(numbers["sample_rate"])
    curves = {key: _curve(path, data, key) for key in ("mid_db", "side_db")}
    known = {field.name for field in fields(ReferenceProfile)}
    return ReferenceProfile(**{key: data[key] for key in known if key in data} | numbers | curves)


def _read(path: Path) -> object:
    try:
        if path.stat().st_size > _LARGEST:
            raise _bad(path, "is too large to be a reference profile")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _bad(path, f"could not be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise _bad(path, "is not a reference profile") from error


def _number(path: Path, data: dict[str, Any], key: str) -> float:
    value = data.get(key)
    low, high = _NUMBERS[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _bad(path, f"is damaged: “{key}” must be a number from {low:g} to {high:g}")
    return float(value)


def _curve(path: Path, data: dict[str, Any], key: str) -> Curve:
    values = data.get(key)
    if not isinstance(values, list) or len(values) != POINTS:
        raise _bad(path, f"is damaged: “{key}” must be {POINTS} numbers")
    low, high = _CURVE_RANGE
    for value in values:
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        if not plain or not math.isfinite(value) or not low <= value <= high:
            raise _bad(path, f"is damaged: “{key}” must be {POINTS} numbers")
    return np.array(values, np.float64)


def _bad(path: Path, what: str) -> UserError:
    return UserError(f"“{path.name}” {what}.", file=str(path))
