"""The open song: which version is heard, how loud each stem is, what was edited. The only place that drives the player's
programme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.edits import EditHistory, EditList
from grammy_desktop.library import Library, TrackRecord, VersionRecord
from grammy_desktop.playback.player import Player
from grammy_desktop.playback.programme import Programme, Source
from grammy_desktop.ui.song_files import SongFiles, find_files

SILENCE_DB = -60.0
"""A fader at or below this is silent."""


@dataclass(frozen=True)
class StemGain:
    """The fader of one stem, in dB, with its mute and solo."""

    db: float = 0.0
    muted: bool = False
    soloed: bool = False


class SongSession(QObject):
    """`song_changed` also fires when the song is closed (`track` is None then)."""

    song_changed = Signal()
    version_changed = Signal()
    edits_changed = Signal()
    gains_changed = Signal()
    heard_changed = Signal(str)

    def __init__(self, library: Library, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library, self.player = library, player
        self.track: TrackRecord | None = None
        self.version: VersionRecord | None = None
        self.versions: list[VersionRecord] = []
        self.files = SongFiles()
        self.history = EditHistory(EditList.whole(0))
        self._stems: dict[str, StemGain] = {}
        self._heard = "mix"

    # What is open

    @property
    def arrangement(self) -> dict[str, Any] | None:
        """JSON of the score behind the open version; its take's when the version itself has none."""
        chain = self.files.chain
        return next((version.arrangement for version in chain if version.arrangement), None)

    @property
    def sample_rate(self) -> int:
        return self.files.sample_rate

    @property
    def frames(self) -> int:
        """Length after the edits."""
        return self.history.current.frames

    @property
    def duration(self) -> float:
        """Seconds after the edits; 0 without a song."""
        return self.frames / self.sample_rate if self.sample_rate else 0.0

    @property
    def tempo(self) -> float | None:
        return self.track.tempo if self.track is not None else None

    @property
    def metre(self) -> tuple[int, int]:
        text = (self.track.metre if self.track is not None else None) or "4/4"
        beats, _, unit = text.partition("/")
        return (int(beats), int(unit)) if beats.isdigit() and unit.isdigit() else (4, 4)

    @property
    def stems(self) -> dict[str, Path]:
        return self.files.stems

    @property
    def heard(self) -> str:
        """'mix' or 'master'."""
        return self._heard

    @property
    def heard_version(self) -> VersionRecord | None:
        """The version whose file is heard now."""
        return self.files.master_version if self._heard == "master" else self.files.mix_version

    @property
    def has_master(self) -> bool:
        return self.files.master is not None

    # Opening

    def open(self, track_id: str, version_id: str | None = None) -> None:
        """Open a song at a version (newest master, else newest version). Raises UserError when it is not in the library."""
        self.track = self.library.track(track_id)
        self.versions = self.library.versions(track_id)
        self._stems = {}
        self._set_version(version_id)
        self.song_changed.emit()
        self.version_changed.emit()

    def refresh(self) -> None:
        """Read the rows again after a job; the playhead stays. A new master of what is open becomes the open version."""
        if self.track is None:
            return
        before = len(self.versions)
        known = self.version.id if self.version is not None else None
        self.track = self.library.track(self.track.id)
        self.versions = self.library.versions(self.track.id)
        newest = self.versions[-1].id if len(self.versions) > before else known
        if newest != known:
            self._set_version(newest)
        else:
            self.version = next((v for v in self.versions if v.id == known), None)
            self.files = find_files(self.version, self.versions)
        self.version_changed.emit()

    def set_version(self, version_id: str) -> None:
        self._set_version(version_id)
        self.version_changed.emit()

    def close(self) -> None:
        self.player.stop()
        self.track = self.version = None
        self.versions = []
        self.files = SongFiles()
        self.history = EditHistory(EditList.whole(0))
        self.song_changed.emit()
        self.version_changed.emit()

    def _set_version(self, version_id: str | None) -> None:
        same_length = self.files.frames
        self.version = _pick(self.versions, version_id)
        self.files = find_files(self.version, self.versions)
        self.history = EditHistory(EditList.whole(self.files.frames))
        self._stems = {name: self._stems.get(name, StemGain()) for name in self.files.stems}
        is_master = self.version is not None and self.version.kind == "master" and self.has_master
        self._heard = "master" if is_master else "mix"
        if not self.files.frames:
            return
        keep_playing = same_length == self.files.frames and self.player.state().playing
        (self.player.replace if keep_playing else self.player.load)(self._programme())
        self.player.set_gains(self.gains())
        self.heard_changed.emit(self._heard)

    # Edits

    def apply_edits(self, name: str, edits: EditList) -> None:
        """One undoable step; heard at once."""
        self.history.apply(name, edits)
        self._edited()

    def undo(self) -> None:
        self.history.undo()
        self._edited()

    def redo(self) -> None:
        self.history.redo()
        self._edited()

    def _edited(self) -> None:
        if self.files.frames:
            self.player.replace(self._programme())
        self.edits_changed.emit()

    # Levels

    def stem_gain(self, name: str) -> StemGain:
        return self._stems.get(name, StemGain())

    def set_stem(
        self, name: str, *, db: float | None = None, muted: bool | None = None, soloed: bool | None = None
    ) -> None:
        """Change what is given of one stem's fader, mute and solo."""
        old = self.stem_gain(name)
        self._stems[name] = replace(
            old,
            db=old.db if db is None else db,
            muted=old.muted if muted is None else muted,
            soloed=old.soloed if soloed is None else soloed,
        )
        self._send_gains()

    def hear(self, what: str) -> None:
        """'mix' or 'master', level-matched, at the same sample; 'master' without one does nothing."""
        if what == self._heard or (what == "master" and not self.has_master):
            return
        self._heard = what
        self._send_gains()
        self.heard_changed.emit(what)

    @property
    def level_match_db(self) -> float:
        """What is taken off the louder of mix and master so that both are equally loud; 0 or below."""
        mix, master = self.files.mix_lufs, self.files.master_lufs
        return -abs(master - mix) if mix is not None and master is not None else 0.0

    def match_gain_db(self, what: str) -> float:
        """The gain under which `what` is heard."""
        mix, master = self.files.mix_lufs, self.files.master_lufs
        if mix is None or master is None:
            return 0.0
        return min(0.0, mix - master) if what == "master" else min(0.0, master - mix)

    def gains(self) -> dict[str, float]:
        """Linear gain of every source of the programme."""
        mix_gain = _linear(self.match_gain_db("mix")) if self._heard == "mix" else 0.0
        gains = {f"stem:{name}": mix_gain * self._stem_linear(name) for name in self.files.stems}
        if not gains and self.files.mix is not None:
            gains["mix"] = mix_gain
        if self.has_master:
            gains["master"] = _linear(self.match_gain_db("master")) if self._heard == "master" else 0.0
        return gains

    def _stem_linear(self, name: str) -> float:
        gain = self.stem_gain(name)
        any_solo = any(stem.soloed for stem in self._stems.values())
        if gain.muted or (any_solo and not gain.soloed) or gain.db <= SILENCE_DB:
            return 0.0
        return _linear(gain.db)

    def _send_gains(self) -> None:
        self.player.set_gains(self.gains())
        self.gains_changed.emit()

    def _programme(self) -> Programme:
        current = self.history.current
        edits = None if current.is_whole else current.to_json()
        paths = {f"stem:{name}": path for name, path in self.files.stems.items()}
        if not paths and self.files.mix is not None:
            paths["mix"] = self.files.mix
        if self.files.master is not None:
            paths["master"] = self.files.master
        gains = self.gains()
        sources = tuple(Source(name, path, edits, gain=gains.get(name, 0.0)) for name, path in paths.items())
        return Programme(sources, self.files.sample_rate)


def _pick(versions: list[VersionRecord], version_id: str | None) -> VersionRecord | None:
    if version_id is not None:
        return next((version for version in versions if version.id == version_id), None)
    candidates = [version for version in versions if version.kind == "master"] or versions
    return candidates[-1] if candidates else None


def _linear(db: float) -> float:
    return float(10.0 ** (db / 20.0))
