"""From a bare machine to Grammy Desktop in one command.

    python3 packaging/bootstrap.py run            open the window
    python3 packaging/bootstrap.py run ARGS...    the command line (grammy ARGS...)
    python3 packaging/bootstrap.py test           style, types, layers and the whole test suite
    python3 packaging/bootstrap.py accept ISSUE [POINT]   the long proofs; figures go to docs/evidence/

Only the standard library, and only syntax that an old Python can read, so that it can say that it is too old.
"""

import os
import subprocess
import sys
from pathlib import Path

import setup_system
import setup_venv
from setup_venv import SetupError

ROOT = Path(__file__).resolve().parents[1]


NO_DISPLAY = (
    "There is no display to open a window on. Start it from a desktop session, use `ssh -X`, or make a song here:\n"
    '  python3 packaging/bootstrap.py run create "Chill lo-fi hip hop, 90 BPM"'
)


def run(arguments):
    window = _opens_window(arguments)
    if window and not _has_display():
        raise SetupError(NO_DISPLAY)
    needs_qt = window or "screenshots" in arguments
    sections = ("runtime", "dev") if "bench" in arguments and "--peer" in arguments else ("runtime",)
    python = _prepare(sections, setup_system.WINDOW if needs_qt else {})
    os.environ.setdefault("PYTHONUTF8", "1")
    command = [str(python), "-m", "grammy_desktop", *arguments]
    if os.name == "nt":
        return subprocess.call(command)
    sys.stdout.flush()
    os.execv(command[0], command)


def test(arguments):
    python = _prepare(("runtime", "dev"), setup_system.WINDOW, wanted=setup_system.TESTS)
    return subprocess.call([str(python), str(ROOT / "packaging" / "check.py"), *arguments], cwd=str(ROOT))


def accept(arguments):
    if not arguments:
        raise SetupError("Say which issue: python3 packaging/bootstrap.py accept ISSUE [POINT]", 2)
    python = _prepare(("runtime", "dev"), setup_system.WINDOW, wanted=setup_system.TESTS)
    return subprocess.call([str(python), "-m", "tests.acceptance.run", *arguments], cwd=str(ROOT))


def _prepare(sections, needed, wanted=None):
    """The venv's python; all that the system lacks is named at once, and nothing is begun on a full disk."""
    needed = dict(setup_system.CORE, **needed)
    if setup_venv.missing(ROOT, sections):
        setup_venv.check_disk(ROOT)
        if not setup_venv.works(ROOT):
            needed.update(setup_system.venv())
    setup_system.need(needed)
    if wanted:
        setup_system.want(wanted)
    return setup_venv.ensure(ROOT, sections)


def _opens_window(arguments):
    """Whether no command stands among `arguments`: `--data-dir DIR` alone still opens the window."""
    if arguments[:1] == ["--data-dir"]:
        return _opens_window(arguments[2:])
    return not arguments or (arguments[0].startswith("--data-dir=") and _opens_window(arguments[1:]))


def _has_display():
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


COMMANDS = {"run": run, "test": test, "accept": accept}


def main(arguments):
    setup_venv.check_python()
    if not arguments or arguments[0] not in COMMANDS:
        sys.stderr.write(__doc__.split("\n\n")[1] + "\n")
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.stderr.write("%s\n" % error)
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(130)
