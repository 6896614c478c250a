"""The sound output: which there are, and the stream whose callback only copies from the ring."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.playback.programme import OutputDevice
from grammy_desktop.playback.ring import Ring

LATENCY_SECONDS = 0.1
"""At 100 ms there was no dropout with both cores busy; nothing in this app is played live."""
BLOCK_FRAMES = 512
WARM_UP_SECONDS = 0.2
"""Silence asked for first: what is handed over while an output still fills its buffers may be thrown away (PulseAudio
drops up to 20 ms in one start of three). Most of it is fetched in one burst, so it costs half of its length in time."""
STALLED_SECONDS = 3.0
"""An output that asks for nothing for so long has gone. (PulseAudio's dummy output asks every 2 s.)"""
NO_OUTPUT = "No sound output was found. Connect one or choose it in the output menu; everything else works."
NO_PORTAUDIO = "The sound library PortAudio is missing. Install it (libportaudio2 on Linux); everything else works."


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the chatter of the system's sound libraries, who write to stderr by themselves, out of the terminal."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _sounddevice() -> Any:
    try:
        with _quiet():
            import sounddevice
    except OSError as error:
        raise EnvironmentFailure(NO_PORTAUDIO) from error
    return sounddevice


def rescan() -> None:
    """Look again which outputs there are. Only while no stream is open. EnvironmentFailure without PortAudio."""
    sounddevice = _sounddevice()
    with _quiet(), suppress(sounddevice.PortAudioError):
        # PortAudio lists the outputs once, when it starts; sounddevice has no public way to start it again.
        sounddevice._terminate()
        sounddevice._initialize()


def list_devices() -> list[OutputDevice]:
    """Outputs by name, each name once. Empty when there is none."""
    try:
        sounddevice = _sounddevice()
    except EnvironmentFailure:
        return []
    default = _default_name(sounddevice)
    found: dict[str, OutputDevice] = {}
    for device in sounddevice.query_devices():
        name, channels = str(device["name"]), int(device["max_output_channels"])
        if channels > 0 and name not in found:
            found[name] = OutputDevice(name, channels, name == default)
    return list(found.values())


def _default_name(sounddevice: Any) -> str | None:
    try:
        return str(sounddevice.query_devices(kind="output")["name"])
    except (sounddevice.PortAudioError, ValueError):
        return None


class Output:
    """An open output that plays a ring."""

    def __init__(self, device: str | None, sample_rate: int) -> None:
        """Open `device` (None: the system's choice) at `sample_rate`, or at its own rate if it refuses that one.

        EnvironmentFailure with one sentence when there is no such output or it cannot be opened.
        """
        sounddevice = _sounddevice()
        with _quiet():
            info = _find(sounddevice, device)
            self.name = str(info["name"])
            self.ring = Ring(min(2, int(info["max_output_channels"])))
            self.volume = 1.0
            self.underruns = 0
            self.largest_request = BLOCK_FRAMES
            self._volume_now = 1.0
            self._sounding = False
            self._warm_up = round(WARM_UP_SECONDS * sample_rate)
            self._anchor = (0, 0.0)
            self._heard_from = time.monotonic()
            self._stream = self._open(sounddevice, info, sample_rate)
        self.wanted_rate = sample_rate
        self.sample_rate = round(self._stream.samplerate)
        self._latency = float(self._stream.latency)

    def _open(self, sounddevice: Any, info: Any, sample_rate: int) -> Any:
        problem: Exception | None = None
        for rate in dict.fromkeys((sample_rate, round(info["default_samplerate"]))):
            try:
                stream = sounddevice.OutputStream(
                    samplerate=rate,
                    blocksize=BLOCK_FRAMES,
                    device=info["index"],
                    channels=self.ring.channels,
                    dtype="float32",
                    latency=LATENCY_SECONDS,
                    callback=self._callback,
                )
                stream.start()
            except sounddevice.PortAudioError as error:
                problem = error
            else:
                return stream
        raise EnvironmentFailure(
            f"The sound output “{self.name}” cannot be opened. Choose another in the output menu; everything else works."
        ) from problem

    def _callback(self, out: Samples, frames: int, times: Any, status: Any) -> None:
        now = self._heard_from = time.monotonic()
        if self._warm_up > 0:
            self._warm_up -= frames
            out.fill(0.0)
            return
        first = self.ring.read_index
        taken = self.ring.take_into(out)
        if taken:
            delay = times.outputBufferDacTime - times.currentTime
            # Some drivers leave the times at zero.
            self._anchor = (first, now + (delay if 0.0 < delay < 2.0 else self._latency))
        if self.ring.expecting and (taken < frames or status.output_underflow):
            self.underruns += 1
        if frames > self.largest_request:
            self.largest_request = frames
        if not self._sounding:
            self._volume_now = self.volume  # nothing is heard that could click
        self._sounding = taken > 0
        if self.volume != self._volume_now:
            out *= np.linspace(self._volume_now, self.volume, frames, dtype=np.float32)[:, None]
            self._volume_now = self.volume
        elif self.volume != 1.0:
            out *= np.float32(self.volume)

    def heard(self) -> float:
        """Ring frame that leaves the output now."""
        first, when = self._anchor
        passed: float = (time.monotonic() - when) * self.sample_rate
        return min(float(self.ring.read_index), first + passed)

    @property
    def is_warming_up(self) -> bool:
        """True while only silence is handed over, before the first sound."""
        return self._warm_up > 0

    @property
    def is_lost(self) -> bool:
        """True when the output has stopped asking for sound."""
        return not self._stream.active or time.monotonic() - self._heard_from > STALLED_SECONDS

    def close(self) -> None:
        """Let go of the output. On a thread: a driver whose device has gone may never return."""
        thread = threading.Thread(target=self._close, name="close output", daemon=True)
        thread.start()
        thread.join(1.0)

    def _close(self) -> None:
        with _quiet():
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)


def _find(sounddevice: Any, name: str | None) -> Any:
    try:
        if name is None:
            return sounddevice.query_devices(kind="output")
        for info in sounddevice.query_devices():
            if info["name"] == name and info["max_output_channels"] > 0:
                return info
    except (sounddevice.PortAudioError, ValueError) as error:
        raise EnvironmentFailure(NO_OUTPUT) from error
    raise EnvironmentFailure(
        f"The sound output “{name}” is not connected. Connect it or choose another in the output menu."
    )
