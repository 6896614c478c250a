"""'Master again' at work: one job at a time; the button shows how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent
from grammy_desktop.mastering import Preset
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.master.ports import MastersSongs, takes
from grammy_desktop.ui.session import SongSession

HEARD = "What it heard"
"""Name of the preset that holds the assistant's chain."""


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
    """`progressed` carries the button's words, '' when nothing runs."""

    progressed = Signal(str)
    failed = Signal(object)
    started = Signal(object)
    """The Wish."""

    def __init__(self, app: MastersSongs, session: SongSession, jobs: JobsBridge) -> None:
        super().__init__(session)
        self._app, self._session = app, session
        self._job: str | None = None
        jobs.happened.connect(self._job_changed)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def start(self, wish: Wish) -> None:
        session = self._session
        if session.track is None or session.version is None or self._job is not None:
            return
        try:
            self._job = self._app.master(session.track.id, session.version.id, **arguments(self._app, wish))
        except GrammyError as error:
            self.failed.emit(error)
            return
        self.progressed.emit("Waiting")
        self.started.emit(wish)

    def cancel(self) -> None:
        if self._job is not None:
            self._app.jobs.cancel(self._job)

    def _job_changed(self, event: JobEvent) -> None:
        if event.job_id != self._job:
            return
        snapshot = event.snapshot
        if not snapshot.state.ended:
            percent = f"Mastering · {round(snapshot.fraction * 100)}\u00a0%"
            self.progressed.emit(percent if snapshot.started else "Waiting")
            return
        self._job = None
        if snapshot.state is JobState.DONE:
            self._session.refresh()
        elif snapshot.error is not None:
            self.failed.emit(snapshot.error)
        self.progressed.emit("")


def arguments(app: MastersSongs, wish: Wish) -> dict[str, Any]:
    """Of `App.master`; what is not asked for is left out."""
    given: dict[str, Any] = {
        "preset": wish.preset.id,
        "reference": wish.references[0][0] if wish.references else None,
        "loudness": wish.loudness,
        "ceiling": wish.ceiling,
        "intensity": wish.intensity,
    }
    if len(wish.references) > 1 and takes(app, "references"):
        given["reference"], given["references"] = None, tuple(path for path, _ in wish.references)
        if takes(app, "weights"):
            given["weights"] = tuple(share for _, share in wish.references)
    if wish.custom is not None and takes(app, "custom"):
        given["custom"] = wish.custom
    elif wish.custom is not None:  # the chain goes by way of a preset of the user's own, which then is there to be kept
        given["preset"] = app.save_preset(replace(wish.custom, name=HEARD, own=True), overwrite=True).id
    if wish.codec_safe:
        given["codec_safe"] = True
    return given
