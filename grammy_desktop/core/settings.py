"""What the user has chosen, declared once: type, default, allowed values. Kept as TOML that a person can read."""

from __future__ import annotations

import logging
import os
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grammy_desktop.core.atomic import atomic_file, write_failure
from grammy_desktop.core.brief import MAX_DURATION, MIN_DURATION
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.toml_file import toml_fault

log = logging.getLogger(__name__)

PanelSize = Annotated[int, Field(ge=120, le=4000)]


class Settings(BaseModel):
    """Every setting of the app. A key of a newer version is kept as it is."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    theme: Literal["dark", "light", "system"] = "dark"
    text_size: Literal[90, 100, 115, 130] = 100
    """Per cent."""
    reduced_motion: bool = False
    panel_sizes: dict[str, list[PanelSize]] = Field(default_factory=dict)
    """Logical pixels of a page's panels, by page."""
    window_geometry: str = ""

    output_device: str = ""
    """Empty: the system's default."""
    volume: Annotated[float, Field(ge=0.0, le=1.0)] = 0.8
    audio_latency_ms: Annotated[int, Field(ge=10, le=1000)] = 100
    space_plays: bool = True

    default_duration: Annotated[float, Field(ge=MIN_DURATION, le=MAX_DURATION)] = 120.0
    """Seconds."""
    default_takes: Annotated[int, Field(ge=1, le=8)] = 1
    default_preset: Annotated[str, Field(min_length=1)] = "spotify-loud"
    default_engine: Annotated[str, Field(min_length=1)] = "composer"

    export_format: Literal["wav", "flac", "mp3", "ogg", "aiff", "opus", "m4a"] = "wav"
    export_folder: str = ""
    """Empty: asked for each time."""

    openai_enabled: bool = False
    sync_enabled: bool = False


class SettingsStore:
    """The settings file and what it says now. May be used from any thread; callbacks come from the thread that changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._callbacks: dict[int, Callable[[Settings], None]] = {}
        self._next_callback = 0
        self.message: str | None = None
        """A sentence for the user when the file was broken; None otherwise."""
        self._current = self._load()

    @property
    def current(self) -> Settings:
        return self._current

    def change(self, **values: Any) -> Settings:
        """Changes some settings and saves. Raises UserError for a value that is not allowed, EnvironmentFailure for the disk."""
        unknown = set(values) - set(Settings.model_fields)
        if unknown:
            raise UserError(f"There is no setting {', '.join(sorted(unknown))}.")
        with self._lock:
            try:
                changed = Settings.model_validate(self._current.model_dump() | values)
            except ValidationError as error:
                raise UserError(_sentence(error)) from error
            if changed == self._current:
                return changed
            self._save(changed)
            self._current = changed
            callbacks = list(self._callbacks.values())
        for callback in callbacks:
            callback(changed)
        return changed

    def subscribe(self, callback: Callable[[Settings], None]) -> Callable[[], None]:
        """Calls back after every change; returns the unsubscribe."""
        with self._lock:
            key = self._next_callback
            self._next_callback += 1
            self._callbacks[key] = callback

        def unsubscribe() -> None:
            with self._lock:
                self._callbacks.pop(key, None)

        return unsubscribe

    def _load(self) -> Settings:
        try:
            text = self._path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return Settings()
        except UnicodeDecodeError:
            return self._set_aside({}, "it is not a text file")
        except OSError as error:
            self.message = f"Your settings could not be read ({error.strerror}): defaults are used."
            log.warning("%s", self.message)
            return Settings()
        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            return self._set_aside({}, toml_fault(error, text))
        unknown = sorted(set(values) - set(Settings.model_fields))
        if unknown:
            log.info("settings of another version are kept: %s", ", ".join(unknown))
        try:
            return Settings.model_validate(values)
        except ValidationError as error:
            # Only what is wrong falls back to its default.
            wrong = {str(problem["loc"][0]) for problem in error.errors()}
            return self._set_aside({key: value for key, value in values.items() if key not in wrong}, _sentence(error))

    def _set_aside(self, usable: dict[str, Any], reason: str) -> Settings:
        aside = self._path.with_name(f"{self._path.stem}.broken{self._path.suffix}")
        try:
            os.replace(self._path, aside)
        except OSError as error:
            log.warning("the broken settings could not be set aside: %s", error)
        used = "What could be read was kept." if usable else "Defaults are used."
        self.message = f"Your settings were broken ({reason}) and were set aside as {aside.name}. {used}"
        log.warning("%s", self.message)
        return Settings.model_validate(usable)

    def _save(self, settings: Settings) -> None:
        import tomli_w

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_failure(self._path, error) from error
        with atomic_file(self._path) as partial:
            partial.write_text(tomli_w.dumps(settings.model_dump(mode="json")), encoding="utf-8")


def _sentence(error: ValidationError) -> str:
    problem = error.errors()[0]
    name = ".".join(str(part) for part in problem["loc"])
    return f"{name}: {problem['msg']}, not {problem['input']!r}"
