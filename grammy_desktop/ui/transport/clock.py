"""Asks the player 30 times a second, only while it plays; everything that moves listens here."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from grammy_desktop.playback.player import Player
from grammy_desktop.playback.programme import PlaybackState

FRAME_MS = 33


class PlaybackClock(QObject):
    """Playing commands go through here so that the window hears of them at once."""

    ticked = Signal(object)
    """PlaybackState, at every frame and after every command."""

    playing_changed = Signal(bool)
    position_changed = Signal(float)
    loop_changed = Signal(object)
    failed = Signal(str)
    """One sentence when sound stopped or never came; '' when it is well again."""

    def __init__(self, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.player = player
        self.state = PlaybackState()
        self._loop: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def loop(self) -> tuple[float, float] | None:
        """Seconds."""
        return self._loop

    @property
    def playing(self) -> bool:
        return self.state.playing

    def play(self) -> None:
        self.player.play()
        self.refresh()

    def pause(self) -> None:
        self.player.pause()
        self.refresh()

    def stop(self) -> None:
        """Back to where playing started."""
        self.player.stop()
        self.refresh()

    def toggle(self) -> None:
        """Space: play, or stop at the start point."""
        self.stop() if self.state.playing else self.play()

    def toggle_pause(self) -> None:
        self.pause() if self.state.playing else self.play()

    def seek(self, seconds: float) -> None:
        self.player.seek(seconds)
        self.refresh()

    def play_range(self, start: float, end: float) -> None:
        self.player.play_range(start, end)
        self.refresh()

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        self._loop = loop
        self.player.set_loop(loop)
        self.loop_changed.emit(loop)

    def refresh(self) -> None:
        """Read the player now."""
        before, self.state = self.state, self.player.state()
        if self.state.playing and not self._timer.isActive():
            self._timer.start()
        elif not self.state.playing and self._timer.isActive():
            self._timer.stop()
        if before.playing != self.state.playing:
            self.playing_changed.emit(self.state.playing)
        if before.error != self.state.error:
            self.failed.emit(self.state.error or "")
        if before.position != self.state.position:
            self.position_changed.emit(self.state.position)
        self.ticked.emit(self.state)
