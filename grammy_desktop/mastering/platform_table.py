"""The dated table of services and codecs: the app's own, with what the user's copy changes in it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.resources import resource
from grammy_desktop.core.toml_file import read_toml

CODEC_FAMILIES = ("opus", "mp3", "aac", "vorbis")

_PLATFORM_KEYS = {
    "id": str,
    "name": str,
    "target_lufs": float,
    "ceiling_dbtp": float,
    "boosts": bool,
    "boost_peak_dbtp": float,
    "turns_down": bool,
    "delivery_tolerance": float,
    "loud_advice_dbtp": float,
    "modes": list,
    "note": str,
    "hidden": bool,
}
_CODEC_KEYS = {
    "id": str,
    "name": str,
    "family": str,
    "kbps": float,
    "judged": bool,
    "used_by": str,
    "hidden": bool,
}
_RANGES = {
    "target_lufs": (-60.0, 0.0),
    "ceiling_dbtp": (-20.0, 3.0),
    "boost_peak_dbtp": (-20.0, 3.0),
    "loud_advice_dbtp": (-20.0, 3.0),
    "delivery_tolerance": (0.0, 10.0),
    "kbps": (16.0, 512.0),
}


@dataclass(frozen=True)
class PlayMode:
    """A level that listeners of a service can choose. `limits`: lifts at any peak, and limits what goes over."""

    name: str
    target_lufs: float
    limits: bool = False


@dataclass(frozen=True)
class Platform:
    """A service's rule. `boost_peak_dbtp`: how far it turns quiet songs up, None for never.

    delivery_tolerance: LU around the target outside of which the programme is refused, None where the service adjusts.
    loud_advice_dbtp: true peak it advises for songs louder than its target. turns_down: False where it plays what it gets.
    """

    id: str
    name: str
    target_lufs: float
    ceiling_dbtp: float
    boost_peak_dbtp: float | None
    delivery_tolerance: float | None
    note: str
    turns_down: bool = True
    loud_advice_dbtp: float | None = None
    modes: tuple[PlayMode, ...] = ()


@dataclass(frozen=True)
class Codec:
    """A lossy form in which services play songs; kbps for two channels. `judged`: counts for pass or fail."""

    id: str
    name: str
    family: str
    kbps: int
    judged: bool
    used_by: str


@dataclass(frozen=True)
class PlatformTable:
    """dated: when the figures were last checked. own: whether a user's table was read too."""

    dated: date | None
    platforms: tuple[Platform, ...]
    codecs: tuple[Codec, ...]
    own: bool = False


def load_table(user_file: Path | None = None) -> PlatformTable:
    """The app's table with what `user_file` (need not exist) changes, adds or hides.

    Raises UserError naming the file and the entry when the user's table is broken.
    """
    data = tomllib.loads(resource("platforms.toml").read_text(encoding="utf-8"))
    platforms, codecs = _by_id(data.get("platform", [])), _by_id(data.get("codec", []))
    own = user_file is not None and user_file.is_file()
    if user_file is not None and own:
        mine = _read(user_file)
        _merge(platforms, mine.get("platform", []), "platform", _PLATFORM_KEYS, user_file)
        _merge(codecs, mine.get("codec", []), "codec", _CODEC_KEYS, user_file)
        data["dated"] = mine.get("dated", data.get("dated"))
    where = user_file if user_file is not None and own else Path("platforms.toml")
    dated = data.get("dated")
    return PlatformTable(
        dated=dated if isinstance(dated, date) else None,
        platforms=tuple(_platform(entry, where) for entry in platforms.values() if not entry.get("hidden")),
        codecs=tuple(_codec(entry, where) for entry in codecs.values() if not entry.get("hidden")),
        own=own,
    )


def _read(path: Path) -> dict[str, Any]:
    data = read_toml(path, "a table of platforms")
    unknown = sorted(set(data) - {"dated", "platform", "codec"})
    if unknown:
        raise _broken(path, f"there is no “{unknown[0]}”; a table has “dated”, [[platform]] and [[codec]]")
    for kind in ("platform", "codec"):
        entries = data.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise _broken(path, f"“{kind}” must be [[{kind}]] tables")
    return data


def _by_id(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {entry["id"]: dict(entry) for entry in entries}


def _merge(
    table: dict[str, dict[str, Any]],
    entries: list[dict[str, Any]],
    kind: str,
    keys: Mapping[str, type],
    path: Path,
) -> None:
    for number, entry in enumerate(entries, 1):
        named = entry.get("id")
        if not isinstance(named, str) or not named:
            raise _broken(path, f"[[{kind}]] number {number} needs an “id”")
        for key, value in entry.items():
            _check_value(path, named, key, value, keys)
        table[named] = {**table.get(named, {}), **entry}


def _check_value(path: Path, named: str, key: str, value: object, keys: Mapping[str, type]) -> None:
    if key not in keys:
        raise _broken(path, f"“{named}” has no “{key}”; it has {', '.join(keys)}")
    wanted = keys[key]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is float:
        if not number or not math.isfinite(value):  # type: ignore[arg-type]
            raise _broken(path, f"“{key}” of “{named}” must be a number")
        low, high = _RANGES[key]
        if not low <= value <= high:  # type: ignore[operator]
            raise _broken(path, f"“{key}” of “{named}” is {value}; it may be {low:g} to {high:g}")
    elif not isinstance(value, wanted):
        spoken = {str: "text", bool: "true or false", list: "a list"}[wanted]
        raise _broken(path, f"“{key}” of “{named}” must be {spoken}")


def _platform(entry: dict[str, Any], path: Path) -> Platform:
    for key in ("target_lufs", "ceiling_dbtp"):
        if key not in entry:
            raise _broken(path, f"“{entry['id']}” needs “{key}”")
    ceiling = float(entry["ceiling_dbtp"])
    return Platform(
        id=entry["id"],
        name=entry.get("name", entry["id"]),
        target_lufs=float(entry["target_lufs"]),
        ceiling_dbtp=ceiling,
        boost_peak_dbtp=float(entry.get("boost_peak_dbtp", ceiling)) if entry.get("boosts") else None,
        delivery_tolerance=float(entry["delivery_tolerance"]) if "delivery_tolerance" in entry else None,
        note=entry.get("note", ""),
        turns_down=entry.get("turns_down", True),
        loud_advice_dbtp=float(entry["loud_advice_dbtp"]) if "loud_advice_dbtp" in entry else None,
        modes=tuple(_mode(mode, entry["id"], path) for mode in entry.get("modes", [])),
    )


def _mode(mode: object, named: str, path: Path) -> PlayMode:
    if not isinstance(mode, dict) or not isinstance(mode.get("name"), str):
        raise _broken(path, f"each of the “modes” of “{named}” needs a “name” and a “target_lufs”")
    _check_value(path, named, "target_lufs", mode.get("target_lufs"), _PLATFORM_KEYS)
    return PlayMode(mode["name"], float(mode["target_lufs"]), bool(mode.get("limits", False)))


def _codec(entry: dict[str, Any], path: Path) -> Codec:
    family = entry.get("family")
    if family not in CODEC_FAMILIES:
        raise _broken(path, f"“family” of “{entry['id']}” must be one of {', '.join(CODEC_FAMILIES)}")
    if "kbps" not in entry:
        raise _broken(path, f"“{entry['id']}” needs “kbps”")
    return Codec(
        id=entry["id"],
        name=entry.get("name", entry["id"]),
        family=family,
        kbps=round(entry["kbps"]),
        judged=bool(entry.get("judged", False)),
        used_by=entry.get("used_by", ""),
    )


def _broken(path: Path, what: str) -> UserError:
    return UserError(f"“{path.name}”: {what}.", file=str(path))
