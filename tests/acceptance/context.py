"""What every proof works with: a throw-away folder, the app as a user calls it, and a list of checks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """A finished call of the command line."""

    code: int
    out: str
    err: str
    seconds: float
    peak_mb: float

    def json(self) -> Any:
        return json.loads(self.out)


class Context:
    """Collects checks and figures of one point; removes its folder at the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="grammy accept ü "))
        self.checks: dict[str, bool] = {}
        self.figures: dict[str, Any] = {}

    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(self.checks.values())

    def check(self, name: str, passed: bool, seen: Any = None) -> None:
        """Record that `name` held (or not), with what was seen."""
        self.checks[name] = bool(passed)
        seen = self._without_folder(seen)
        if seen is not None:
            self.figures[name] = seen
        print(f"   {'ok  ' if passed else 'FAIL'} {name}{'' if seen is None else f': {str(seen)[:220]}'}", flush=True)

    def figure(self, name: str, value: Any) -> None:
        value = self._without_folder(value)
        self.figures[name] = value
        print(f"   {name}: {str(value)[:220]}", flush=True)

    def _without_folder(self, value: Any) -> Any:
        """Evidence names no folder of the machine it was made on."""
        return value.replace(f"{self.folder}/", "").replace(str(ROOT), ".") if isinstance(value, str) else value

    def grammy(self, *arguments: str, data: Path | None = None, timeout: float = 300, bootstrap: bool = False) -> Run:
        """`grammy ARGUMENTS` in a process of its own; with `bootstrap` by the README's command."""
        entry = ["packaging/bootstrap.py", "run"] if bootstrap else ["-m", "grammy_desktop"]
        python = shutil.which("python3") if bootstrap else sys.executable
        isolate = ["--data-dir", str(data or self.folder / "data")]
        command = [str(python), *entry, *arguments, *isolate]
        return measure(command, timeout=timeout)

    def __enter__(self) -> Context:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def measure(command: list[str], *, timeout: float = 300, env: dict[str, str] | None = None) -> Run:
    """Run a command; its output, wall time, and the peak memory of it and all its children together (PSS, 50 ms steps)."""
    import threading
    import time

    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env or dict(os.environ)
    )
    peak = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], _memory_mb(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        out, err = process.communicate(timeout=timeout)
    finally:
        if process.poll() is None:
            process.kill()
        done.set()
        watcher.join()
    return Run(process.returncode, out, err, time.monotonic() - started, peak[0])


def _memory_mb(pid: int) -> float:
    import psutil

    total = 0.0
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for member in family:
        try:
            total += member.memory_full_info().pss
        except (psutil.Error, OSError):
            continue
    return total / 1e6
