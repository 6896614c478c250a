"""The window's side of playing: commands out, state in. No Qt, never blocks on sound."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import numpy as np

from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.playback import shared
from grammy_desktop.playback.process import run_audio_process
from grammy_desktop.playback.programme import OutputDevice, PlaybackState, Programme

logger = logging.getLogger(__name__)

RMS_SECONDS = 0.3
REPLY_SECONDS = 5.0
CLOSE_SECONDS = 2.0
SILENT = ((0.0, 0.0), (0.0, 0.0))
PROCESS_DIED = "The sound process stopped unexpectedly. Press play to start it again."


@dataclass
class _Wishes:
    """What the user set last: told again to a restarted process."""

    programme: Programme | None = None
    position: float = 0.0
    loop: tuple[float, float] | None = None
    gains: dict[str, float] = field(default_factory=dict)
    volume: float = 1.0
    device: str | None = None


class Player:
    """Plays one programme at a time. Methods return at once, on whatever thread (`devices` alone waits for its answer).

    One caller should poll `state` and share it: each read takes the peaks since the one before.

    Trouble (no output, a file that cannot be read, a dead audio process) never raises: it is `state().error`.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._wishes = _Wishes()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._shared: shared.SharedState | None = None
        self._sent = 0
        self._expected: dict[str, Any] = {}
        self._meter_count = 0
        self._levels = SILENT
        self._device_name = ""
        self._device_rate = 0
        self._error: str | None = None
        self._devices: dict[int, list[OutputDevice]] = {}
        self._last = PlaybackState()

    # Commands

    def start(self) -> None:
        """Start the audio process if it is not running. Every command does so when it needs to."""
        with self._lock:
            if self._process is None or not self._process.is_alive():
                self._start_process()

    def load(self, programme: Programme) -> None:
        """Make `programme` what is played, from its beginning, paused. Loop and gains are those of a new programme."""
        with self._lock:
            wishes = self._wishes
            wishes.programme, wishes.position, wishes.loop = programme, 0.0, None
            wishes.gains = {source.id: source.gain for source in programme.sources}
            self._error = None
            self._send("load", programme, expected={"playing": False, "position": 0.0, "ended": False})

    def replace(self, programme: Programme) -> None:
        """Swap the programme (an edited or re-rendered song) under the playhead: playing, loop and gains go on."""
        with self._lock:
            known = self._wishes.gains
            self._wishes.programme = programme
            self._wishes.gains = {source.id: known.get(source.id, source.gain) for source in programme.sources}
            self._send("replace", programme, dict(self._wishes.gains))

    def play(self) -> None:
        """Play from the position; from the beginning when it stands at the end."""
        with self._lock:
            self._error = None
            self._send("play", restart=True, expected={"playing": True, "ended": False})

    def pause(self) -> None:
        """Hold; `play` goes on from here."""
        self._send("pause", expected={"playing": False})

    def stop(self) -> None:
        """Hold, and go back to where playing started."""
        self._send("stop", expected={"playing": False})

    def seek(self, seconds: float) -> None:
        """Move the position, playing or not; also the place `stop` goes back to."""
        with self._lock:
            self._wishes.position = max(0.0, seconds)
            self._send("seek", self._wishes.position, expected={"position": self._wishes.position, "ended": False})

    def play_range(self, start: float, end: float) -> None:
        """Play [start, end) seconds once, loop or not; the position then stands at `start`."""
        with self._lock:
            self._error = None
            expected = {"playing": True, "position": start, "ended": False}
            self._send("play_range", start, end, restart=True, expected=expected)

    def play_tone(self, *, frequency: float = 440.0, seconds: float = 1.0) -> None:
        """Play a quiet test tone (−18 dBFS); what is loaded stays loaded."""
        with self._lock:
            self._error = None
            self._send("tone", frequency, seconds, restart=True, expected={"playing": True, "ended": False})

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Repeat [start, end) seconds to the sample; None plays on. A playhead behind the loop is not caught."""
        with self._lock:
            self._wishes.loop = loop
            self._send("loop", loop)

    def set_gains(self, gains: Mapping[str, float]) -> None:
        """Linear gains by source id, ramped over 10 ms, all from the same sample. Ids not named stay as they are."""
        with self._lock:
            self._wishes.gains.update(gains)
            self._send("gains", dict(gains))

    def set_volume(self, volume: float) -> None:
        """Linear monitor volume; 1 leaves the samples as they are. Not part of the meters."""
        with self._lock:
            self._wishes.volume = volume
            self._send("volume", volume)

    def set_device(self, name: str | None) -> None:
        """Play through the output of that name, at once; None is the system's choice."""
        with self._lock:
            self._wishes.device = name
            self._error = None
            self._send("device", name)

    def close(self) -> None:
        """End the audio process. The player can be used again."""
        with self._lock:
            process, pipe = self._process, self._pipe
            self._process = self._pipe = None
            if pipe is not None:
                pipe.close()  # the process ends when its pipe does
            if process is not None:
                process.join(CLOSE_SECONDS)
                if process.is_alive():
                    process.kill()
                    process.join()
                process.close()

    # What is known

    def state(self) -> PlaybackState:
        """What is heard now. Cheap: call it for every frame."""
        with self._lock:
            if self._shared is None:
                return replace(self._last, error=self._error)
            self._drain()
            header, meters = self._shared.read()
            self._last = self._state_from(header, meters)
            return self._last

    def devices(self) -> list[OutputDevice]:
        """The outputs there are now. Asks the audio process: may take a few hundred milliseconds.

        EnvironmentFailure when it does not answer.
        """
        with self._lock:
            self._send("devices", restart=True)
            number = self._sent
        until = time.monotonic() + REPLY_SECONDS
        pause = threading.Event()
        while True:
            with self._lock:  # not held while waiting: the window goes on reading the state
                self._drain()
                if number in self._devices:
                    return self._devices.pop(number)
                if self._pipe is None or time.monotonic() > until:
                    raise EnvironmentFailure("The sound process does not answer. Restart the app if this stays so.")
            pause.wait(0.01)

    # Parts

    def _state_from(self, header: shared.Values, meters: shared.Values) -> PlaybackState:
        playing, ended = bool(header[shared.PLAYING]), bool(header[shared.ENDED])
        position = float(header[shared.POSITION])
        if header[shared.ACKNOWLEDGED] < self._sent:
            # The command is still under way: show what it will bring instead of flickering.
            playing = self._expected.get("playing", playing)
            ended = self._expected.get("ended", ended)
            position = self._expected.get("position", position)
        else:
            self._expected.clear()
        if not self._is_alive():
            playing = False
        self._wishes.position = position
        count = int(header[shared.METER_COUNT])
        new = meters[len(meters) - min(len(meters), count - self._meter_count) :]
        self._meter_count = count
        if not playing:
            self._levels = SILENT
        elif len(new):  # two reads within one meter reading see the same
            self._levels = _levels(new, meters, self._device_rate)
        peak, rms = self._levels
        return PlaybackState(
            position=position,
            playing=playing,
            peak=peak,
            rms=rms,
            underruns=int(header[shared.UNDERRUNS]),
            device=self._device_name,
            sample_rate=self._device_rate,
            ended=ended,
            error=self._error,
        )

    def _send(self, name: str, *arguments: Any, restart: bool = False, expected: dict[str, Any] | None = None) -> None:
        with self._lock:
            self._notice_death()
            if self._process is None:
                if not restart and self._error is not None:
                    return  # told again when the user next presses play
                self._start_process()
                if name in ("load", "replace", "loop", "gains", "volume", "device", "seek"):
                    return  # already told as one of the wishes
            self._expected.update(expected or {})
            self._post(name, *arguments)

    def _post(self, name: str, *arguments: Any) -> None:
        assert self._pipe is not None
        self._sent += 1
        try:
            self._pipe.send((self._sent, name, arguments))
        except OSError:
            self._report_death()

    def _start_process(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        block = context.RawArray("d", shared.SIZE)
        self._shared = shared.SharedState(block)
        self._sent = self._meter_count = 0
        # Linux kills the child when the *thread* that started it ends: only safe to ask for on the main thread.
        bound = threading.current_thread() is threading.main_thread()
        self._process = context.Process(
            target=run_audio_process, args=(theirs, block, os.getpid() if bound else 0), name="sound", daemon=True
        )
        self._process.start()
        theirs.close()
        wishes = self._wishes
        self._post("device", wishes.device)
        self._post("volume", wishes.volume)
        if wishes.programme is not None:
            self._post("load", wishes.programme)
            self._post("gains", dict(wishes.gains))
            self._post("loop", wishes.loop)
            self._post("seek", wishes.position)
        self._expected = {"position": wishes.position}

    def _drain(self) -> None:
        """Take in what the audio process has said."""
        try:
            while self._pipe is not None and self._pipe.poll():
                kind, value = self._pipe.recv()
                if kind == "error":
                    self._error = value
                elif kind == "device":
                    self._device_name, self._device_rate = value
                elif kind == "devices":
                    number, devices = value
                    self._devices[number] = devices
        except (OSError, EOFError):
            self._report_death()
        self._notice_death()

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def _notice_death(self) -> None:
        if self._process is not None and not self._process.is_alive():
            self._report_death()

    def _report_death(self) -> None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join(CLOSE_SECONDS)
            logger.error("the audio process ended with exit code %s", process.exitcode)
        self._expected.clear()
        self._error = PROCESS_DIED


def _levels(
    new: shared.Values, recent: shared.Values, sample_rate: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Peak of the `new` readings; RMS of the last 0.3 s of the `recent` ones."""
    peak = new[:, :2].max(axis=0) if len(new) else np.zeros(2)
    frames = np.cumsum(recent[::-1, 4])
    last = recent[::-1][: int(np.searchsorted(frames, RMS_SECONDS * sample_rate)) + 1]
    total = last[:, 4].sum()
    rms = np.sqrt(last[:, 2:4].sum(axis=0) / total) if total else np.zeros(2)
    return (float(peak[0]), float(peak[1])), (float(rms[0]), float(rms[1]))
