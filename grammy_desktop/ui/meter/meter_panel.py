"""The Grammy Meter at work: shows the heard version's score, starts scoring and fixes, follows their jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import Signal

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.styles import Style
from grammy_desktop.jobs import JobEvent, JobQueue
from grammy_desktop.library import VersionRecord
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.meter.insight_card import Done
from grammy_desktop.ui.meter.meter_view import MeterView
from grammy_desktop.ui.meter.score_data import Score, read_score
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme

STAGE_WORDS = {
    "score": "Listening",
    "fix": "Applying the fix",
    "edit": "Rendering the edit",
    "measure": "Measuring",
    "store": "Saving",
    "waiting": "Waiting",
}


class ScoresSongs(Protocol):
    """What the panel needs of `App`."""

    @property
    def jobs(self) -> JobQueue: ...

    @property
    def styles(self) -> dict[str, Style]: ...

    def score(self, version_id: str) -> str: ...

    def apply_fix(self, version_id: str, insight_id: str) -> str: ...

    def render_edit(self, version_id: str, edits: str) -> str: ...


class MeterPanel(MeterView):
    """`show_insight` (inherited) asks the editor to show a stretch; `said` is a sentence for the window's toast."""

    said = Signal(str)
    failed = Signal(object)
    """A GrammyError, for the window to show in place."""

    def __init__(
        self,
        app: ScoresSongs,
        session: SongSession,
        theme: Theme,
        *,
        jobs: JobsBridge | None = None,
        commands: CommandTable | None = None,
    ) -> None:
        super().__init__(theme)
        self._app, self._session = app, session
        self._jobs = jobs or JobsBridge(app.jobs, self)
        self._running: dict[str, str] = {}
        """Job id to the version it works on."""
        self._then_score: str | None = None
        """The job that renders an edit which is to be scored next."""
        self._jobs.happened.connect(self._job_changed)
        self.score_again.connect(self.start_scoring)
        self.apply_fix.connect(self.start_fix)
        self.undo_fix.connect(self._undo)
        self.version_picked.connect(session.set_version)
        session.version_changed.connect(self.refresh)
        session.heard_changed.connect(lambda _what: self.refresh())
        session.edits_changed.connect(self.refresh)
        if commands is not None:
            commands.bind("meter.score", self.start_scoring)
            for number in range(1, 10):
                commands.bind(f"meter.fix_{number}", partial(self.fix_number, number))
        self.refresh()

    def refresh(self) -> None:
        """Show the heard version again."""
        version = self._session.heard_version
        names = [(v.id, v.name or v.kind) for v in self._session.versions]
        self.set_versions(names, self._session.version.id if self._session.version is not None else None)
        score = read_score(version.score) if version is not None and version.score else None
        edited = not self._session.history.current.is_whole
        self.show_score(score, style_name=self._style_name(score), stale=edited)
        self.again.setVisible(self.again.isVisibleTo(self) and version is not None)
        fixable = score is not None and not edited
        self.show_fixes(score.insights if fixable and score is not None else (), self.done_fixes(version))
        self.set_busy(bool(self._running))

    def done_fixes(self, version: VersionRecord | None) -> list[Done]:
        """What was carried out on the way to `version`, newest first."""
        made: list[Done] = []
        by_id = {v.id: v for v in self._session.versions}
        while version is not None and len(made) < 6:
            before: Mapping[str, object] = version.details.get("score_before") or {}
            names = version.details.get("fixes") or ()
            if names and version.score and version.parent_id and before:
                old, new = read_score(dict(before)), read_score(version.score)
                texts = {insight.id: insight.text for insight in old.insights}
                text = ", ".join(texts.get(name, name) for name in names)
                made.append(Done(text, old.overall, new.overall, new.band, version.parent_id))
            version = by_id.get(version.parent_id or "")
        return made

    def start_scoring(self) -> None:
        """Score the heard version; an edited song is rendered as a version first."""
        session = self._session
        version = session.heard_version
        if version is None or self._running:
            return
        edits = session.history.current
        if edits.is_whole:
            self._start(lambda: self._app.score(version.id), version.id)
        else:
            source = session.files.mix_version or version
            text = edits.to_json()
            self._then_score = self._start(lambda: self._app.render_edit(source.id, text), version.id)
        if self._running:
            self.show_progress("Waiting", None)

    def start_fix(self, insight_id: str) -> None:
        version = self._session.heard_version
        if version is not None and not self._running:
            self._start(lambda: self._app.apply_fix(version.id, insight_id), version.id)

    def fix_number(self, number: int) -> None:
        """Alt+n."""
        for insight in self.score.insights if self.score is not None else ():
            if insight.number == number and insight.fix_label:
                self.start_fix(insight.id)

    def _start(self, submit: Callable[[], str], version_id: str) -> str | None:
        """The job's id, or None when it could not be started."""
        try:
            job_id = submit()
        except GrammyError as error:
            self.failed.emit(error)
            return None
        self._running[job_id] = version_id
        self.set_busy(True)
        return job_id

    def _job_changed(self, event: JobEvent) -> None:
        snapshot = event.snapshot
        if snapshot.id not in self._running:
            return
        if not snapshot.state.ended:
            version = self._session.heard_version
            if version is not None and version.id == self._running[snapshot.id]:
                words = STAGE_WORDS.get(snapshot.stage, snapshot.stage.capitalize() or "Waiting")
                self.show_progress(words, snapshot.fraction if snapshot.started else None)
            return
        del self._running[snapshot.id]
        if snapshot.state is JobState.DONE:
            self._session.refresh()
        elif snapshot.error is not None:
            self.failed.emit(snapshot.error)
        self.refresh()
        if snapshot.id == self._then_score:
            self._then_score = None
            if snapshot.state is JobState.DONE and self._session.history.current.is_whole:
                self.start_scoring()

    def _undo(self, version_id: str) -> None:
        self._session.set_version(version_id)
        self.said.emit("Back to the version before the fix. The fixed one is kept.")

    def _style_name(self, score: Score | None) -> str:
        if score is None or score.style is None:
            return ""
        style = self._app.styles.get(score.style)
        return style.name.lower() if style is not None else score.style.replace("_", " ")
