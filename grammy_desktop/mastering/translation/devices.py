"""Where a song is heard besides the studio: each device as data, an effect chain and what is to be checked on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.effects import Effect, parse_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.resources import resource
from grammy_desktop.core.toml_file import read_toml

_KEYS = ("id", "name", "description", "chain", "mono", "lowest_hz", "highest_hz", "noise_lu", "order")


@dataclass(frozen=True)
class Device:
    """mono: plays one channel. lowest_hz, highest_hz: what it can play. noise_lu: LU below the song's loudness at which the
    noise around it covers the music; None for a quiet place.
    """

    id: str
    name: str
    description: str
    chain: tuple[Effect, ...]
    mono: bool = False
    lowest_hz: float = 20.0
    highest_hz: float = 20_000.0
    noise_lu: float | None = None
    order: float = 100.0

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "description": self.description}


def load_devices(user_dir: Path | None = None) -> dict[str, Device]:
    """Every device by id, in the order they are shown; a user's file takes the place of ours with its id. Raises UserError."""
    folders = [resource("translation")]
    if user_dir is not None and user_dir.is_dir():
        folders.append(user_dir)
    found: dict[str, Device] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            device = read_device(path)
            found[device.id] = device
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def find_device(name: str, user_dir: Path | None = None) -> Device:
    """Raises UserError listing what there is."""
    devices = load_devices(user_dir)
    if name not in devices:
        raise UserError(f"There is no device “{name}”; there are {', '.join(devices)}.")
    return devices[name]


def read_device(path: Path) -> Device:
    """One device file. Raises UserError naming the file and what is wrong in it."""
    data = read_toml(path, "a device")
    for key in data:
        if key not in _KEYS:
            raise _broken(path, f"a device has no “{key}”; it has {', '.join(_KEYS)}")
    mono = data.get("mono", False)
    if not isinstance(mono, bool):
        raise _broken(path, "“mono” must be true or false")
    device_id = str(data.get("id", path.stem))
    return Device(
        id=device_id,
        name=str(data.get("name", device_id)),
        description=str(data.get("description", "")),
        chain=parse_chain(data.get("chain", []), path.name),
        mono=mono,
        lowest_hz=_number(path, data, "lowest_hz", 20.0),
        highest_hz=_number(path, data, "highest_hz", 20_000.0),
        noise_lu=_number(path, data, "noise_lu", 0.0) if "noise_lu" in data else None,
        order=_number(path, data, "order", 100.0),
    )


def _number(path: Path, data: dict[str, Any], key: str, default: float) -> float:
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _broken(path, f"“{key}” must be a number")
    return float(value)


def _broken(path: Path, what: str) -> UserError:
    return UserError(f"“{path.name}”: {what}.", file=str(path))
