"""What the Master page needs of `App`. What an App does not offer is not shown."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from grammy_desktop.core.paths import AppPaths
from grammy_desktop.jobs import JobQueue
from grammy_desktop.mastering import Preset
from grammy_desktop.workflows.mastering_aim import Mastering


class MastersSongs(Protocol):
    """The least: presets and a mastering job. `master` may also take `references` (paths) and their `weights`, `custom` (a
    Preset that takes the preset's place) and `codec_safe`."""

    @property
    def paths(self) -> AppPaths: ...

    @property
    def jobs(self) -> JobQueue: ...

    @property
    def presets(self) -> dict[str, Preset]: ...

    def master(
        self,
        track_id: str,
        version_id: str,
        *,
        preset: str = ...,
        reference: Path | None = ...,
        loudness: float | None = ...,
        ceiling: float | None = ...,
        intensity: float = ...,
    ) -> str: ...

    def save_preset(self, preset: Preset, *, overwrite: bool = ...) -> Preset: ...

    def import_preset(self, file: Path) -> Preset: ...

    def export_preset(self, preset_id: str, file: Path) -> Path: ...

    def delete_preset(self, preset_id: str) -> None: ...


@runtime_checkable
class MastersFiles(Protocol):
    """`master_to`: one file, the result is the JSON of `grammy master`. `plan_album`: the result is a `MadeAlbumPlan`, what to
    master each track with so that they stay as loud against each other as they are."""

    def master_to(self, source: Path, mastering: Mastering, out: Path) -> str: ...

    def plan_album(self, sources: Sequence[Path], mastering: Mastering) -> str: ...


def takes(app: MastersSongs, name: str) -> bool:
    """Whether `app.master` has an argument of this name."""
    parameters = inspect.signature(app.master).parameters
    return name in parameters or any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values())
