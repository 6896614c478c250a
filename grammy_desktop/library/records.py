"""What goes into the library and what comes out of it. Plain frozen values: no database object leaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grammy_desktop.core.song import Licence

VERSION_KINDS = ("take", "edit", "master", "import")

PLAIN_ROLES = ("mix", "master", "midi", "score", "report", "report_json")
"""Roles a file can have in a version, besides `stem:<name>`."""


@dataclass(frozen=True)
class NewVersion:
    """A version to add. `files` maps a role to a file: one in the staging folder is moved, any other is copied.

    `loudness`, `arrangement`, `details` and `score` are plain values for JSON. `details` may hold `duration` (seconds),
    `tempo` (BPM), `key` and `metre` as measured or made: `Library.complete` writes them into the track's own columns.
    """

    kind: str
    name: str
    parent_id: str | None = None
    files: dict[str, Path] = field(default_factory=dict)
    loudness: dict[str, Any] = field(default_factory=dict)
    arrangement: dict[str, Any] | None = None
    details: dict[str, Any] = field(default_factory=dict)
    score: dict[str, Any] | None = None


@dataclass(frozen=True)
class NewTrack:
    """A track that comes from a file. Tempo in BPM, duration in seconds; None is 'not known'."""

    title: str
    licence: Licence
    genre: str = ""
    mood: str = ""
    tempo: float | None = None
    key: str | None = None
    metre: str | None = None
    duration: float | None = None
    engine: str = "import"
    seed: int | None = None
    prompt: str = ""
    brief: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrackRecord:
    """One song of the library. `score` is the overall score of the newest scored version; `versions` counts them."""

    id: str
    title: str
    genre: str
    mood: str
    tempo: float | None
    key: str | None
    metre: str | None
    duration: float | None
    status: str
    engine: str
    seed: int | None
    licence_id: str
    sellable: bool
    licence_reason: str
    starred: bool
    tags: tuple[str, ...]
    prompt: str
    brief: dict[str, Any]
    created_at: str
    deleted_at: str | None
    score: float | None
    versions: int

    def to_row(self) -> dict[str, Any]:
        """The row of `grammy library list`: plain values for JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "duration": self.duration,
            "genre": self.genre,
            "mood": self.mood,
            "tempo": self.tempo,
            "key": self.key,
            "metre": self.metre,
            "status": self.status,
            "created_at": self.created_at,
            "deleted_at": self.deleted_at,
            "score": self.score,
            "starred": self.starred,
            "tags": list(self.tags),
            "engine": self.engine,
            "seed": self.seed,
            "licence": self.licence_id,
            "sellable": self.sellable,
            "versions": self.versions,
            "prompt": self.prompt,
        }


@dataclass(frozen=True)
class VersionRecord:
    """One version of a track: a take, an edit, a master or an import; a tree by `parent_id`."""

    id: str
    track_id: str
    parent_id: str | None
    kind: str
    name: str
    created_at: str
    files: dict[str, Path]
    loudness: dict[str, Any]
    arrangement: dict[str, Any] | None
    details: dict[str, Any]
    score: dict[str, Any] | None


@dataclass(frozen=True)
class Marker:
    """A named place in a track; `position` in seconds."""

    id: str
    track_id: str
    position: float
    name: str


@dataclass(frozen=True)
class VerifyReport:
    """`problems` is empty when all is well; `checked` counts the audio files that were read and hashed."""

    problems: tuple[str, ...]
    checked: int

    @property
    def ok(self) -> bool:
        return not self.problems
