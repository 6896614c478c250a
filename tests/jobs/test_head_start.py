from __future__ import annotations

from pathlib import Path

import job_functions as functions
import psutil
from job_helpers import MemoryJournal, make_work

from grammy_desktop.jobs import JobQueue, Lane
from grammy_desktop.jobs.head_start import give_head_start
from grammy_desktop.jobs.pool import WorkerProcess

WAIT = 60.0


def test_the_first_job_gets_the_worker_that_was_ahead(journal: MemoryJournal, staging: Path, tmp_path: Path) -> None:
    give_head_start(["wave", "there_is_no_such_module"])
    [ahead] = WorkerProcess.ahead
    pid = ahead.pid
    log = tmp_path / "grammy.log"
    queue = JobQueue(journal, staging, slots={Lane.GENERATION: 1, Lane.SCORING: 1}, log_path=log)
    assert queue.wait(queue.submit(make_work(functions.process_id)), WAIT).result == pid
    assert WorkerProcess.ahead == []
    assert queue.wait(queue.submit(make_work(functions.is_imported, "wave")), WAIT).result is True
    assert queue.wait(queue.submit(make_work(functions.log_line, "later known")), WAIT).result is None
    queue.close()
    assert "later known" in log.read_text()
    assert not psutil.pid_exists(pid)


def test_one_that_died_is_not_taken(journal: MemoryJournal, staging: Path) -> None:
    give_head_start([])
    [ahead] = WorkerProcess.ahead
    dead = ahead.pid
    ahead.process.kill()
    ahead.process.join()
    queue = JobQueue(journal, staging, slots={Lane.GENERATION: 1})
    assert queue.wait(queue.submit(make_work(functions.process_id)), WAIT).result != dead
    assert WorkerProcess.ahead == []
    queue.close()


def test_one_with_another_priority_is_left(journal: MemoryJournal, staging: Path) -> None:
    give_head_start([])
    [ahead] = WorkerProcess.ahead
    queue = JobQueue(journal, staging, slots={Lane.GENERATION: 1}, nice=0)
    assert queue.wait(queue.submit(make_work(functions.process_id)), WAIT).result != ahead.pid
    queue.close()
    assert WorkerProcess.ahead == [ahead]
    WorkerProcess.ahead.clear()
    ahead.kill()
