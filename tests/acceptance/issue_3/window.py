"""The mastering panel as a producer uses it: a real window under Xvfb, keys alone, and what the sink's monitor hears."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.acceptance.audio_checks import samples
from tests.acceptance.context import ROOT, Context
from tests.acceptance.issue_2.window import _screen
from tests.playback.pulse import PulseServer

RATE = 48_000
ALIKE = 1e-3
"""Largest difference to the file that must be heard (the mix is the sum of 24-bit stems)."""
CROSSFADE = 0.012
"""Seconds within which a switch must be over."""

Signal = NDArray[np.float64]


def run(context: Context) -> None:
    missing = [name for name in ("Xvfb", "openbox", "xdotool", "pulseaudio", "parec") if shutil.which(name) is None]
    context.check("the programs of the stage are installed", not missing, missing)
    if missing:
        return
    data = context.folder / "data"
    with tempfile.TemporaryDirectory(prefix="ga") as short, PulseServer(Path(short)) as server, _screen() as display:
        environment = os.environ | server.env | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        with server.record() as recording:
            done = _python("window_driver", str(data), environment=environment)
            recorded = np.array(recording.samples, np.float64)
    context.check("the window ran without a crash", done.returncode == 0, done.stderr[-600:] or done.returncode)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if lines:
        told = json.loads(lines[-1])
        _judge_panel(context, told)
        _judge_sound(context, told["heard"], recorded)
    _pictures(context, data)


def _python(module: str, *arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"tests.acceptance.issue_3.{module}", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500)


def _judge_panel(context: Context, told: dict[str, Any]) -> None:
    context.check("no Qt warnings", not told["qt_warnings"], told["qt_warnings"])
    context.check("ten presets or more are offered", len(told["presets"]) >= 10, told["presets"])
    context.check(
        "mastered with a preset by keys", told["pair"]["b"].startswith("Master 2"), f"{told['pair']} {told['master']}"
    )
    answers = told["answers"]
    right = sum(each["hidden"] == each["answer"] for each in answers)
    context.check(
        "three blind trials were answered by keys", told["count"].endswith(f"{right} of 3 right"), told["count"]
    )
    context.check(
        "nothing in the window told what X was", all(each["shown"] == [False, False, ""] for each in answers), answers
    )
    pair = told["new_pair"]
    context.check("another pair was chosen by keys", pair["a"].startswith("Master 1"), pair)
    context.check("no gap in the output", told["underruns"] == 0, told["underruns"])
    context.check("a preset was saved by keys", told["saved"] == ["proof-warm.toml"], told["saved"])
    context.check("the saved preset is the chosen one", told["chosen"] == "proof-warm", told["toast"])


def _judge_sound(context: Context, heard: list[dict[str, Any]], recorded: Signal) -> None:
    """Every stretch is looked for by itself; that all lie where the first one says is the proof that nothing was left out."""
    files = {each["file"]: samples(Path(each["file"])) for each in heard}
    first = _place(recorded, heard[0], files[heard[0]["file"]], None)
    offsets, worst = [], 0.0
    for each in heard:
        offset = _place(recorded, each, files[each["file"]], first)
        offsets.append(offset)
        piece = slice(*(round(each[end] * RATE) for end in ("start", "end")))
        monitor = recorded[offset + piece.start : offset + piece.stop]
        own = np.abs(monitor - each["gain"] * files[each["file"]][piece]).max()
        rest = [file for name, file in files.items() if name != each["file"]]
        others = min(np.abs(monitor - each["gain"] * file[piece]).max() for file in rest)
        worst = max(worst, float(own))
        passed = own < ALIKE and others > 10 * own
        context.check(f"heard: {each['done']}", passed, f"differs by {own:.1e}, the others by {others:.1e}")
    context.figure("largest difference of the monitor to the chosen version's file", f"{worst:.1e}")
    slips = [offset - first for offset in offsets]
    context.check("the song went on without a gap through every switch", not any(slips), slips)
    pairs = [(i, one, two) for i, (one, two) in enumerate(pairwise(heard)) if one["file"] != two["file"]]
    fades = [_switch_seconds(recorded, offsets[i], files, one, two) for i, one, two in pairs]
    context.check("every switch is a crossfade of at most 12 ms", max(fades) <= CROSSFADE, [round(f, 4) for f in fades])
    loud = [_loudness(recorded, offset, each) for offset, each in zip(offsets[:7], heard[:7], strict=True)]
    context.figure("RMS of the stretches as heard, dB", [round(x, 1) for x in loud])


def _place(recorded: Signal, each: dict[str, Any], file: Signal, near: int | None) -> int:
    """Frame of the recording at which the song's first frame would lie, by this stretch; within a second of `near`."""
    start, end = (round(each[key] * RATE) for key in ("start", "end"))
    wanted = file[start:end, 0]
    begin = 0 if near is None else max(0, near + start - RATE)
    searched = recorded[begin:, 0] if near is None else recorded[begin : near + end + RATE, 0]
    size = 1 << (len(searched) + len(wanted)).bit_length()
    product = np.fft.rfft(searched, size) * np.conj(np.fft.rfft(wanted, size))
    return begin + int(np.argmax(np.fft.irfft(product, size)[: len(searched)])) - start


def _switch_seconds(
    recorded: Signal, offset: int, files: dict[str, Signal], one: dict[str, Any], two: dict[str, Any]
) -> float:
    """From the last frame that is all of the one to the first that is all of the other; 9.9 when what lies between is no
    crossfade of the two."""
    piece = slice(round(one["end"] * RATE) - RATE // 10, round(two["start"] * RATE) + RATE // 10)
    monitor = recorded[offset + piece.start : offset + piece.stop]
    before, after = (each["gain"] * files[each["file"]][piece] for each in (one, two))
    is_before = np.abs(monitor - before).max(axis=1) < ALIKE
    is_after = np.abs(monitor - after).max(axis=1) < ALIKE
    # While both are near silence they are the same.
    left = int(np.argmin(is_before)) if not is_before.all() else len(is_before)
    right = len(is_after) - int(np.argmin(is_after[::-1])) if not is_after.all() else 0
    if left >= right:
        return 0.0
    low, high = np.minimum(before, after)[left:right] - ALIKE, np.maximum(before, after)[left:right] + ALIKE
    inside = bool(((monitor[left:right] >= low) & (monitor[left:right] <= high)).all())
    return (right - left) / RATE if inside else 9.9


def _loudness(recorded: Signal, offset: int, each: dict[str, Any]) -> float:
    start, end = (offset + round(each[key] * RATE) for key in ("start", "end"))
    return float(10 * np.log10(np.mean(recorded[start:end] ** 2) + 1e-12))


def _pictures(context: Context, data: Path) -> None:
    """The panel in both themes and sizes at both ratios; files to look at, and a first look by figures."""
    from PIL import Image

    out = context.folder / "pictures"
    with _screen() as display:
        for ratio in ("1", "2"):
            environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": ratio}
            done = _python("window_pictures", str(data), str(out), environment=environment)
            context.check(f"pictures at {ratio}x were made without a warning", done.returncode == 0, done.stderr[-400:])
    seen = {}
    for path in sorted(out.glob("*.png")):
        with Image.open(path) as picture:
            seen[path.name] = (
                f"{picture.width}x{picture.height}, {len(picture.convert('RGB').getcolors(1 << 24) or ())} colours"
            )
    context.check("dark and light, 1x and 2x, large and small", len(seen) == 8, seen)
