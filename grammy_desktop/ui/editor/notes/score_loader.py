"""Reads the score of a take off the main thread: an old take is composed again for it, which takes a moment."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.song import Arrangement

log = logging.getLogger(__name__)


class ScoreLoader(QObject):
    """One wish at a time: a newer one takes the place of an older. Results come on this object's thread."""

    ready = Signal(str, object)
    """Version id and Arrangement."""
    failed = Signal(str, str)
    """Version id and a sentence."""

    def __init__(self, read: Callable[[str], Arrangement], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._wanted = ""

    def load(self, version_id: str) -> None:
        self._wanted = version_id
        self._pool.clear()
        work = _Read(version_id, self._read)
        work.voice.ready.connect(self._on_ready, Qt.ConnectionType.QueuedConnection)
        work.voice.failed.connect(self._on_failure, Qt.ConnectionType.QueuedConnection)
        self._pool.start(work)

    def close(self) -> None:
        self._wanted = ""
        self._pool.clear()
        self._pool.waitForDone()

    def _on_ready(self, version_id: str, arrangement: Arrangement) -> None:
        if version_id == self._wanted:
            self.ready.emit(version_id, arrangement)

    def _on_failure(self, version_id: str, sentence: str) -> None:
        if version_id == self._wanted:
            self.failed.emit(version_id, sentence)


class _Voice(QObject):
    ready = Signal(str, object)
    failed = Signal(str, str)


class _Read(QRunnable):
    def __init__(self, version_id: str, read: Callable[[str], Arrangement]) -> None:
        super().__init__()
        self._version_id, self._call = version_id, read
        self.voice = _Voice()

    def run(self) -> None:
        try:
            self.voice.ready.emit(self._version_id, self._call(self._version_id))
        except GrammyError as error:
            self.voice.failed.emit(self._version_id, error.message)
        except (OSError, ValueError, KeyError) as error:
            log.warning("no score for %s: %s", self._version_id, error)
            self.voice.failed.emit(self._version_id, "The score of this take cannot be read.")
