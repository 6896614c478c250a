"""A user's own musical idea: what a song is to be made of besides its brief."""

from __future__ import annotations

from dataclasses import dataclass

from grammy_desktop.core.music import Key
from grammy_desktop.core.song import ChordEvent, Note


@dataclass(frozen=True)
class Idea:
    """A hook, a chord loop, or both; times in quarter-note beats from the idea's own start, which falls on a bar line.

    `beats` is the length of the idea in whole bars. `hook` is the melody that becomes the song's hook, `chords` the loop
    under it; either may be empty. `tempo`, `metre` and `key` are None where the source does not say.
    """

    beats: float
    hook: tuple[Note, ...] = ()
    chords: tuple[ChordEvent, ...] = ()
    tempo: float | None = None
    metre: tuple[int, int] | None = None
    key: Key | None = None
    name: str = ""
