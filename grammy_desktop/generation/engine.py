"""What every engine offers, however it makes its music."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.song import Licence, Song

OnOpening = Callable[[AudioClip], None]
"""Is handed the beginning of a song, mixed, while the rest is still being made."""


@runtime_checkable
class Engine(Protocol):
    """Turns a brief into a song. The same brief, seed and version give the same song on the same machine."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def licence(self) -> Licence:
        """Under which the songs it makes may be used."""
        ...

    def generate(self, brief: Brief, seed: int, progress: Progress, *, on_opening: OnOpening | None = None) -> Song:
        """Make the song. UserError for a brief it cannot serve, `Cancelled` when told to stop.

        on_opening: called at most once, from the calling thread, by an engine that can give the beginning ahead.
        """
        ...
