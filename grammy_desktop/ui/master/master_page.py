"""The Master page at work: three widgets for the window's page, wired to session, player and jobs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.peaks import AudioView
from grammy_desktop.mastering import DEFAULT_PRESET, Preset
from grammy_desktop.mastering.platforms import PlatformTable, load_table
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.editor.editor_files import EditorFiles
from grammy_desktop.ui.editor.scene import Scene
from grammy_desktop.ui.editor.song_header import CoverMaker, SongInfo
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.master.assistant import Assistant
from grammy_desktop.ui.master.batch import Batch
from grammy_desktop.ui.master.centre_view import MasterCentre
from grammy_desktop.ui.master.comparison import Comparison
from grammy_desktop.ui.master.goniometer import WINDOW_SECONDS
from grammy_desktop.ui.master.hear_on import HearOn
from grammy_desktop.ui.master.listening import Listening
from grammy_desktop.ui.master.mastering_run import MasteringRun, Wish
from grammy_desktop.ui.master.pair_lanes import PairLanes
from grammy_desktop.ui.master.pictures_data import curves_of, figures_of, is_read_finely, newest_master
from grammy_desktop.ui.master.preset_shelf import PresetShelf
from grammy_desktop.ui.master.profiles import Profiles
from grammy_desktop.ui.master.reports import Reports
from grammy_desktop.ui.master.right_panel import MasterRight
from grammy_desktop.ui.master.sound_panel import SoundPanel
from grammy_desktop.ui.master.tone_band import ToneBand
from grammy_desktop.ui.master.version_rows import judged, version_rows
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.clock import PlaybackClock

NAMES = ("Mix", "Master")
"""What A and B are called while they are not there."""


class MasterPage(QObject):
    """`.left`, `.centre`, `.right` for `MainWindow.set_page`. `beside` is the editor's scene, so that both pages share
    time axis, selection and playhead."""

    failed = Signal(object)
    said = Signal(str, object)
    """A sentence, and how to undo what it tells (or None)."""
    export_wanted = Signal()

    def __init__(
        self,
        app: App,
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
        self._app, self._session, self._theme = app, session, theme
        self._cover, self._files = cover, files
        self._clock = clock or PlaybackClock(session.player, self)
        self._jobs = jobs or JobsBridge(app.jobs, self)
        self.scene = Scene(self, beside=beside)
        self.left = SoundPanel(theme, app.mastering.presets.values(), DEFAULT_PRESET)
        self.centre = MasterCentre(self.scene, theme)
        self.right = MasterRight(theme, self._platforms())
        self.comparison = Comparison(session, self)
        self.listening = Listening(theme, session, self.comparison, self.right.listen)
        self.run = MasteringRun(app, session, self._jobs)
        self.hear_on = HearOn(app.jobs, app.paths, self.comparison, self.right.listen.devices, self._jobs)
        self.assistant = Assistant(app.jobs, session, self._jobs, self.right.findings)
        self.tone = ToneBand(self.centre.tonal, session)
        self.profiles = Profiles(app.jobs, self._jobs, self.left.reference)
        self.batch = Batch(theme, app, self._jobs, self.centre)
        self.reports = Reports(session, self.right.measured)
        self.shelf = PresetShelf(theme, app, self.left.presets, self.current_settings)
        self._lanes = PairLanes(app.paths.cache / "peaks", self.scene, self.comparison, session)
        self._progress = self._listening = ""
        self._wire()
        if commands is not None:
            self._bind(commands)
        self.shelf.show_all(self.left.presets.current)
        self.hear_on.load_places()
        if self.left.preset is not None:
            self._preset_chosen(self.left.preset)
        self.refresh()

    def _platforms(self) -> PlatformTable:
        """The dated table; a user's own that is broken is left out, and the page goes on."""
        try:
            return load_table(self._app.paths.user_platforms)
        except GrammyError as error:
            QTimer.singleShot(0, partial(self.failed.emit, error))
            return load_table()

    def _wire(self) -> None:
        session, clock, compare = self._session, self._clock, self.centre.compare
        session.version_changed.connect(self.refresh)
        session.edits_changed.connect(self.refresh)
        self.comparison.changed.connect(self._show_pair)
        self.listening.shown.connect(self._show_heard)
        clock.position_changed.connect(self._show_position)
        self.centre.shown.connect(lambda: self._show_position(clock.state.position))
        self._lanes.opened.connect(lambda: self._show_position(clock.state.position))
        self.left.preset_chosen.connect(self._preset_chosen)
        self.left.reference_changed.connect(
            lambda: self.right.findings.set_reference(bool(self.left.reference.references))
        )
        self.left.save_wanted.connect(lambda: self.shelf.ask_to_save(self.left.save))
        self.left.versions.picked.connect(session.set_version)
        self.left.versions.compare_wanted.connect(self.comparison.choose)
        self.right.targets.wanted.connect(self.start_mastering)
        self.right.targets.cancel_wanted.connect(self.run.cancel)
        self.right.targets.loudness.changed.connect(lambda _: self._show_target())
        compare.seek_requested.connect(lambda frame: clock.seek(frame / self._rate))
        compare.lanes.hear_requested.connect(self.right.listen.press)
        compare.lanes.choose_requested.connect(self.listening.open_menu)
        self.run.progressed.connect(self._show_button)
        self.assistant.progressed.connect(self._show_listening)
        self.assistant.proposed.connect(self._proposed)
        self.right.targets.listen_wanted.connect(self.assistant.toggle)
        for source in (self.run, self.shelf, self.hear_on, self.assistant, self.batch, self.profiles, self.reports):
            source.failed.connect(self.failed)
        for speaker in (self.shelf, self.profiles, self.reports):
            speaker.said.connect(self.said)
        self.centre.header.export_wanted.connect(self.export_wanted)
        if self._files is not None:
            self.centre.header.drag_wanted.connect(self._files.drag_song)
            self.centre.header.copy_wanted.connect(self._files.copy_song)

    def _bind(self, commands: CommandTable) -> None:
        self.listening.bind(commands)
        commands.bind("master.again", self.right.targets.ask)
        commands.bind("master.save_preset", lambda: self.shelf.ask_to_save(self.left.save))
        commands.bind("master.import_preset", self.shelf.choose_import)
        commands.bind("master.listen", self.assistant.toggle)
        commands.bind("master.files", self.batch.choose)
        commands.bind("master.copy_report", self.reports.copy)
        commands.bind("master.save_report", self.reports.choose_file)

    @property
    def _rate(self) -> int:
        return self._session.sample_rate or 48_000

    # showing

    def refresh(self) -> None:
        """Everything from the session's records again."""
        self.comparison.refresh()  # and with it `_show_pair`
        self._show_header()
        self._show_button(self._progress)
        self._show_position(self._clock.state.position)

    def _show_pair(self) -> None:
        """The two versions: lanes, plots, tables, list."""
        slots = self.comparison.slots
        self._lanes.load()
        self._show_plots()
        shown = newest_master(slots)
        self.reports.show(shown)
        before, after = figures_of(slots["a"]), figures_of(slots["b"])
        names = [each.short if each is not None else name for each, name in zip(slots.values(), NAMES, strict=True)]
        self.right.measured.set_names(*names)
        self.right.measured.set_figures(before, after, fine=is_read_finely(slots["b"]))
        heard: dict[str, Any] = shown.loudness if shown is not None else {}
        results = (shown.details.get("platforms") if shown is not None else None) or judged(heard)
        self.right.platforms.set_results(results, true_peak=heard.get("true_peak"))
        self.centre.compare.lanes.ceiling = shown.details.get("ceiling_dbtp") if shown is not None else None
        self._show_versions()
        self._show_heard("" if self.right.listen.is_hidden else self.comparison.heard)

    def _show_plots(self) -> None:
        slots = self.comparison.slots
        master = newest_master(slots)
        missing = "Not recorded for this master" if master is not None else "Shown once there is a master"
        self.centre.tonal.empty = self.centre.reduction.empty = missing
        self.tone.show(slots["a"], slots["b"])
        self.centre.reduction.set_reduction(master.details.get("gain_reduction") if master is not None else None)
        self._show_target()

    def _show_target(self) -> None:
        """The line in the loudness lane: the master's own target, else what is set."""
        master = newest_master(self.comparison.slots)
        target = master.details.get("target_lufs") if master is not None else None
        wanted = self.right.targets.loudness.value
        self.centre.compare.loudness.set_curves(curves_of(self.comparison.slots), wanted if target is None else target)

    def _show_versions(self) -> None:
        letters: dict[str, str] = {}
        for slot, each in self.comparison.slots.items():
            if each is not None:
                letters[each.version.id] = letters.get(each.version.id, "") + slot.upper()
        problems = {key: each.problem for key, each in self.comparison.candidates.items()}
        rows = version_rows(self._session.versions, letters, problems)
        self.left.versions.set_versions(rows, self._session.version.id if self._session.version is not None else None)
        self.left.fit_versions()

    @property
    def views(self) -> dict[str, AudioView]:
        """The opened sounds: 'a' and 'b'."""
        return self._lanes.views

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

    def _show_heard(self, slot: str) -> None:
        """Light the lane that is heard; none while X plays."""
        lanes = self.centre.compare.lanes
        lanes.heard = slot
        lanes.repaint_content()
        self._show_position(self._clock.state.position)

    def _show_position(self, seconds: float) -> None:
        frame = seconds * self._rate
        self.scene.set_playhead(frame)
        view = self.views.get(self.comparison.heard)
        # While X plays the stereo picture would tell which it is.
        if view is None or self.right.listen.is_hidden:
            self.centre.stereo.empty = "Hidden while X plays" if self.right.listen.is_hidden else "Nothing sounds here"
            self.centre.stereo.set_samples(None)
        elif self.centre.isVisible():
            window = round(WINDOW_SECONDS * self._rate)
            self.centre.stereo.set_samples(view.read(max(0, round(frame) - window // 2), window))

    # mastering

    def current_settings(self) -> Preset | None:
        """The chosen preset with the targets as they are set: what 'Save as your own' keeps."""
        preset, targets = self.assistant.chain or self.left.preset, self.right.targets
        if preset is None:
            return None
        return replace(preset, target_lufs=targets.loudness.value, ceiling_dbtp=targets.ceiling.value, own=True)

    def _preset_chosen(self, preset: Preset) -> None:
        """Whoever picks a preset wants its sound, not the assistant's."""
        self.right.findings.leave_out()
        self.right.targets.set_targets(preset.target_lufs, preset.ceiling_dbtp)
        self.batch.preset = preset.id

    def _proposed(self, preset: Preset) -> None:
        self.right.targets.set_targets(preset.target_lufs, preset.ceiling_dbtp)
        self.right.bring_into_view(self.right.findings)

    def _show_listening(self, progress: str) -> None:
        self._listening = progress
        self.right.targets.set_listening(can=self._session.files.mix is not None, progress=progress)

    def start_mastering(self, loudness: float, ceiling: float, intensity: float) -> None:
        """One job; the button shows how far it is."""
        preset = self.left.preset
        if preset is not None:
            references = tuple(self.left.reference.references)
            safe = self.right.targets.codec_safe
            wish = Wish(preset, loudness, ceiling, intensity, references, custom=self.assistant.chain)
            self.run.start(replace(wish, codec_safe=safe.isVisibleTo(self.right) and safe.isChecked()))

    def _show_button(self, progress: str) -> None:
        self._progress = progress
        can = self._session.track is not None and self._session.files.mix is not None
        self.right.targets.set_state(can=can, has_master=self._session.has_master, progress=progress)
        self._show_listening(self._listening)

    def close_files(self) -> None:
        """Let go of files and threads; call before the application ends."""
        self._lanes.close()
