"""A version as another device or a codec plays it, for listening only."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import Progress

MOST_FILES = 40
MOST_BYTES = 2_000_000_000
"""Of the newest sounds, what is kept: the rest is made again when it is wanted."""


@dataclass(frozen=True)
class HearRequest:
    """device: the id of a device or of a codec."""

    data_dir: str
    source: str
    device: str


@dataclass(frozen=True)
class Place:
    """Something to hear a song on."""

    id: str
    name: str
    description: str


def places(paths: AppPaths) -> tuple[Place, ...]:
    """The devices in their order, the user's own too, then the services' codecs. Raises UserError for a broken file."""
    from grammy_desktop.mastering.platforms import load_table
    from grammy_desktop.mastering.translation.devices import load_devices

    devices = load_devices(paths.user_devices).values()
    codecs = load_table(paths.user_platforms).codecs
    return (
        *(Place(device.id, device.name, device.description) for device in devices),
        *(Place(codec.id, codec.name, codec.used_by) for codec in codecs),
    )


def heard_path(paths: AppPaths, source: Path, device: str) -> Path:
    """Where the sound is kept; library files are named by their content, so it never goes stale."""
    return paths.cache / "heard" / f"{source.stem}-{device}.wav"


def prune_heard(folder: Path, *, files: int = MOST_FILES, size: int = MOST_BYTES) -> None:
    """Remove the oldest sounds of `folder` until at most `files` of them and `size` bytes are left; the newest always stays.
    One that is in use and cannot be removed (Windows) goes another time."""
    found = []
    for path in folder.glob("*.wav"):
        with suppress(OSError):
            facts = path.stat()
            found.append((facts.st_mtime_ns, facts.st_size, path))
    total = 0
    for number, (_, own, path) in enumerate(sorted(found, reverse=True)):
        total += own
        if number and (number >= files or total > size):
            with suppress(OSError):
                path.unlink()


def make_heard(request: HearRequest, staging: Path, progress: Progress) -> Path:
    """Runs in a worker: as long and as loud as `source`. Raises as `render_translation` and `render_codec`."""
    from grammy_desktop.mastering.platforms import load_table
    from grammy_desktop.mastering.translation import load_devices, render_codec, render_translation

    data_dir, source, out = Path(request.data_dir), Path(request.source), staging / "heard.wav"
    devices = load_devices(AppPaths(data_dir).user_devices)
    if request.device in devices:
        return render_translation(source, devices[request.device], out, progress=progress).path
    codecs = {codec.id: codec for codec in load_table(AppPaths(data_dir).user_platforms).codecs}
    if request.device not in codecs:
        raise UserError(f"There is no device or codec “{request.device}”; there are {', '.join((*devices, *codecs))}.")
    return render_codec(source, codecs[request.device], out, work_dir=staging, progress=progress).path
