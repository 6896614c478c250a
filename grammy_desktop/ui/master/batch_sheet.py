"""Many files, or a folder: the preset, where the masters go, and how far each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from grammy_desktop.core.journal import JobState
from grammy_desktop.mastering import Preset
from grammy_desktop.ui.master.batch_row import BatchRow
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, CheckBox, ElidedLabel, IconButton, Label, Popover, Select, column, row

WIDTH = 560
TALLEST = 300


class BatchSheet(Popover):
    """`wanted` to start, `stopped` to end all jobs. Closing it leaves the jobs running."""

    wanted = Signal()
    stopped = Signal()

    def __init__(self, theme: Theme, window: QWidget, presets: Iterable[Preset], current: str, *, albums: bool) -> None:
        super().__init__(theme, window, width=WIDTH)
        self.rows: list[BatchRow] = []
        self.folder: Path | None = None
        """Where the masters go; None: beside each file."""
        self.title = Label(theme, "Master files", "title")
        self.preset = Select(theme, [(each.id, each.name) for each in presets], name="Preset", value=current)
        self.album = CheckBox(theme, "Album")
        self.album.setToolTip("Keep how loud the tracks are against each other")
        self.album.setVisible(albums)
        self.place = ElidedLabel(theme, "Beside each file, as “… master.wav”", "small", "text_2")
        self.problem = Label(theme, "", "small", "warn")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._make_list(theme)
        self._make_buttons(theme)
        parts = (self._head(theme), self._scroll, self._settings(theme), self.problem, self._buttons)
        self.content.addLayout(column(*parts, spacing=12, margins=(20, 16, 20, 18)))

    def _head(self, theme: Theme) -> QWidget:
        close = IconButton(theme, "x", "Close; what runs goes on")
        close.clicked.connect(self.close_popover)
        head = QWidget()
        head.setLayout(row(self.title, None, close))
        return head

    def _make_list(self, theme: Theme) -> None:
        body = QFrame()
        body.setProperty("surface", "clear")
        self._box = QVBoxLayout(body)
        self._box.setContentsMargins(0, 0, 8, 0)
        self._box.setSpacing(4)
        self._box.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)

    def _settings(self, theme: Theme) -> QWidget:
        choose = Button(theme, "Choose folder", kind="outline", size="card", name="Choose where the masters go")
        choose.clicked.connect(self._choose)
        place = row(Label(theme, "To", "small", "text_2"), self.place, choose)
        place.setStretchFactor(self.place, 1)
        settings = QWidget()
        preset = row(Label(theme, "Preset", "small", "text_2"), self.preset, None, self.album)
        settings.setLayout(column(preset, place, spacing=8))
        self._setting_widgets = (self.preset, self.album, choose)
        return settings

    def _make_buttons(self, theme: Theme) -> None:
        self.start = Button(theme, "Master", kind="primary", icon="sparkles")
        self.start.clicked.connect(self.wanted)
        self.stop = Button(theme, "Stop all", kind="ghost")
        self.stop.clicked.connect(self.stopped)
        self.count = Label(theme, "", "small", "text_2")
        self._buttons = QWidget()
        self._buttons.setLayout(row(self.count, None, self.stop, self.start))

    def set_files(self, files: Sequence[Path]) -> None:
        for old in self.rows:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [BatchRow(self._theme, file) for file in files]
        for index, each in enumerate(self.rows):
            self._box.insertWidget(index, each)
        self._scroll.setFixedHeight(min(TALLEST, 48 * len(self.rows) + 24))  # room for a sentence or two
        self.show_state()

    def open_in_middle(self) -> None:
        """In the middle of the window, whatever asked for it."""
        window = self.window()
        self.adjustSize()
        self.open_at(window)
        self.move((window.width() - self.width()) // 2, max(0, (window.height() - self.height()) // 2))

    def show_state(self) -> None:
        """Words and buttons from the rows."""
        done = sum(each.state is JobState.DONE for each in self.rows)
        missing = sum(each.ended for each in self.rows) - done
        running = any(each.job is not None and not each.ended for each in self.rows)
        begun = any(each.job is not None or each.ended for each in self.rows)
        many = len(self.rows)
        self.title.setText("Master 1 file" if many == 1 else f"Master {many} files")
        words = f"{done} of {many} done" + (f" · {missing} without a master" if missing else "")
        self.count.setText(words if begun else "")
        self.start.setVisible(not begun)
        self.start.setEnabled(bool(many))
        self.stop.setVisible(running)
        for widget in self._setting_widgets:
            widget.setEnabled(not begun)

    def refuse(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()
        self.adjustSize()

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self.window(), "Where the masters go", str(self.folder or Path.home())
        )
        if chosen:
            self.folder = Path(chosen)
            self.place.setText(chosen)
