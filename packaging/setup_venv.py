"""Makes and repairs `.venv` from the exact versions in `constraints.txt`."""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 12)
"""Every dependency has wheels for these on Linux x86-64 (glibc), Windows x86-64 and macOS arm64 (docs/decisions/0002)."""

NEEDED_GB = 2.0
"""The runtime's venv takes 1.2 GB; pip's cache and the unpacking need the rest for a while."""

FULL_MB = 20


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
    others = [name for name in ("python3.12", "python3.11") if _answers(name)]
    way_out = "type:\n  %s %s" % (others[0], " ".join(sys.argv)) if others else "install one of them and use it here."
    raise SetupError(
        "Grammy Desktop needs Python %s; this is %d.%d. To go on, %s" % ((wanted,) + version + (way_out,)), 2
    )


def _answers(name):
    """A name on the path may be a version manager's shim without a Python behind it."""
    if shutil.which(name) is None:
        return False
    return subprocess.call([name, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def missing(root, sections):
    """The sections (and "app") that the venv does not hold as `constraints.txt` has them."""
    installed, wanted = _read_stamp(_venv(root)), _wanted(root, sections)
    if not _python(root).exists() or installed.get("place", str(root)) != str(root):
        return [*sections, "app"]
    lacking = [name for name in sections if installed.get(name) != wanted[name]]
    return lacking if "app" in installed else lacking + ["app"]


def works(root):
    """Whether there is a venv of this Python, made here (its scripts know its place), with a pip that starts."""
    if not _python(root).exists() or _read_stamp(_venv(root)).get("place", str(root)) != str(root):
        return False
    code = "import sys, pip; sys.exit(sys.version_info[:2] != %r)" % (sys.version_info[:2],)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.call([str(_python(root)), "-c", code], **quiet) == 0


def ensure(root, sections):
    """The venv's python, with the pinned packages of `sections` and the app itself installed."""
    if not missing(root, sections):
        return _python(root)
    check_disk(root)
    try:
        _install(root, sections)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full() from error
        raise SetupError("%s could not be written: %s." % (_venv(root), error.strerror or error)) from error
    return _python(root)


def _install(root, sections):
    venv, python = _venv(root), _python(root)
    if not works(root):
        _create(venv)
    _say("Installing Grammy Desktop's packages (once, about a minute)...")
    pins = _sections(root)
    installed = _read_stamp(venv)
    for name in missing(root, sections):
        if name == "app":
            _pip(python, ["install", "--no-deps", "--no-build-isolation", "-e", str(root)])
        else:
            _pip(python, ["install", "--no-deps", "-r", str(_requirements(venv, name, pins[name]))])
    installed.update(_wanted(root, sections), app="editable", place=str(root))
    _write_stamp(venv, installed)


def _venv(root):
    return root / ".venv"


def _python(root):
    return _venv(root) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _wanted(root, sections):
    pins = _sections(root)
    return {name: _digest(pins[name]) for name in sections}


def _sections(root):
    """{section: its pins} of `constraints.txt`."""
    pins, name = {}, None
    for line in (root / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines():
        heading = re.match(r"# \[(\w+)\]", line)
        if heading:
            name = heading.group(1)
            pins[name] = []
        elif name and line.strip() and not line.startswith("#"):
            pins[name].append(line.strip())
    return pins


def _digest(lines):
    """Of the pins and the Python's minor version: a security update of Python keeps what is installed."""
    return hashlib.sha256("\n".join([*lines, "%d.%d" % sys.version_info[:2]]).encode()).hexdigest()[:16]


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


def check_disk(root):
    """Raises SetupError when the venv would not fit beside `root`."""
    free = shutil.disk_usage(str(root)).free / 1e9
    if free < NEEDED_GB:
        raise SetupError(
            "The disk is nearly full: %.1f GB are needed in %s, %.1f GB are free. Free some and run the same command again."
            % (NEEDED_GB, root, free)
        )


def _create(venv):
    if venv.exists():
        shutil.rmtree(str(venv))
    _say("Making %s..." % venv)
    result = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    _refuse_full_disk(result, venv)
    if result.returncode != 0:
        raise SetupError("A virtual environment could not be made in %s: %s" % (venv, _last_line(result.stdout)))


def _refuse_full_disk(result, venv):
    """Not every program says why it failed: less than FULL_MB left is reason enough."""
    if result.returncode == 0:
        return
    if "No space left on device" in result.stdout or shutil.disk_usage(str(venv.parent)).free < FULL_MB * 1e6:
        raise _disk_full()


def _disk_full():
    return SetupError("The disk became full: free about %.0f GB and run the same command again." % NEEDED_GB)


_OFFLINE = (
    "NewConnectionError",
    "Temporary failure in name resolution",
    "ConnectTimeoutError",
    "Network is unreachable",
    "Failed to establish a new connection",
    "No route to host",
    "Connection refused",
    "Max retries exceeded",
    "ProxyError",
)


def _pip(python, arguments):
    """Downloads and unpacking lie beside the venv, on the disk that was looked at: /tmp may be small."""
    venv = Path(python).parents[1]
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", *arguments]
    with tempfile.TemporaryDirectory(prefix="unpack-", dir=str(venv)) as folder:
        environment = dict(os.environ, TMPDIR=folder, TEMP=folder)
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    if result.returncode == 0:
        return
    _refuse_full_disk(result, venv)
    log = venv / "grammy-install.log"
    log.write_text(result.stdout, encoding="utf-8")
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
