"""The window as a producer uses it: a real window under Xvfb with openbox, real keys and mouse, a null sink, real X11 drags."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from tests.acceptance.audio_checks import ffmpeg_loudness, samples
from tests.acceptance.context import ROOT, Context
from tests.acceptance.issue_2.edits import compare
from tests.playback.pulse import PulseServer, wait_until

SCREEN = "1920x1080x24"


def run(context: Context) -> None:
    missing = [name for name in ("Xvfb", "openbox", "xdotool", "pulseaudio", "parec") if shutil.which(name) is None]
    context.check("the programs of the stage are installed", not missing, missing)
    if missing:
        return
    dropped = context.folder / "Schlagzeug, Idee 2.wav"
    time = np.arange(48_000 * 6) / 48_000
    soundfile.write(dropped, 0.3 * np.stack([np.sin(2 * np.pi * 220 * time)] * 2, axis=1), 48_000, "PCM_24")
    with tempfile.TemporaryDirectory(prefix="ga") as short, PulseServer(Path(short)) as server, _screen() as display:
        environment = os.environ | server.env | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        told = _drive(context, environment, dropped, server)
    if told:
        _judge(context, told)


@contextmanager
def _screen() -> Iterator[str]:
    """An X server with a window manager; the display's name."""
    number = next(n for n in range(90, 200) if not Path(f"/tmp/.X11-unix/X{n}").exists())
    display = f":{number}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(["Xvfb", display, "-screen", "0", SCREEN], **quiet)
    wait_until(Path(f"/tmp/.X11-unix/X{number}").exists, what="for Xvfb")
    manager = subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": display}, **quiet)
    try:
        yield display
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()


def _drive(context: Context, environment: dict[str, str], dropped: Path, server: PulseServer) -> dict[str, object]:
    """Run the driver while the sink is recorded; what it saw."""
    data = context.folder / "data"
    command = [sys.executable, "-m", "tests.acceptance.issue_2.window_driver", str(data), str(dropped)]
    with server.record() as recording:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
        recorded = np.array(recording.samples)
    context.check("the window ran without a crash", done.returncode == 0, done.stderr[-600:] or done.returncode)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return {}
    told: dict[str, object] = json.loads(lines[-1])
    context.check("no Qt warnings", not told["qt_warnings"], told["qt_warnings"])
    check_playback(context, recorded, Path(str(told["master"])), float(str(told["seconds_played"])))
    return told


def check_playback(context: Context, recorded: np.ndarray, master: Path, seconds: float) -> None:
    """The monitor holds the master in one piece, at the gain of level matching and volume."""
    played = samples(master)[: int(seconds * 48_000)]
    gain = float(np.abs(recorded).max() / np.abs(played).max())
    context.figure("gain of the monitor (level match and volume)", round(gain, 4))
    context.check("the recorded monitor is the master, without a gap", *compare(recorded / max(gain, 1e-9), played))


def _judge(context: Context, told: dict[str, object]) -> None:
    stages = told["stages"]
    assert isinstance(stages, list)
    context.check(
        "progress was shown stage by stage", {"compose", "render", "mix", "master", "score"} <= set(stages), stages
    )
    context.figure("seconds from Create to the finished song", told["seconds_to_song"])
    context.figure("lateness of the window's event loop while creating, ms", told["lateness_ms"])
    again = Path(str(told["second_master"]))
    read = ffmpeg_loudness(again)
    context.check(
        "master again with vinyl-warm", abs(read["integrated"] + 16) <= 0.3 and read["true_peak"] <= -1.0, read
    )
    carried = told["dragged_out"]
    assert isinstance(carried, list)
    arrived = [name for name in carried if name.endswith((".wav", ".mid"))]
    context.check("a second process received files by a real drag", len(arrived) >= 1, arrived)
    selection = told["selection_dragged_out"]
    assert isinstance(selection, list)
    context.check("a selection was dragged out as a WAV", any(name.endswith(".wav") for name in selection), selection)
    context.check("a WAV dropped in was imported", told["imported"] == "Schlagzeug, Idee 2", told["imported"])
