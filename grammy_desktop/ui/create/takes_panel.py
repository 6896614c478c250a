"""The takes of the prompt that is worked on: finished songs from the library, running and failed jobs from the queue."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent, JobSnapshot
from grammy_desktop.ui.command_list import Needs
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.create.drop_zone import DropZone
from grammy_desktop.ui.create.take_card import TakeCard
from grammy_desktop.ui.create.take_item import TakeItem, TakeState, change_item, job_item, ready_item, restyle_item
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.clock import PlaybackClock
from grammy_desktop.ui.widgets import Keycap, Label, panel_header

MOST = 9
"""Takes that have a key."""


class TakesPanel(QWidget):
    """`failed` carries an error for the place that shows it; `dragged` a track id."""

    failed = Signal(object)
    dragged = Signal(str)

    def __init__(
        self,
        theme: Theme,
        app: App,
        session: SongSession,
        playback: PlaybackClock,
        jobs: JobsBridge,
        commands: CommandTable,
    ) -> None:
        super().__init__()
        self._theme, self._app, self._session, self._playback, self._jobs = theme, app, session, playback, jobs
        self._commands = commands
        self._prompt = ""
        self._prompts: dict[str, str] = {}
        self._seeds: dict[str, int | None] = {}
        self._cards: list[TakeCard] = []
        self._ready: dict[str, TakeItem] = {}
        self.count = Label(theme, "", "small", "text_2")
        self.keys = [
            Label(theme, "Audition", "small", "text_2"),
            Keycap(theme, "1"),
            Label(theme, "–", "small", "text_3"),
        ]
        self.last_key = Keycap(theme, "4")
        header = panel_header(theme, "Takes", self.count, None, *self.keys, self.last_key)
        self.drop_zone = DropZone(theme)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(16, 0, 16, 0)
        self._list.setSpacing(6)
        self._below = QVBoxLayout()
        self._below.setContentsMargins(16, 10, 16, 0)
        self._below.addWidget(self.drop_zone)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addLayout(self._list)
        layout.addLayout(self._below)
        layout.addStretch(1)
        for number in range(1, MOST + 1):
            commands.bind(f"song.take_{number}", partial(self.audition, number))
        jobs.happened.connect(self._job_happened)
        session.song_changed.connect(self._song_changed)
        session.version_changed.connect(self._show_chosen)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keys[0].setVisible(self.width() >= 310 and len(self._cards) > 1)

    @property
    def items(self) -> list[TakeItem]:
        return [card.item for card in self._cards]

    def show_prompt(self, prompt: str) -> None:
        """Show the takes of this prompt."""
        self._prompt = prompt
        self.refresh()

    def refresh(self) -> None:
        """Read library and queue again."""
        items = self._collect()
        same = [item.track_id for item in items] == [card.item.track_id for card in self._cards]
        if not same:
            self._rebuild(items)
        else:
            for card, item in zip(self._cards, items, strict=True):
                card.show_item(item)
        ready = sum(item.state is TakeState.READY for item in items)
        self.count.setText(
            f"{ready} of {len(items)} ready" if ready < len(items) else f"{ready} ready" if ready else "None yet"
        )
        for widget in (*self.keys, self.last_key):
            widget.setVisible(len(items) > 1 and (widget is not self.keys[0] or self.width() >= 310))
        self.last_key.setText(str(max(2, len(items))))
        self._commands.set_available(Needs.TAKES, ready > 0)
        self._show_chosen()

    def set_right_margin(self, right: int) -> None:
        """The scroll bar stands in it when it is there."""
        self._list.setContentsMargins(16, 0, right, 0)
        self._below.setContentsMargins(16, 10, right, 0)

    def audition(self, number: int) -> None:
        """Open take `number` at the place where the last one was playing."""
        card = next((card for card in self._cards if card.item.number == number), None)
        if card is None or card.item.track_id is None or card.item.state is not TakeState.READY:
            return
        self.open_take(card.item.track_id)

    def open_take(self, track_id: str) -> None:
        position, playing = self._playback.state.position, self._playback.playing
        was_open = self._session.track is not None
        try:
            self._session.open(track_id)
        except GrammyError as error:
            self.failed.emit(error)
            return
        if was_open and position < self._session.duration:
            self._playback.seek(position)
        if playing:
            self._playback.play()

    def _collect(self) -> list[TakeItem]:
        restyles = [restyle_item(s) for s in self._open_jobs("restyle")]
        if not self._prompt:
            return [item.numbered(index) for index, item in enumerate(restyles[-MOST:], 1)]
        ours = [track for track in self._app.library.tracks(limit=300) if track.prompt == self._prompt]
        self._seeds = {track.id: track.seed for track in ours}
        tracks = [track for track in ours if track.status == "completed"]
        newest = sorted(tracks, key=lambda track: track.created_at)[-MOST:]
        finished = {track.id for track in newest}
        items = []
        for track in newest:
            known = self._ready.get(track.id)
            if known is None or known.starred != track.starred:
                known = ready_item(track, self._app.library.versions(track.id))
                self._ready[track.id] = known
            items.append(self._with_change(known))
        items += [
            job_item(s, self._seeds.get(s.track_id or ""))
            for s in self._open_jobs("create")
            if s.track_id not in finished and self._is_ours(s)
        ]
        items += restyles
        return [item.numbered(index) for index, item in enumerate(items[-MOST:], 1)]

    def _with_change(self, item: TakeItem) -> TakeItem:
        """How far a change of this take is."""
        running = (s for s in self._jobs.snapshots() if s.kind == "revise" and s.track_id == item.track_id)
        change = next((snapshot for snapshot in running if not snapshot.state.ended), None)
        return item if change is None else change_item(item, change)

    def _open_jobs(self, kind: str) -> list[JobSnapshot]:
        hidden = (JobState.DONE, JobState.CANCELLED)
        return [s for s in self._jobs.snapshots() if s.kind == kind and s.state not in hidden]

    def _is_ours(self, snapshot: JobSnapshot) -> bool:
        return self._prompts.get(snapshot.id, self._prompt) == self._prompt

    def note_jobs(self, job_ids: list[str], prompt: str) -> None:
        """These jobs make takes of `prompt`."""
        self._prompts.update(dict.fromkeys(job_ids, prompt))
        self.show_prompt(prompt)

    def _rebuild(self, items: list[TakeItem]) -> None:
        for card in self._cards:
            card.hide()
            card.deleteLater()
        self._cards = []
        for item in items:
            card = TakeCard(self._theme, item)
            card.clicked.connect(partial(self._clicked, card))
            card.starred.connect(partial(self._star, card))
            card.cancelled.connect(partial(self._cancel, card))
            card.retried.connect(partial(self._retry, card))
            card.dismissed.connect(partial(self._dismiss, card))
            card.dragged.connect(lambda card=card: self.dragged.emit(card.item.track_id or ""))
            self._cards.append(card)
            self._list.addWidget(card)

    def _clicked(self, card: TakeCard) -> None:
        self.audition(card.item.number)

    def _star(self, card: TakeCard, starred: bool) -> None:
        if card.item.track_id is not None:
            self._app.library.star(card.item.track_id, starred)
            self._session.refresh()
            self.refresh()

    def _cancel(self, card: TakeCard) -> None:
        if card.item.job_id is not None:
            self._app.jobs.cancel(card.item.job_id)

    def _retry(self, card: TakeCard) -> None:
        if card.item.job_id is not None:
            kind = self._app.jobs.snapshot(card.item.job_id).kind
            new_id = self._app.jobs.retry(card.item.job_id)
            if kind == "create":
                self.note_jobs([new_id], self._prompt)

    def _dismiss(self, card: TakeCard) -> None:
        if card.item.job_id is not None:
            self._app.jobs.dismiss(card.item.job_id)
            self.refresh()

    def _job_happened(self, event: JobEvent) -> None:
        if event.snapshot.kind in ("create", "restyle", "score", "master", "edit", "revise"):
            if event.kind == "ended" and event.snapshot.track_id is not None:
                self._ready.pop(event.snapshot.track_id, None)
            self.refresh()

    def _song_changed(self) -> None:
        track = self._session.track
        if track is not None and track.prompt and track.prompt != self._prompt:
            self.show_prompt(track.prompt)
        self._show_chosen()

    def _show_chosen(self) -> None:
        track = self._session.track
        for card in self._cards:
            card.set_chosen(track is not None and card.item.track_id == track.id)
