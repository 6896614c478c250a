"""The editor at work: fills the view from the session, carries its wishes to session, player and library."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent

from grammy_desktop.app.song_desk import SongDesk
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.peaks import AudioView, EditedView
from grammy_desktop.library import VersionRecord
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.editor import song_content
from grammy_desktop.ui.editor.command_binding import bind_editor
from grammy_desktop.ui.editor.edit_desk import moved_spans
from grammy_desktop.ui.editor.editor_files import EditorFiles
from grammy_desktop.ui.editor.editor_view import EditorView
from grammy_desktop.ui.editor.lane_files import LaneFiles
from grammy_desktop.ui.editor.lane_scale import common_gain
from grammy_desktop.ui.editor.notes.notes_desk import NotesDesk
from grammy_desktop.ui.editor.notes.part_lanes import stem_rank
from grammy_desktop.ui.editor.scene import Content, Lane, LaneLevel, stem_token
from grammy_desktop.ui.editor.selection import Span
from grammy_desktop.ui.editor.song_header import CoverMaker, SongInfo
from grammy_desktop.ui.memory import Memory, ShortMemory
from grammy_desktop.ui.meter.score_data import Score, read_score
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.clock import PlaybackClock

log = logging.getLogger(__name__)

MIX = "mix"


class RendersEdits(Protocol):
    """What the panel needs of `App`."""

    @property
    def paths(self) -> AppPaths: ...

    @property
    def songs(self) -> SongDesk: ...

    def render_edit(self, version_id: str, edits: str) -> str: ...


class EditorPanel(EditorView):
    """`export_wanted` asks the window for the export; `said` is a sentence for its toast."""

    export_wanted = Signal()
    said = Signal(str)

    def __init__(
        self,
        app: RendersEdits,
        session: SongSession,
        theme: Theme,
        *,
        clock: PlaybackClock | None = None,
        commands: CommandTable | None = None,
        cover: CoverMaker | None = None,
        memory: Memory | None = None,
    ) -> None:
        super().__init__(theme)
        self.session = session
        self.clock = clock or PlaybackClock(session.player, self)
        self.cover = cover
        self.score: Score | None = None
        self._app = app
        self._lanes = LaneFiles(app.paths.cache / "peaks", self)
        self.files = EditorFiles(self, app.paths)
        self.notes = NotesDesk(lambda version: app.songs.score(version), session, self.scene, memory or ShortMemory())
        self._shown = ""
        self._wire()
        if commands is not None:
            bind_editor(commands, self.commands)
            commands.bind("view.overlays", self.tools.open_overlays)
            commands.bind("view.notes", self.switch_view)
            commands.attach_scope("editor", self)
        self._open_song()

    def _wire(self) -> None:
        self._lanes.changed.connect(self._lane_changed)
        self.notes.changed.connect(self.refresh)
        self.scene.view_changed.connect(self._view_changed)
        session, clock = self.session, self.clock
        session.version_changed.connect(self._open_song)
        session.heard_changed.connect(lambda _what: self.refresh())
        session.edits_changed.connect(self._edits_changed)
        session.gains_changed.connect(self._show_levels)
        clock.position_changed.connect(self._show_position)
        clock.loop_changed.connect(self._show_loop)
        self.scene.level_requested.connect(self._set_level)
        self.lanes.notes.waveform_wanted.connect(partial(self.scene.set_view, "waveform"))
        self.commands.seek_requested.connect(lambda frame: clock.seek(frame / self._rate))
        self.commands.play_requested.connect(lambda a, b: clock.play_range(a / self._rate, b / self._rate))
        self.commands.loop_requested.connect(self._set_loop)
        self.commands.marker_added.connect(self._keep_marker)
        self.header.export_wanted.connect(self.export_wanted)
        self.header.keep_wanted.connect(self.keep_edit)
        self.header.drag_wanted.connect(self.files.drag_song)
        self.header.copy_wanted.connect(self.files.copy_song)
        self.strip.drag_wanted.connect(self.files.drag_selection)
        self.strip.copy_file_wanted.connect(self.files.copy_selection)

    @property
    def _rate(self) -> int:
        return self.session.sample_rate or 48_000

    @property
    def views(self) -> dict[str, AudioView]:
        """The opened lanes: lane id to its sound."""
        return self._lanes.views

    def heard_file(self) -> Path | None:
        """What the main lane shows: the file of the heard version."""
        files = self.session.files
        return files.master if self.session.heard == "master" and files.master else files.mix or files.master

    # what the session says

    def _open_song(self) -> None:
        session = self.session
        rate = self._rate
        track = session.track.id if session.track is not None else ""
        same, self._shown = track == self._shown and self.desk.port is not None, track
        self._show_grid()
        self.desk.set_port(session if session.track is not None else None)
        self.scene.selection.keep_inside(session.frames)
        if same:
            self._new_length()
        else:
            self.scene.selection.clear()
            self.scene.selection.set_loop(None)
            self.scene.axis.set_song(session.frames, rate)
        self.notes.open_song()
        self.refresh()

    def _show_grid(self) -> None:
        session = self.session
        grid = song_content.beat_grid(session.arrangement, self._rate, session.tempo, session.metre, self._story())
        self.scene.snap.grid = grid

    def _new_length(self) -> None:
        """Another version of the song: the view stays where it can, and a fitted one stays fitted."""
        axis, frames = self.scene.axis, self.session.frames
        if frames == axis.frames:
            return
        fitted = axis.frames_per_pixel >= axis.widest * 0.999
        axis.set_length(frames)
        if fitted:
            axis.set_song(frames, self._rate)
        loop = self.scene.selection.loop
        if loop is not None and loop.end > frames:
            self.scene.selection.set_loop(None)

    def _view_changed(self, _view: str) -> None:
        """The lanes of one view are none of the other: what is selected stays selected in all of them."""
        span = self.scene.selection.span
        if span is not None:
            self.scene.selection.select(span.start, span.end)
        self.scene.focus_lane(None)

    def switch_view(self) -> None:
        """Waveform to notes, and back."""
        self.scene.set_view("waveform" if self.scene.view == "notes" else "notes")

    def refresh(self) -> None:
        """Read everything that is shown from the session again."""
        session = self.session
        version = session.heard_version
        self.score = read_score(version.score) if version is not None and version.score else None
        wanted = {}
        main = self.heard_file()
        if main is not None:
            wanted[MIX] = main
        wanted.update({name: session.stems[name] for name in sorted(session.stems, key=_stem_rank)})
        self._lanes.load(wanted)
        self._show_content(wanted)
        self._show_levels()
        self._show_header(version)

    def _show_content(self, wanted: dict[str, Path]) -> None:
        session, rate = self.session, self._rate
        edits = session.history.current
        arrangement = session.arrangement
        positions = []
        if session.track is not None:
            positions = [(m.position, m.name) for m in session.library.markers(session.track.id)]
        story = self._story()
        heard = session.heard_version
        history = heard.details.get("history") if heard is not None else None
        lanes = tuple(self._lane(lane) for lane in wanted)
        if self.scene.view == "notes":
            lanes = (*lanes[:1], *self.notes.lanes(rate, story.edits))
        self.scene.set_content(
            Content(
                lanes=lanes,
                empty=self.notes.sentence if self.scene.view == "notes" and len(lanes) < 2 else "",
                sections=song_content.sections(arrangement, rate, story),
                chords=song_content.chords(arrangement, rate, story),
                markers=song_content.markers(positions, rate, story),
                splits=edits.starts[1:-1],
                pins=song_content.pins(self.score, rate, edits),
                curves=song_content.curves(self.score, history, rate, edits),
            )
        )

    def _story(self) -> song_content.Story:
        return song_content.story_of(self.session)

    def _lane_changed(self, lane: str) -> None:
        lanes = self.scene.content.lanes
        if all(each.id != lane for each in lanes):
            return  # a stem in the Notes view
        if lane != MIX and lane in self.views and any(each.gain != self._stem_gain() for each in lanes if each.is_stem):
            self.scene.amend(lanes=tuple(self._lane(each.id) for each in lanes))
        else:
            self.scene.set_lane(self._lane(lane))

    def _stem_gain(self) -> float:
        """What every stem is drawn with."""
        return common_gain(peak for lane, peak in self._lanes.peaks.items() if lane != MIX)

    def _lane(self, lane: str) -> Lane:
        view = self.views.get(lane)
        edits = self.session.history.current
        waveform = EditedView(view, edits) if view is not None and not edits.is_whole else view
        name, token, details = lane.replace("_", " ").capitalize(), stem_token(lane), []
        if lane == MIX:
            version = self.session.heard_version
            name, token, details = "Mix", "wave", [version.name] if version is not None else []
            if view is not None:
                channels = {1: "mono", 2: "stereo"}.get(view.channels, f"{view.channels} channels")
                details.append(f"{view.sample_rate / 1000:g} kHz {channels}")
        progress, message = self._lanes.progress.get(lane), self._lanes.messages.get(lane, "")
        gain = 1.0 if lane == MIX else self._stem_gain()
        return Lane(lane, name, token, tuple(details), waveform, progress=progress, message=message, gain=gain)

    def _show_header(self, version: VersionRecord | None) -> None:
        track = self.session.track
        if track is None:
            unfinished = self.session.unfinished
            self.header.set_song(SongInfo(*unfinished, finished=False) if unfinished is not None else None)
            return
        path = song_path(self.session.files.chain) or track.status
        saved = "saved" if self.session.history.current.is_whole else "edited"
        carried = [name for name, there in self.files.carried().items() if there]
        info = SongInfo(track.title, f"{path} · {saved}", track.sellable, track.licence_reason, self.cover)
        self.header.set_song(info, " · ".join(carried))
        self.header.keep.setVisible(not self.session.history.current.is_whole)

    def _edits_changed(self) -> None:
        frames = self.session.frames
        if frames != self.scene.axis.frames:
            self.scene.axis.set_length(frames)
            self.scene.selection.keep_inside(frames)
        self._show_grid()
        self.refresh()
        self.tools.refresh()

    def _show_levels(self) -> None:
        gains = {name: self.session.stem_gain(name) for name in self.session.stems}
        self.scene.set_levels({name: LaneLevel(g.db, g.muted, g.soloed) for name, g in gains.items()})

    def _show_position(self, seconds: float) -> None:
        frame = seconds * self._rate
        self.scene.set_playhead(frame)
        if self.clock.playing:
            self.scene.axis.reveal(frame)

    def _show_loop(self, loop: tuple[float, float] | None) -> None:
        span = None if loop is None else Span(round(loop[0] * self._rate), round(loop[1] * self._rate))
        if span != self.scene.selection.loop:
            self.scene.selection.set_loop(span)

    # what the view wishes

    def _set_level(self, lane: str, level: LaneLevel) -> None:
        before = self.session.stem_gain(lane)
        if self.session.heard == "master" and (level.muted, level.soloed) != (before.muted, before.soloed):
            self.session.hear("mix")
            self.said.emit("You hear the mix now: a master holds no stems that could be muted.")
        self.session.set_stem(lane, db=level.db, muted=level.muted, soloed=level.soloed)

    def _set_loop(self, span: Span | None) -> None:
        loop = None if span is None else (span.start / self._rate, span.end / self._rate)
        if loop != self.clock.loop:
            self.clock.set_loop(loop)

    def _keep_marker(self, frame: int, name: str) -> None:
        if self.session.track is None:
            return
        source = self._story().source_frame(frame)
        if source is None:
            self.said.emit("A marker needs sound: there is silence that was put in here.")
            self.refresh()
            return
        self.session.library.add_marker(self.session.track.id, source / self._rate, name)

    def keep_edit(self) -> None:
        """Render the edit as a version of its own, mix and stems alike. It is mastered anew from there."""
        version = self.session.files.mix_version or self.session.heard_version
        if version is None or self.session.history.current.is_whole:
            return
        try:
            self._app.render_edit(version.id, self.session.history.current.to_json())
        except GrammyError as error:
            self.report(error)
            return
        self.header.keep.setEnabled(False)
        self.said.emit("The edit is being rendered as a version of its own.")

    def select_seconds(self, start: float, end: float) -> None:
        """Show and select a stretch of the source (an insight's), where it still is."""
        frames = round(start * self._rate), round(end * self._rate)
        for first, last in moved_spans(self.session.history.current, *frames)[:1]:
            self.scene.selection.select(first, last)
            self.scene.axis.zoom_to(first, last, 0.5)

    def close_files(self) -> None:
        """Let go of files and threads; call before the application ends."""
        self.notes.close()
        self._lanes.close()

    def hideEvent(self, event: QHideEvent) -> None:
        self.strip.hide()
        super().hideEvent(event)

    def report(self, error: GrammyError) -> None:
        self.said.emit(error.message)


def song_path(chain: Sequence[VersionRecord]) -> str:
    """'Take 2 › Master 1' of a version and its ancestors, newest first. Of many takes the first and the last are named."""
    names = [version.name for version in reversed(chain)]
    return " › ".join(names if len(names) <= 3 else [names[0], "…", *names[-2:]])


def _stem_rank(name: str) -> tuple[int, str]:
    return stem_rank(name), name
