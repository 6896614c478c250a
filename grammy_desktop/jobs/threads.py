"""The plain executor: a daemon thread a running job, joined when the queue closes."""

from __future__ import annotations

import threading
from collections.abc import Callable


class PlainThreads:
    """Never more threads than the lanes have slots, because the queue submits no more at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()

    def submit(self, function: Callable[[], None], /) -> None:
        def run() -> None:
            try:
                function()
            finally:
                with self._lock:
                    self._threads.discard(threading.current_thread())

        # Daemon: an app that ends without closing the queue must not hang; the workers then see the closed pipe and end too.
        thread = threading.Thread(target=run, name="job", daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def join(self) -> None:
        while True:
            with self._lock:
                others = [thread for thread in self._threads if thread is not threading.current_thread()]
            if not others:
                return
            for thread in others:
                thread.join()
