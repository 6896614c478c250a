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


def run(arguments):
    needs_window = not arguments or arguments[0] == "screenshots"
    if needs_window:
        setup_system.need(setup_system.WINDOW)
    python = setup_venv.ensure(ROOT, sections=("runtime",))
    os.environ.setdefault("PYTHONUTF8", "1")
    command = [str(python), "-m", "grammy_desktop", *arguments]
    if os.name == "nt":
        return subprocess.call(command)
    sys.stdout.flush()
    os.execv(command[0], command)


def test(arguments):
    setup_system.need(setup_system.WINDOW)
    setup_system.want(setup_system.TESTS)
    python = setup_venv.ensure(ROOT, sections=("runtime", "dev"))
    return subprocess.call([str(python), str(ROOT / "packaging" / "check.py"), *arguments], cwd=str(ROOT))


def accept(arguments):
    if not arguments:
        raise SetupError("Say which issue: python3 packaging/bootstrap.py accept ISSUE [POINT]", 2)
    setup_system.need(setup_system.WINDOW)
    setup_system.want(setup_system.TESTS)
    python = setup_venv.ensure(ROOT, sections=("runtime", "dev"))
    return subprocess.call([str(python), "-m", "tests.acceptance.run", *arguments], cwd=str(ROOT))


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
