"""What the window remembers between runs: sizes, panels, volume, earlier prompts."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.settings import SettingsStore

log = logging.getLogger(__name__)

_SAVE_AFTER_MS = 400


class Memory(Protocol):
    """Values are plain JSON values."""

    def recall(self, key: str, default: Any = None) -> Any: ...

    def remember(self, key: str, value: Any) -> None: ...


class ShortMemory:
    """Remembers until the process ends."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def recall(self, key: str, default: Any = None) -> Any:
        return self._values.get(key, default)

    def remember(self, key: str, value: Any) -> None:
        self._values[key] = value


class WindowMemory(QObject):
    """Settings that have a name in `Settings` go there, the rest into `file`; both are written a moment after the change."""

    def __init__(self, settings: SettingsStore, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._file = settings, file
        self._values = _read(file)
        self._changed: dict[str, Any] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)

    def recall(self, key: str, default: Any = None) -> Any:
        if key in self._changed:
            return self._changed[key]
        current = self._settings.current
        if key == "volume":
            return round(current.volume * 100)
        if key == "output":
            return current.output_device or default
        if key == "takes":
            return current.default_takes
        if key == "preset":
            return current.default_preset
        if key == "window.geometry":
            return current.window_geometry or default
        if key.startswith("panels."):
            return current.panel_sizes.get(key.removeprefix("panels."), default)
        return self._values.get(key, default)

    def remember(self, key: str, value: Any) -> None:
        self._changed[key] = value
        self._timer.start()

    def save(self) -> None:
        """Write what has changed; a disk that fails costs only the memory."""
        self._timer.stop()
        changed, self._changed = self._changed, {}
        if not changed:
            return
        named: dict[str, Any] = {}
        for key, value in changed.items():
            self._sort(key, value, named)
        try:
            if named:
                self._settings.change(**named)
            if any(key in self._values for key in changed):
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with atomic_file(self._file) as partial:
                    partial.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
        except (GrammyError, OSError) as error:
            log.warning("the window's sizes could not be kept: %s", error)

    def _sort(self, key: str, value: Any, named: dict[str, Any]) -> None:
        if key == "volume":
            named["volume"] = value / 100
        elif key == "output":
            named["output_device"] = value or ""
        elif key == "takes":
            named["default_takes"] = value
        elif key == "preset":
            named["default_preset"] = value
        elif key == "window.geometry":
            named["window_geometry"] = value
        elif key.startswith("panels."):
            sizes = named.setdefault("panel_sizes", dict(self._settings.current.panel_sizes))
            sizes[key.removeprefix("panels.")] = [max(120, int(size)) for size in value]
        else:
            self._values[key] = value


def _read(file: Path) -> dict[str, Any]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning("%s could not be read and is started anew: %s", file.name, error)
        return {}
    return values if isinstance(values, dict) else {}
