"""Ready-made prompts to start from (`resources/templates.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles.reader import TableReader


@dataclass(frozen=True)
class Template:
    """A prompt with a name. `style` is a style id, `duration` in seconds."""

    id: str
    name: str
    description: str
    prompt: str
    style: str
    duration: float
    tags: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "prompt": self.prompt,
            "style": self.style,
            "duration": self.duration,
            "tags": list(self.tags),
            "licence": "CC0-1.0",
        }


def load_templates(path: Path | None = None) -> tuple[Template, ...]:
    """The shipped templates, or those of another file. UserError for a broken file."""
    file = resource("templates.toml") if path is None else path
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise EnvironmentFailure(f"{file} cannot be read: {error.strerror}.", file=str(file)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{file} is not valid TOML: {error}.", file=str(file)) from error
    return tuple(_template(reader) for reader in TableReader(table, file=str(file)).tables("templates"))


def _template(reader: TableReader) -> Template:
    template = Template(
        id=reader.text("id"),
        name=reader.text("name"),
        description=reader.text("description"),
        prompt=reader.text("prompt"),
        style=reader.text("style"),
        duration=reader.number("duration", 120.0, low=5, high=600),
        tags=reader.texts("tags", ()),
    )
    reader.finish()
    return template
