from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import job_functions as functions
import psutil
import pytest
from job_helpers import MemoryJournal, make_work

from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.jobs import JobQueue
from grammy_desktop.library import Library

ROOT = Path(__file__).parents[2]

NOISY = """
import sys
from pathlib import Path
from job_helpers import MemoryJournal, make_work
import job_functions
from grammy_desktop.jobs import JobQueue

def main():
    queue = JobQueue(MemoryJournal(), Path(sys.argv[1]))
    assert queue.wait(queue.submit(make_work(job_functions.noisy)), 30).result == "ok"
    queue.close()
    print("{}")

if __name__ == "__main__":
    main()
"""

DOOMED = """
import json, sys, threading
from pathlib import Path
from job_helpers import Watch, make_work
import job_functions, psutil
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.song import Licence
from grammy_desktop.jobs import JobQueue, Lane
from grammy_desktop.library import Library

def main():
    paths = AppPaths(Path(sys.argv[1]))
    library = Library.open(paths)
    queue = JobQueue(library.journal, paths.staging, slots={lane: 1 for lane in Lane})
    watch = Watch(queue)
    licence = Licence("CC0-1.0", True, "Yours.")
    song = dict(prompt="p", brief={}, engine="composer", seed=1, licence=licence)
    tracks = [library.add_pending(title=str(number), **song) for number in range(2)]
    jobs = [queue.submit(make_work(job_functions.busy, track_id=track)) for track in tracks]
    watch.until_stage(jobs[0])
    workers = [child.pid for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    print(json.dumps({"jobs": jobs, "workers": workers}), flush=True)
    threading.Event().wait()

if __name__ == "__main__":
    main()
"""


def start(tmp_path: Path, script: str, *arguments: str) -> subprocess.Popen[str]:
    file = tmp_path / "script.py"
    file.write_text(script)
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    return subprocess.Popen(
        [sys.executable, str(file), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": path},
    )


def test_what_workers_print_never_reaches_standard_output(tmp_path: Path) -> None:
    process = start(tmp_path, NOISY, str(tmp_path / "staging"))
    output, _ = process.communicate(timeout=60)
    assert (process.returncode, output) == (0, "{}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_the_parent_is_killed_in_the_middle_of_the_work(tmp_path: Path) -> None:
    paths = AppPaths(tmp_path / "data")
    process = start(tmp_path, DOOMED, str(paths.data_dir))
    assert process.stdout is not None
    facts = json.loads(process.stdout.readline())
    running, waiting = facts["jobs"]
    workers = [psutil.Process(pid) for pid in facts["workers"]]
    assert len(workers) == 1

    # As long as the other process lives, a second one leaves its work alone.
    second = Library.open(paths)
    assert {entry.id: entry.state for entry in second.journal.entries()} == {
        running: JobState.RUNNING,
        waiting: JobState.WAITING,
    }
    assert len(second.tracks()) == 2
    assert (paths.staging / running / "half.wav").exists()
    assert second.verify().problems == ()
    second.close()

    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert alive == []

    library = Library.open(paths)
    assert {entry.id: entry.state for entry in library.journal.entries()} == {
        running: JobState.INTERRUPTED,
        waiting: JobState.INTERRUPTED,
    }
    assert [entry.id for entry in library.journal.interrupted()] == [waiting, running]
    assert library.tracks() == []
    assert list(paths.staging.iterdir()) == []
    assert library.verify().problems == ()
    library.journal.forget(running)
    assert [entry.id for entry in library.journal.interrupted()] == [waiting]
    library.close()


def test_workers_write_to_the_app_s_log(tmp_path: Path, journal: MemoryJournal) -> None:
    log = tmp_path / "grammy.log"
    queue = JobQueue(journal, tmp_path / "staging", log_path=log)
    queue.wait(queue.submit(make_work(functions.log_line, "hello from sk-abcdefghijklmnop")), 20)
    worker = queue.wait(queue.submit(make_work(functions.process_id)), 20).result
    queue.close()
    text = log.read_text()
    assert "hello from [hidden]" in text
    assert f"[{worker} " in text


INTERRUPTED = """
import sys
from pathlib import Path
from job_helpers import MemoryJournal, Watch, make_work
import job_functions
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobQueue, Lane

def main():
    queue = JobQueue(MemoryJournal(), Path(sys.argv[1]), slots={lane: 2 for lane in Lane})
    watch = Watch(queue)
    job = queue.submit(make_work(job_functions.patient))
    watch.until_stage(job)
    starting = queue.submit(make_work(job_functions.patient))
    watch.until(lambda event: event.job_id == starting and event.kind == "started")
    try:
        print("ready", flush=True)
        queue.wait(job)
    except KeyboardInterrupt:
        assert [snapshot.state for snapshot in queue.snapshots()] == [JobState.RUNNING] * 2
        watch.until_stage(starting)
        queue.cancel(job), queue.cancel(starting)
        print(queue.wait(job).state, queue.wait(starting).state)
    queue.close()

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_ctrl_c_reaches_the_workers_and_harms_none(tmp_path: Path) -> None:
    process = start(tmp_path, INTERRUPTED, str(tmp_path / "staging"))
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert (process.returncode, output) == (0, "cancelled cancelled\n")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX nice")
def test_workers_are_nice(tmp_path: Path, journal: MemoryJournal) -> None:
    queue = JobQueue(journal, tmp_path / "staging", nice=7)
    worker = queue.wait(queue.submit(make_work(functions.process_id)), 20).result
    assert psutil.Process(worker).nice() == min(19, psutil.Process().nice() + 7)
    queue.close()
