"""The Master page at work: three widgets for the window's page, wired to session, player and jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.peaks import AudioView
from grammy_desktop.jobs import JobEvent, JobQueue
from grammy_desktop.mastering import DEFAULT_PRESET, Preset
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.editor import song_content
from grammy_desktop.ui.editor.editor_files import EditorFiles
from grammy_desktop.ui.editor.lane_files import LaneFiles
from grammy_desktop.ui.editor.scene import Content, Lane, Scene
from grammy_desktop.ui.editor.song_header import CoverMaker, SongInfo
from grammy_desktop.ui.formats import with_unit
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.master.centre_view import MasterCentre
from grammy_desktop.ui.master.goniometer import WINDOW_SECONDS
from grammy_desktop.ui.master.hidden_gains import gains_of
from grammy_desktop.ui.master.right_panel import MasterRight
from grammy_desktop.ui.master.sound_panel import SoundPanel
from grammy_desktop.ui.master.version_rows import judged, version_rows
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.clock import PlaybackClock


class MastersSongs(Protocol):
    """What the page needs of `App`."""

    @property
    def paths(self) -> AppPaths: ...

    @property
    def jobs(self) -> JobQueue: ...

    @property
    def presets(self) -> dict[str, Preset]: ...

    def master(
        self,
        track_id: str,
        version_id: str,
        *,
        preset: str = ...,
        reference: Path | None = ...,
        loudness: float | None = ...,
        ceiling: float | None = ...,
        intensity: float = ...,
    ) -> str: ...


class MasterPage(QObject):
    """`.left`, `.centre`, `.right` for `MainWindow.set_page`. `beside` is the editor's scene, so that both pages share
    time axis, selection and playhead."""

    master_requested = Signal(str, object, float, float, float)
    """Preset id, reference path or None, loudness, ceiling, intensity: emitted as the job is started."""
    failed = Signal(object)
    export_wanted = Signal()

    def __init__(
        self,
        app: MastersSongs,
        session: SongSession,
        theme: Theme,
        *,
        beside: Scene | None = None,
        clock: PlaybackClock | None = None,
        jobs: JobsBridge | None = None,
        commands: CommandTable | None = None,
        cover: CoverMaker | None = None,
        files: EditorFiles | None = None,
    ) -> None:
        """`cover` and `files` are the editor's: they give the header its picture and its drag-out handle."""
        super().__init__()
        self._app, self._session = app, session
        self._cover, self._files = cover, files
        self._clock = clock or PlaybackClock(session.player, self)
        self._jobs = jobs or JobsBridge(app.jobs, self)
        self.scene = Scene(self, beside=beside)
        self.left = SoundPanel(theme, app.presets.values(), DEFAULT_PRESET)
        self.centre = MasterCentre(self.scene, theme)
        self.right = MasterRight(theme)
        self._lanes = LaneFiles(app.paths.cache / "peaks", self)
        self._job: str | None = None
        self._progress = ""
        self._wire()
        if commands is not None:
            commands.bind("master.a", lambda: self.right.listen.press("mix"))
            commands.bind("master.b", lambda: self.right.listen.press("master"))
            commands.bind("master.x", self.right.listen.press_x)
            commands.bind("master.again", self.right.targets.ask)
        preset = self.left.preset
        if preset is not None:
            self._preset_chosen(preset)
        self.refresh()

    def _wire(self) -> None:
        session, clock, listen = self._session, self._clock, self.right.listen
        session.version_changed.connect(self.refresh)
        session.heard_changed.connect(lambda _what: self._show_heard())
        session.edits_changed.connect(self.refresh)
        clock.position_changed.connect(self._show_position)
        self.centre.shown.connect(lambda: self._show_position(clock.state.position))
        self._jobs.happened.connect(self._job_changed)
        self._lanes.changed.connect(self._lane_changed)
        self.left.preset_chosen.connect(self._preset_chosen)
        self.left.versions.picked.connect(session.set_version)
        self.right.targets.wanted.connect(self.start_mastering)
        self.centre.compare.seek_requested.connect(lambda frame: clock.seek(frame / self._rate))
        self.centre.header.export_wanted.connect(self.export_wanted)
        if self._files is not None:
            self.centre.header.drag_wanted.connect(self._files.drag_song)
            self.centre.header.copy_wanted.connect(self._files.copy_song)
        listen.hear.connect(session.hear)
        listen.hear_hidden.connect(lambda what: session.player.set_gains(gains_of(session, what)))
        listen.reveal.connect(lambda: session.player.set_gains(session.gains()))

    @property
    def _rate(self) -> int:
        return self._session.sample_rate or 48_000

    # showing

    def refresh(self) -> None:
        """Everything from the session's records again."""
        session = self._session
        master, mix = session.files.master_version, session.files.mix_version
        details: dict[str, Any] = master.details if master is not None else {}
        self._load_lanes()
        missing = "Not recorded for this master" if master is not None else "Shown once there is a master"
        self.centre.tonal.empty = self.centre.reduction.empty = missing
        self.centre.tonal.set_spectrum(details.get("spectrum"))
        self.centre.reduction.set_reduction(details.get("gain_reduction"))
        before = details.get("before") or (mix.loudness if mix is not None else {})
        after = details.get("after") or (master.loudness if master is not None else {})
        self.right.measured.set_figures(before or {}, after or {})
        results = details.get("platforms") or judged(after or {})
        self.right.platforms.set_results(results, true_peak=(after or {}).get("true_peak"))
        self.centre.compare.lanes.ceiling = details.get("ceiling_dbtp")
        rows = version_rows(session.versions)
        self.left.versions.set_versions(rows, session.version.id if session.version is not None else None)
        self._show_header()
        self._show_heard()
        self._show_button()
        self._show_position(self._clock.state.position)

    @property
    def views(self) -> dict[str, AudioView]:
        """The opened sounds: 'a' the mix, 'b' the master."""
        return self._lanes.views

    def _load_lanes(self) -> None:
        files = self._session.files
        self._lanes.load({lane: path for lane, path in (("a", files.mix), ("b", files.master)) if path is not None})
        story = song_content.Story.of(files.chain, EditList.whole(files.frames))
        sections = song_content.sections(self._session.arrangement, self._rate, story)
        self.scene.set_content(Content(lanes=(self._lane("a"), self._lane("b")), sections=sections))

    def _lane(self, lane: str) -> Lane:
        files, state = self._session.files, self._lanes
        is_mix = lane == "a"
        lufs, path = (files.mix_lufs, files.mix) if is_mix else (files.master_lufs, files.master)
        missing = "" if path is not None else "No mix" if is_mix else "Not mastered yet"
        return Lane(
            lane,
            "Mix" if is_mix else "Master",
            "wave" if is_mix else "master",
            (with_unit(lufs, "LUFS"),) if lufs is not None else (),
            state.views.get(lane),
            progress=state.progress.get(lane),
            message=state.messages.get(lane, missing),
        )

    def _lane_changed(self, lane: str) -> None:
        self.scene.set_lane(self._lane(lane))
        if lane in self.views:
            self._show_position(self._clock.state.position)

    def _show_header(self) -> None:
        track = self._session.track
        if track is None:
            self.centre.header.set_song(None)
            return
        path = " › ".join(v.name for v in reversed(self._session.files.chain))
        carried = [name for name, there in self._files.carried().items() if there] if self._files is not None else []
        info = SongInfo(track.title, path, track.sellable, track.licence_reason, self._cover)
        self.centre.header.set_song(info, " · ".join(carried))
        self.centre.header.drag.setVisible(bool(carried))

    def _show_heard(self) -> None:
        session = self._session
        listen = self.right.listen
        if listen.test.hidden is None:
            listen.set_state(session.heard, match_db=session.level_match_db, has_master=session.has_master)
        lanes = self.centre.compare.lanes
        lanes.heard = "" if listen.test.hidden else "b" if session.heard == "master" else "a"
        lanes.repaint_content()

    def _show_position(self, seconds: float) -> None:
        frame = seconds * self._rate
        self.scene.set_playhead(frame)
        view = self.views.get("b" if self._session.heard == "master" else "a")
        if view is None:
            self.centre.stereo.set_samples(None)
        elif self.centre.isVisible():
            window = round(WINDOW_SECONDS * self._rate)
            self.centre.stereo.set_samples(view.read(max(0, round(frame) - window // 2), window))

    # mastering

    def _preset_chosen(self, preset: Preset) -> None:
        self.right.targets.set_targets(preset.target_lufs, preset.ceiling_dbtp)

    def start_mastering(self, loudness: float, ceiling: float, intensity: float) -> None:
        """One job; the button shows how far it is."""
        session, preset = self._session, self.left.preset
        if session.track is None or session.version is None or self._job is not None or preset is None:
            return
        reference = self.left.reference.path
        try:
            self._job = self._app.master(
                session.track.id,
                session.version.id,
                preset=preset.id,
                reference=reference,
                loudness=loudness,
                ceiling=ceiling,
                intensity=intensity,
            )
        except GrammyError as error:
            self.failed.emit(error)
            return
        self._progress = "Waiting"
        self._show_button()
        self.master_requested.emit(preset.id, reference, loudness, ceiling, intensity)

    def _job_changed(self, event: JobEvent) -> None:
        if event.job_id != self._job:
            return
        snapshot = event.snapshot
        if not snapshot.state.ended:
            self._progress = f"Mastering · {round(snapshot.fraction * 100)}\u00a0%" if snapshot.started else "Waiting"
            self._show_button()
            return
        self._job, self._progress = None, ""
        if snapshot.state is JobState.DONE:
            self._session.refresh()
        elif snapshot.error is not None:
            self.failed.emit(snapshot.error)
        self._show_button()

    def _show_button(self) -> None:
        can = self._session.track is not None and self._session.files.mix is not None
        self.right.targets.set_state(can=can, has_master=self._session.has_master, progress=self._progress)

    def close_files(self) -> None:
        """Let go of files and threads; call before the application ends."""
        self._lanes.close()
