"""A frozen build makes, checks and masters a song without Python, sources or a display, and opens its window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.acceptance.context import ROOT, Context, measure

PROMPT = "Chill lo-fi hip hop, 90 BPM"


def run(context: Context) -> None:
    dist, work = context.folder / "dist", context.folder / "work"
    build = [sys.executable, "-m", "PyInstaller", str(ROOT / "packaging" / "grammy.spec"), "--noconfirm"]
    built = measure([*build, "--distpath", str(dist), "--workpath", str(work)], timeout=900)
    context.check("PyInstaller builds", built.code == 0, built.err[-300:] if built.code else round(built.seconds))
    program = Program(dist / "grammy" / "grammy", context.folder)
    size = sum(path.stat().st_size for path in (dist / "grammy").rglob("*") if path.is_file() and not path.is_symlink())
    context.figure("size in MB", round(size / 1e6))
    _command_line(context, program)
    _window(context, program)


class Program:
    """The frozen program with nothing of the development environment: another folder, no PYTHONPATH, no display."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder / "home"), "LANG": "C.UTF-8"}
        self._path = path
        (folder / "home").mkdir()

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self._path), *arguments],
            env={**self.environment, **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def seconds(self, *arguments: str) -> float:
        started = time.monotonic()
        self(*arguments)
        return round(time.monotonic() - started, 2)


def _command_line(context: Context, program: Program) -> None:
    for name in ("first", "second"):
        tested = program("selftest", "--json", "--quiet")
        passed = tested.returncode == 0
        seen = json.loads(tested.stdout)["seconds"] if passed else (tested.stderr or tested.stdout)[-300:]
        context.check(f"self-test, {name} start", passed, seen)
    context.figure("seconds of --version, best of 3", min(program.seconds("--version") for _ in range(3)))
    song = context.folder / "songs"
    created = program("create", PROMPT, "--duration", "10", "--quiet", "--out", str(song))
    mix, master = next(song.glob("*_mix.wav")), next(song.glob("*_master.wav"))
    matched = program("master", str(mix), "--reference", str(master), "--out", str(song / "matched.wav"), "--quiet")
    context.check(
        "a song, and its mix mastered like a reference",
        created.returncode == matched.returncode == 0 and (song / "matched.wav").stat().st_size > 1_000_000,
        (created.stderr + matched.stderr)[-300:] or "both written",
    )
    refused = program()
    context.check(
        "without a display it says so",
        refused.returncode == 3 and "display" in refused.stderr and refused.stderr.count("\n") == 1,
        refused.stderr.strip(),
    )


def _window(context: Context, program: Program) -> None:
    """Opens, paints, closes: nothing on standard error, no warning in the log."""
    with _display() as display:
        for name in ("first", "second"):
            started = time.monotonic()
            shown = program(GRAMMY_SMOKE="1", DISPLAY=display)
            context.check(
                f"window, {name} start",
                shown.returncode == 0 and not shown.stderr,
                shown.stderr[-300:] or f"open to closed in {time.monotonic() - started:.1f} s",
            )
    logs = [path.read_text(encoding="utf-8") for path in (context.folder / "home").rglob("*.log")]
    loud = [line for log in logs for line in log.splitlines() if "WARNING" in line or "ERROR" in line]
    context.check("nothing alarming in the log", not loud, "\n".join(loud)[-300:] or f"{len(logs)} log read")


@contextmanager
def _display() -> Iterator[str]:
    """A virtual screen on the first free number."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as numbers:
            yield f":{int(numbers.readline())}"
    finally:
        server.terminate()
        server.wait()
