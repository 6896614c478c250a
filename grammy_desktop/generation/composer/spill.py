"""Long songs keep their finished stems in a nameless file: what nobody reads just now needs no memory.

The arrays are ordinary ones; the pages behind them are given back between two uses and come again from the file by
themselves. Not on Windows, where a mapped file cannot be nameless: there, and where the disk is full, stems stay in memory.
"""

from __future__ import annotations

import logging
import mmap
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import Samples

log = logging.getLogger(__name__)

_WORTH_IT = 300_000_000
"""Bytes of all stems together from which they are kept in files."""
_EVERY = 0.03
"""Seconds between two times that pages are given back."""
_ON_DISK = Path("/var/tmp")
"""Unlike /tmp, never memory itself."""


def is_worth_it(frames: int, stems: int) -> bool:
    """Whether stems of so many frames are to be spilled."""
    return frames * stems * 8 > _WORTH_IT and sys.platform != "win32"


def spilled(samples: Samples) -> Samples:
    """The same samples, behind them a file; `samples` themselves where that cannot be."""
    try:
        folder = str(_ON_DISK) if _ON_DISK.is_dir() else None
        with tempfile.TemporaryFile(prefix="grammy-", dir=folder) as file:
            samples.tofile(file)
            file.flush()
            mapped = np.memmap(file, np.float32, "r+", shape=samples.shape)
    except OSError as error:
        log.warning("a stem stays in memory: %s", error)
        return samples
    give_back(mapped)
    return mapped


def give_back(*arrays: Samples) -> None:
    """The pages of spilled arrays, which come again when they are read; nothing for others."""
    for samples in arrays:
        mapping = getattr(samples, "_mmap", None)
        advice = getattr(mmap, "MADV_DONTNEED", None)
        if isinstance(mapping, mmap.mmap) and advice is not None:
            mapping.madvise(advice)


@contextmanager
def trimmed(arrays: Iterable[Samples]) -> Iterator[None]:
    """While in here, the pages of spilled arrays are given back all the time, whoever works on them and how."""
    mapped = [samples for samples in arrays if isinstance(samples, np.memmap)]
    if not mapped:
        yield
        return
    done = threading.Event()

    def trim() -> None:
        while not done.wait(_EVERY):
            give_back(*mapped)

    thread = threading.Thread(target=trim, name="trimming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        give_back(*mapped)
