"""Runs commands side by side, one lane a core; each one's output is shown in one piece when it ends."""

import os
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

Task = namedtuple("Task", "name command alone")
"""alone: it measures time as a user feels it, so nothing else runs beside it; such tasks come last."""

MOST_LANES = 2
"""What is proved on two cores is proved everywhere: more of them make no other load."""

TICK_SECONDS = 0.1
GRACE_SECONDS = 5.0
"""A terminal's Ctrl-C reaches the tasks too: so long they may clean up."""


def lane_count():
    return max(1, min(MOST_LANES, os.cpu_count() or 1))


def run_tasks(tasks, folder, lanes=None, out=None):
    """Start `tasks` in their order, as many at a time as there are `lanes`; the names of those that failed."""
    lanes, out = lanes or lane_count(), out or sys.stdout
    waiting = [task for task in tasks if not task.alone] + [task for task in tasks if task.alone]
    running, failed = [], []
    try:
        while waiting or running:
            while waiting and _may_start(waiting[0], running, lanes):
                running.append(_Running(waiting.pop(0), folder))
            ended = [each for each in running if each.process.poll() is not None]
            for each in ended:
                running.remove(each)
                if not each.tell(out):
                    failed.append(each.task.name)
            if not ended:
                time.sleep(TICK_SECONDS)
    finally:
        for each in running:
            each.stop()
    return failed


def _may_start(task, running, lanes):
    if task.alone or any(each.task.alone for each in running):
        return not running
    return len(running) < lanes


class _Running:
    def __init__(self, task, folder):
        self.task = task
        self._started = time.monotonic()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115, it is closed when its task ends
        # Two tasks that compile the same function into one cache (numba, under librosa) may read it half written and crash.
        self._compiled = tempfile.TemporaryDirectory(prefix="grammy-compiled-", ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            task.command,
            cwd=str(folder),
            env=dict(os.environ, NUMBA_CACHE_DIR=self._compiled.name),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def tell(self, out):
        """Shows what it said; whether it succeeded."""
        well = self.process.returncode == 0
        self._output.seek(0)
        said = self._output.read().decode("utf-8", "replace")
        self._output.close()
        self._compiled.cleanup()
        seconds = time.monotonic() - self._started
        out.write("== %s\n%s" % (self.task.name, said))
        out.write("== %s: %s in %.0f s\n" % (self.task.name, "ok" if well else "FAILED", seconds))
        out.flush()
        return well

    def stop(self):
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._output.close()
        self._compiled.cleanup()
