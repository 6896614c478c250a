"""The first seconds of a song that is still being made: heard at once, gone on with in the mix and in the finished song."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.jobs import JobSnapshot
from grammy_desktop.library import TrackRecord
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.transport.clock import PlaybackClock

log = logging.getLogger(__name__)

STAGES = {"preview": "The opening, while the rest is made", "mix": "The mix, while it is mastered"}
"""What a job publishes that can be heard, in this order, and what the header says of it."""


class Opening(QObject):
    """At most one song is heard ahead. A file of the job is linked to `folder` first: the job's own goes with the job."""

    failed = Signal(object)

    def __init__(self, session: SongSession, playback: PlaybackClock, folder: Path) -> None:
        super().__init__(session)
        self._session, self._playback, self._folder = session, playback, folder
        self._job = ""
        self._stage = ""
        self._before: tuple[str, str | None] | None = None
        session.song_changed.connect(self._song_changed)
        self._clear()

    @property
    def active(self) -> bool:
        return bool(self._job)

    def is_of(self, job_id: str) -> bool:
        """Whether this job's song is heard ahead."""
        return self.active and job_id == self._job

    def begin(self, snapshot: JobSnapshot) -> None:
        """Play what the job has published so far, from its beginning."""
        stage = _newest(snapshot)
        if self.active or not stage:
            return
        session = self._session
        before = (session.track.id, session.version.id if session.version else None) if session.track else None
        if self._hear(snapshot, stage, go_on=False):
            self._job, self._stage, self._before = snapshot.id, stage, before
            self._playback.play()

    def follow(self, snapshot: JobSnapshot) -> None:
        """The job has published more: go on in it."""
        stage = _newest(snapshot)
        if (
            self.is_of(snapshot.id)
            and stage != self._stage
            and self._go_on(lambda: self._hear(snapshot, stage, go_on=True))
        ):
            self._stage = stage

    def finish(self, track: TrackRecord) -> None:
        """The song is there: open it at the same place, playing if this did or had come to its end."""
        self._job = ""

        def open_song() -> bool:
            try:
                self._session.open(track.id, go_on=True)
            except GrammyError as error:
                self.failed.emit(error)
                return False
            return True

        self._go_on(open_song)
        self._clear()

    def give_up(self, job_id: str) -> None:
        """The job ended without a song: what was open before is open again."""
        if not self.is_of(job_id):
            return
        self._job = ""
        try:
            if self._before is not None:
                self._session.open(*self._before)
            else:
                self._session.close()
        except GrammyError as error:
            log.info("the song of before is not opened: %s", error)
            self._session.close()
        self._clear()

    def _go_on(self, change: Callable[[], bool]) -> bool:
        """Swap what is heard; what had come to its end plays on from there."""
        state = self._session.player.state()
        if not change():
            return False
        if state.ended and not state.playing:
            self._playback.seek(min(state.position, self._session.duration))
            self._playback.play()
        self._playback.refresh()
        return True

    def _hear(self, snapshot: JobSnapshot, stage: str, *, go_on: bool) -> bool:
        try:
            path = self._link(snapshot.id, stage, snapshot.published[stage])
        except OSError as error:
            log.info("the opening of %s is not heard: %s", snapshot.id, error)
            return False
        self._session.open_unfinished(path, snapshot.title, STAGES[stage], go_on=go_on)
        return self._session.frames > 0

    def _link(self, job: str, stage: str, source: Path) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{job}-{stage}{source.suffix}"
        target.unlink(missing_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
        return target

    def _song_changed(self) -> None:
        if self.active and not self._session.unfinished:
            self._job = ""  # the user has opened something else

    def _clear(self) -> None:
        """Files that are still played stay until the next time (Windows removes no open file)."""
        for path in self._folder.glob("*"):
            try:
                path.unlink()
            except OSError as error:
                log.info("%s stays for now: %s", path.name, error)


def _newest(snapshot: JobSnapshot) -> str:
    return next((stage for stage in reversed(STAGES) if stage in snapshot.published), "")
