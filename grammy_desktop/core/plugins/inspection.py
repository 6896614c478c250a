"""What a plug-in is and can be set to; read in its own process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.plugins.catalogue import locate_plugin
from grammy_desktop.core.plugins.process import PluginFailed, PluginProcess

_START_SECONDS = 15.0
"""What pedalboard waits for a plug-in to begin."""


@dataclass(frozen=True)
class PluginParameter:
    """name: what a chain calls it. lowest, highest, value: in `unit`; with `choices`, their numbers from 0."""

    name: str
    label: str
    unit: str
    lowest: float
    highest: float
    value: float
    choices: tuple[str, ...]


@dataclass(frozen=True)
class PluginInfo:
    """latency: frames by which it says it delays; many know only when they run (then it is taken off)."""

    name: str
    maker: str
    version: str
    category: str
    latency: int
    parameters: tuple[PluginParameter, ...]


def read_plugin(path_or_name: str, *, name: str = "", instrument: bool = False) -> PluginInfo:
    """Loads the plug-in in a process of its own for a moment.

    Raises UserError where it is missing, fails or is no effect (with `instrument`: no instrument).
    """
    path = locate_plugin(path_or_name)
    with PluginProcess(name or path.stem) as process:
        return info_of(process.ask(load_request(path, name=name, instrument=instrument)), path.stem)


def load_request(
    path: Path,
    *,
    name: str = "",
    preset: str = "",
    parameters: Mapping[str, float] | None = None,
    sample_rate: int = 48_000,
    channels: int = 2,
    instrument: bool = False,
) -> dict[str, object]:
    """What `plugins.child` needs to load and set a plug-in."""
    return {
        "do": "load",
        "path": str(path.absolute()),
        "name": name,
        "preset": preset,
        "parameters": dict(parameters or {}),
        "sample_rate": sample_rate,
        "channels": channels,
        "seconds": _START_SECONDS,
        "instrument": instrument,
    }


def info_of(answer: Mapping[str, Any], label: str) -> PluginInfo:
    """Raises PluginFailed where the answer is not one."""
    try:
        parameters = tuple(_parameter(about) for about in answer["parameters"])
        name, maker, version, category = (str(answer[key]) for key in ("name", "maker", "version", "category"))
        return PluginInfo(name, maker, version, category, int(answer["latency"]), parameters)
    except (KeyError, TypeError, ValueError) as error:
        raise PluginFailed(f"The plug-in “{label}” describes itself in a way that cannot be read.") from error


def _parameter(about: Mapping[str, Any]) -> PluginParameter:
    lowest, highest, value = (float(about[key]) for key in ("lowest", "highest", "value"))
    choices = tuple(str(choice) for choice in about["choices"])
    return PluginParameter(str(about["name"]), str(about["label"]), str(about["unit"]), lowest, highest, value, choices)
