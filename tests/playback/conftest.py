from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from pulse import PulseServer, is_available


@pytest.fixture(scope="session")
def pulse() -> Iterator[PulseServer]:
    """A real-time output for the whole run; every process started meanwhile plays through it."""
    if not is_available():
        pytest.skip("pulseaudio is not installed")
    kept = dict(os.environ)
    # Not pytest's own folder: a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="gp") as folder, PulseServer(Path(folder)) as server:
        os.environ.update(server.env)
        yield server
        os.environ.clear()
        os.environ.update(kept)
