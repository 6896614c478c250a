"""System libraries: found by loading them, installed where we may (root on Debian or Ubuntu), else the exact line to type."""

import ctypes
import os
import shutil
import subprocess
import sys

CORE = {"libatomic.so.1": "libatomic1"}
"""What pedalboard loads at run time on Linux."""

WINDOW = {
    "libglib-2.0.so.0": "libglib2.0-0",
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
    "program:git": "git",
    "program:Xvfb": "xvfb",
    "program:openbox": "openbox",
    "program:xdotool": "xdotool",
    "program:pulseaudio": "pulseaudio",
    "program:parec": "pulseaudio-utils",
    "plugin:libasound_module_pcm_pulse.so": "libasound2-plugins",
}
"""Peers and stages of the tests; git names the commit that a proof was made at."""

APT_OPTIONS = ("-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::http::Timeout=30", "-o", "Acquire::Retries=2")
"""Another installation may be under way; a network that is down is no reason to wait for minutes."""


def venv():
    """What `python -m venv` needs; Debian ships it apart, one package a Python."""
    return {"module:ensurepip": "python%d.%d-venv" % sys.version_info[:2]}


def need(things):
    """Everything in `things` must be there; raises SetupError with the line to type."""
    from setup_venv import SetupError

    left = _install_missing(things)
    if left and _may_install():
        raise SetupError(
            "Some system packages are missing (%s) and could not be installed: look at this computer's network and at "
            "what this says, then run the same command again:\n  %s" % (", ".join(sorted(left)), _line(left))
        )
    if left:
        raise SetupError(
            "Some system packages are missing (%s). Type this, then run the same command again:\n  %s"
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
    if packages and _may_install():
        sys.stderr.write("Installing system packages: %s\n" % " ".join(sorted(packages)))
        quiet = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
        quiet["env"] = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.call(["apt-get", *APT_OPTIONS, "update"], **quiet)
        install = ["apt-get", *APT_OPTIONS, "install", "-y", "--no-install-recommends", *sorted(packages)]
        subprocess.call(install, **quiet)
        packages = _missing(things)
    return packages


def _may_install():
    """Root on Debian or Ubuntu; nobody is asked for a password."""
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


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
        return "%sapt-get install -y %s" % ("" if _may_install() else "sudo ", names)
    if shutil.which("dnf"):
        return "sudo dnf install %s   # Debian's names; your distribution's may differ" % names
    return "install %s (Debian's names) with your package manager" % names
