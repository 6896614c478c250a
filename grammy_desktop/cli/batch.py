"""Several jobs of one command: waited for together, told apart by their file, cancelled together."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from grammy_desktop.cli.output import error_json, printable, say
from grammy_desktop.cli.progress_line import WORDS
from grammy_desktop.cli.session import Session
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.progress import Cancelled
from grammy_desktop.jobs import JobEvent


def finish_all(
    session: Session, sources: Sequence[Path], submit: Callable[[int], str], *, failed: Mapping[int, GrammyError] = {}
) -> dict[str, Any]:
    """`submit(n)` starts the job of the n-th source; all run as the queue has room. An entry a source, in order.

    A failed one carries its own error, the others finish. failed: sources that are known to be bad already.
    Ctrl-C cancels every job and is raised again when all of them have ended.
    """
    jobs: dict[int, str] = {}
    items: list[dict[str, Any]] = [{"path": str(source)} for source in sources]
    shown = _Lines(session, {})
    unsubscribe = session.app.jobs.subscribe(shown.take)
    try:
        for number, source in enumerate(sources):
            try:
                if number in failed:
                    raise failed[number]
                job = submit(number)
                shown.names[job] = source.name
                jobs[number] = job
            except GrammyError as error:
                items[number] = _failed(source, error)
        for number, job in jobs.items():
            outcome = session.app.jobs.wait(job)
            if outcome.error is not None:
                items[number] = _failed(sources[number], outcome.error)
            elif outcome.state is not JobState.DONE:
                raise Cancelled
            else:
                items[number] |= outcome.result
    except (KeyboardInterrupt, Cancelled):
        for job in jobs.values():
            session.app.jobs.cancel(job)
        for job in jobs.values():
            session.app.jobs.wait(job)
        raise
    finally:
        unsubscribe()
        shown.end()
    return {"items": items}


def _failed(source: Path, error: GrammyError) -> dict[str, Any]:
    say(error.message)
    return {"path": str(source), "error": error_json(error)}


class _Lines:
    """A bar for all on a terminal, a line per file and stage otherwise. Called from any thread."""

    def __init__(self, session: Session, names: dict[str, str]) -> None:
        self.names = names
        self._quiet = session.quiet
        self._bar = sys.stderr.isatty()
        self._lock = threading.Lock()
        self._fractions: dict[str, float] = {}
        self._stages: dict[str, str] = {}

    def take(self, event: JobEvent) -> None:
        name = self.names.get(event.job_id)
        if name is None or self._quiet:
            return
        with self._lock:
            snapshot = event.snapshot
            self._fractions[event.job_id] = 1.0 if snapshot.state.ended else snapshot.fraction
            changed = snapshot.stage and self._stages.get(event.job_id) != snapshot.stage
            self._stages[event.job_id] = snapshot.stage
            words = f"{printable(name)}: {WORDS.get(snapshot.stage, snapshot.stage)}"
            if self._bar:
                share = sum(self._fractions.values()) / max(1, len(self.names))
                filled = round(24 * share)
                sys.stderr.write(
                    f"\r\x1b[K{'█' * filled}{'░' * (24 - filled)} {round(100 * share):3d} %  {words}"[:110]
                )
            elif changed:
                sys.stderr.write(f"{words}...\n")
            sys.stderr.flush()

    def end(self) -> None:
        with self._lock:
            if self._bar and self._fractions and not self._quiet:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
