"""A float WAV of 4.5 GB of generated music is measured and mastered in little memory; a kill leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import open_source, open_writer, read_clip
from grammy_desktop.core.loudness import LoudnessMeter
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.mastering import load_presets
from grammy_desktop.mastering.plan import mastered_blocks
from grammy_desktop.mastering.streamed import plan_master
from tests.acceptance.context import ROOT, Context

BYTES = 4_500_000_000
MOST_MB = 600
COMPARED = 600.0
"""Seconds."""
AFTER = 20.0
"""Seconds of sound behind what is compared: longer than any look-ahead."""
TOLERANCE = 10 ** (-120 / 20)
PROMPT = "Deep house, 122 BPM, warm bass and bright hats"
PRESET = "spotify-loud"


def run(context: Context, *, size: int = BYTES) -> None:
    source = context.folder / "long mix.wav"
    out = context.folder / "long master.wav"
    started = time.monotonic()
    seconds = _write_music(context, source, size)
    context.figure("source", f"{source.stat().st_size / 1e9:.2f} GB, {seconds / 3600:.2f} h, 48 kHz stereo float")
    context.figure("seconds to generate", round(time.monotonic() - started, 1))
    measured = context.grammy("loudness", str(source), "--json", timeout=1_200)
    ok = measured.code == 0 and measured.peak_mb <= MOST_MB
    context.check("measured within 600 MB", ok, f"{measured.peak_mb:.0f} MB, {measured.seconds:.0f} s")
    _kill(context, source, out)
    mastered = context.grammy("master", str(source), "--preset", PRESET, "--out", str(out), "--json", timeout=2_400)
    ok = mastered.code == 0 and mastered.peak_mb <= MOST_MB
    seen = f"{mastered.peak_mb:.0f} MB, {mastered.seconds:.0f} s {mastered.err[-200:] if mastered.code else ''}"
    context.check("mastered within 600 MB", ok, seen)
    if mastered.code:
        return
    _judge(context, mastered.json(), source, out)
    _compare(context, source, out)


def _write_music(context: Context, path: Path, size: int) -> float:
    """A song of the composer's, again and again: each time with another level, tilt and balance. Its length in seconds."""
    context.grammy(
        "create", PROMPT, "--duration", "60", "--seed", "3", "--out", str(context.folder / "song"), timeout=900
    )
    song = read_clip(next((context.folder / "song").glob("*mix.wav")))
    rng = np.random.default_rng(45)
    frames = size // 8
    written = 0
    with open_writer(path, sample_rate=song.sample_rate, channels=2, subtype="FLOAT") as writer:
        while written < frames:
            for block in _variation(song.samples, rng):
                block = block[: frames - written]
                writer.write(block)
                written += len(block)
    return frames / song.sample_rate


def _variation(song: Samples, rng: np.random.Generator) -> Iterator[Samples]:
    level = 10 ** (rng.uniform(-8, 3, 2) / 20)
    tilt, delay = np.float32(rng.uniform(-0.6, 0.6)), int(rng.integers(1, 4))
    balance = rng.uniform(0.8, 1.0, 2).astype(np.float32)
    ramp = np.linspace(level[0], level[1], len(song), dtype=np.float32)[:, None]
    for start in range(delay, len(song), 65_536):
        end = min(len(song), start + 65_536)
        # A filter of two taps: darker or brighter.
        yield (song[start:end] + tilt * song[start - delay : end - delay]) * ramp[start:end] * balance


def _judge(context: Context, report: dict[str, object], source: Path, out: Path) -> None:
    meter = None
    with open_source(source) as before, open_source(out) as after:
        context.check("as long as the mix", before.frames == after.frames, f"{after.frames} frames")
        meter = LoudnessMeter(after.sample_rate, after.channels)
        for start in range(0, after.frames, 1 << 20):
            meter.push(after.read(start, 1 << 20))
    heard = meter.result()
    target, ceiling = float(str(report["target_lufs"])), float(str(report["ceiling_dbtp"]))
    reached = heard.integrated is not None and abs(heard.integrated - target) <= 0.1
    told = bool(report["note"]) and not report["reached"]
    context.check("on target or said why not", reached or told, f"{heard.integrated:.2f} for {target:g} LUFS")
    peak = heard.true_peak if heard.true_peak is not None else 0.0
    context.check("true peak under the ceiling", peak <= ceiling + 0.02, f"{peak:.2f} for {ceiling:g} dBTP")


def _compare(context: Context, source: Path, out: Path) -> None:
    """The first minutes of the file against the same plan carried out on them alone, in memory."""
    with open_source(source) as handle:
        plan = plan_master(
            handle, load_presets()[PRESET], name=source.name, work_dir=context.folder, progress=NoProgress()
        )
        rate = handle.sample_rate
        compared = min(round(COMPARED * rate), handle.frames // 2)
        clip = AudioClip(_read(handle, compared + round(AFTER * rate)), rate)
    worst, done = 0.0, 0
    with open_source(out) as written:
        for block in mastered_blocks(plan, ClipSource(clip), NoProgress()):
            block = block[: max(0, compared - done)]
            if len(block):
                worst = max(worst, float(np.abs(block - written.read(done, len(block))).max()))
                done += len(block)
    # The file holds 24 bits: half a step of them is -144 dBFS.
    seen = f"{20 * np.log10(max(worst, 1e-12)):.1f} dBFS over {done / rate:.0f} s"
    context.check("the first minutes equal the in-memory path", done == compared and worst <= TOLERANCE, seen)


def _read(handle: object, frames: int) -> Samples:
    blocks = [handle.read(start, 65_536) for start in range(0, frames, 65_536)]  # type: ignore[attr-defined]
    return np.concatenate(blocks)[:frames]


def _kill(context: Context, source: Path, out: Path) -> None:
    """kill -9 of the app and its worker in the middle of mastering."""
    data = context.folder / "killed data"
    beside = set(os.listdir(context.folder))
    command = [sys.executable, "-m", "grammy_desktop", "master", str(source), "--preset", PRESET, "--out", str(out)]
    app = subprocess.Popen(
        [*command, "--data-dir", str(data)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(2)
    written = _wait_for_growth(app.pid, enough=source.stat().st_size // 4)
    family = psutil.Process(app.pid).children(recursive=True)
    for victim in [app.pid, *(member.pid for member in family)]:
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            continue
    app.wait(60)
    psutil.wait_procs(family, timeout=10)
    left = sorted(set(os.listdir(context.folder)) - beside - {data.name})
    context.check(
        "killed in the middle: no target, nothing beside it", not left and not out.exists(), left or "nothing"
    )
    context.check("it was in the middle", written > 0, f"{written / 1e9:.2f} GB had been written by then")
    # The next start of the app sweeps what the dead one left in its own folder.
    context.check("the app starts again", context.grammy("jobs", "--json", data=data).code == 0)
    size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    context.check("and its folder is swept", size < 50e6, f"{size / 1e6:.1f} MB")


def _wait_for_growth(pid: int, *, enough: int, timeout: float = 600.0) -> int:
    """Bytes that the app and its workers have written, once that is `enough` or it has ended."""
    until, written = time.monotonic() + timeout, 0
    while time.monotonic() < until and psutil.pid_exists(pid) and written < enough:
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            written = sum(member.io_counters().write_bytes for member in family)
        except psutil.Error:
            return written
        time.sleep(0.1)
    return written
