"""Keeps what VST3 instruments played: many never play the same twice (free oscillators, random phases), a song must.

A part that is wanted again with the same notes, instrument and preset is read back, so rerolling the drums changes no other
stem, and a song made again from its recipe on the same computer is the same to the sample.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.song import Note

log = logging.getLogger(__name__)

LARGEST = 1_000_000_000
"""Bytes of kept takes; beyond, those that were not heard for longest go."""
_SUFFIX = ".f32"
_VERSION = "1"


def take_key(
    plugin: Path,
    preset: Path | None,
    notes: Sequence[Note],
    clock: Callable[[float], float],
    frames: int,
    *kind: object,
) -> str:
    """What the sound of a part depends on, as a name: the plug-in's files, its preset's content, the notes in seconds."""
    digest = hashlib.blake2b(digest_size=16)
    files = sorted(plugin.rglob("*")) if plugin.is_dir() else [plugin]
    facts: list[object] = [_VERSION, plugin.name, frames, *kind]
    for file in files:
        with suppress(OSError):
            state = file.stat()
            facts.append((file.name, state.st_size, state.st_mtime_ns))
    facts += [
        (clock(note.start), clock(note.start + note.length), note.pitch, note.velocity, note.bend) for note in notes
    ]
    digest.update(repr(facts).encode())
    if preset is not None:
        with suppress(OSError):
            digest.update(preset.read_bytes())
    return digest.hexdigest()


def kept_take(folder: Path | None, key: str, frames: int, make: Callable[[], Samples]) -> Samples:
    """The take of that name, float32 [frames, 2]; made and kept where there is none. Without a folder nothing is kept."""
    if folder is None:
        return make()
    path = folder / f"{key}{_SUFFIX}"
    found = _read(path, frames)
    if found is not None:
        return found
    made = make()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make_room(folder, made.nbytes)
        with atomic_file(path) as temporary:
            temporary.write_bytes(np.ascontiguousarray(made, np.float32).tobytes())
    except (OSError, GrammyError) as error:
        # A full disk must not silence an instrument: it plays anew next time.
        log.warning("the take of an instrument was not kept: %s", error)
    return made


def _read(path: Path, frames: int) -> Samples | None:
    try:
        data = np.fromfile(path, np.float32)
        os.utime(path)
    except OSError:
        return None
    return data.reshape(frames, 2) if data.size == 2 * frames else None


def _make_room(folder: Path, size: int) -> None:
    takes = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)
    whole = size + sum(path.stat().st_size for path in takes)
    for path in takes:
        if whole <= LARGEST:
            return
        whole -= path.stat().st_size
        path.unlink(missing_ok=True)
