"""The waveforms of A and B: opened in the background, and what is said while they are not there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.edits import EditList
from grammy_desktop.core.peaks import AudioView
from grammy_desktop.ui.editor import song_content
from grammy_desktop.ui.editor.lane_files import LaneFiles
from grammy_desktop.ui.editor.scene import Content, Lane, Scene
from grammy_desktop.ui.formats import with_unit
from grammy_desktop.ui.master.comparison import Comparison
from grammy_desktop.ui.master.version_names import is_master
from grammy_desktop.ui.session import SongSession


class PairLanes(QObject):
    """`opened`: a waveform came into view."""

    opened = Signal()

    def __init__(self, folder: Path, scene: Scene, comparison: Comparison, session: SongSession) -> None:
        """folder: where peaks are kept."""
        super().__init__(scene)
        self._scene, self._comparison, self._session = scene, comparison, session
        self._files = LaneFiles(folder, self)
        self._files.changed.connect(self._changed)

    @property
    def views(self) -> dict[str, AudioView]:
        """The opened sounds: 'a' and 'b'."""
        return self._files.views

    def load(self) -> None:
        """Open what A and B are now; what is open already stays."""
        session = self._session
        paths = {slot: each.path for slot, each in self._comparison.slots.items() if each is not None}
        self._files.load(paths)
        story = song_content.Story.of(session.files.chain, EditList.whole(session.files.frames))
        sections = song_content.sections(session.arrangement, session.sample_rate or 48_000, story)
        self._scene.set_content(Content(lanes=(self._lane("a"), self._lane("b")), sections=sections))

    def close(self) -> None:
        """Let go of files and threads."""
        self._files.close()

    def _lane(self, slot: str) -> Lane:
        candidate, state = self._comparison.slots[slot], self._files
        if candidate is None:
            words = "No mix" if slot == "a" else "Not mastered yet"
            return Lane(slot, "Mix" if slot == "a" else "Master", "wave", (), None, message=words)
        return Lane(
            slot,
            candidate.short,
            "master" if is_master(candidate.version) else "wave",
            (with_unit(candidate.lufs, "LUFS"),) if candidate.lufs is not None else (),
            state.views.get(slot),
            progress=state.progress.get(slot),
            message=state.messages.get(slot, ""),
        )

    def _changed(self, slot: str) -> None:
        self._scene.set_lane(self._lane(slot))
        if slot in self.views:
            self.opened.emit()
