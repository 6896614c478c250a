"""What a face asks for when it wants a song."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.idea import Idea


@dataclass(frozen=True)
class CreateOptions:
    """`brief` (edited by the user) takes the place of `prompt`. Without `seed` one is drawn; takes use seed, seed + 1, ...

    `idea`: the user's own hook or chords, which the takes are made of. opening: whether anybody hears the first bars ahead.
    """

    prompt: str = ""
    brief: Brief | None = None
    idea: Idea | None = None
    style: str | None = None
    duration: float | None = None
    seed: int | None = None
    engine: str = "composer"
    takes: int = 1
    preset: str = "spotify-loud"
    reference: str | None = None
    finish: bool = True
    out_dir: Path | None = None
    opening: bool = True
