"""'Save as profile' at work: what is matched of the references, without the songs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from grammy_desktop.app.hear_works import profile_work
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent, JobQueue
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.master.reference_drop import PROFILE
from grammy_desktop.ui.master.reference_list import ReferenceList


class Profiles(QObject):
    said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, queue: JobQueue, jobs: JobsBridge, references: ReferenceList) -> None:
        super().__init__(references)
        self._queue, self._references = queue, references
        self._jobs: dict[str, Path] = {}
        references.profile_wanted.connect(self.choose_file)
        jobs.happened.connect(self._job_changed)

    def choose_file(self) -> None:
        named = self._references.references
        if not named:
            return
        start = str(Path.home() / f"{named[0][0].stem}{PROFILE}")
        window = self._references.window()
        chosen, _ = QFileDialog.getSaveFileName(window, "Save as profile", start, f"Reference profile (*{PROFILE})")
        if chosen:
            self.save(Path(chosen))

    def save(self, out: Path) -> None:
        """To a file that ends in .gmref; it is said when it is written."""
        out = out if out.suffix.lower() == PROFILE else out.with_name(out.name + PROFILE)
        self._jobs[self._queue.submit(profile_work(self._references.references, out))] = out

    def _job_changed(self, event: JobEvent) -> None:
        snapshot = event.snapshot
        if event.job_id not in self._jobs or not snapshot.state.ended:
            return
        out = self._jobs.pop(event.job_id)
        if snapshot.state is JobState.DONE:
            self.said.emit(f"The profile was saved as {out.name}", None)
        elif snapshot.error is not None:
            self.failed.emit(snapshot.error)
