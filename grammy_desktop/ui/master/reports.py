"""The report of the master that is shown: copied, or saved as a text file or with every figure as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.library import VersionRecord
from grammy_desktop.ui.master.measured_table import MeasuredTable
from grammy_desktop.ui.master.report_text import report_text
from grammy_desktop.ui.master.version_names import long_names
from grammy_desktop.ui.session import SongSession

FILES = "Text (*.txt);;All figures as JSON (*.json)"
_CURVES = ("spectrum", "gain_reduction", "history", "envelope")


class Reports(QObject):
    said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, session: SongSession, table: MeasuredTable) -> None:
        super().__init__(table)
        self._session, self._table = session, table
        self._version: VersionRecord | None = None
        table.copied.connect(self.copy)
        table.saved.connect(self.choose_file)

    def show(self, version: VersionRecord | None) -> None:
        """The master that reports are about from now on."""
        self._version = version

    @property
    def text(self) -> str:
        version, track = self._version, self._session.track
        if version is None or track is None:
            return ""
        name = long_names(self._session.versions).get(version.id, version.name)
        proof = version.details.get("proof") or {}
        return report_text(track.title, name, {**version.loudness, **(proof.get("loudness") or {})}, version.details)

    def copy(self) -> None:
        if self.text:
            QApplication.clipboard().setText(self.text)
            self.said.emit("The report was copied", None)

    def choose_file(self) -> None:
        track = self._session.track
        if not self.text or track is None:
            return
        start = str(Path.home() / f"{track.title} report.txt")
        chosen, _ = QFileDialog.getSaveFileName(self._table.window(), "Save the report", start, FILES)
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """'.json' gets every figure, anything else the text."""
        version = self._version
        if version is None:
            return
        facts = {name: value for name, value in version.details.items() if name not in _CURVES}
        as_json = json.dumps({"loudness": version.loudness, **facts}, ensure_ascii=False, indent=1, default=str)
        try:
            with atomic_file(path) as temporary:
                temporary.write_text(as_json if path.suffix.lower() == ".json" else self.text, encoding="utf-8")
        except GrammyError as error:
            self.failed.emit(error)
            return
        self.said.emit(f"The report was saved as {path.name}", None)
