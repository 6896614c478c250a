"""A second program to drag to and from: a small window at the screen's right edge that prints what is dropped on it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CENTRE = (1800, 300)
"""Where its middle is on the screen."""


class Partner:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._names: list[str] = []
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def received(self) -> list[str]:
        """Names of every file dropped so far (only those that exist and are not empty)."""
        return list(self._names)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("ready"):
                self.ready.set()
            elif line.startswith("["):
                self._names += json.loads(line)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._thread.join()


@contextmanager
def started(offered: str, pause: Callable[[float], None]) -> Iterator[Partner]:
    """`offered` is the file that is dragged out of it."""
    process = subprocess.Popen([sys.executable, "-m", __name__, offered], stdout=subprocess.PIPE, text=True)
    partner = Partner(process)
    try:
        while not partner.ready.is_set():
            pause(0.05)
        pause(1.0)
        yield partner
    finally:
        partner.close()


def main(offered: str) -> None:
    from pathlib import Path

    from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
    from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
    from PySide6.QtWidgets import QApplication, QLabel

    class Target(QLabel):
        def mouseMoveEvent(self, event: QMouseEvent) -> None:
            if event.buttons() & Qt.MouseButton.LeftButton:
                drag = QDrag(self)
                data = QMimeData()
                data.setUrls([QUrl.fromLocalFile(offered)])
                drag.setMimeData(data)
                drag.exec(Qt.DropAction.CopyAction)

        def dragEnterEvent(self, event: QDragEnterEvent) -> None:
            event.acceptProposedAction()

        def dropEvent(self, event: QDropEvent) -> None:
            paths = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
            print(json.dumps([path.name for path in paths if path.is_file() and path.stat().st_size]), flush=True)
            event.acceptProposedAction()

    application = QApplication([])
    target = Target("Another program")
    target.setAcceptDrops(True)
    target.resize(160, 160)
    target.move(QPoint(CENTRE[0] - 80, CENTRE[1] - 80))
    target.show()
    QTimer.singleShot(500, lambda: print("ready", flush=True))
    application.exec()


if __name__ == "__main__":
    main(sys.argv[1])
