"""Changes of songs at work: one at a time for each song, each a job; done, undone and done again as steps between takes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError, UserError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.session import SongSession

log = logging.getLogger(__name__)

Call = Callable[[str, str], str]
"""(track id, version id) to the job's id: a method of `App.songs`."""

BUSY = "Another change of this song is being made; wait for it, or stop it under Jobs."
UNKEPT = "The edit is not kept yet. Keep it or undo it first: a change is made of the take without it."


@dataclass(frozen=True)
class Change:
    """`place` is what is being changed: 'part:NAME', 'section:INDEX', 'chord:INDEX' or 'song'. `words` say it when it is done."""

    place: str
    words: str


@dataclass(frozen=True)
class Step:
    """From one open version to another."""

    words: str
    before: str
    after: str


@dataclass
class _Steps:
    """Those of one song; `done` counts the steps that are not undone."""

    steps: list[Step] = field(default_factory=list)
    done: int = 0


@dataclass
class _Run:
    change: Change
    track_id: str
    before: str
    fraction: float = 0.0


class SongChanges(QObject):
    """Steps of the open song are what Undo and Redo take once no edit is left (`EditDesk.takes`)."""

    progressed = Signal()
    finished = Signal(object)
    """The Change; the new take is open."""
    set_aside = Signal(object, str)
    """The Change and the version that it made, which is not opened because of an edit that was begun meanwhile."""
    failed = Signal(object)
    stepped = Signal()
    """What can be undone is another now."""

    def __init__(self, app: App, session: SongSession, jobs: JobsBridge) -> None:
        super().__init__(session)
        self._app, self._session = app, session
        self._runs: dict[str, _Run] = {}
        self._steps: dict[str, _Steps] = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        jobs.happened.connect(self._job_changed)
        session.song_changed.connect(self.progressed)
        session.song_changed.connect(self.stepped)

    # Changing

    def start(self, change: Change, call: Call) -> None:
        """Begin `call` for the open version; what cannot be is told through `failed`."""
        session = self._session
        if session.track is None or session.version is None:
            return
        if self.busy:
            self.failed.emit(UserError(BUSY))
            return
        if not session.history.current.is_whole:
            self.failed.emit(UserError(UNKEPT))
            return
        try:
            job = call(session.track.id, session.version.id)
        except GrammyError as error:
            self.failed.emit(error)
            return
        self._runs[job] = _Run(change, session.track.id, session.version.id)
        self.progressed.emit()

    @property
    def busy(self) -> dict[str, float]:
        """How far the open song's change is, by its place."""
        return {run.change.place: run.fraction for run in self._runs.values() if run.track_id == self._open}

    @property
    def _open(self) -> str:
        return self._session.track.id if self._session.track is not None else ""

    def close(self) -> None:
        """Wait for what is still being written."""
        self._pool.waitForDone()

    def _job_changed(self, event: JobEvent) -> None:
        snapshot = event.snapshot
        run = self._runs.get(event.job_id) or self._started_again(event)
        if run is None:
            return
        if not snapshot.state.ended:
            run.fraction = snapshot.fraction
            self.progressed.emit()
            return
        self._runs.pop(event.job_id, None)
        if snapshot.state is JobState.DONE and run.track_id == self._open:
            self._open_result(run)
        elif snapshot.error is not None:
            self.failed.emit(snapshot.error)
        self.progressed.emit()

    def _started_again(self, event: JobEvent) -> _Run | None:
        """A change of the open song that was stopped and started again elsewhere (the jobs' tray), now done."""
        snapshot, version = event.snapshot, self._session.version
        if event.kind != "ended" or snapshot.kind != "revise" or snapshot.track_id != self._open or version is None:
            return None
        return _Run(Change("song", "The song was changed"), self._open, version.id)

    def _open_result(self, run: _Run) -> None:
        if not self._session.history.current.is_whole:
            self._session.refresh(stay=True)
            self.set_aside.emit(run.change, self._session.versions[-1].id)
            return
        self._session.refresh()
        version = self._session.version
        if version is None or version.id == run.before:
            return
        steps = self._steps.setdefault(run.track_id, _Steps())
        steps.steps[steps.done :] = [Step(run.change.words, run.before, version.id)]
        steps.done += 1
        self.stepped.emit()
        self.finished.emit(run.change)

    # Undo and redo

    @property
    def undo_name(self) -> str:
        steps = self._steps.get(self._open)
        return steps.steps[steps.done - 1].words if steps is not None and steps.done > 0 else ""

    @property
    def redo_name(self) -> str:
        steps = self._steps.get(self._open)
        return steps.steps[steps.done].words if steps is not None and steps.done < len(steps.steps) else ""

    def undo(self) -> None:
        """Back to the take before the last change."""
        steps = self._steps.get(self._open)
        if steps is not None and steps.done > 0:
            steps.done -= 1
            self._go_to(steps.steps[steps.done].before)

    def redo(self) -> None:
        steps = self._steps.get(self._open)
        if steps is not None and steps.done < len(steps.steps):
            steps.done += 1
            self._go_to(steps.steps[steps.done - 1].after)

    def _go_to(self, version_id: str) -> None:
        """Heard at once; in the library it becomes the newest a moment later, so that exports hold it too."""
        track_id = self._open
        self._session.set_version(version_id)
        self.stepped.emit()
        work = _Restore(lambda: self._app.songs.restore(track_id, version_id))
        work.voice.done.connect(lambda: self._restored(track_id))
        work.voice.failed.connect(self.failed)
        self._pool.start(work)

    def _restored(self, track_id: str) -> None:
        if track_id == self._open:
            self._session.refresh()


class _Voice(QObject):
    done = Signal()
    failed = Signal(object)


class _Restore(QRunnable):
    """Files are hashed again for it: that is not for the window's thread."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__()
        self._call = call
        self.voice = _Voice()

    def run(self) -> None:
        try:
            self._call()
        except GrammyError as error:
            self.voice.failed.emit(error)
            return
        self.voice.done.emit()
