"""Builds peaks off the main thread; every result comes back on it."""

from __future__ import annotations

import hashlib
import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.peaks import AudioView, open_or_build_peaks
from grammy_desktop.core.progress import Cancelled

log = logging.getLogger(__name__)


def peaks_path(folder: Path, audio: Path) -> Path:
    """Where the peaks of `audio` are kept: by its place, since content-addressed files never change."""
    return folder / f"{hashlib.sha256(str(audio.absolute()).encode()).hexdigest()[:32]}.peaks"


class PeakLoader(QObject):
    """`load` any number of files; after `cancel` nothing that was asked for before is heard of any more."""

    progressed = Signal(str, float)
    ready = Signal(str, object)
    """Lane id and AudioView."""
    failed = Signal(str, str)
    """Lane id and a sentence."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._stop = threading.Event()
        self._round = 0

    def load(self, lane: str, audio: Path) -> None:
        """Open the peaks of `audio`, building them when needed."""
        work = _Load(self._round, lane, audio, peaks_path(self._folder, audio), self._stop)
        queued = Qt.ConnectionType.QueuedConnection
        work.voice.progressed.connect(self._on_progress, queued)
        work.voice.ready.connect(self._on_ready, queued)
        work.voice.failed.connect(self._on_failure, queued)
        self._pool.start(work)

    def cancel(self) -> None:
        self._round += 1
        self._stop.set()
        self._pool.clear()
        self._stop = threading.Event()

    def close(self) -> None:
        self.cancel()
        self._pool.waitForDone()

    def _on_progress(self, round_: int, lane: str, fraction: float) -> None:
        if round_ == self._round:
            self.progressed.emit(lane, fraction)

    def _on_ready(self, round_: int, lane: str, view: AudioView) -> None:
        if round_ == self._round:
            self.ready.emit(lane, view)

    def _on_failure(self, round_: int, lane: str, message: str) -> None:
        if round_ == self._round:
            self.failed.emit(lane, message)


class _Voice(QObject):
    """Carries results over to the loader's thread; the number is the loader's round."""

    progressed = Signal(int, str, float)
    ready = Signal(int, str, object)
    failed = Signal(int, str, str)


class _Load(QRunnable):
    def __init__(self, round_: int, lane: str, audio: Path, peaks: Path, stop: threading.Event) -> None:
        super().__init__()
        self._round, self._lane, self._audio, self._peaks, self._stop = round_, lane, audio, peaks, stop
        self._shown = -1
        self.voice = _Voice()

    def run(self) -> None:
        try:
            self._peaks.parent.mkdir(parents=True, exist_ok=True)
            view = AudioView(self._audio, open_or_build_peaks(self._audio, self._peaks, self))
            self.check_cancelled()
            self.voice.ready.emit(self._round, self._lane, view)
        except Cancelled:
            return
        except GrammyError as error:
            self.voice.failed.emit(self._round, self._lane, error.message)
        except OSError as error:
            log.warning("no waveform for %s: %s", self._audio, error)
            self.voice.failed.emit(self._round, self._lane, f"“{self._audio.name}” cannot be read: {error.strerror}.")

    # Progress

    def report(self, fraction: float, stage: str) -> None:
        self.check_cancelled()
        percent = round(fraction * 100)
        if stage == "peaks" and percent != self._shown:
            self._shown = percent
            self.voice.progressed.emit(self._round, self._lane, fraction)

    def check_cancelled(self) -> None:
        if self._stop.is_set():
            raise Cancelled

    def publish(self, kind: str, path: Path) -> None:
        return None
