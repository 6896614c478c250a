"""What runs in the audio process. Imports numpy and this package's small modules; sounddevice and soundfile on use."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from grammy_desktop.playback.engine import Engine, Tell
from grammy_desktop.playback.shared import SharedState

Command = tuple[int, str, tuple[Any, ...]]
BUSY_SECONDS = 0.005
IDLE_SECONDS = 0.05
SWITCH_SECONDS = 0.001
"""How long the feeder may hold Python's lock while the callback waits for it."""
PR_SET_PDEATHSIG = 1


def run_audio_process(pipe: Connection, block: Any, parent: int) -> None:
    """Serve commands (number, name, arguments) from `pipe` until it closes.

    parent: process id of a parent to die with at once (Linux); 0 to rely on the pipe alone.
    """
    _settle(parent)

    def tell(kind: str, value: Any) -> None:
        with suppress(OSError):  # the window has gone: the next poll notices
            pipe.send((kind, value))

    engine = Engine(SharedState(block), tell)
    try:
        _serve_until_closed(pipe, engine, tell)
    finally:
        engine.close()


def _serve_until_closed(pipe: Connection, engine: Engine, tell: Tell) -> None:
    acknowledged = 0
    while True:
        engine.step(acknowledged)
        try:
            commands = _receive(pipe, BUSY_SECONDS if engine.is_busy else IDLE_SECONDS)
        except (EOFError, OSError):  # the window has closed its end, or died
            return
        if commands:
            _serve(commands, engine, tell)
            acknowledged = commands[-1][0]


def _receive(pipe: Connection, seconds: float) -> list[Command]:
    """All commands that wait; waits `seconds` for a first one."""
    commands: list[Command] = []
    while pipe.poll(0 if commands else seconds):
        commands.append(pipe.recv())
    return commands


def _serve(commands: list[Command], engine: Engine, tell: Tell) -> None:
    gains: dict[str, float] = {}
    for number, name, arguments in commands:
        if gains and name != "gains":
            engine.do_gains(gains)
            gains = {}
        if name == "gains":  # a dragged fader sends many: only where they lead matters
            gains.update(arguments[0])
        elif name == "devices":
            tell("devices", (number, engine.list_devices()))
        else:
            getattr(engine, f"do_{name}")(*arguments)
    if gains:
        engine.do_gains(gains)


def _settle(parent: int) -> None:
    """Make the process short of surprises: no collector pauses, no Ctrl+C meant for the window, no orphan's life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.disable()
    sys.setswitchinterval(SWITCH_SECONDS)
    if sys.platform == "linux" and parent:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the request
            sys.exit(0)
    if hasattr(os, "setpriority"):
        with suppress(OSError):  # only where the user may
            os.setpriority(os.PRIO_PROCESS, 0, -11)
