"""The sound files behind lanes: opened in the background, with what to say while they are not there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.peaks import AudioView
from grammy_desktop.ui.editor.lane_scale import peak_of
from grammy_desktop.ui.editor.peak_loader import PeakLoader


class LaneFiles(QObject):
    """`changed` names a lane whose view, progress or message is another now."""

    changed = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """folder: where peaks are kept."""
        super().__init__(parent)
        self.views: dict[str, AudioView] = {}
        self.peaks: dict[str, float] = {}
        """Largest absolute value of each view."""
        self.progress: dict[str, float] = {}
        self.messages: dict[str, str] = {}
        self._wanted: dict[str, Path] = {}
        self._loader = PeakLoader(folder, self)
        self._loader.ready.connect(self._take)
        self._loader.progressed.connect(self._note_progress)
        self._loader.failed.connect(self._note_failure)

    def load(self, wanted: dict[str, Path]) -> None:
        """Open what is wanted and not open yet, let go of the rest."""
        if wanted == self._wanted:
            return
        self._loader.cancel()
        kept = {lane for lane, path in wanted.items() if self._wanted.get(lane) == path and lane in self.views}
        for lane in set(self.views) - kept:
            self.views.pop(lane).close()
            self.peaks.pop(lane, None)
        self.progress.clear()
        self.messages.clear()
        self._wanted = dict(wanted)
        for lane, path in wanted.items():
            if lane not in kept:
                self._loader.load(lane, path)

    def close(self) -> None:
        """Let go of files and threads."""
        self._loader.close()
        for view in self.views.values():
            view.close()
        self.views.clear()
        self._wanted = {}

    def _take(self, lane: str, view: AudioView) -> None:
        self.views[lane] = view
        self.peaks[lane] = peak_of(view)
        self.progress.pop(lane, None)
        self.changed.emit(lane)

    def _note_progress(self, lane: str, fraction: float) -> None:
        if lane not in self.views:
            self.progress[lane] = fraction
            self.changed.emit(lane)

    def _note_failure(self, lane: str, message: str) -> None:
        self.progress.pop(lane, None)
        self.messages[lane] = message
        self.changed.emit(lane)
