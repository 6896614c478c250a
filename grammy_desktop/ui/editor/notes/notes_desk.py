"""Which view a song is shown in, and the score behind its Notes view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.edits import EditList
from grammy_desktop.core.song import Arrangement
from grammy_desktop.ui.editor.notes.part_lanes import PartLanes
from grammy_desktop.ui.editor.notes.score_loader import ScoreLoader
from grammy_desktop.ui.editor.scene import Lane, Scene
from grammy_desktop.ui.memory import Memory
from grammy_desktop.ui.session import SongSession

KEPT = 200
"""Songs whose view is remembered; the oldest are forgotten."""
_MEMORY = "views.notes"


class NotesDesk(QObject):
    """`changed`: lanes or sentence are others now."""

    changed = Signal()

    def __init__(self, read: Callable[[str], Arrangement], session: SongSession, scene: Scene, memory: Memory) -> None:
        super().__init__(scene)
        self._session, self._scene, self._memory = session, scene, memory
        self._lanes = PartLanes()
        self._score: Arrangement | None = None
        self._track = self._version = ""
        self._sentence = ""
        self._loader = ScoreLoader(read, self)
        self._loader.ready.connect(self._take)
        self._loader.failed.connect(self._note_failure)
        scene.view_changed.connect(self._remember)

    @property
    def score(self) -> Arrangement | None:
        """Of the open take; None until it is read, and in the Waveform view."""
        return self._score

    @property
    def sentence(self) -> str:
        """What stands where there are no notes."""
        if self._session.track is None:
            return ""
        return self._sentence or ("" if self._score is not None else "Reading the score…")

    def lanes(self, rate: int, edits: Sequence[EditList]) -> tuple[Lane, ...]:
        """A lane for each part, once the score is there."""
        return self._lanes.lanes(self._score, rate, edits) if self._score is not None else ()

    def open_song(self) -> None:
        """The song or its version is another: show it in its own view, and read its score where that needs it.

        What is heard while it is made has no notes yet.
        """
        track = self._session.track.id if self._session.track is not None else ""
        if track != self._track:
            self._track, self._score, self._version = track, None, ""
        self._scene.set_view("notes" if track in self._kept() else "waveform")
        self.load()

    def load(self) -> None:
        """Read the score of the open take, in the Notes view and only once; the notes of before stand until it is there."""
        version = self._take_id()
        if self._scene.view != "notes" or version == self._version:
            return
        self._version, self._sentence = version, ""
        if version:
            self._loader.load(version)
        else:
            self._score = None

    def close(self) -> None:
        self._loader.close()

    def _take_id(self) -> str:
        """The take behind the open version; the version itself where it has none (an import)."""
        chain = self._session.files.chain
        take = next((version for version in chain if version.kind == "take"), chain[-1] if chain else None)
        return take.id if take is not None else ""

    def _take(self, version: str, score: Arrangement) -> None:
        self._score, self._sentence = score, ""
        self.changed.emit()

    def _note_failure(self, version: str, sentence: str) -> None:
        self._score, self._sentence = None, sentence
        self.changed.emit()

    def _kept(self) -> list[str]:
        return [str(track) for track in self._memory.recall(_MEMORY) or []]

    def _remember(self, view: str) -> None:
        track = self._session.track
        if track is not None:
            others = [each for each in self._kept() if each != track.id]
            self._memory.remember(_MEMORY, ([track.id] if view == "notes" else []) + others[:KEPT])
        self.load()
        self.changed.emit()
