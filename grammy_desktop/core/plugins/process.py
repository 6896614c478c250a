"""A plug-in's process seen from the app: asked, waited for with a limit, killed; every failure is one sentence."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.plugins.child import plugin_main
from grammy_desktop.core.plugins.messages import JSON, LONGEST, pack_audio, pack_json, unpack_audio, unpack_json

log = logging.getLogger(__name__)

START_SECONDS = 20.0
"""A fresh process with its libraries, then the plug-in's own start; some read their licence over a network."""
ANSWER_SECONDS = 8.0
"""For a third of a second of sound."""
_JOIN_SECONDS = 5.0
_DEATH_SECONDS = 1.0
"""From the end of the pipe to the end of the process, where that is why it ended."""
_WAY_OUT = "Take it out of the chain, or install it anew."

_STARTING = threading.Lock()

Entry = Callable[[Connection], None]


class PluginFailed(UserError):
    """A plug-in crashed, hung, refused or gave back something that is no sound."""


class PluginProcess:
    """One child process and the pipe to it. A context manager; `close` is safe at any time."""

    def __init__(
        self,
        label: str,
        *,
        entry: Entry = plugin_main,
        answer_seconds: float = ANSWER_SECONDS,
        way_out: str = _WAY_OUT,
    ) -> None:
        """label: what messages call the plug-in. way_out: the sentence behind a failure that says what to do.

        Raises EnvironmentFailure when no process can be started.
        """
        self._label = label
        self._way_out = way_out
        self._answer_seconds = answer_seconds
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=entry, args=(theirs,), name="grammy-plugin", daemon=True)
        try:
            _start(self._process)
        except OSError as error:
            self._connection.close()
            raise EnvironmentFailure(
                f"A process for the plug-in “{label}” could not be started: {error.strerror}."
            ) from error
        finally:
            # Only the child holds its end: each side sees the other's death as the end of the pipe.
            theirs.close()

    def __enter__(self) -> PluginProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, request: Mapping[str, object], *, seconds: float = START_SECONDS) -> dict[str, object]:
        """The answer to a JSON request. Raises PluginFailed."""
        return self._checked(self._exchange(pack_json(request), seconds))

    def process(self, rows: Samples) -> Samples:
        """[channels, frames] in and out. Raises PluginFailed."""
        return self._sound(self._exchange(pack_audio(rows), self._answer_seconds), *rows.shape)

    def play(self, events: Sequence[tuple[int, bytes]], frames: int, channels: int, *, reset: bool = False) -> Samples:
        """What an instrument makes of MIDI messages at frames of the next `frames`; [channels, frames]. Raises PluginFailed.

        reset: begin anew, silent.
        """
        request = {
            "do": "play",
            "events": [[frame, list(message)] for frame, message in events],
            "frames": frames,
            "reset": reset,
        }
        return self._sound(self._exchange(pack_json(request), self._answer_seconds), channels, frames)

    def _sound(self, message: bytes, channels: int, frames: int) -> Samples:
        if message[:1] == JSON:
            self._checked(message)
        try:
            done = unpack_audio(message, channels)
        except ValueError:
            done = np.zeros((0, 0), np.float32)
        if done.shape != (channels, frames):
            raise self._failed("gave back something that is no sound")
        return done

    def close(self) -> None:
        """Ends the process; nothing is waited for, as it holds nothing that has to be kept."""
        self._connection.close()
        if self._process.pid is not None and self._process.exitcode is None:
            self._process.kill()
            self._process.join(_JOIN_SECONDS)

    def _exchange(self, message: bytes, seconds: float) -> bytes:
        # Killing is the only way to end a wait that works everywhere: even half a message may be all that comes.
        late = threading.Event()
        watchdog = threading.Timer(seconds, self._end_late, args=(late,))
        watchdog.daemon = True
        watchdog.start()
        try:
            self._connection.send_bytes(message)
            return self._connection.recv_bytes(LONGEST)
        except (EOFError, OSError) as error:
            if late.is_set():
                raise self._failed(f"did not answer within {seconds:g} seconds") from error
            raise self._failed(self._death()) from error
        finally:
            watchdog.cancel()
            watchdog.join()

    def _end_late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _death(self) -> str:
        self._process.join(_DEATH_SECONDS)
        code = self._process.exitcode
        if code is None:
            return "gave back something that is no answer"
        if code < 0:
            return f"crashed ({signal.Signals(-code).name})"
        return f"crashed (exit code {code:#x})" if code > 1 else "ended by itself"

    def _checked(self, message: bytes) -> dict[str, object]:
        try:
            answer = unpack_json(message)
        except ValueError as error:
            raise self._failed("gave back something that is no answer") from error
        if "error" in answer:
            self.close()
            raise PluginFailed(f"The plug-in “{self._label}” could not be used: {str(answer['error']).rstrip('. ')}.")
        return answer

    def _failed(self, what: str) -> PluginFailed:
        self.close()
        log.warning("plug-in %s %s", self._label, what)
        return PluginFailed(f"The plug-in “{self._label}” {what}. {self._way_out}")


def _start(process: multiprocessing.context.SpawnProcess) -> None:
    """Also from a worker, which as a daemon may have no children of its own: ours ends with the pipe, so it may."""
    # One at a time: two threads that both lift the ban would put it back under each other's feet.
    with _STARTING:
        current = multiprocessing.current_process()
        daemon = current.daemon
        if daemon:
            current.daemon = False
        try:
            process.start()
        finally:
            if daemon:
                current.daemon = True
