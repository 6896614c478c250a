"""System libraries: found by loading them, installed where we may (root on Debian or Ubuntu), else the exact line to type."""

import ctypes
import os
import shutil
import subprocess
import sys

WINDOW = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libportaudio.so.2": "libportaudio2",
}
"""What Qt and PortAudio load at run time on Linux."""

TESTS = {
    "program:ffmpeg": "ffmpeg",
    "program:Xvfb": "xvfb",
    "program:openbox": "openbox",
    "program:xdotool": "xdotool",
    "program:pulseaudio": "pulseaudio",
    "program:parec": "pulseaudio-utils",
    "plugin:libasound_module_pcm_pulse.so": "libasound2-plugins",
}
"""Peers and stages of the tests."""

VENV = {"module:ensurepip": "python3-venv"}


def need(things):
    """Everything in `things` must be there; raises SetupError with the line to type."""
    from setup_venv import SetupError

    left = _install_missing(things)
    if left:
        raise SetupError(
            "Some system libraries are missing (%s). Type this, then run the same command again:\n  %s"
            % (", ".join(sorted(left)), _line(left))
        )


def want(things):
    """Like `need`, but the tests that use what is missing are skipped."""
    left = _install_missing(things)
    if left:
        sys.stderr.write("Tests that need %s are skipped; to run them: %s\n" % (", ".join(sorted(left)), _line(left)))


def _install_missing(things):
    if not sys.platform.startswith("linux"):
        return set()
    packages = _missing(things)
    if packages and shutil.which("apt-get") and os.geteuid() == 0:
        sys.stderr.write("Installing system libraries: %s\n" % " ".join(sorted(packages)))
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
        subprocess.call(["apt-get", "update"], **quiet)
        subprocess.call(["apt-get", "install", "-y", "--no-install-recommends"] + sorted(packages), **quiet)
        packages = _missing(things)
    return packages


def _missing(things):
    return {package for thing, package in things.items() if not _present(thing)}


def _present(thing):
    kind, _, name = thing.rpartition(":")
    if kind == "program":
        return shutil.which(name) is not None
    if kind == "module":
        probe = [sys.executable, "-c", "import %s" % name]
        return subprocess.call(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    if kind == "plugin":
        return any(name in files for root in ("/usr/lib",) for _, _, files in os.walk(root))
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _line(packages):
    names = " ".join(sorted(packages))
    if shutil.which("apt-get"):
        return "sudo apt-get install -y %s" % names
    if shutil.which("dnf"):
        return "sudo dnf install %s   # Debian's names; your distribution's may differ" % names
    return "install %s (Debian's names) with your package manager" % names
