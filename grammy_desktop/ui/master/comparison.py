"""Any two versions of the song against each other: what A and B are, which of them is heard, and through which device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.library import VersionRecord
from grammy_desktop.ui.master.version_names import is_master, long_names, short_names
from grammy_desktop.ui.session import OtherSound, SongSession

SLOTS = ("a", "b")


@dataclass(frozen=True)
class Candidate:
    """A version that can be compared. `problem` says why it cannot, '' when it can."""

    version: VersionRecord
    path: Path
    lufs: float | None
    short: str
    name: str
    problem: str = ""


@dataclass(frozen=True)
class Through:
    """A version's sound through a device."""

    path: Path
    lufs: float | None


class Comparison(QObject):
    """`slots` maps 'a' and 'b' to candidates. `changed`: another pair, or another one is heard."""

    changed = Signal()

    def __init__(self, session: SongSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.candidates: dict[str, Candidate] = {}
        self.slots: dict[str, Candidate | None] = dict.fromkeys(SLOTS)
        self._opened: tuple[str, str] = ("", "")
        self._through: Mapping[str, Through] = {}
        self._device = ""
        self._hidden = ""
        """The slot that X is."""
        self.refresh()

    @property
    def is_pair(self) -> bool:
        return all(self.slots.values())

    @property
    def heard(self) -> str:
        """'a' or 'b'; what was heard before while a blind X plays."""
        sound = self._session.sound
        return next((slot for slot in ("b", "a") if self.slots[slot] is not None and self._sound(slot) == sound), "a")

    @property
    def match_db(self) -> float:
        return self._session.level_match_db

    def refresh(self) -> None:
        """From the session's records again. A newly opened version becomes B (a mix: A); what was chosen else stays."""
        session = self._session
        self.candidates = candidates_of(session)
        opened = (session.track.id if session.track else "", session.version.id if session.version else "")
        if opened != self._opened:
            same_song, self._opened = opened[0] == self._opened[0], opened
            self._through, self._device = {}, ""
            mix, master = session.files.mix_version, session.files.master_version
            kept = self.slots["a"].version.id if same_song and self.slots["a"] is not None else ""
            other = kept if kept and master is not None and kept != master.id else (mix.id if mix else "")
            self.slots = {"a": self._usable(other), "b": self._usable(master.id if master else "")}
        else:
            self.slots = {slot: self._usable(each.version.id if each else "") for slot, each in self.slots.items()}
        self._apply()
        self.changed.emit()

    def choose(self, slot: str, version_id: str) -> None:
        """What A or B is. Choosing what the other one is swaps them. What is heard keeps its letter."""
        chosen = self._usable(version_id)
        if chosen is None or chosen == self.slots[slot]:
            return
        heard, other = self.heard, "b" if slot == "a" else "a"
        now = self.slots[other]
        if now is not None and now.version.id == version_id:
            self.slots[other] = self.slots[slot]
        self.slots[slot] = chosen
        self._apply()
        self.hear(heard)
        self.changed.emit()

    def hear(self, slot: str) -> None:
        if self.slots[slot] is not None:
            self._session.hear(self._sound(slot))

    def hear_hidden(self, slot: str) -> None:
        if self.slots[slot] is not None:
            self._hidden = slot
            self._session.hear_hidden(self._sound(slot))

    def set_through(self, device: str, files: Mapping[str, Through]) -> None:
        """Hear versions (by id) through `device` from now on; '' and no files: as they are. A blind X stays hidden."""
        heard, blind = self.heard, self._session.is_hidden
        self._device, self._through = device, dict(files)
        self._apply(heard if blind else "")
        if not blind:
            self.hear(heard)
        self.changed.emit()

    def _sound(self, slot: str) -> str:
        """The session's name for the sound of A or B."""
        candidate = self.slots[slot]
        assert candidate is not None
        version, files = candidate.version, self._session.files
        if version.id in self._through:
            return f"{self._device}:{version.id}"
        if files.master_version is not None and version.id == files.master_version.id:
            return "master"
        if files.mix_version is not None and version.id == files.mix_version.id:
            return "mix"
        return f"version:{version.id}"

    def _apply(self, heard: str = "") -> None:
        """Tell the session which sounds must be ready; `heard`: the slot that was heard before the X that plays on."""
        others = []
        sounds = []
        for slot, candidate in self.slots.items():
            if candidate is None:
                continue
            sound, version = self._sound(slot), candidate.version
            sounds.append(sound)
            if sound not in ("mix", "master"):
                through = self._through.get(version.id)
                path, lufs = (through.path, through.lufs) if through else (candidate.path, candidate.lufs)
                others.append(OtherSound(sound, path, lufs, version, "master" if is_master(version) else "mix"))
        names = {"sound": self._sound(heard), "hidden": self._sound(self._hidden)} if heard and self._hidden else {}
        self._session.compare(others, sounds, **names)

    def _usable(self, version_id: str) -> Candidate | None:
        candidate = self.candidates.get(version_id)
        return candidate if candidate is not None and not candidate.problem else None


def candidates_of(session: SongSession) -> dict[str, Candidate]:
    """Every version of the open song that has a sound, by id."""
    short, long = short_names(session.versions), long_names(session.versions)
    found = {}
    for version in session.versions:
        path = version.files.get("master") or version.files.get("mix")
        if path is not None:
            lufs = version.loudness.get("integrated")
            problem = _problem(path, session)
            found[version.id] = Candidate(version, path, lufs, short[version.id], long[version.id], problem)
    return found


def _problem(path: Path, session: SongSession) -> str:
    """Two sounds are compared at the same sample: they must be of one length and one rate."""
    from grammy_desktop.core.audio_file import read_info

    files = session.files
    if path in (files.mix, files.master):
        return ""
    try:
        info = read_info(path)
    except GrammyError as error:
        return error.message
    if info.sample_rate != files.sample_rate:
        return f"Has {info.sample_rate:,} Hz, the open version {files.sample_rate:,} Hz"
    return "" if info.frames == files.frames else "Has another length"
