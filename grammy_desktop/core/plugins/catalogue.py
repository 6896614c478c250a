"""Where VST3 plug-ins are installed (Steinberg: VST 3 Locations / Format), and which there are. Nothing is loaded."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.errors import UserError

_SUFFIX = ".vst3"


@dataclass(frozen=True)
class PluginFile:
    name: str
    path: Path


def plugin_folders() -> tuple[Path, ...]:
    """The system's standard folders, the user's own first; they need not exist."""
    if sys.platform == "win32":
        local, common = (
            os.environ.get("LOCALAPPDATA"),
            os.environ.get("COMMONPROGRAMFILES", r"C:\Program Files\Common Files"),
        )
        own = [Path(local) / "Programs" / "Common" / "VST3"] if local else []
        return (*own, Path(common) / "VST3")
    if sys.platform == "darwin":
        inside = Path("Library/Audio/Plug-Ins/VST3")
        return (Path.home() / inside, Path("/") / inside)
    return (Path.home() / ".vst3", Path("/usr/local/lib/vst3"), Path("/usr/lib/vst3"))


def preset_folders() -> tuple[Path, ...]:
    """Where `.vstpreset` files lie (Steinberg: VST 3 Preset Locations), the user's own first; they need not exist."""
    if sys.platform == "win32":
        documents, common = Path.home() / "Documents", os.environ.get("PROGRAMDATA", r"C:\ProgramData")
        return (documents / "VST3 Presets", Path(common) / "VST3 Presets")
    if sys.platform == "darwin":
        inside = Path("Library/Audio/Presets")
        return (Path.home() / inside, Path("/") / inside)
    return (Path.home() / ".vst3" / "presets", Path("/usr/local/share/vst3/presets"), Path("/usr/share/vst3/presets"))


def plugin_kind(path: Path) -> str:
    """'instrument', 'effect', or '' where the plug-in's own table (moduleinfo.json) is missing or silent. Nothing is loaded.

    The file is JSON5 (VST 3.7.5 and later); only its sub-categories are looked for.
    """
    for place in (path / "Contents" / "Resources" / "moduleinfo.json", path / "Contents" / "moduleinfo.json"):
        try:
            text = place.read_text(encoding="utf-8", errors="replace")[:200_000]
        except OSError:
            continue
        categories = " ".join(re.findall(r'"Sub Categories"\s*:\s*\[([^\]]*)\]', text))
        if '"Instrument"' in categories:
            return "instrument"
        if '"Fx"' in categories:
            return "effect"
    return ""


def find_plugins(folders: Iterable[Path] | None = None) -> tuple[PluginFile, ...]:
    """Every plug-in file, by name; of two with the same name the one in the earlier folder."""
    found: dict[str, PluginFile] = {}
    for folder in plugin_folders() if folders is None else folders:
        for path in _plugins_in(folder):
            found.setdefault(path.stem.lower(), PluginFile(path.stem, path))
    return tuple(found[key] for key in sorted(found))


def locate_plugin(path_or_name: str) -> Path:
    """The file that a chain means. Raises UserError."""
    path = Path(path_or_name).expanduser()
    if path.suffix.lower() == _SUFFIX and path.exists():
        return path
    wanted = path.stem.lower() if path.suffix.lower() == _SUFFIX else path.name.lower()
    plugins = find_plugins()
    for plugin in plugins:
        if plugin.name.lower() == wanted:
            return plugin.path
    there = f"there are {', '.join(plugin.name for plugin in plugins)}" if plugins else "none is installed"
    raise UserError(f"The plug-in “{path_or_name}” was not found; {there}.", file=path_or_name)


def _plugins_in(folder: Path) -> list[Path]:
    """A plug-in is a file or a folder with the suffix; what lies inside such a folder is its own."""
    found: list[Path] = []
    for root, folders, files in os.walk(folder):
        found += [Path(root) / name for name in (*folders, *files) if name.lower().endswith(_SUFFIX)]
        folders[:] = [name for name in folders if not name.lower().endswith(_SUFFIX)]
    return sorted(found)
