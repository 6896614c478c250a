"""Everything that must be green: style, types, layers, the tests, and the core's tests where Qt is not installed."""

import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QT_PACKAGES = ("PySide6", "shiboken6", "pyside6", "pytestqt", "pytest_qt", "pyqtgraph")
QTLESS_TESTS = ("core", "assistant", "library", "jobs", "scoring", "mastering")


def main(arguments):
    bin_dir = Path(sys.executable).parent
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["PATH"] = str(bin_dir) + os.pathsep + os.environ.get("PATH", "")
    if arguments:
        return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=str(ROOT))
    steps = [
        ("lint", [str(bin_dir / "ruff"), "check", "."]),
        ("format", [str(bin_dir / "ruff"), "format", "--check", "."]),
        ("types", [str(bin_dir / "mypy")]),
        ("layers", [str(bin_dir / "lint-imports")]),
        ("tests", [sys.executable, "-m", "pytest"]),
    ]
    failed = [name for name, command in steps if _step(name, command) != 0]
    if _without_qt() != 0:
        failed.append("tests without Qt")
    print("green" if not failed else "FAILED: " + ", ".join(failed), flush=True)
    return 1 if failed else 0


def _step(name, command, **options):
    started = time.monotonic()
    print("== %s" % name, flush=True)
    code = subprocess.call(command, cwd=str(ROOT), **options)
    print("== %s: %s in %.0f s" % (name, "ok" if code == 0 else "FAILED", time.monotonic() - started), flush=True)
    return code


def _without_qt():
    """Run the Qt-less rooms' tests in an environment in which PySide6 is not installed."""
    with tempfile.TemporaryDirectory(prefix="grammy-no-qt-") as folder:
        subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", folder])
        python = Path(folder) / "bin" / "python"
        code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
        target = Path(subprocess.check_output([str(python), "-c", code], text=True).strip())
        for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
            if not entry.name.startswith(QT_PACKAGES):
                (target / entry.name).symlink_to(entry)
        gone = subprocess.call([str(python), "-c", "import PySide6"], stderr=subprocess.DEVNULL)
        if gone == 0:
            print("PySide6 can still be imported: the environment without Qt is not one", flush=True)
            return 1
        tests = [str(ROOT / "tests" / room) for room in QTLESS_TESTS if (ROOT / "tests" / room).is_dir()]
        command = [str(python), "-m", "pytest", "-p", "no:pytestqt", "-m", "not slow", *tests]
        return _step("tests without Qt", command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
