"""Mastering many files at work: one job a file, or one for an album."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent, JobSnapshot
from grammy_desktop.ui.formats import with_unit
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.master.batch_sheet import BatchSheet
from grammy_desktop.ui.theme import Theme
from grammy_desktop.workflows.delivery import audio_files, plan_outputs
from grammy_desktop.workflows.mastering_aim import Mastering

AUDIO_FILES = "Audio (*.wav *.flac *.mp3 *.ogg *.aiff *.aif *.m4a *.opus)"


class Batch(QObject):
    """One sheet at a time; asked for again while it runs, it comes back."""

    failed = Signal(object)

    def __init__(self, theme: Theme, app: App, jobs: JobsBridge, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._theme, self._app, self._anchor = theme, app, anchor
        self.sheet: BatchSheet | None = None
        self.preset = ""
        """What the sheet begins with."""
        self._outs: list[Path] = []
        self._plan: str | None = None
        """Job that measures an album."""
        jobs.happened.connect(self._job_changed)

    def choose(self) -> None:
        """Ask for files; while some are being mastered, show them."""
        if self._runs and self.sheet is not None:
            self.sheet.open_in_middle()
            return
        chosen, _ = QFileDialog.getOpenFileNames(self._anchor.window(), "Master files", str(Path.home()), AUDIO_FILES)
        if chosen:
            self.open([Path(path) for path in chosen])

    def open(self, places: list[Path]) -> None:
        """A sheet for these files and what is in these folders."""
        try:
            files = audio_files(places)
        except GrammyError as error:
            self.failed.emit(error)
            return
        if self._runs and self.sheet is not None:
            self.sheet.open_in_middle()
            self.sheet.refuse("These files are still being mastered; the new ones can follow when they are done.")
            return
        if self.sheet is not None:
            self.sheet.deleteLater()
        albums = len(files) > 1
        presets = self._app.mastering.presets
        self.sheet = BatchSheet(self._theme, self._anchor.window(), presets.values(), self.preset, albums=albums)
        self.sheet.set_files(files)
        self.sheet.wanted.connect(self._start)
        self.sheet.stopped.connect(self._stop)
        self.sheet.open_in_middle()

    @property
    def _runs(self) -> bool:
        return self.sheet is not None and any(row.job is not None and not row.ended for row in self.sheet.rows)

    def _start(self) -> None:
        sheet, app = self.sheet, self._app
        if sheet is None:
            return
        files, mastering = [row.path for row in sheet.rows], Mastering(preset=str(sheet.preset.value))
        try:
            self._outs = plan_outputs(files, out_dir=sheet.folder)
            if sheet.album.isChecked():
                self._plan = app.mastering.plan_album(files, mastering)
                self._show_plan(app.jobs.snapshot(self._plan))
                return
        except GrammyError as error:
            sheet.refuse(error.message)
            return
        for number in range(len(sheet.rows)):
            self._master(number, mastering)
        sheet.show_state()

    def _master(self, number: int, mastering: Mastering) -> None:
        """Start one file; what speaks against it is said in its row."""
        sheet, app = self.sheet, self._app
        if sheet is None:
            return
        row = sheet.rows[number]
        try:
            row.job = app.mastering.master_to(row.path, mastering, self._outs[number], numbered=True)
            row.show_snapshot(app.jobs.snapshot(row.job))
        except GrammyError as error:
            row.show_problem(error.message)

    def _show_plan(self, snapshot: JobSnapshot) -> None:
        """An album's tracks are measured together before the first is mastered."""
        sheet = self.sheet
        if sheet is None:
            return
        for row in sheet.rows:
            row.job = snapshot.id
            row.show_snapshot(snapshot)
        if snapshot.state is JobState.DONE:
            plan = self._app.jobs.wait(snapshot.id, 1.0).result
            for number, row in enumerate(sheet.rows):
                if number in plan.failed:
                    row.show_problem(plan.failed[number].message)
                else:
                    self._master(number, plan.masterings[number])
        sheet.show_state()

    def _stop(self) -> None:
        if self.sheet is not None:
            for job in {row.job for row in self.sheet.rows if row.job is not None and not row.ended}:
                self._app.jobs.cancel(job)

    def _job_changed(self, event: JobEvent) -> None:
        if self.sheet is None or event.kind == "dismissed":
            return
        if event.job_id == self._plan:
            self._show_plan(event.snapshot)
            return
        rows = [row for row in self.sheet.rows if row.job == event.job_id]
        for row in rows:
            row.show_snapshot(event.snapshot)
        if event.snapshot.state is JobState.DONE and len(rows) == 1:
            report = self._app.jobs.wait(event.job_id, 1.0).result
            rows[0].show_result(with_unit((report.get("after") or {}).get("integrated"), "LUFS"))
        if rows:
            self.sheet.show_state()
