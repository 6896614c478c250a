from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from job_helpers import MemoryJournal, Watch

from grammy_desktop.jobs import JobQueue, Lane


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    return tmp_path / "staging"


@pytest.fixture
def queue(journal: MemoryJournal, staging: Path) -> Iterator[JobQueue]:
    made = JobQueue(journal, staging, slots={Lane.GENERATION: 2, Lane.MASTERING: 1, Lane.SCORING: 1}, nice=0)
    yield made
    made.close()
    assert not staging.exists() or list(staging.iterdir()) == []
    assert all(count == 1 for count in journal.endings.values())
    assert set(journal.endings) == set(journal.jobs)


@pytest.fixture
def watch(queue: JobQueue) -> Watch:
    return Watch(queue)
