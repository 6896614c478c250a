"""Audio on its way between two passes: in memory while it is small, in a file without a name of its own when it is long."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np

from grammy_desktop.core.atomic import write_failure
from grammy_desktop.core.audio import Samples

IN_MEMORY = 64 * 2**20
"""Bytes up to which audio is kept in memory when it may go to disk."""


class Spool:
    """Written once from the beginning to the end, then read as an `AudioSource`; a context manager that leaves nothing."""

    def __init__(self, frames: int, channels: int, sample_rate: int, *, work_dir: Path | None = None) -> None:
        """frames: how many there will be. work_dir: where long audio goes; None keeps it in memory whatever its length.

        Raises EnvironmentFailure when the disk fails.
        """
        self.frames = frames
        self.channels = channels
        self.sample_rate = sample_rate
        self._written = 0
        self._samples: Samples | None = None
        self._file: BinaryIO | None = None
        self._folder = work_dir
        if work_dir is None or frames * channels * 4 <= IN_MEMORY:
            self._samples = np.empty((frames, channels), np.float32)
            return
        try:
            # On Linux and macOS it has no name, so that it goes with the process, however that ends.
            self._file = tempfile.TemporaryFile(prefix="grammy-spool-", suffix=".part", dir=work_dir)  # noqa: SIM115
        except OSError as error:
            raise write_failure(work_dir / "temporary audio", error) from error

    @property
    def samples(self) -> Samples:
        """All of them, float32 [frames, channels]; only of a spool in memory."""
        if self._samples is None:
            raise ValueError("this spool is a file")
        return self._samples

    def restart(self) -> None:
        """The next block is the first again."""
        self._written = 0

    def write(self, block: Samples) -> None:
        end = self._written + len(block)
        if end > self.frames:
            raise ValueError(f"{end} frames for a spool of {self.frames}")
        if self._samples is not None:
            self._samples[self._written : end] = block
        elif self._file is not None:
            try:
                self._file.seek(self._place(self._written))
                self._file.write(np.ascontiguousarray(block, np.float32).data)
            except OSError as error:
                raise write_failure((self._folder or Path()) / "temporary audio", error) from error
        self._written = end

    def read(self, start: int, count: int) -> Samples:
        start = max(0, start)
        count = max(0, min(count, self._written - start))
        if self._samples is not None:
            return self._samples[start : start + count]
        block = np.empty((count, self.channels), np.float32)
        if self._file is not None and count:
            self._file.seek(self._place(start))
            if self._file.readinto(block.data.cast("B")) != block.nbytes:  # type: ignore[attr-defined]
                raise OSError("temporary audio ends too early")
        return block

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._samples = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _place(self, frame: int) -> int:
        return frame * self.channels * 4
