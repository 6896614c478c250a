"""Files that libsndfile decodes."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.audio_channel_order import XIPH_SUBTYPES, from_xiph_order
from grammy_desktop.core.audio_sentences import bad
from grammy_desktop.core.audio_source import AudioInfo, DecoderFailure

_STDERR_LOCK = threading.Lock()
"""There is one standard error in a process."""


@contextmanager
def hushed() -> Iterator[None]:
    """Swallow what the MP3 library prints about damaged files: the app says it in one sentence, and in its own words."""
    with _STDERR_LOCK:
        try:
            kept = os.dup(2)
        except OSError:
            # A windowed program has no standard error.
            yield
            return
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


class SndfileDecoder:
    """`readable` is what is decoded (`path` itself, or a temporary file whose `folder` is removed at the end)."""

    def __init__(self, path: Path, readable: Path | None = None) -> None:
        import soundfile

        self._folder = readable.parent if readable else None
        self._error = soundfile.SoundFileError
        readable = readable or path
        try:
            # As bytes: soundfile cannot spell a name that is no text. Windows has none.
            with hushed():
                handle: Any = soundfile.SoundFile(readable if os.name == "nt" else os.fsencode(readable))
        except soundfile.SoundFileError as error:
            self._remove_folder()
            raise bad(path, "is damaged or not audio: its format is not one that can be read") from error
        self._handle = handle
        # soundfile seeks after every read of what it thinks seekable: slow in Opus, and impossible in some files' ends.
        handle.seekable = lambda: False
        self._position = 0
        rate = int(handle.samplerate)
        frames = int(handle.frames)
        duration = frames / rate if rate > 0 else 0.0
        self._info = AudioInfo(frames, int(handle.channels), rate, duration, str(handle.format), str(handle.subtype))

    @property
    def info(self) -> AudioInfo:
        return self._info

    def read(self, start: int, count: int) -> Samples:
        try:
            with hushed() if self._info.format == "MP3" else nullcontext():
                if start != self._position:
                    self._handle.seek(start)
                block: Samples = self._handle.read(count, dtype="float32", always_2d=True)
        except self._error as error:
            self._position = -1
            raise DecoderFailure from error
        self._position = start + len(block)
        return from_xiph_order(block) if self._info.subtype in XIPH_SUBTYPES else block

    def close(self) -> None:
        self._handle.close()
        self._remove_folder()

    def _remove_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
