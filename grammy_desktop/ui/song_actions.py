"""What a user does with a song from anywhere in the window: open, play, import, export, star, rename, delete, copy, drag."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.jobs import JobSnapshot
from grammy_desktop.library import TrackRecord
from grammy_desktop.ui.command_list import Needs
from grammy_desktop.ui.create.idea_bar import midi_of
from grammy_desktop.ui.editor.drag_out import start_drag
from grammy_desktop.ui.export_popover import ExportPopover
from grammy_desktop.ui.song_exports import prepare
from grammy_desktop.workflows.delivery import audio_files

if TYPE_CHECKING:
    from grammy_desktop.ui.workspace import Workspace

log = logging.getLogger(__name__)

AUDIO_FILES = "Audio and MIDI (*.mid *.midi *.wav *.flac *.mp3 *.ogg *.aiff *.aif *.m4a *.opus)"


class SongActions:
    """One for the window; errors go to its notices."""

    def __init__(self, workspace: Workspace) -> None:
        self._w = workspace
        self._asked: set[str] = set()

    def open_song(self, track_id: str, version_id: str = "") -> None:
        """Open it and show the Create page."""
        try:
            self._w.session.open(track_id, version_id or None)
        except GrammyError as error:
            self._w.notices.show_error(error)
            return
        self._w.window.show_page("create")

    def import_files(self, paths: list[Path]) -> None:
        """Files, and every audio file in folders."""
        try:
            self._w.app.import_files(audio_files(paths))
        except GrammyError as error:
            self._w.notices.show_error(error)

    def use_idea(self, path: Path) -> None:
        """The next takes are made of a MIDI file's hook and chords."""
        try:
            self._w.create.take_idea(path)
        except GrammyError as error:
            self._w.notices.show_error(error)
            return
        self._w.window.show_page("create")

    def choose_import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self._w.window, "Import audio or MIDI", str(Path.home()), AUDIO_FILES)
        paths = [Path(path) for path in chosen]
        midi = midi_of(paths)
        if midi is not None:
            self.use_idea(midi)
        elif paths:
            self.import_files(paths)

    def restyle(self) -> None:
        track = self.current_track()
        if track is not None:
            self._w.restyle.ask_song(track)

    def export(self) -> None:
        track = self.current_track()
        if track is None:
            return
        popover = ExportPopover(self._w.theme, self._w.window, self._w.app, track.id)
        header = self._w.window.page(self._w.window.page_id).centre
        popover.open_at(getattr(self._w.editor.header, "export_button", header), align="right")

    def current_track(self) -> TrackRecord | None:
        """The song a command is about: the chosen card on the Library page, else the open song."""
        if self._w.window.page_id == "library" and self._w.library.grid.current is not None:
            return self._w.library.grid.current
        return self._w.session.track

    def play(self, track_id: str) -> None:
        open_track = self._w.session.track
        try:
            if open_track is None or open_track.id != track_id:
                self._w.session.open(track_id)
                self._w.playback.play()
            else:
                self._w.playback.toggle_pause()
        except GrammyError as error:
            self._w.notices.show_error(error)

    def star(self) -> None:
        track = self.current_track()
        if track is not None:
            self._w.app.library.star(track.id, not track.starred)
            self.row_changed(track.id)
            self._w.library.refresh()
            self._w.takes.refresh()

    def rename(self) -> None:
        track = self.current_track()
        if track is not None:
            self._w.window.show_page("library")
            self._w.library.refresh(choose=track.id)
            self._w.library.rename_current()

    def delete(self) -> None:
        track = self.current_track()
        if track is not None:
            self._w.library.refresh(choose=track.id)
            self._w.library.delete_current()

    def offer_undo(self, track: TrackRecord) -> None:
        was_open = self._w.session.track is not None and self._w.session.track.id == track.id
        if was_open:
            self._w.session.close()

        def undo() -> None:
            self._w.library.restore(track)
            if was_open and self._w.session.track is None:
                self._w.session.open(track.id)

        self._w.toast.show_message(f"“{track.title}” moved to Trash", icon="trash-2", undo=undo)
        self._w.commands.set_available(Needs.UNDO, True)

    def row_changed(self, track_id: str) -> None:
        if self._w.session.track is not None and self._w.session.track.id == track_id:
            self._w.session.refresh()

    def copy_file(self) -> None:
        self._w.library.inspector.show_track(self.current_track())
        self._w.library.inspector.copy("master" if self._w.session.has_master else "mix")

    def drag_take(self, track_id: str) -> None:
        track = self._w.app.library.track(track_id)
        files = self._w.app.files_of(track_id)
        paths = prepare(self._w.app.paths, track, files, "master" if "master" in files else "mix")
        if paths:
            start_drag(self._w.takes, self._w.theme, paths)

    def use_reference(self, paths: list[Path]) -> None:
        """On the Master page they wait for the button; elsewhere the open song is mastered like the first of them at once."""
        track, version = self._w.session.track, self._w.session.version
        if track is None or version is None:
            return
        try:
            files = audio_files(paths)
            if self._w.window.page_id == "master":
                self._w.master.left.reference.add(files)
            else:
                self._w.app.master(track.id, version.id, reference=files[0])
        except GrammyError as error:
            self._w.notices.show_error(error)

    def open_last(self) -> None:
        """The song that was open when the window was closed, else the newest."""
        finished = [track for track in self._w.app.library.tracks(limit=50) if track.status == "completed"]
        newest = [track.id for track in finished[:1]]
        last = self._w.memory.recall("song")
        for track_id in ([str(last)] if last is not None and self._is_there(str(last)) else []) + newest:
            try:
                self._w.session.open(track_id)
                break
            except GrammyError as error:
                log.info("the last song is not opened: %s", error)
        track = self._w.session.track
        if track is not None and track.prompt:
            self._w.create.set_prompt(track.prompt)

    def _is_there(self, track_id: str) -> bool:
        try:
            track = self._w.app.library.track(track_id)
        except GrammyError:
            return False
        return track.deleted_at is None and track.status == "completed"

    def take_is_ready(self, job_id: str, track: TrackRecord) -> None:
        """The first take of a request opens by itself where that disturbs nothing; the others say that they are there."""
        session = self._w.session
        if self._w.opening.is_of(job_id):
            self._asked.clear()
            self._w.opening.finish(track)
        elif not self._w.opening.active and (session.track is None or (job_id in self._asked and self._is_free)):
            self._asked.clear()
            session.open(track.id)
        elif not self._w.toast.undoable:
            self._w.toast.show_message(f"“{track.title}” is ready", action=("Open", partial(self.open_song, track.id)))

    def restyle_is_ready(self, track: TrackRecord) -> None:
        """The new song opens where that disturbs nothing; a line says how sure each thing was that was heard for it."""
        session, desk = self._w.session, self._w.restyle
        if not self._w.opening.active and (session.track is None or self._is_free):
            session.open(track.id)
            heard = desk.heard()
            line = heard.line if heard is not None else f"“{track.title}” is ready"
            self._w.toast.show_message(line, icon="ear", action=("What was heard", self.show_heard))
        elif not self._w.toast.undoable:
            name = track.title if len(track.title) <= 40 else track.title[:39] + "…"
            self._w.toast.show_message(f"“{name}” is ready", action=("Open", partial(self.open_song, track.id)))

    def show_heard(self) -> None:
        """Its button is on the Create page."""
        self._w.window.show_page("create")
        self._w.restyle.show_heard()

    @property
    def _is_free(self) -> bool:
        """Whether another song may be opened without disturbing anything."""
        whole = self._w.session.history.current.is_whole
        return not self._w.playback.playing and whole and self._w.window.page_id == "create"

    def take_can_be_heard(self, snapshot: JobSnapshot) -> None:
        """A job has published a file: of what the user has just asked for, the first is heard before it is finished."""
        if self._w.opening.active:
            self._w.opening.follow(snapshot)
        elif snapshot.id in self._asked and self._is_free:
            self._w.opening.begin(snapshot)

    def asked_for(self, job_ids: list[str]) -> None:
        """The user has just asked for these takes: the first one that is ready is opened."""
        self._asked = set(job_ids)
