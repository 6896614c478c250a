"""The tray under the jobs pill: running, waiting, failed with the way out, done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from grammy_desktop.core.errors import ErrorKind, GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobEvent, JobSnapshot
from grammy_desktop.ui.app_bar import JobsPill
from grammy_desktop.ui.formats import duration_words
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.stages import job_icon, job_title, progress_words
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, ElidedLabel, IconButton, Label, Popover, column, hline, row

WIDTH = 400
_TALLEST = 420


class ProgressLine(QWidget):
    """A 4 px bar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._fraction = theme, 0.0
        self.setFixedHeight(4)

    def set_fraction(self, fraction: float) -> None:
        self._fraction = fraction
        self.setAccessibleName(f"{round(fraction * 100)} %")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("control"))
        painter.fillRect(QRectF(0, 0, self.width() * self._fraction, 4), self._theme.color("accent_text"))


class JobRow(QWidget):
    """Icon, name, what it does now, and its buttons."""

    cancelled = Signal()
    retried = Signal()
    dismissed = Signal()
    shown = Signal()
    copied = Signal()

    def __init__(self, theme: Theme, snapshot: JobSnapshot) -> None:
        super().__init__()
        self._theme = theme
        self.state = snapshot.state
        icon = Label(theme)
        failed = snapshot.state is JobState.FAILED
        is_bug = failed and isinstance(snapshot.error, GrammyError) and snapshot.error.kind is ErrorKind.BUG
        token = "danger" if is_bug else "warn" if failed else "ok" if snapshot.state is JobState.DONE else "accent_text"
        if snapshot.state is JobState.WAITING:
            token = "text_2"
        icon.setPixmap(theme.pixmap(job_icon(snapshot), 16, token, ratio=self.devicePixelRatioF()))
        self.title = ElidedLabel(theme, job_title(snapshot), "small_medium")
        self.line = Label(theme, "", "small", "text_2")
        self.line.setWordWrap(True)
        self.bar = ProgressLine(theme)
        head = row(spacing=6)
        head.addWidget(self.title, 1)
        for widget in self._head_buttons(snapshot):
            head.addWidget(widget)
        text = column(head, self.line, spacing=2)
        if snapshot.state is JobState.RUNNING:
            text.addSpacing(6)
            text.addWidget(self.bar)
        if failed:
            text.addSpacing(6)
            text.addLayout(self._failed_buttons(is_bug))
        side = column(icon, None, margins=(0, 2, 0, 0))
        layout = row(side, spacing=12, margins=(16, 11, 16, 11))
        layout.addLayout(text, 1)
        self.setLayout(layout)
        self.show_snapshot(snapshot)

    def show_snapshot(self, snapshot: JobSnapshot) -> None:
        if snapshot.state is JobState.RUNNING:
            self.line.setText(progress_words(snapshot))
            self.bar.set_fraction(snapshot.fraction)
        elif snapshot.state is JobState.WAITING:
            self.line.setText("Waits for its turn")
        elif snapshot.state is JobState.DONE:
            self.line.setText(f"Done, took {duration_words(snapshot.elapsed)}")
        else:
            self.line.setText(snapshot.message or "Stopped")
        self.setAccessibleName(f"{self.title.text()}: {self.line.text()}")

    def _head_buttons(self, snapshot: JobSnapshot) -> list[QWidget]:
        if snapshot.state is JobState.RUNNING:
            cancel = Button(self._theme, "Cancel", kind="ghost", size="card", icon="x")
            cancel.clicked.connect(self.cancelled)
            return [cancel]
        if snapshot.state is JobState.WAITING:
            remove = IconButton(self._theme, "x", "Cancel", side=24, icon_size=14)
            remove.clicked.connect(self.cancelled)
            return [remove]
        if snapshot.state is JobState.DONE and snapshot.track_id is not None:
            show = Button(self._theme, "Show", kind="ghost", size="card")
            show.clicked.connect(self.shown)
            return [show]
        return []

    def _failed_buttons(self, is_bug: bool) -> QVBoxLayout:
        retry = Button(self._theme, "Retry", kind="outline", size="card")
        retry.clicked.connect(self.retried)
        dismiss = Button(self._theme, "Dismiss", kind="ghost", size="card")
        dismiss.clicked.connect(self.dismissed)
        buttons = row(retry, spacing=6)
        if is_bug:
            report = Button(self._theme, "Copy report", kind="ghost", size="card")
            report.clicked.connect(self.copied)
            buttons.addWidget(report)
        buttons.addWidget(dismiss)
        buttons.addStretch(1)
        return column(buttons)


class JobsTray(Popover):
    """Opens under `pill`, or under `otherwise` while the pill is hidden."""

    shown = Signal(str)
    """A track id."""

    reported = Signal(object)
    """The error whose report is wanted."""

    def __init__(self, theme: Theme, window: QWidget, jobs: JobsBridge, pill: JobsPill, otherwise: QWidget) -> None:
        super().__init__(theme, window, width=WIDTH)
        self._jobs, self._pill, self._otherwise = jobs, pill, otherwise
        self._rows: dict[str, JobRow] = {}
        self.summary = Label(theme, "", "caption", "text_2")
        self.clear = Button(theme, "Clear finished", kind="ghost", size="card")
        self.clear.clicked.connect(self._clear_finished)
        head = row(Label(theme, "Jobs", "body_bold"), self.summary, None, margins=(16, 12, 16, 10))
        foot = row(Label(theme, "Everything here survives a restart", "caption", "text_3"), None, self.clear)
        foot.setContentsMargins(16, 6, 8, 6)
        self._body = body = QWidget()
        body.setProperty("surface", "clear")
        self._list = QVBoxLayout(body)
        self._list.setContentsMargins(1, 0, 1, 0)
        self._list.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(body)
        self._scroll.viewport().setAutoFillBackground(False)
        self.content.addLayout(head)
        self.content.addWidget(hline())
        self.content.addWidget(self._scroll)
        self.content.addWidget(hline())
        self.content.addLayout(foot)
        jobs.happened.connect(self._happened)
        self.refresh()

    def toggle(self) -> None:
        """Ctrl+J."""
        if self.isVisible():
            self.close_popover()
        else:
            self.refresh()
            self.open_at(self._pill if self._pill.isVisible() else self._otherwise, align="right")

    def refresh(self) -> None:
        """Rows and the pill from the queue."""
        snapshots = [s for s in self._jobs.snapshots() if s.state is not JobState.CANCELLED]
        running = [s for s in snapshots if s.state is JobState.RUNNING]
        waiting = [s for s in snapshots if s.state is JobState.WAITING]
        failed = [s for s in snapshots if s.state is JobState.FAILED]
        parts = [f"{len(running)} running"] if running else []
        parts += [f"{len(waiting)} waiting"] if waiting else []
        parts += [f"{len(failed)} failed"] if failed else []
        self.summary.setText(" · ".join(parts) or "Nothing is running")
        nearest = max((s.fraction for s in running), default=None)
        if running or waiting or failed:
            self._pill.show_jobs(len(running) + len(waiting), nearest, len(failed))
        else:
            self._pill.hide()
        order = {JobState.RUNNING: 0, JobState.WAITING: 1, JobState.FAILED: 2}
        self._show_rows(sorted(snapshots, key=lambda s: order.get(s.state, 3)))

    def _show_rows(self, snapshots: list[JobSnapshot]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = {}
        for index, snapshot in enumerate(snapshots):
            if index:
                self._list.addWidget(line := hline())
                line.show()
            job_row = JobRow(self._theme, snapshot)
            queue = self._jobs.queue
            job_row.cancelled.connect(partial(queue.cancel, snapshot.id))
            job_row.retried.connect(partial(queue.retry, snapshot.id))
            job_row.dismissed.connect(partial(queue.dismiss, snapshot.id))
            job_row.shown.connect(partial(self._show, snapshot.track_id or ""))
            job_row.copied.connect(partial(self.reported.emit, snapshot.error))
            self._rows[snapshot.id] = job_row
            self._list.addWidget(job_row)
            job_row.show()  # else Qt shows it later, and its height does not count below
        self._list.addStretch(1)
        height = (
            self._list.totalHeightForWidth(WIDTH) if self._list.hasHeightForWidth() else self._body.sizeHint().height()
        )
        self._scroll.setFixedHeight(min(_TALLEST, max(8, height)))
        self.adjustSize()

    def _show(self, track_id: str) -> None:
        self.close_popover()
        self.shown.emit(track_id)

    def _clear_finished(self) -> None:
        for snapshot in self._jobs.snapshots():
            if snapshot.state.ended:
                self._jobs.queue.dismiss(snapshot.id)

    def _happened(self, event: JobEvent) -> None:
        known = self._rows.get(event.job_id)
        if event.kind == "progress" and known is not None and known.state is event.snapshot.state:
            known.show_snapshot(event.snapshot)
            running = [s for s in self._jobs.snapshots() if s.state is JobState.RUNNING]
            waiting = sum(s.state is JobState.WAITING for s in self._jobs.snapshots())
            self._pill.show_jobs(len(running) + waiting, max((s.fraction for s in running), default=None), 0)
        else:
            self.refresh()
