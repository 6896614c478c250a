"""A frozen build makes and checks a ten-second song without Python, sources or a display."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.acceptance.context import ROOT, Context, measure


def run(context: Context) -> None:
    dist, work = context.folder / "dist", context.folder / "work"
    build = [sys.executable, "-m", "PyInstaller", str(ROOT / "packaging" / "grammy.spec"), "--noconfirm"]
    built = measure([*build, "--distpath", str(dist), "--workpath", str(work)], timeout=900)
    context.check("PyInstaller builds", built.code == 0, built.err[-300:] if built.code else round(built.seconds))
    program = dist / "grammy" / "grammy"
    size = sum(path.stat().st_size for path in (dist / "grammy").rglob("*") if path.is_file())
    context.figure("size in MB", round(size / 1e6))
    # Nothing of the development environment: another folder, no PYTHONPATH, no display.
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(context.folder / "home"), "LANG": "C.UTF-8"}
    for name in ("first", "second"):
        tested = _run(program, environment, context.folder)
        context.check(f"self-test, {name} start", tested.returncode == 0, (tested.stdout or tested.stderr)[-300:])
    refused = subprocess.run([str(program)], env=environment, capture_output=True, text=True, timeout=60)
    context.check(
        "without a display it says so", refused.returncode == 3 and "display" in refused.stderr, refused.stderr.strip()
    )


def _run(program: Path, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    Path(environment["HOME"]).mkdir(exist_ok=True)
    command = [str(program), "selftest", "--json", "--quiet"]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=300)
