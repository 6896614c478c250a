"""Short work off the window's thread, its result back on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from grammy_desktop.core.errors import GrammyError


class _Voice(QObject):
    done = Signal(object)
    failed = Signal(object)


class _Run(QRunnable):
    def __init__(self, function: Callable[[], Any], voice: _Voice) -> None:
        super().__init__()
        self._function, self.voice = function, voice

    def run(self) -> None:
        try:
            result = self._function()
        except GrammyError as error:
            self.voice.failed.emit(error)
        else:
            self.voice.done.emit(result)


class Background(QObject):
    """One thread; `run` calls `done` or `failed` on the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._voices: set[_Voice] = set()

    def run(
        self,
        function: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[GrammyError], None] = lambda error: None,
    ) -> None:
        voice = _Voice(self)
        self._voices.add(voice)
        queued = Qt.ConnectionType.QueuedConnection

        def finish(call: Callable[[Any], None]) -> Callable[[Any], None]:
            def deliver(value: Any) -> None:
                self._voices.discard(voice)
                call(value)

            return deliver

        voice.done.connect(finish(done), queued)
        voice.failed.connect(finish(failed), queued)
        self._pool.start(_Run(function, voice))

    def close(self) -> None:
        self._pool.clear()
        self._pool.waitForDone()
