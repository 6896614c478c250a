"""Makes and repairs `.venv` from the exact versions in `constraints.txt`."""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import setup_system

OLDEST, NEWEST = (3, 11), (3, 12)
"""Every dependency has wheels for these on Linux x86-64 (glibc), Windows x86-64 and macOS arm64 (docs/decisions/0002)."""

NEEDED_GB = 2.0
"""The runtime's venv takes 1.2 GB; pip's cache and the unpacking need the rest for a while."""


class SetupError(Exception):
    """One sentence for the user; `code` 2: they can mend it, 3: the machine failed."""

    def __init__(self, message, code=3):
        super().__init__(message)
        self.code = code


def check_python():
    version = sys.version_info[:2]
    if OLDEST <= version <= NEWEST:
        return
    wanted = "%d.%d to %d.%d" % (OLDEST + NEWEST)
    others = [name for name in ("python3.12", "python3.11") if shutil.which(name)]
    way_out = (
        "run: %s packaging/bootstrap.py ..." % others[0]
        if others
        else "install one of them and call this script with it"
    )
    raise SetupError(
        "Grammy Desktop needs Python %s; this is %d.%d. To go on, %s." % ((wanted,) + version + (way_out,)), 2
    )


def ensure(root, sections):
    """The venv's python, with the pinned packages of `sections` and the app itself installed."""
    venv = root / ".venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    constraints = root / "packaging" / "constraints.txt"
    pins = _sections(constraints)
    wanted = {name: _digest(pins[name]) for name in sections}
    installed = _read_stamp(venv)
    missing = [name for name in sections if installed.get(name) != wanted[name]]
    if python.exists() and not missing:
        return python
    _check_disk(root)
    try:
        if not _works(python):
            _create(venv)
            installed, missing = {}, list(sections)
        _say("Installing Grammy Desktop's packages (once, about a minute)...")
        for name in missing:
            _pip(python, ["install", "--no-deps", "-r", str(_requirements(venv, name, pins[name]))])
        if "app" not in installed:
            _pip(python, ["install", "--no-deps", "--no-build-isolation", "-e", str(root)])
        installed.update(wanted, app="editable")
        _write_stamp(venv, installed)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise SetupError(
                "The disk is full: free about %.0f GB and run the same command again." % NEEDED_GB
            ) from error
        raise SetupError("%s could not be written: %s." % (venv, error.strerror or error)) from error
    return python


def _sections(constraints):
    pins, name = {}, None
    for line in constraints.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"# \[(\w+)\]", line)
        if heading:
            name = heading.group(1)
            pins[name] = []
        elif name and line.strip() and not line.startswith("#"):
            pins[name].append(line.strip())
    return pins


def _digest(lines):
    return hashlib.sha256(("\n".join(lines) + sys.version).encode()).hexdigest()[:16]


def _stamp(venv):
    return venv / "grammy-installed.txt"


def _read_stamp(venv):
    try:
        return dict(line.split(" ", 1) for line in _stamp(venv).read_text(encoding="utf-8").splitlines() if " " in line)
    except OSError:
        return {}


def _write_stamp(venv, installed):
    partial = _stamp(venv).with_suffix(".part")
    partial.write_text("".join("%s %s\n" % item for item in sorted(installed.items())), encoding="utf-8")
    os.replace(str(partial), str(_stamp(venv)))


def _requirements(venv, name, lines):
    path = venv / ("requirements-%s.txt" % name)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _check_disk(root):
    free = shutil.disk_usage(str(root)).free / 1e9
    if free < NEEDED_GB:
        raise SetupError(
            "The disk is nearly full: %.1f GB are needed in %s, %.1f GB are free. Free some and run the same command again."
            % (NEEDED_GB, root, free)
        )


def _works(python):
    if not python.exists():
        return False
    probe = subprocess.run(
        [str(python), "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return probe.returncode == 0


def _create(venv):
    if venv.exists():
        shutil.rmtree(str(venv))
    _say("Making %s..." % venv)
    result = _make(venv)
    if result.returncode != 0 and "ensurepip" in result.stdout:
        setup_system.need(setup_system.VENV)
        result = _make(venv)
    if result.returncode != 0:
        raise SetupError("A virtual environment could not be made in %s: %s" % (venv, _last_line(result.stdout)))


def _make(venv):
    return subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


_OFFLINE = (
    "NewConnectionError",
    "Temporary failure in name resolution",
    "ConnectTimeoutError",
    "Network is unreachable",
    "Failed to establish a new connection",
    "No route to host",
    "Connection refused",
)


def _pip(python, arguments):
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", *arguments]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode == 0:
        return
    log = Path(python).parents[1] / "grammy-install.log"
    log.write_text(result.stdout, encoding="utf-8")
    if "No space left on device" in result.stdout:
        raise SetupError(
            "The disk became full while installing: free about %.0f GB and run the same command again." % NEEDED_GB
        )
    if any(sign in result.stdout for sign in _OFFLINE):
        raise SetupError(
            "The packages could not be fetched: this computer is not connected to its package registry. "
            "Connect it and run the same command again (the first run only needs the network)."
        )
    raise SetupError("Installing failed: %s (all of it in %s)" % (_last_line(result.stdout), log))


def _last_line(text):
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("WARNING")]
    return lines[-1].strip() if lines else "no reason was given."


def _say(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
