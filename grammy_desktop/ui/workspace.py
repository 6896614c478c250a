"""Puts the window together: pages, session, jobs, overlays, and the wires between them. The only file that knows them all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QGuiApplication, QPixmap

from grammy_desktop.app import App
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.settings import Settings
from grammy_desktop.jobs import JobEvent, JobSnapshot
from grammy_desktop.ui.changes.change_desk import ChangeDesk
from grammy_desktop.ui.changes.restyle_desk import RestyleDesk
from grammy_desktop.ui.changes.song_changes import Change, SongChanges
from grammy_desktop.ui.command_list import Needs
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.covers import CoverStore, spec_of
from grammy_desktop.ui.create.create_panel import CreatePanel
from grammy_desktop.ui.create.takes_panel import TakesPanel
from grammy_desktop.ui.drop import DropOverlay
from grammy_desktop.ui.editor.editor_panel import EditorPanel
from grammy_desktop.ui.empty.hero_panel import HeroPanel
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.jobs_tray import JobsTray
from grammy_desktop.ui.library.library_page import LibraryPage
from grammy_desktop.ui.main_window import MainWindow
from grammy_desktop.ui.master.master_page import MasterPage
from grammy_desktop.ui.memory import WindowMemory
from grammy_desktop.ui.meter.meter_panel import MeterPanel
from grammy_desktop.ui.notices import Notices
from grammy_desktop.ui.opening import Opening
from grammy_desktop.ui.palette import Palette
from grammy_desktop.ui.palette_entries import setting_entries, song_entries
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.settings_dialog import SettingsDialog
from grammy_desktop.ui.song_actions import SongActions
from grammy_desktop.ui.stages import job_title
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.toast import Toast
from grammy_desktop.ui.transport import PlaybackClock, TransportPanel

TOLD_BELOW = ("import", "export", "edit", "restyle")
"""Jobs whose failure is told by the toast; others tell in place."""
LOW = 800
"""Below this window height panels drop what is not needed."""


class Workspace(QObject):
    """`window` is shown by whoever makes this; `close()` before the App closes."""

    def __init__(self, app: App, theme: Theme, *, memory: WindowMemory | None = None) -> None:
        super().__init__()
        self.app, self.theme = app, theme
        self.memory = memory or WindowMemory(app.settings, app.paths.data_dir / "window.json", self)
        self.commands = CommandTable()
        self.jobs = JobsBridge(app.jobs, self)
        self.session = SongSession(app.library, app.player, self)
        self.playback = PlaybackClock(app.player, self)
        self.covers = CoverStore(app.paths.cache / "covers")
        self.window = MainWindow(theme, self.commands, self.memory)
        self.transport = TransportPanel(theme, self.session, self.playback, self.commands, self.memory)
        self.editor = EditorPanel(
            app,
            self.session,
            theme,
            clock=self.playback,
            commands=self.commands,
            cover=self._song_cover,
            memory=self.memory,
        )
        self.changes = SongChanges(app, self.session, self.jobs)
        self.change_desk = ChangeDesk(app, self.editor, self.changes, self.commands)
        self.restyle = RestyleDesk(app, self.window, self.session, self.editor.header, theme, self.memory)
        self.create = CreatePanel(theme, app, self.commands, self.memory)
        self.takes = TakesPanel(theme, app, self.session, self.playback, self.jobs, self.commands)
        self.create.body.addWidget(self.takes)
        self.create.body.addStretch(1)
        self.meter = MeterPanel(app, self.session, theme, jobs=self.jobs, commands=self.commands)
        self.master = MasterPage(
            app,
            self.session,
            theme,
            beside=self.editor.scene,
            clock=self.playback,
            jobs=self.jobs,
            commands=self.commands,
            cover=self._song_cover,
            files=self.editor.files,
        )
        self.library = LibraryPage(theme, app, self.jobs, self.covers, self.memory)
        self.hero: HeroPanel | None = None
        self.opening = Opening(self.session, self.playback, app.paths.cache / "openings")
        self.songs = SongActions(self)
        self._fill_window()
        self._make_overlays()
        self._bind()
        self._connect()
        self._song_changed()
        self.library.refresh()
        self._show_hero_if_empty()

    def _fill_window(self) -> None:
        window = self.window
        window.set_page("create", self.create, self.editor, self.meter)
        window.set_page("master", self.master.left, self.master.centre, self.master.right)
        window.set_page("library", self.library.sidebar, self.library.centre, self.library.inspector)
        self.notices = Notices(self.theme, self.app.paths)
        window.set_transport(self.notices)
        window.set_transport(self.transport)

    def _make_overlays(self) -> None:
        window, theme = self.window, self.theme
        self.tray = JobsTray(theme, window, self.jobs, window.app_bar.jobs, window.app_bar.settings)
        self.toast = Toast(theme, window)
        self.drop = DropOverlay(theme, window)
        self.palette = Palette(
            theme,
            window,
            self.commands,
            songs=partial(song_entries, self.app, self.songs.open_song),
            settings=partial(setting_entries, self.app, self.open_settings),
        )

    def _bind(self) -> None:
        bind = self.commands.bind
        bind("view.palette", self.palette.open)
        bind("view.jobs", self.tray.toggle)
        bind("song.import", self.songs.choose_import)
        bind("song.restyle", self.songs.restyle)
        bind("song.restyle_file", self.restyle.choose_file)
        bind("song.export", self.songs.export)
        bind("song.star", self.songs.star)
        bind("song.rename", self.songs.rename)
        bind("song.delete", self.songs.delete)
        bind("song.prompt", self._focus_prompt)
        bind("song.copy_file", self.songs.copy_file)
        bind("app.settings", self.open_settings)
        bind("app.keys", partial(self.open_settings, "Keys"))
        bind("app.help", partial(self.palette.open, "?"))
        bind("app.look", self._next_look)
        bind("song.create", self._create)
        undo = self.commands.binding("edit.undo")
        bind(
            "edit.undo", lambda: self.toast.run_undo() if self.toast.undoable else undo() if undo is not None else None
        )

    def _connect(self) -> None:
        session, window = self.session, self.window
        session.song_changed.connect(self._song_changed)
        session.version_changed.connect(self._song_changed)
        session.edits_changed.connect(self._show_undo)
        self.playback.failed.connect(self._playback_failed)
        self.create.created.connect(lambda ids: self.takes.note_jobs(ids, self.create.prompt.text))
        self.create.created.connect(self.songs.asked_for)
        self.create.room_changed.connect(self.takes.set_right_margin)
        self.takes.failed.connect(self.notices.show_error)
        self.takes.dragged.connect(self.songs.drag_take)
        self.takes.drop_zone.clicked.connect(self.songs.choose_import)
        self.meter.failed.connect(self.notices.show_error)
        self.meter.said.connect(self.toast.show_message)
        self.meter.show_insight.connect(self.editor.select_seconds)
        self.master.failed.connect(self.notices.show_error)
        self.master.export_wanted.connect(self.songs.export)
        self.master.said.connect(self._say)
        self.editor.export_wanted.connect(self.songs.export)
        self.editor.said.connect(self.toast.show_message)
        self.changes.finished.connect(self._change_made)
        self.changes.set_aside.connect(self._change_set_aside)
        self.change_desk.failed.connect(self.notices.show_error)
        self.restyle.failed.connect(self.notices.show_error)
        self.restyle.started.connect(lambda _job: self._restyle_started())
        self.opening.failed.connect(self.notices.show_error)
        self.transport.said.connect(self.toast.show_message)
        self.library.grid.chosen.connect(lambda _: self._show_chosen())
        self.window.page_changed.connect(lambda _: self._show_chosen())
        self.library.opened.connect(self.songs.open_song)
        self.library.played.connect(self.songs.play)
        self.library.import_wanted.connect(self.songs.choose_import)
        self.library.deleted.connect(self.songs.offer_undo)
        self.library.changed.connect(self.songs.row_changed)
        self.library.said.connect(self.toast.show_message)
        self.tray.shown.connect(self.songs.open_song)
        self.tray.reported.connect(self.notices.copy_report)
        self.drop.imported.connect(self.songs.import_files)
        self.drop.idea_given.connect(self.songs.use_idea)
        self.drop.referenced.connect(self.songs.use_reference)
        self.drop.restyled.connect(self.restyle.ask_file)
        self.drop.mastered.connect(self.master.batch.open)
        self.jobs.happened.connect(self._job_happened)
        self.toast.closed.connect(self._show_undo)
        window.width_changed.connect(self.transport.set_width)
        window.height_changed.connect(self._height_changed)
        window.escape_pressed.connect(lambda: self.commands.run("edit.select_none"))
        self._settings = self.app.settings.current
        self._unsubscribe = self.app.settings.subscribe(self._settings_changed)
        self.transport.set_width(window.width())

    def open_settings(self, page: str = "Look") -> None:
        dialog = SettingsDialog(self.theme, self.app, self.commands, self.window)
        dialog.output_chosen.connect(self.transport.output_menu.choose)
        dialog.show_page(page)
        dialog.open()

    def close(self) -> None:
        """Stop listening; files and threads are let go."""
        self._unsubscribe()
        self.jobs.close()
        self.changes.close()
        self.editor.close_files()
        self.transport.output_menu.close_threads()
        if hasattr(self.master, "close_files"):
            self.master.close_files()
        if self.hero is not None:
            self.hero.close()
        self.memory.save()
        _let_go_of_clipboard(self.app.paths.exports)

    def _create(self) -> None:
        (self.hero or self.create).start()

    def _focus_prompt(self) -> None:
        if self.window.page_id == "library":
            self.library.focus_search()
            return
        self.window.show_page("create")
        (self.hero or self.create).prompt.setFocus()

    def _song_cover(self, side: int, ratio: float) -> QPixmap | None:
        track = self.session.track
        return None if track is None else self.covers.pixmap(spec_of(track), side, side, ratio=ratio, radius=6)

    # What changed

    def _height_changed(self, height: int) -> None:
        """What gives way in a low window: the legend of the chips, then the drop zone."""
        low = height < LOW
        self.transport.set_height(64 if low else 72)
        self.create.set_low(low)
        self.takes.drop_zone.setVisible(not low)

    def _song_changed(self) -> None:
        usable = self.session.frames > 0
        self.commands.set_available(Needs.SONG, usable or self.session.track is not None)
        self.commands.set_available(Needs.MASTER, self.session.has_master)
        self._show_chosen()
        self.drop.reference_usable = usable
        self._show_undo()
        track = self.session.track
        if track is not None:
            self.memory.remember("song", track.id)
        self.window.setWindowTitle(f"{track.title} · Grammy Desktop" if track is not None else "Grammy Desktop")
        if self.session.files.error:
            self.notices.show_message(self.session.files.error)

    def _show_chosen(self) -> None:
        self.commands.set_available(Needs.CHOSEN, self.songs.current_track() is not None)

    def _show_undo(self) -> None:
        self.commands.set_available(Needs.UNDO, self.editor.desk.can_undo or self.toast.undoable)
        self.commands.set_available(Needs.REDO, self.editor.desk.can_redo)

    def _say(self, text: str, undo: Callable[[], object] | None) -> None:
        self.toast.show_message(text, undo=undo)
        self._show_undo()

    def _change_made(self, change: Change) -> None:
        self._say(change.words, self.changes.undo)

    def _change_set_aside(self, change: Change, version_id: str) -> None:
        words = f"{change.words}, as a take of its own: your edit stays open"
        self.toast.show_message(words, action=("Open", partial(self.session.set_version, version_id)))

    def _playback_failed(self, message: str) -> None:
        if message:
            self.notices.show_message(message, actions=(("Choose an output", self.transport.output_menu.open_menu),))
        else:
            self.notices.clear()

    def _settings_changed(self, settings: Settings) -> None:
        # Sizes are saved often; only a change of the look may restyle the window.
        before, self._settings = self._settings, settings
        if settings.theme != before.theme:
            self.theme.set_mode(settings.theme)
        if settings.text_size != before.text_size:
            self.theme.set_text_scale(settings.text_size / 100)
        if settings.reduced_motion != before.reduced_motion:
            self.theme.set_reduced_motion(settings.reduced_motion)

    def _next_look(self) -> None:
        order = ("dark", "light", "system")
        current = order.index(self.theme.mode.value)
        self.app.settings.change(theme=order[(current + 1) % 3])

    def _job_happened(self, event: JobEvent) -> None:
        snapshot = event.snapshot
        if event.kind == "published" and snapshot.kind == "create":
            self.songs.take_can_be_heard(snapshot)
        if event.kind != "ended":
            return
        if snapshot.state is not JobState.DONE:
            self.opening.give_up(snapshot.id)
        if snapshot.state is JobState.DONE and snapshot.track_id is not None:
            self._job_done(snapshot)
        if snapshot.state is JobState.FAILED and snapshot.kind in TOLD_BELOW:
            words = snapshot.message or f"{job_title(snapshot)} failed"
            self.toast.show_message(words, icon="triangle-alert", action=("Show", self.tray.toggle))
        if snapshot.state is JobState.CANCELLED and snapshot.kind != "hear":  # its chip is there to be clicked again
            retry = partial(self.app.jobs.retry, snapshot.id)
            name = job_title(snapshot)
            short = name if len(name) <= 60 else name[:59] + "…"
            self.toast.show_message(f"Stopped: {short}", icon="x", action=("Start again", retry))
        if snapshot.kind == "export" and snapshot.state is JobState.DONE:
            self.toast.show_message(f"{snapshot.title} was exported")

    def _job_done(self, snapshot: JobSnapshot) -> None:
        track_id = str(snapshot.track_id)
        track = self.app.library.track(track_id)
        if snapshot.kind == "create":
            self.create.pace.note(snapshot.elapsed, track.duration or 0.0)
            self.create.read()
            self.songs.take_is_ready(snapshot.id, track)
        elif snapshot.kind == "restyle":
            self.songs.restyle_is_ready(track)
        elif snapshot.kind != "revise" and self.session.track is not None and self.session.track.id == track_id:
            self.session.refresh()  # a change of the song opens by itself
        self._show_hero_if_empty()

    def _show_hero_if_empty(self) -> None:
        """The first-run page while there is no song and none is being made."""
        wanted = self.app.library.count() == 0 and not self.jobs.snapshots()
        if wanted and self.hero is None:
            self.hero = HeroPanel(self.theme, self.app, self.commands, self.covers, self.memory)
            self.hero.created.connect(self._first_song)
            self.window.set_hero(self.hero)
            self.hero.prompt.setFocus()
        elif not wanted and self.hero is not None:
            self._leave_hero()

    def _leave_hero(self) -> None:
        hero, self.hero = self.hero, None
        self.window.set_hero(None)
        if hero is not None:
            hero.close()
            hero.deleteLater()
            # Qt would hand the focus to the first control. On the lanes Space plays and figures audition.
            self.editor.lanes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _restyle_started(self) -> None:
        """Its card is among the takes at once."""
        self.takes.refresh()
        if self.hero is not None:
            self._leave_hero()

    def _first_song(self, job_ids: list[str], prompt: str) -> None:
        self.create.set_prompt(prompt)
        self.takes.note_jobs(job_ids, prompt)
        self.create.keep_prompt(prompt)
        self.songs.asked_for(job_ids)
        self._leave_hero()


def _let_go_of_clipboard(exports: Path) -> None:
    """Takes copied files of ours off the clipboard on Linux, where they end with the process anyway: left there, Qt
    frees the Python-made data after Python is gone, and crashes."""
    clipboard = QGuiApplication.clipboard()
    mime: QMimeData | None = clipboard.mimeData()
    if mime is None or not sys.platform.startswith("linux"):
        return
    urls = mime.urls()
    if any(Path(url.toLocalFile()).is_relative_to(exports) for url in urls):
        clipboard.clear()
