"""'Master again' at work: one job a song at a time; the button shows how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent
from grammy_desktop.mastering import Preset
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.session import SongSession


@dataclass(frozen=True)
class Wish:
    """`custom`: the chain of the assistant in place of the preset's. Shares of `references` add up to 1."""

    preset: Preset
    loudness: float
    ceiling: float
    intensity: float
    references: tuple[tuple[Path, float], ...] = ()
    custom: Preset | None = None
    codec_safe: bool = False


class MasteringRun(QObject):
    """`progressed` carries the button's words for the open song, '' when none of its masters is being made."""

    progressed = Signal(str)
    failed = Signal(object)
    started = Signal(object)
    """The Wish."""

    def __init__(self, app: App, session: SongSession, jobs: JobsBridge) -> None:
        super().__init__(session)
        self._app, self._session = app, session
        self._jobs: dict[str, str] = {}
        """Running job of each song."""
        self._words: dict[str, str] = {}
        jobs.happened.connect(self._job_changed)
        session.song_changed.connect(self._show)

    @property
    def is_running(self) -> bool:
        """Whether the open song is being mastered."""
        return self._open in self._jobs

    @property
    def _open(self) -> str:
        return self._session.track.id if self._session.track is not None else ""

    def _show(self) -> None:
        self.progressed.emit(self._words.get(self._open, ""))

    def start(self, wish: Wish) -> None:
        session = self._session
        if session.track is None or session.version is None or self.is_running:
            return
        try:
            job = self._app.master(session.track.id, session.version.id, **arguments(wish))
        except GrammyError as error:
            self.failed.emit(error)
            return
        self._jobs[session.track.id], self._words[session.track.id] = job, "Waiting"
        self._show()
        self.started.emit(wish)

    def cancel(self) -> None:
        if self.is_running:
            self._app.jobs.cancel(self._jobs[self._open])

    def _job_changed(self, event: JobEvent) -> None:
        snapshot = event.snapshot
        track = next((track for track, job in self._jobs.items() if job == event.job_id), None)
        if track is None:
            return
        if not snapshot.state.ended:
            percent = f"Mastering · {round(snapshot.fraction * 100)}\u00a0%"
            self._words[track] = percent if snapshot.started else "Waiting"
            self._show()
            return
        del self._jobs[track], self._words[track]
        if snapshot.state is JobState.DONE and track == self._open:
            self._session.refresh()
        elif snapshot.error is not None:
            self.failed.emit(snapshot.error)
        self._show()


def arguments(wish: Wish) -> dict[str, Any]:
    """Of `App.master`; what is not asked for is left out."""
    given: dict[str, Any] = {
        "preset": wish.preset.id,
        "reference": wish.references[0][0] if wish.references else None,
        "loudness": wish.loudness,
        "ceiling": wish.ceiling,
        "intensity": wish.intensity,
    }
    if len(wish.references) > 1:
        given["reference"], given["references"] = None, tuple(path for path, _ in wish.references)
        given["weights"] = tuple(share for _, share in wish.references)
    if wish.custom is not None:
        given["custom"] = wish.custom
    if wish.codec_safe:
        given["codec_safe"] = True
    return given
