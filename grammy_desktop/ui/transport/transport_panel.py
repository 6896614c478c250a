"""What the transport does: plays the open song, shows where it is and how loud it is."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from PySide6.QtCore import Signal

from grammy_desktop.playback.programme import PlaybackState
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.editor import song_content
from grammy_desktop.ui.editor.beat_grid import BeatGrid
from grammy_desktop.ui.formats import NOTHING, clock, key_name, musical_position, signed
from grammy_desktop.ui.memory import Memory
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.clock import PlaybackClock
from grammy_desktop.ui.transport.output_menu import OutputMenu
from grammy_desktop.ui.transport.transport_view import TransportView


class TransportPanel(TransportView):
    """Binds the playing commands."""

    said = Signal(str)
    """Something to announce: levels on request."""

    def __init__(
        self, theme: Theme, session: SongSession, playback: PlaybackClock, commands: CommandTable, memory: Memory
    ) -> None:
        super().__init__(theme)
        self._session, self._playback, self._memory = session, playback, memory
        self._ceiling = -1.0
        self._grid: BeatGrid | None = None
        self.output_menu = OutputMenu(theme, playback, memory, self.output, self.volume)
        # Before the wiring: telling the player would start its process before the first paint.
        self.volume.setValue(int(memory.recall("volume", 100)))
        self._bind(commands)
        self._connect()
        self._song_changed()

    def _bind(self, commands: CommandTable) -> None:
        playback, session = self._playback, self._session
        commands.bind("play.toggle", playback.toggle)
        commands.bind("play.pause", playback.toggle_pause)
        commands.bind("play.stop", playback.stop)
        commands.bind("play.start", lambda: playback.seek(0.0))
        commands.bind("play.end", lambda: playback.seek(session.duration))
        commands.bind("play.loop", self.toggle_loop)
        commands.bind("play.mix", lambda: session.hear("mix"))
        commands.bind("play.master", lambda: session.hear("master"))
        commands.bind("meter.say_levels", lambda: self.said.emit(self.meter.levels_text()))

    def _connect(self) -> None:
        playback, session = self._playback, self._session
        self.play.clicked.connect(playback.toggle_pause)
        self.stop.clicked.connect(playback.stop)
        self.start.clicked.connect(lambda: playback.seek(0.0))
        self.loop.clicked.connect(self.toggle_loop)
        self.switch.chosen.connect(session.hear)
        self.volume.valueChanged.connect(self._set_volume)
        self.mute.clicked.connect(self._toggle_mute)
        playback.ticked.connect(self._show_state)
        playback.playing_changed.connect(self.play.set_playing)
        playback.loop_changed.connect(lambda loop: self.loop.setChecked(loop is not None))
        for signal in (session.song_changed, session.version_changed, session.edits_changed):
            signal.connect(self._song_changed)
        session.heard_changed.connect(self._song_changed)
        session.hidden_changed.connect(self._hidden_changed)

    def toggle_loop(self) -> None:
        """L: loop the whole song, or what was chosen before; again: off."""
        whole = (0.0, self._session.duration)
        self._playback.set_loop(None if self._playback.loop is not None else whole)
        self.loop.setChecked(self._playback.loop is not None)

    def _song_changed(self) -> None:
        session = self._session
        usable = session.frames > 0
        for widget in (self.start, self.play, self.stop, self.loop, self.position_well, self.switch):
            widget.setEnabled(usable)
        dimmed = "text" if usable else "text_disabled"
        for label in (self.counter.label, self.time.value, self.tempo.value, self.key.value):
            label.set_token(dimmed)
        tempo, (beats, unit) = session.tempo, session.metre
        story, rate = song_content.story_of(session), session.sample_rate or 48_000
        self._grid = song_content.beat_grid(session.arrangement, rate, tempo, session.metre, story)
        self.tempo.show_value(f"{tempo:.2f}" if tempo else NOTHING, token=dimmed)
        self.key.show_value(key_name(session.track.key if session.track else None), f"{beats}/{unit}", token=dimmed)
        self._show_switch()
        self.switch.set_value(session.heard)
        self.switch.button("master").setEnabled(session.has_master)
        self._show_loudness()
        self._playback.refresh()

    def _show_loudness(self) -> None:
        """Integrated loudness and peak were measured on the file; an edited song has not been measured."""
        version = self._session.heard_version
        loudness: dict[str, Any] = version.loudness if version is not None else {}
        if not self._session.history.current.is_whole or self._session.is_hidden:
            loudness = {}
        self.integrated.show_value(signed(loudness.get("integrated")))
        peak = loudness.get("true_peak")
        over = peak is not None and peak > 0.0
        self.peak.show_value(("▲ " if over else "") + signed(peak), token="meter_over" if over else "text")

    def _hidden_changed(self, hidden: bool) -> None:
        """Levels would tell which one X is."""
        self.meter.set_hidden("Hidden while X plays" if hidden else "")
        self._show_loudness()
        self._playback.refresh()

    def _show_state(self, state: PlaybackState) -> None:
        session = self._session
        position = state.position if session.frames else 0.0
        token = "text" if session.frames else "text_disabled"
        grid = self._grid
        if grid is not None and grid.changes:
            frame = position * grid.sample_rate
            self.counter.label.setText(musical_position(grid.beat_at(frame), 60.0, session.metre))
            self.tempo.show_value(f"{grid.tempo_at(frame):.2f}", token=token)
        else:
            self.counter.label.setText(musical_position(position, session.tempo, session.metre))
        self.time.show_value(clock(position), f"of {clock(session.duration)}", token=token)
        measured = state.playing and not session.is_hidden
        self.short.show_value(signed(self._short_term(position) if measured else None))
        self.meter.feed(state)

    def _short_term(self, position: float) -> float | None:
        """Short-term loudness at a place, from the history measured when the version was made."""
        version = self._session.heard_version
        history: dict[str, Any] = version.details.get("history") or {} if version is not None else {}
        times, values = history.get("times") or [], history.get("short_term") or []
        frame = self._session.history.current.source_frame(int(position * self._session.sample_rate))
        if frame is None or not times or len(values) != len(times):
            return None
        index = bisect_right(times, frame / self._session.sample_rate) - 1
        value = values[max(0, index)]
        return float(value) if value is not None else None

    def _set_volume(self, value: int) -> None:
        self._memory.remember("volume", value)
        # Squared: the ear hears level in decibels, a linear slider would do everything in its lowest fifth.
        self._playback.player.set_volume((value / 100.0) ** 2)
        self.mute.set_icon("volume-2" if value else "volume-x")
        self.volume.setToolTip(f"Volume {value} %")

    def _toggle_mute(self) -> None:
        if self.volume.value():
            self._memory.remember("volume_before_mute", self.volume.value())
            self.volume.setValue(0)
        else:
            self.volume.setValue(int(self._memory.recall("volume_before_mute", 100)))
