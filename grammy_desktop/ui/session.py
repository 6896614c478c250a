"""The open song: which version is heard, how loud each stem is, what was edited. The only place that drives the player's
programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.edits import EditHistory, EditList
from grammy_desktop.library import Library, TrackRecord, VersionRecord
from grammy_desktop.playback.player import Player
from grammy_desktop.playback.programme import Programme, Source
from grammy_desktop.ui.song_files import SongFiles, find_files, unfinished_files

SILENCE_DB = -60.0
"""A fader at or below this is silent."""


@dataclass(frozen=True)
class StemGain:
    """The fader of one stem, in dB, with its mute and solo."""

    db: float = 0.0
    muted: bool = False
    soloed: bool = False


@dataclass(frozen=True)
class OtherSound:
    """A sound that can be heard in place of mix and master, on the same time line: another version, or one through a device.

    side: 'mix' or 'master', what the transport's switch shows while it is heard.
    """

    id: str
    path: Path
    lufs: float | None
    version: VersionRecord
    side: str


class SongSession(QObject):
    """`song_changed` also fires when the song is closed (`track` is None then)."""

    song_changed = Signal()
    version_changed = Signal()
    edits_changed = Signal()
    gains_changed = Signal()
    heard_changed = Signal(str)
    hidden_changed = Signal(bool)
    """A blind X begins (True) or ends."""

    def __init__(self, library: Library, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library, self.player = library, player
        self.track: TrackRecord | None = None
        self.version: VersionRecord | None = None
        self.versions: list[VersionRecord] = []
        self.files = SongFiles()
        self.history = EditHistory(EditList.whole(0))
        self._stems: dict[str, StemGain] = {}
        self._sound = "mix"
        self._hidden: str | None = None
        self._others: dict[str, OtherSound] = {}
        self._compared: tuple[str, ...] = ("mix", "master")
        self.unfinished: tuple[str, str] | None = None
        """Title and stage of a song that is heard while it is made; nothing else is known of it (`track` is None)."""

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
        """'mix' or 'master': the side of what is heard."""
        other = self._others.get(self._sound)
        return other.side if other is not None else self._sound

    @property
    def sound(self) -> str:
        """'mix', 'master' or the id of one of the other sounds. While a blind X plays: what was heard before it."""
        return self._sound

    @property
    def heard_version(self) -> VersionRecord | None:
        """The version whose file is heard now."""
        if self._sound in self._others:
            return self._others[self._sound].version
        return self.files.master_version if self._sound == "master" else self.files.mix_version

    @property
    def is_hidden(self) -> bool:
        """Whether a blind X plays: nothing may be shown then that differs between the two."""
        return self._hidden is not None

    @property
    def has_master(self) -> bool:
        return self.files.master is not None

    # Opening

    def open(self, track_id: str, version_id: str | None = None, *, go_on: bool = False) -> None:
        """Open a song at a version (newest master, else newest version). Raises UserError when it is not in the library.

        go_on: it is what was heard unfinished; playing goes on in it.
        """
        self.track = self.library.track(track_id)
        self.versions = self.library.versions(track_id)
        self._stems = {}
        self.unfinished = None
        self._set_version(version_id, same_song=go_on)
        self.song_changed.emit()
        self.version_changed.emit()

    def open_unfinished(self, path: Path, title: str, stage: str, *, go_on: bool = False) -> None:
        """Hear a file of a song that is being made. go_on: it is a longer one of the same song."""
        self.track = self.version = None
        self.versions = []
        self._stems = {}
        self.unfinished = (title, stage)
        self._open_files(unfinished_files(path), same_song=go_on, master=False)
        self.song_changed.emit()
        self.version_changed.emit()

    def refresh(self, *, stay: bool = False) -> None:
        """Read the rows again after a job; the playhead stays. A new version of what is open becomes the open one.

        stay: the open version stays open, with its edits.
        """
        if self.track is None:
            return
        before = len(self.versions)
        known = self.version.id if self.version is not None else None
        self.track = self.library.track(self.track.id)
        self.versions = self.library.versions(self.track.id)
        newest = self.versions[-1].id if len(self.versions) > before and not stay else known
        if newest != known:
            self._set_version(newest, same_song=True)
        else:
            self.version = next((v for v in self.versions if v.id == known), None)
            self.files = find_files(self.version, self.versions)
        self.version_changed.emit()

    def set_version(self, version_id: str) -> None:
        """Another version of the open song; playing goes on where it was, if the version is that long."""
        self._set_version(version_id, same_song=True)
        self.version_changed.emit()

    def close(self) -> None:
        self.player.stop()
        self.unfinished = None
        self.track = self.version = None
        self.versions = []
        self.files = SongFiles()
        self.history = EditHistory(EditList.whole(0))
        self.song_changed.emit()
        self.version_changed.emit()

    def _set_version(self, version_id: str | None, *, same_song: bool = False) -> None:
        self.version = _pick(self.versions, version_id)
        is_master = self.version is not None and self.version.kind == "master"
        self._open_files(find_files(self.version, self.versions), same_song=same_song, master=is_master)

    def _open_files(self, files: SongFiles, *, same_song: bool, master: bool) -> None:
        self.files = files
        self.history = EditHistory(EditList.whole(self.files.frames))
        self._stems = {name: self._stems.get(name, StemGain()) for name in self.files.stems}
        self._sound = "master" if master and self.has_master else "mix"
        self._set_hidden(None)
        self._others, self._compared = {}, ("mix", "master")
        if not self.files.frames:
            return
        keep_place = same_song and self.player.state().position < self.files.frames / self.files.sample_rate
        (self.player.replace if keep_place else self.player.load)(self._programme())
        self.player.set_gains(self.gains())
        self.heard_changed.emit(self.heard)

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
        """'mix', 'master' or another sound, level-matched, at the same sample; what is not there is not heard. Ends a blind X."""
        if not self._is_there(what) or (what == self._sound and self._hidden is None):
            return
        self._sound = what
        self._set_hidden(None)
        self._send_gains()
        self.heard_changed.emit(self.heard)

    def hear_hidden(self, what: str) -> None:
        """As `hear`, but nothing in the window changes: `sound` stays what it was until the next `hear`."""
        if self._is_there(what):
            self._set_hidden(what)
            self.player.set_gains(self.gains())

    def _set_hidden(self, what: str | None) -> None:
        was, self._hidden = self.is_hidden, what
        if was != self.is_hidden:
            self.hidden_changed.emit(self.is_hidden)

    def compare(
        self, others: Sequence[OtherSound], compared: Sequence[str], *, sound: str = "", hidden: str = ""
    ) -> None:
        """Have `others` ready beside mix and master, and match the levels of `compared`. Playing goes on without a gap.

        sound, hidden: what was heard openly and what X is, where they go by other names from now on.
        """
        before, self._others = self._others, {other.id: other for other in others}
        self._compared = tuple(compared)
        self._sound = sound or self._sound
        if self._sound not in ("mix", "master") and self._sound not in self._others:
            self._sound = before[self._sound].side if self._sound in before else "mix"
        now_hidden = (hidden or self._hidden) if self.is_hidden else None
        self._set_hidden(now_hidden if now_hidden is not None and self._is_there(now_hidden) else None)
        if self.files.frames and before != self._others:
            self.player.replace(self._programme())
        if self.files.frames:
            self._send_gains()

    @property
    def level_match_db(self) -> float:
        """What is taken off the louder of the compared sounds so that they are equally loud; 0 or below."""
        known = [lufs for sound in self._compared if (lufs := self._lufs(sound)) is not None]
        return min(known) - max(known) if known else 0.0

    def match_gain_db(self, what: str) -> float:
        """The gain under which `what` is heard: the loudness of the quietest that is compared."""
        own = self._lufs(what)
        known = [lufs for sound in self._compared if (lufs := self._lufs(sound)) is not None]
        if own is None or len(known) < 2:
            return 0.0
        return min(0.0, min(known) - own)

    def gains(self) -> dict[str, float]:
        """Linear gain of every source of the programme."""
        heard = self._hidden or self._sound
        level = _linear(self.match_gain_db(heard))
        mix_gain = level if heard == "mix" else 0.0
        gains = {f"stem:{name}": mix_gain * self._stem_linear(name) for name in self.files.stems}
        if not gains and self.files.mix is not None:
            gains["mix"] = mix_gain
        if self.has_master:
            gains["master"] = level if heard == "master" else 0.0
        return gains | {other: level if heard == other else 0.0 for other in self._others}

    def _lufs(self, sound: str) -> float | None:
        if sound in self._others:
            return self._others[sound].lufs
        return self.files.master_lufs if sound == "master" else self.files.mix_lufs

    def _is_there(self, sound: str) -> bool:
        if sound == "master":
            return self.has_master
        return sound in self._others or (sound == "mix" and self.files.mix is not None)

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
        paths |= {other.id: other.path for other in self._others.values()}
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
