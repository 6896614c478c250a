"""Which files of a song's versions are heard together: the mix or its stems, and the master made of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.library import VersionRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SongFiles:
    """`chain` is the open version, its parent, and so on to the take. Loudness in LUFS, None where nothing was measured."""

    mix: Path | None = None
    stems: dict[str, Path] = field(default_factory=dict)
    master: Path | None = None
    mix_version: VersionRecord | None = None
    master_version: VersionRecord | None = None
    chain: tuple[VersionRecord, ...] = ()
    frames: int = 0
    sample_rate: int = 0
    error: str = ""
    """Why the file could not be read; '' when all is well."""

    @property
    def mix_lufs(self) -> float | None:
        return _integrated(self.mix_version)

    @property
    def master_lufs(self) -> float | None:
        return _integrated(self.master_version)


def find_files(version: VersionRecord | None, versions: list[VersionRecord]) -> SongFiles:
    """The files of `version`: a master is heard beside the mix it was made of, a take beside its newest master."""
    if version is None:
        return SongFiles()
    chain = _chain(version, versions)
    mix_version = next((v for v in chain if "mix" in v.files), None)
    master_version = next((v for v in chain if "master" in v.files), None)
    if master_version is None:
        children = [v for v in versions if v.parent_id == version.id and "master" in v.files]
        master_version = children[-1] if children else None
    mix = mix_version.files["mix"] if mix_version is not None else None
    master = master_version.files["master"] if master_version is not None else None
    found = {} if mix_version is None else mix_version.files
    stems = {role.removeprefix("stem:"): path for role, path in found.items() if role.startswith("stem:")}
    frames, sample_rate, error = _length(mix or master)
    return SongFiles(mix, stems, master, mix_version, master_version, chain, frames, sample_rate, error)


def unfinished_files(path: Path) -> SongFiles:
    """The one file of a song that is still being made."""
    frames, sample_rate, error = _length(path)
    return SongFiles(mix=path if frames else None, frames=frames, sample_rate=sample_rate, error=error)


def _chain(version: VersionRecord, versions: list[VersionRecord]) -> tuple[VersionRecord, ...]:
    by_id = {v.id: v for v in versions}
    chain = [version]
    while (parent := by_id.get(chain[-1].parent_id or "")) is not None and parent not in chain:
        chain.append(parent)
    return tuple(chain)


def _length(path: Path | None) -> tuple[int, int, str]:
    if path is None:
        return 0, 0, ""
    from grammy_desktop.core.audio_file import read_info

    try:
        info = read_info(path)
    except GrammyError as error:
        log.warning("%s could not be opened: %s", path.name, error)
        return 0, 0, str(error)
    return info.frames, info.sample_rate, ""


def _integrated(version: VersionRecord | None) -> float | None:
    loudness: dict[str, Any] = version.loudness if version is not None else {}
    value = loudness.get("integrated")
    return float(value) if isinstance(value, int | float) else None
