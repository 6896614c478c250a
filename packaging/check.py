"""Everything that must be green: style, types, layers and every test once, side by side where nothing measures time.

Only the window may need Qt, so its tests alone have it: those of all other rooms run in an environment in which Qt is not
installed.
"""

import contextlib
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from lanes import Task, run_tasks

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
QT_PACKAGES = ("PySide6", "shiboken6", "pyside6", "pytestqt", "pytest_qt", "pyqtgraph")
ROOMS_WITH_QT = ("ui",)
LONG_ROOMS = ("mastering", "ui", "core", "cli", "generation", "workflows", "library", "scoring")
"""Begun first, so that the lanes end together; nothing but time hangs on it."""
ALONE = ("playback",)
"""A sound output in real time, heard to the sample."""


def main(arguments):
    bin_dir = Path(sys.executable).parent
    os.environ.update(environment(bin_dir))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Some hundred processes start: the app is compiled for the first.
    sys.stdout.reconfigure(errors="backslashreplace")
    with contextlib.suppress(ValueError):
        signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # A background shell ignores Ctrl-C; the tests send it.
    if arguments:
        return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=str(ROOT))
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="grammy-no-qt-") as folder:
        qtless = make_qtless(folder)
        if qtless is None:
            print("PySide6 can still be imported: the environment without Qt is not one", flush=True)
            return 1
        failed = run_tasks([*checks(bin_dir), *test_tasks(sys.executable, qtless)], ROOT)
    words = "green" if not failed else "FAILED: " + ", ".join(failed)
    print("%s in %.0f s" % (words, time.monotonic() - started), flush=True)
    return 1 if failed else 0


def environment(bin_dir):
    """Like the app's own (`__main__`): BLAS in one thread, or its idle ones take the other lane's core."""
    path = str(bin_dir) + os.pathsep + os.environ.get("PATH", "")
    return {"QT_QPA_PLATFORM": "offscreen", "PATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def checks(bin_dir):
    steps = [
        ("lint", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("types", ["mypy"]),
        ("layers", ["lint-imports"]),
    ]
    return [Task(name, [str(bin_dir / command[0]), *command[1:]], alone=False) for name, command in steps]


def test_tasks(python, qtless):
    """One a room, the long ones first: every test is in exactly one."""
    rooms = sorted({path.relative_to(TESTS).parts[0] for path in TESTS.rglob("test_*.py")})
    order = [room for room in LONG_ROOMS if room in rooms] + [room for room in rooms if room not in LONG_ROOMS]
    tasks = []
    for room in order:
        name = "tests/" + room
        with_qt = room in ROOMS_WITH_QT
        command = [str(python if with_qt else qtless), "-m", "pytest", "-p", "no:cacheprovider", str(TESTS / room)]
        tasks.append(Task(name if with_qt else name + " without Qt", command, room in ALONE))
    return tasks


def make_qtless(folder):
    """The python of an environment that has everything of this one but Qt; None when Qt is still found."""
    subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", folder])
    python = Path(folder) / "bin" / "python"
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    target = Path(subprocess.check_output([str(python), "-c", code], text=True).strip())
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not entry.name.startswith(QT_PACKAGES):
            (target / entry.name).symlink_to(entry)
    found = subprocess.call([str(python), "-c", "import PySide6"], stderr=subprocess.DEVNULL) == 0
    return None if found else python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
