"""The audio process' inside: what is loaded, what plays, what the window is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.playback import shared
from grammy_desktop.playback.feeder import Feeder
from grammy_desktop.playback.mixer import Mixer, Tone
from grammy_desktop.playback.output import Output, list_devices, rescan
from grammy_desktop.playback.programme import Programme
from grammy_desktop.playback.ring import CAPACITY
from grammy_desktop.playback.route import MIN_LOOP_SECONDS, Route

IDLE_SECONDS = 8.0
"""A silent output is let go of after this long, so that other programs and sleep are not held up."""
METER_SECONDS = 0.010
DEFAULT_RATE = 48_000

Tell = Callable[[str, Any], None]


class Engine:
    """Commands are its methods named `do_*`; `step` is called every few milliseconds between them."""

    def __init__(self, state: shared.SharedState, tell: Tell) -> None:
        """tell(kind, value): a message to the window."""
        self._state = state
        self._tell = tell
        self._mixer: Mixer | None = None
        self._gains: dict[str, float] = {}
        self._loop: tuple[int, int] | None = None
        self._position = 0
        self._start_point = 0
        self._range: tuple[int, int] | None = None
        self._tone: Tone | None = None
        self._playing = False
        self._ended = False
        self._device: str | None = None
        self._volume = 1.0
        self._output: Output | None = None
        self._must_rescan = False
        self._feeder: Feeder | None = None
        self._metered = 0
        self._underruns_before = 0
        self._idle_since = time.monotonic()

    # Commands

    def do_load(self, programme: Programme) -> None:
        self._halt()
        if self._mixer is not None:
            self._mixer.close()
        self._mixer = Mixer(programme)
        self._gains = {source.id: source.gain for source in programme.sources}
        self._loop, self._position, self._start_point, self._ended = None, 0, 0, False
        self._report_trouble()

    def do_replace(self, programme: Programme, gains: Mapping[str, float]) -> None:
        old, self._mixer, self._gains = self._mixer, Mixer(programme), dict(gains)
        if old is not None and old.sample_rate != self._mixer.sample_rate:
            self._halt()
            change = self._mixer.sample_rate / old.sample_rate
            self._position, self._start_point = round(self._position * change), round(self._start_point * change)
            self._loop = None
        self._position = min(self._position, self._mixer.frames)
        self._start_point = min(self._start_point, self._mixer.frames)
        self._loop = self._clamped(self._loop)
        if self._playing and self._feeder is not None and self._tone is None:
            self._feeder.swap(self._mixer, self._gains, self._loop)
            self._range = None
        if old is not None:
            old.close()
        self._report_trouble()

    def do_play(self) -> None:
        if self._mixer is None or (self._playing and self._tone is None and self._range is None):
            return
        self._end_tone()
        if self._playing:
            self._position = self._heard_position()
        elif self._position >= self._mixer.frames:
            self._position = 0
        self._range = None
        self._start_point = self._position
        route = Route(self._position, self._mixer.frames, self._loop)
        self._begin(self._mixer, route, self._position, declick=self._position > 0)

    def do_play_range(self, start: float, end: float) -> None:
        if self._mixer is None:
            return
        self._end_tone()
        first, last = (min(self._mixer.frames, self._frame(at)) for at in (start, end))
        if last <= first:
            return
        self._range = (first, last)
        self._position = self._start_point = first
        self._begin(self._mixer, Route(first, last, None), first, declick=self._playing)

    def do_tone(self, frequency: float, seconds: float) -> None:
        self._halt()
        self._tone = Tone(frequency, seconds, self._rate)
        self._begin(self._tone, Route(0, self._tone.frames, None), 0, declick=False)

    def do_pause(self) -> None:
        self._halt()

    def do_stop(self) -> None:
        self._halt()
        self._position = self._start_point

    def do_seek(self, seconds: float) -> None:
        self._end_tone()
        limit = self._mixer.frames if self._mixer is not None else 0
        self._position = self._start_point = min(limit, self._frame(seconds))
        self._range, self._ended = None, False
        if self._playing and self._feeder is not None and self._mixer is not None:
            self._feeder.start(Route(self._position, limit, self._loop), self._position, declick=True)

    def do_loop(self, loop: tuple[float, float] | None) -> None:
        self._loop = self._clamped((self._frame(loop[0]), self._frame(loop[1])) if loop else None)
        if self._is_playing_song and self._feeder is not None and self._mixer is not None:
            self._feeder.reroute(self._loop, self._mixer.frames)

    def do_gains(self, gains: Mapping[str, float]) -> None:
        self._gains.update(gains)
        if self._playing and self._feeder is not None and self._mixer is not None and self._tone is None:
            loop, end = (None, self._range[1]) if self._range else (self._loop, self._mixer.frames)
            self._feeder.set_gains(gains, loop, end)

    def do_volume(self, volume: float) -> None:
        self._volume = max(0.0, volume)
        if self._output is not None:
            self._output.volume = self._volume

    def do_device(self, name: str | None) -> None:
        if name == self._device:
            return
        self._device = name
        song = self._is_playing_song
        self._halt()
        self._close_output()
        if song:
            self.do_play()

    def list_devices(self) -> Any:
        """The outputs there are now (looked for anew unless something plays)."""
        if not self._playing:
            self._close_output()
            self._rescan()
        return list_devices()

    # Between commands

    def step(self, acknowledged: int) -> None:
        """Feed the output, notice ends and losses, tell the state. acknowledged: number of the last command done."""
        if self._playing and self._feeder is not None and self._output is not None:
            self._feeder.fill()
            self._report_trouble()
            if self._feeder.is_done:
                self._come_to_end()
            elif self._output.is_lost:
                self._lose_output()
        elif self._output is not None and time.monotonic() - self._idle_since > IDLE_SECONDS:
            self._close_output()
        with self._state.writing() as header:
            self._meter()
            position = self._heard_position() if self._is_heard else self._position
            header[shared.POSITION] = position / self._rate
            header[shared.PLAYING] = self._playing
            header[shared.ENDED] = self._ended
            header[shared.UNDERRUNS] = self._underruns_before + (self._output.underruns if self._output else 0)
            header[shared.ACKNOWLEDGED] = acknowledged

    @property
    def is_busy(self) -> bool:
        return self._playing

    def close(self) -> None:
        self._close_output()

    # Parts

    @property
    def _rate(self) -> int:
        return self._mixer.sample_rate if self._mixer is not None else DEFAULT_RATE

    @property
    def _is_heard(self) -> bool:
        return self._playing and self._tone is None

    @property
    def _is_playing_song(self) -> bool:
        return self._is_heard and self._range is None

    def _frame(self, seconds: float) -> int:
        return max(0, round(seconds * self._rate))

    def _clamped(self, loop: tuple[int, int] | None) -> tuple[int, int] | None:
        if loop is None or self._mixer is None:
            return None
        start, end = loop[0], min(loop[1], self._mixer.frames)
        return (start, end) if end - start >= MIN_LOOP_SECONDS * self._rate else None

    def _begin(self, playable: Mixer | Tone, route: Route, position: int, *, declick: bool) -> None:
        self._ended = False
        output = self._open_output(playable.sample_rate)
        if output is None:
            self._playing, self._tone = False, None
            return
        feeder = self._feeder
        if feeder is None or feeder.playable is not playable or not self._playing:
            self._metered = output.ring.written
            feeder = self._feeder = Feeder(output, playable, self._gains)
        feeder.start(route, position, declick=declick)
        self._playing = True

    def _open_output(self, sample_rate: int) -> Output | None:
        output = self._output
        # A resampling output is kept only for the rate it was opened for.
        if output is not None and (output.is_lost or output.wanted_rate != sample_rate):
            self._close_output()
        if self._output is None:
            try:
                if self._must_rescan:
                    self._rescan()
                self._output = Output(self._device, sample_rate)
            except EnvironmentFailure as failure:
                self._must_rescan = True
                self._tell("error", failure.message)
                return None
            self._output.volume = self._volume
            self._metered = 0
            self._tell("device", (self._output.name, self._output.sample_rate))
        return self._output

    def _rescan(self) -> None:
        try:
            rescan()
            self._must_rescan = False
        except EnvironmentFailure as failure:
            self._tell("error", failure.message)

    def _close_output(self) -> None:
        if self._output is not None:
            self._underruns_before += self._output.underruns
            self._output.close()
        self._output = self._feeder = None

    def _halt(self) -> None:
        """Fade out and stand where the fade began."""
        if self._playing and self._feeder is not None:
            position = self._feeder.hold()
            if self._tone is None:
                self._position = position
        self._playing, self._range, self._tone = False, None, None
        self._idle_since = time.monotonic()

    def _end_tone(self) -> None:
        if self._tone is not None:
            self._halt()

    def _heard_position(self) -> int:
        position = self._feeder.position() if self._feeder is not None else None
        return position if position is not None else self._position

    def _come_to_end(self) -> None:
        if self._range is not None:
            self._position = self._range[0]
        elif self._tone is None and self._mixer is not None:
            self._position = self._mixer.frames
        self._ended = self._tone is None
        self._playing, self._range, self._tone = False, None, None
        self._idle_since = time.monotonic()

    def _lose_output(self) -> None:
        assert self._output is not None
        if self._tone is None:
            self._position = self._heard_position()
        name, seconds = self._output.name, self._position / self._rate
        self._playing, self._range, self._tone = False, None, None
        self._close_output()
        self._must_rescan = True
        self._tell(
            "error",
            f"The sound output “{name}” was lost at {int(seconds // 60)}:{seconds % 60:04.1f}. Playback is paused: "
            "press play to try again, or choose another output.",
        )

    def _report_trouble(self) -> None:
        if self._mixer is not None and self._mixer.trouble is not None:
            self._tell("error", self._mixer.trouble)
            self._mixer.trouble = None

    def _meter(self) -> None:
        """Append meter readings for what was heard since the last time."""
        if self._output is None:
            return
        ring, heard = self._output.ring, int(self._output.heard())
        chunk = round(METER_SECONDS * self._output.sample_rate)
        self._metered = max(self._metered, heard - CAPACITY // 4)
        while heard - self._metered >= chunk:
            block = ring.get(self._metered, chunk)
            peak, power = np.abs(block).max(axis=0), np.square(block, dtype=np.float64).sum(axis=0)
            self._state.add_meter((peak[0], peak[-1], power[0], power[-1], chunk))
            self._metered += chunk
