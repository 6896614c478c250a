"""Export: format, stems, MIDI, folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.ui.errors import show_error
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, CheckBox, ElidedLabel, Label, Popover, Select, column, row

FORMATS = (
    ("wav", "WAV, 24-bit"),
    ("flac", "FLAC"),
    ("aiff", "AIFF"),
    ("mp3", "MP3"),
    ("m4a", "M4A (AAC)"),
    ("ogg", "Ogg Vorbis"),
    ("opus", "Opus"),
)


class ExportPopover(Popover):
    """`started` carries the job id."""

    started = Signal(str)

    def __init__(self, theme: Theme, window: QWidget, app: App, track_id: str) -> None:
        super().__init__(theme, window, width=320)
        self._app, self._track_id = app, track_id
        current = app.settings.current
        music = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation) or str(Path.home())
        self.folder = Path(current.export_folder or music)
        self.format = Select(theme, FORMATS, name="Format", value=current.export_format)
        self.stems = CheckBox(theme, "Stems")
        self.midi = CheckBox(theme, "MIDI")
        files = app.files_of(track_id)
        self.stems.setEnabled(any(role.startswith("stem:") for role in files))
        self.midi.setEnabled("midi" in files)
        self.folder_label = ElidedLabel(theme, str(self.folder), "small", "text_2")
        choose = Button(theme, "Choose", kind="ghost", size="card", name="Choose the folder")
        choose.clicked.connect(self._choose)
        export = Button(theme, "Export", kind="primary", icon="upload")
        export.clicked.connect(self.start)
        folder = row(spacing=6)
        folder.addWidget(self.folder_label, 1)
        folder.addWidget(choose)
        self._layout = column(
            Label(theme, "Export", "body_bold"),
            self.format,
            row(self.stems, self.midi, None, spacing=16),
            folder,
            export,
            spacing=10,
            margins=(16, 14, 16, 16),
        )
        self.content.addLayout(self._layout)
        self.closed.connect(self.deleteLater)

    def start(self) -> None:
        try:
            job_id = self._app.export(
                self._track_id,
                format=str(self.format.value),
                out_dir=self.folder,
                stems=self.stems.isChecked(),
                midi=self.midi.isChecked(),
            )
        except GrammyError as error:
            show_error(self._theme, error, self._app.paths, place=self._layout, at=1)
            self.adjustSize()
            return
        self.started.emit(job_id)
        self.close_popover()

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), "Export to", str(self.folder))
        if chosen:
            self.folder = Path(chosen)
            self.folder_label.setText(chosen)
            self._app.settings.change(export_folder=chosen)
