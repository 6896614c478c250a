"""The log file: rotating, safe for several processes, and without secrets.

The app's process rotates; worker processes only append and follow a rotation (`set_up_worker_logging`).
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
from collections.abc import Callable
from pathlib import Path

from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.paths import AppPaths

LOG_NAME = "grammy.log"
_MAX_BYTES = 1_000_000
_BACKUPS = 5
_FORMAT = "%(asctime)s %(levelname)-7s [%(process)d %(threadName)s] %(name)s: %(message)s"
_HIDDEN = "[hidden]"
_SHORTEST_SECRET = 6
"""Characters; hiding shorter ones would blank out ordinary words."""

# Repeats that do not end a match are bounded, or a long line would cost the square of its length.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bsk-[A-Za-z0-9_\-]{8,}"), _HIDDEN),
    (re.compile(r"\bsb_(?:secret|publishable)_[A-Za-z0-9_\-]{8,}"), _HIDDEN),
    (re.compile(r"\beyJ[A-Za-z0-9_\-]{5,}\.[A-Za-z0-9_\-]{5,}(?:\.[A-Za-z0-9_\-]*)?"), _HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=\-]{6,}"), rf"\1 {_HIDDEN}"),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.\-]{0,20}://)[^\s/@:]{0,200}:[^\s/@]{1,200}@"), rf"\1{_HIDDEN}@"),
    (
        re.compile(
            r"(?i)(\b[\w-]{0,40}(?:password|passwd|api[_-]?key|secret|token)[\"']?\s*[=:]\s*[\"']?)(?!\[hidden\])[^\s\"'&,;]{4,}"
        ),
        rf"\1{_HIDDEN}",
    ),
)


class Redactor:
    """Takes keys, tokens and passwords out of a text; `add` teaches it a secret of this session."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def add(self, secret: str) -> None:
        if len(secret) >= _SHORTEST_SECRET:
            self._secrets.add(secret)

    def __call__(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text


class _RedactingFormatter(logging.Formatter):
    """Redacts the finished line, traceback included."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__(_FORMAT)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class _SharedFileHandler(logging.handlers.RotatingFileHandler):
    """A rotating file that several processes append to: follows the file when another process has rotated it."""

    def __init__(self, path: Path, *, rotates: bool) -> None:
        super().__init__(
            path, maxBytes=_MAX_BYTES if rotates else 0, backupCount=_BACKUPS, encoding="utf-8", delay=True
        )

    def emit(self, record: logging.LogRecord) -> None:
        self._follow()
        super().emit(record)

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        self._follow()
        return bool(super().shouldRollover(record))

    def doRollover(self) -> None:
        try:
            super().doRollover()
        except OSError:
            # Windows renames no file that a worker holds open: go on in the same file, try again at the next line.
            if self.stream is None:
                self.stream = self._open()

    def _follow(self) -> None:
        if self.stream is None:
            return
        try:
            there = Path(self.baseFilename).stat()
            same = os.path.samestat(there, os.fstat(self.stream.fileno()))
        except OSError:
            same = False
        if not same:
            self.stream.close()
            self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """A log that cannot be written (full disk) must not stop the work, nor write to standard error."""


class LogSetup:
    """What `set_up_logging` changed; `close` takes it back."""

    def __init__(self, file: Path, redactor: Redactor, handler: logging.Handler, level: int) -> None:
        self.file = file
        self.redactor = redactor
        self.level = level
        self._handler = handler
        self._root_level = logging.getLogger().level

    def hide(self, secret: str) -> None:
        """Never write this secret."""
        self.redactor.add(secret)

    def close(self) -> None:
        root = logging.getLogger()
        root.removeHandler(self._handler)
        root.setLevel(self._root_level)
        self._handler.close()


def log_file(paths: AppPaths) -> Path:
    return paths.logs / LOG_NAME


def set_up_logging(paths: AppPaths, *, level: int | str = logging.INFO) -> LogSetup:
    """Logs everything of `level` and above to a file of 1 MB (and five older ones). Raises EnvironmentFailure.

    Called again it replaces what it set up before: no line is ever written twice.
    """
    try:
        paths.logs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFailure(
            f"The folder for logs {paths.logs} could not be made: {error.strerror}.", file=str(paths.logs)
        ) from error
    return _install(log_file(paths), level, rotates=True)


def set_up_worker_logging(file: Path, level: int | str = logging.INFO) -> LogSetup:
    """The same for a worker process: appends to the app's file and never rotates it."""
    return _install(file, level, rotates=False)


def _install(file: Path, level: int | str, *, rotates: bool) -> LogSetup:
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _SharedFileHandler)]:
        root.removeHandler(old)
        old.close()
    redactor = Redactor()
    handler = _SharedFileHandler(file, rotates=rotates)
    handler.setFormatter(_RedactingFormatter(redactor))
    number = level if isinstance(level, int) else logging.getLevelNamesMapping()[level.upper()]
    setup = LogSetup(file, redactor, handler, number)
    root.addHandler(handler)
    root.setLevel(number)
    return setup


def last_lines(file: Path, count: int = 50) -> list[str]:
    """The newest lines of the log; empty when there is none."""
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - 64_000))
            return stream.read().decode("utf-8", "replace").splitlines()[-count:]
    except OSError:
        return []
