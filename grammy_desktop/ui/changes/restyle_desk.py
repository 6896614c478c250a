"""Restyle in the window: asks how, starts the job, and tells what was heard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from grammy_desktop.app import App
from grammy_desktop.app.restyle_works import RestyleOptions, check_source, reads_score, restyle
from grammy_desktop.core.errors import GrammyError, UserError
from grammy_desktop.core.music import Key
from grammy_desktop.library import TrackRecord
from grammy_desktop.ui.changes.heard_popover import HeardPopover
from grammy_desktop.ui.changes.heard_words import Heard, heard_of
from grammy_desktop.ui.changes.restyle_question import RestyleQuestion, RestyleSource
from grammy_desktop.ui.editor.song_header import SongHeader
from grammy_desktop.ui.memory import Memory
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme

AUDIO_FILES = "Audio (*.wav *.flac *.mp3 *.ogg *.aiff *.aif *.m4a *.opus *.w64)"
STYLE, PRESET = "restyle_style", "preset"


class RestyleDesk(QObject):
    """`failed` carries an error for the place that shows it, `started` the job's id."""

    failed = Signal(object)
    started = Signal(str)

    def __init__(
        self, app: App, window: QWidget, session: SongSession, header: SongHeader, theme: Theme, memory: Memory
    ) -> None:
        super().__init__(window)
        self._app, self._window, self._session, self._header = app, window, session, header
        self._theme, self._memory = theme, memory
        header.heard_wanted.connect(self.show_heard)
        session.song_changed.connect(self._show_available)
        session.version_changed.connect(self._show_available)

    # asking

    def choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Restyle an audio file", str(Path.home()), AUDIO_FILES)
        if chosen:
            self.ask_file(Path(chosen))

    def ask_file(self, path: Path) -> None:
        """What cannot be restyled at all is said at once."""
        try:
            check_source(path)
        except GrammyError as error:
            self.failed.emit(error)
            return
        self._ask(RestyleSource(path.name, file=path))

    def ask_song(self, track: TrackRecord) -> None:
        """The version that is open of the open song, the newest of another."""
        session = self._session
        is_open = session.track is not None and session.track.id == track.id
        take = session.version.id if is_open and session.version is not None else None
        try:
            exact = reads_score(self._app, track.id, take)
        except GrammyError as error:
            self.failed.emit(error)
            return
        edited = is_open and not session.history.current.is_whole
        # The key of an import is an estimate: what is heard may be of the other mode.
        key = Key.parse(track.key) if track.key and exact else None
        source = RestyleSource(track.title, None, track.id, take, exact, track.tempo, key, edited)
        self._ask(source, self._header.more if is_open and self._header.more.isVisible() else None)

    def _ask(self, source: RestyleSource, anchor: QWidget | None = None) -> None:
        question = RestyleQuestion(
            self._theme,
            self._window,
            source,
            self._app.styles.values(),
            self._begin,
            style=str(self._memory.recall(STYLE, "")),
        )
        question.open_for(anchor or self._window, focus=question.style_field, align="right" if anchor else "left")
        if anchor is None:  # where the file was dropped
            room = self._window.size() - question.size()
            question.move(QPoint(room.width() // 2, room.height() // 2))

    def _begin(self, options: RestyleOptions) -> None:
        preset = str(self._memory.recall(PRESET, options.preset))
        job = restyle(self._app, replace(options, preset=preset))
        self._memory.remember(STYLE, options.style)
        self.started.emit(job)

    # telling

    def heard(self) -> Heard | None:
        """Of the open song."""
        return heard_of(self._session.files.chain)

    def show_heard(self) -> None:
        heard = self.heard()
        if heard is None:
            self.failed.emit(UserError("This song is not made of another: nothing was heard for it."))
            return
        HeardPopover(self._theme, self._window, heard).open_at(self._header.heard, align="right")

    def _show_available(self) -> None:
        self._header.show_heard(self._session.track is not None and self.heard() is not None)
