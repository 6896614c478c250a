"""What a command works with: the app, opened only when a command needs it."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from grammy_desktop.app import App
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.progress_line import ProgressLine
from grammy_desktop.core.errors import BugError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import Cancelled


class Session:
    """One run of the command line. Closes the app (and its worker processes) in every ending."""

    def __init__(self, data_dir: str | None, *, quiet: bool) -> None:
        self.paths = AppPaths.for_user() if data_dir is None else AppPaths(user_path(data_dir))
        self.quiet = quiet
        self._app: App | None = None

    @property
    def app(self) -> App:
        if self._app is None:
            self._app = App.open(self.paths)
        return self._app

    def finish(self, job_id: str) -> Any:
        """Wait for a job with progress on standard error; its result, or its error raised. Ctrl-C cancels it."""
        line = ProgressLine(quiet=self.quiet)
        unsubscribe = self.app.jobs.subscribe(
            lambda event: line.show(event.snapshot.fraction, event.snapshot.stage) if event.job_id == job_id else None
        )
        try:
            outcome = self.app.jobs.wait(job_id)
        except KeyboardInterrupt:
            self.app.jobs.cancel(job_id)
            self.app.jobs.wait(job_id)
            raise
        finally:
            unsubscribe()
            line.end()
        if outcome.error is not None:
            raise outcome.error
        if outcome.state is not JobState.DONE:
            raise Cancelled
        return outcome.result

    def bug(self, error: Exception) -> BugError:
        """Write a report of our bug and return the error that names it."""
        from grammy_desktop.core.bug_report import write_bug_report

        report = write_bug_report(self.paths, error)
        message = f"Something in Grammy broke ({type(error).__name__}: {error}). Your songs are safe."
        return BugError(message, file=str(report))

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._app is not None:
            self._app.close()
