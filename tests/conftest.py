"""House rules for every test: no thread or process is left behind; no warning is logged that the test does not expect."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator

import pytest

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    # As the app does, before numpy comes: threads that spin for small matrices take most of the time of many tests.
    os.environ.setdefault(name, "1")

GRACE_SECONDS = 3.0
"""How long threads that were told to end may take."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "expects_log: the app logs warnings in this test, and that is what is tested")


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fails a test that leaves threads or child processes."""
    threads = set(threading.enumerate())
    children = {child.pid for child in multiprocessing.active_children()}
    yield
    left = _left(threads, children)
    deadline = time.monotonic() + GRACE_SECONDS
    while left and time.monotonic() < deadline:
        threading.Event().wait(0.02)
        left = _left(threads, children)
    assert not left, f"left running after the test: {', '.join(left)}"


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test in which the app logs a warning or worse without the mark `expects_log`."""
    yield
    if request.node.get_closest_marker("expects_log"):
        return
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    loud = [r for r in records if r.levelno >= logging.WARNING and r.name.startswith("grammy_desktop")]
    assert not loud, "logged: " + "; ".join(record.getMessage() for record in loud)


def _left(threads: set[threading.Thread], children: set[int | None]) -> list[str]:
    # Qt's own pool threads show up as dummies once they call into Python; they are Qt's to end.
    new = [t for t in threading.enumerate() if t not in threads and not isinstance(t, threading._DummyThread)]
    young = [child for child in multiprocessing.active_children() if child.pid not in children]
    return [thread.name for thread in new] + [child.name for child in young]
