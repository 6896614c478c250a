"""What the Library page does: searches, opens, stars, renames, deletes with an undo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError, UserError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent
from grammy_desktop.library import TrackRecord
from grammy_desktop.ui.covers import CoverStore
from grammy_desktop.ui.errors import show_error
from grammy_desktop.ui.formats import NBSP
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.library.card_delegate import CardDelegate
from grammy_desktop.ui.library.inspector import Inspector
from grammy_desktop.ui.library.search_field import SearchField
from grammy_desktop.ui.library.sidebar import Sidebar
from grammy_desktop.ui.library.song_grid import SongGrid
from grammy_desktop.ui.library.tracks_model import TracksModel
from grammy_desktop.ui.memory import Memory
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, Segmented, Select, column, hline, row

ORDERS = (("newest", "Newest"), ("title", "Title"), ("score", "Score"), ("tempo", "Tempo"))


class LibraryPage(QObject):
    """Three widgets for a `Page`: `sidebar`, `centre`, `inspector`. Signals ask the window."""

    opened = Signal(str, str)
    """Track and version id ('' for the newest)."""

    played = Signal(str)
    import_wanted = Signal()
    deleted = Signal(object)
    """The TrackRecord that went to the trash: the window offers Undo."""

    changed = Signal(str)
    """Id of a track whose row has changed."""

    said = Signal(str)

    def __init__(self, theme: Theme, app: App, jobs: JobsBridge, covers: CoverStore, memory: Memory) -> None:
        super().__init__()
        self._theme, self._app, self._jobs, self._memory = theme, app, jobs, memory
        self._filter = "all"
        self.model = TracksModel(app.library, self)
        self.delegate = CardDelegate(theme, covers, self._genre_name, None)
        self.delegate.setParent(self)
        self.sidebar = Sidebar(theme, app)
        self.search = SearchField(theme)
        self.order = Select(theme, ORDERS, name="Order")
        self.layout_switch = Segmented(
            theme, (("grid", "", "layout-grid"), ("list", "", "list")), name="Show as", role="body"
        )
        self.layout_switch.set_value("grid")
        self.grid = SongGrid(theme, self.model, self.delegate)
        self.inspector = Inspector(theme, app, covers)
        self.empty = _EmptyState(theme)
        self.errors = QVBoxLayout()
        self.errors.setContentsMargins(16, 0, 16, 0)
        self.centre = self._make_centre()
        self._connect()
        self.layout_switch.set_value(str(memory.recall("library.layout", "grid")))
        self._set_layout(self.layout_switch.value)

    def refresh(self, *, choose: str | None = None) -> None:
        """Read the library again; keeps the chosen song."""
        chosen = choose or (self.grid.current.id if self.grid.current is not None else None)
        self.sidebar.refresh()
        self._search(self.search.query)
        if chosen is not None:
            self.grid.choose(chosen)
        self.inspector.show_track(self.grid.current)

    def focus_search(self) -> None:
        self.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # What a user does

    def star_current(self) -> None:
        track = self.grid.current
        if track is not None:
            self._app.library.star(track.id, not track.starred)
            self._changed(track.id)

    def rename_current(self) -> None:
        self.inspector.rename()

    def trash_current(self) -> None:
        """The Delete key; a song that is in the Trash already stays there."""
        track = self.grid.current
        if track is not None and track.deleted_at is None:
            self.delete_current()

    def delete_current(self) -> None:
        track = self.grid.current
        if track is None:
            return
        try:
            if track.deleted_at is not None:
                self._app.library.restore(track.id)
            else:
                self._app.library.delete(track.id)
                self.deleted.emit(track)
        except GrammyError as error:
            self.show_error(error)
        self.refresh()

    def restore(self, track: TrackRecord) -> None:
        self._app.library.restore(track.id)
        self.refresh(choose=track.id)

    def show_error(self, error: BaseException) -> None:
        show_error(self._theme, error, self._app.paths, place=self.errors)

    # Wiring

    def _make_centre(self) -> QWidget:
        centre = QWidget()
        bar = row(spacing=8, margins=(16, 10, 16, 10))
        bar.addWidget(self.search, 1)
        bar.addWidget(self.order)
        bar.addWidget(self.layout_switch)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(hline())
        layout.addLayout(self.errors)
        layout.addWidget(self._stack, 1)
        return centre

    def _connect(self) -> None:
        self.search.searched.connect(self._search)
        self.order.picked.connect(lambda _: self._search(self.search.query))
        self.layout_switch.chosen.connect(self._set_layout)
        self.sidebar.filter_chosen.connect(self._set_filter)
        self.sidebar.query_chosen.connect(self._set_query)
        self.sidebar.import_wanted.connect(self.import_wanted)
        self.grid.chosen.connect(self.inspector.show_track)
        self.grid.opened.connect(lambda track_id: self.opened.emit(track_id, ""))
        self.delegate.play.connect(self.played)
        self.inspector.opened.connect(self.opened)
        self.inspector.starred.connect(lambda _: self.star_current())
        self.inspector.renamed.connect(self._rename)
        self.inspector.deleted.connect(self.delete_current)
        self.grid.delete_wanted.connect(self.trash_current)
        self.inspector.left.connect(self.grid.setFocus)
        self.inspector.restored.connect(self.delete_current)
        self.inspector.failed.connect(self.show_error)
        self.inspector.said.connect(self.said)
        self.empty.button.clicked.connect(self._empty_action)
        self._jobs.happened.connect(self._job_happened)

    def _search(self, query: str) -> None:
        try:
            self.model.search(query, filter=self._filter, order=str(self.order.value))
        except UserError as error:
            self.search.result.setText(str(error))
            return
        songs = f"{self.model.total} song{'s' if self.model.total != 1 else ''}"
        self.search.result.setText(f"{songs} · {max(1, round(self.model.seconds * 1000))}{NBSP}ms" if query else songs)
        empty = self.model.total == 0
        self._stack.setCurrentWidget(self.empty if empty else self.grid)
        if empty:
            self.empty.show_reason(query, self._filter)
        self._show_jobs()
        if self.grid.current is None and not empty:
            self.grid.setCurrentIndex(self.model.index(0))

    def _set_filter(self, identity: str) -> None:
        self._filter = identity
        self._search(self.search.query)

    def _set_query(self, query: str) -> None:
        self._filter = "all"
        self.search.set_query(query)

    def _set_layout(self, identity: str) -> None:
        self._memory.remember("library.layout", identity)
        self.grid.set_list(identity == "list")

    def _rename(self, title: str) -> None:
        track = self.inspector.track
        if track is not None:
            try:
                self._app.library.rename(track.id, title)
            except GrammyError as error:
                self.show_error(error)
            self._changed(track.id)

    def _changed(self, track_id: str) -> None:
        self.refresh(choose=track_id)
        self.changed.emit(track_id)

    def _empty_action(self) -> None:
        if self.search.query:
            self.search.set_query("")
        elif self._filter != "all":
            self.sidebar.rows["all"].click()
        else:
            self.import_wanted.emit()

    def _job_happened(self, event: JobEvent) -> None:
        if event.kind in ("submitted", "ended"):
            self.refresh()
        else:
            self._show_jobs()

    def _show_jobs(self) -> None:
        busy = (JobState.WAITING, JobState.RUNNING)
        self.model.show_jobs({s.track_id: s for s in self._jobs.snapshots() if s.track_id and s.state in busy})

    def _genre_name(self, genre: str) -> str:
        style = self._app.styles.get(genre)
        return style.name if style is not None else genre.replace("_", " ").capitalize()


class _EmptyState(QWidget):
    """One sentence and one action."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.words = Label(theme, "", "body", "text_2")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = Button(theme, "", kind="outline")
        self.setLayout(column(None, self.words, row(None, self.button, None), None, spacing=14))

    def show_reason(self, query: str, filter: str) -> None:
        if query:
            self.words.setText(f"Nothing matches {query}.")
            self.button.setText("Clear the filter")
        elif filter == "trash":
            self.words.setText("The Trash is empty.")
            self.button.setText("Show all songs")
        elif filter != "all":
            self.words.setText("No song is in this list.")
            self.button.setText("Show all songs")
        else:
            self.words.setText("No songs yet. Create one, or drop audio here.")
            self.button.setText("Choose a file")
        self.button.setAccessibleName(self.button.text())
