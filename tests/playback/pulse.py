"""A private PulseAudio server with a null sink: a real-time sound output without a sound card, recorded to the sample.

with PulseServer(folder) as server:      # FileNotFoundError when pulseaudio is not installed
    os.environ.update(server.env)        # for every process that is to play through it
    with server.record() as recording:
        ...
        recording.wait_for(lambda samples: ...)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

SINK = "grammy"
RATE = 48_000
START_SECONDS = 10.0


def is_available() -> bool:
    return shutil.which("pulseaudio") is not None


def wait_until(condition: Callable[[], bool], seconds: float = 10.0, what: str = "") -> None:
    """Look every few milliseconds; AssertionError after `seconds`."""
    until = time.monotonic() + seconds
    tick = threading.Event()
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s in vain {what}"
        tick.wait(0.005)


class PulseServer:
    """The server, as a context manager."""

    def __init__(self, folder: Path, *, sample_rate: int = RATE) -> None:
        """folder: an empty folder with a short path (a socket lies in it)."""
        self._folder = folder
        self._sample_rate = sample_rate
        self._socket = folder / "s"
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: subprocess.Popen[bytes] | None = None
        self.env = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_CONFIG_HOME": str(folder / ".config"),
            "PULSE_RUNTIME_PATH": str(folder / "run"),
            "PULSE_SERVER": f"unix:{self._socket}",
        }

    def __enter__(self) -> PulseServer:
        (self._folder / "run").mkdir(mode=0o700, exist_ok=True)
        (self._folder / ".asoundrc").write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n")
        script = self._folder / "server.pa"
        script.write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={self._socket}\n"
            f"load-module module-null-sink sink_name={SINK} rate={self._sample_rate} channels=2 format=float32le\n"
            f"set-default-sink {SINK}\n"
        )
        self.start()
        return self

    def start(self) -> None:
        command = ["pulseaudio", "-n", "-F", str(self._folder / "server.pa"), "--exit-idle-time=-1", "--daemonize=no"]
        command += ["--realtime=no", "--high-priority=no", "--use-pid-file=no", "--log-level=error"]
        environment = os.environ | self.env
        environment.pop("PULSE_SERVER")
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, env=environment, stderr=log, stdout=log)
        wait_until(self._answers, START_SECONDS, "for pulseaudio")
        # Left alone, a null sink asks for sound only every 2 s; a listener in a hurry makes it run like a sound card.
        self._listener = subprocess.Popen(
            ["parec", f"--device={SINK}.monitor", "--raw", "--latency-msec=20"],
            env=os.environ | self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _answers(self) -> bool:
        asked = subprocess.run(
            ["pactl", "list", "short", "sinks"], env=os.environ | self.env, capture_output=True, check=False
        )
        return SINK.encode() in asked.stdout

    def kill(self) -> None:
        """Take the output away."""
        if self._listener is not None:
            self._listener.kill()
            self._listener.wait()
            self._listener = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self._socket.unlink(missing_ok=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def record(self) -> Recording:
        return Recording(os.environ | self.env, self._sample_rate)


class Recording:
    """What the sink plays, from entering the context to leaving it. Goes to a file: nothing waits for the tests."""

    def __init__(self, environment: dict[str, str], sample_rate: int) -> None:
        self._environment = environment
        self._sample_rate = sample_rate
        self._last = np.zeros((0, 2), np.float32)

    def __enter__(self) -> Recording:
        self._file = tempfile.TemporaryFile()
        command = ["parec", f"--device={SINK}.monitor", "--format=float32le", f"--rate={self._sample_rate}"]
        command += ["--channels=2", "--raw", "--latency-msec=20"]
        self._process = subprocess.Popen(command, env=self._environment, stdout=self._file)
        wait_until(lambda: len(self.samples) > 0, what="for the monitor")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()
        self._last = self.samples
        self._file.close()

    @property
    def samples(self) -> NDArray[np.float32]:
        """float32 [frames, 2] recorded so far."""
        if self._file.closed:
            return self._last
        data = os.pread(self._file.fileno(), os.fstat(self._file.fileno()).st_size // 8 * 8, 0)
        return np.frombuffer(data, np.float32).reshape(-1, 2)

    def wait_for(self, condition: Callable[[NDArray[np.float32]], bool], seconds: float = 10.0) -> None:
        wait_until(lambda: condition(self.samples), seconds, "for the recording")

    def wait_for_silence(self, frames: int = 4800, seconds: float = 10.0) -> None:
        """Until something was heard and then `frames` frames of silence."""
        self.wait_for(lambda s: bool(s.any()) and len(s) > frames and not s[-frames:].any(), seconds)
