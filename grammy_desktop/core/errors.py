"""Three kinds of failure, so that every face tells them apart: the user can mend it, the environment failed, our bug.

Any other exception that reaches a face is our bug. `Cancelled` is not a failure: it lives in `progress`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class ErrorKind(StrEnum):
    USER = "user"
    ENVIRONMENT = "environment"
    BUG = "bug"


class GrammyError(Exception):
    """A failure with one sentence for the user: what is wrong with which file, and what to do."""

    kind = ErrorKind.BUG

    def __init__(self, message: str, *, file: str | None = None) -> None:
        super().__init__(message, file)
        self.message = message
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive pickling by default; errors cross the process border.
        return (_rebuild, (type(self), self.message, self.file))

    def __str__(self) -> str:
        return self.message


class UserError(GrammyError):
    """The user can mend it: a bad file, an unknown preset, a duration of -5 s."""

    kind = ErrorKind.USER


class EnvironmentFailure(GrammyError):
    """The machine failed: the disk is full, the folder is read-only, no sound device."""

    kind = ErrorKind.ENVIRONMENT


class WriteFailure(EnvironmentFailure):
    """A file could not be written. reason: why ('the disk is full'). advice: what to do, '' where nothing helps."""

    def __init__(self, path: str, reason: str, advice: str = "") -> None:
        place = Path(path)
        super().__init__(
            f"“{place.name}” could not be written: {reason} ({place.parent}){_then(advice)}.", file=str(path)
        )
        self.path, self.reason, self.advice = str(path), reason, advice

    def __reduce__(self) -> tuple[object, ...]:
        return (WriteFailure, (self.path, self.reason, self.advice))

    def told_without_file(self, folder: Path) -> EnvironmentFailure:
        """The same for a working file whose name says nothing to the user: `folder` is the one they know."""
        return EnvironmentFailure(
            f"The work could not be finished: {self.reason} ({folder}, where the app keeps its data){_then(self.advice)}.",
            file=str(folder),
        )


class WorkerDied(EnvironmentFailure):
    """A worker process ended without an answer (killed, out of memory, segmentation fault)."""


class BugError(GrammyError):
    """Our bug, raised on purpose or carried over from a worker; `details` is what a report needs."""

    def __init__(self, message: str, *, file: str | None = None, details: str = "") -> None:
        super().__init__(message, file=file)
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_bug, (self.message, self.file, self.details))


def _then(advice: str) -> str:
    return f"; {advice}" if advice else ""


def _rebuild(kind: type[GrammyError], message: str, file: str | None) -> GrammyError:
    return kind(message, file=file)


def _rebuild_bug(message: str, file: str | None, details: str) -> BugError:
    return BugError(message, file=file, details=details)
