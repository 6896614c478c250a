"""Job events arrive on the threads of the queue; this brings them to the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from grammy_desktop.jobs import JobEvent, JobQueue, JobSnapshot


class JobsBridge(QObject):
    """`happened` carries a `JobEvent`, always on the thread this object lives on."""

    happened = Signal(object)
    _arrived = Signal(object)

    def __init__(self, queue: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = queue
        self._arrived.connect(self.happened, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = queue.subscribe(self._receive)

    def snapshots(self) -> list[JobSnapshot]:
        return self.queue.snapshots()

    def close(self) -> None:
        """Hear no more; the queue may outlive the window."""
        self._unsubscribe()

    def _receive(self, event: JobEvent) -> None:
        self._arrived.emit(event)
