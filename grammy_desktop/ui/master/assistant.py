"""'Listen first' at work: the job, its findings, and the chain that comes of those that are applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from grammy_desktop.app.hear_works import listen_work
from grammy_desktop.core.effects import Effect, parse_chain
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent, JobQueue
from grammy_desktop.mastering import Preset
from grammy_desktop.mastering.preset_data import preset_from_json
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.master.findings_box import FindingsBox, HeardFinding
from grammy_desktop.ui.session import SongSession


class Assistant(QObject):
    """`progressed` carries the button's words ('' when nothing runs); `proposed` the preset with its targets."""

    progressed = Signal(str)
    proposed = Signal(object)
    failed = Signal(object)

    def __init__(self, queue: JobQueue, session: SongSession, jobs: JobsBridge, box: FindingsBox) -> None:
        super().__init__(session)
        self._queue, self._session, self._box = queue, session, box
        self._job: str | None = None
        self._proposal: Preset | None = None
        self._track = ""
        jobs.happened.connect(self._job_changed)
        session.song_changed.connect(self._song_changed)

    @property
    def chain(self) -> Preset | None:
        """The proposal with the settings that are applied; None while none is."""
        applied = self._box.applied
        if self._proposal is None or not applied:
            return None
        # The proposal's own order; what belongs to no finding (it goes with all of them) stays.
        asked = [card.finding.setting for card in self._box.cards if card.finding.setting is not None]
        kept = tuple(effect for effect in self._proposal.chain if effect in applied or effect not in asked)
        return replace(self._proposal, chain=kept)

    def toggle(self) -> None:
        """Listen; while it listens, stop."""
        if self._job is not None:
            self._queue.cancel(self._job)
            return
        track, mix = self._session.track, self._session.files.mix
        if track is None or mix is None:
            return
        self._track = track.id
        self._job = self._queue.submit(listen_work(mix, track.genre or None, track.title, track.id))
        self.progressed.emit("Stop")

    def _song_changed(self) -> None:
        track = self._session.track
        if track is None or track.id != self._track:
            self._proposal = None
            self._box.put_away()

    def _job_changed(self, event: JobEvent) -> None:
        if event.job_id != self._job:
            return
        snapshot = event.snapshot
        if not snapshot.state.ended:
            self.progressed.emit(f"Stop · {round(snapshot.fraction * 100)}\u00a0%" if snapshot.started else "Stop")
            return
        self._job = None
        self.progressed.emit("")
        if snapshot.state is JobState.DONE:
            if self._session.track is not None and self._session.track.id == self._track:
                self._show(self._queue.wait(event.job_id, 1.0).result)
        elif snapshot.error is not None:
            self.failed.emit(snapshot.error)

    def _show(self, proposal: Mapping[str, Any]) -> None:
        self._proposal = preset_from_json(proposal["preset"], where="the proposal")
        findings = [
            HeardFinding(str(each["id"]), str(each["text"]), str(each["severity"]), _setting(each.get("setting")))
            for each in proposal["findings"]
        ]
        self._box.show_findings(findings, str(proposal.get("compared_with") or ""))
        self.proposed.emit(self._proposal)


def _setting(data: Mapping[str, Any] | None) -> Effect | None:
    return parse_chain([dict(data)], "the proposal")[0] if data else None
