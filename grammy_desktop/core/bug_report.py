"""What a user can copy or send when something of ours broke: versions, platform, traceback, the newest log lines. No secrets."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from grammy_desktop import __version__
from grammy_desktop.core.atomic import atomic_file, write_failure
from grammy_desktop.core.errors import BugError
from grammy_desktop.core.log import Redactor, last_lines, log_file
from grammy_desktop.core.paths import AppPaths

_PACKAGES = (
    "PySide6-Essentials",
    "SQLAlchemy",
    "librosa",
    "numba",
    "numpy",
    "pedalboard",
    "scipy",
    "sounddevice",
    "soundfile",
    "tinysoundfont",
)
_LOG_LINES = 50


def write_bug_report(paths: AppPaths, error: BaseException, *, redactor: Redactor | None = None) -> Path:
    """Writes the report beside the logs and returns where it lies. Raises EnvironmentFailure."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = paths.logs / f"bug-{stamp}.txt"
    try:
        paths.logs.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise write_failure(target, failure) from failure
    with atomic_file(target) as partial:
        partial.write_text(bug_report_text(paths, error, redactor=redactor), encoding="utf-8")
    return target


def bug_report_text(paths: AppPaths, error: BaseException, *, redactor: Redactor | None = None) -> str:
    """The report as text, for the clipboard. The user's home folder is written as `~`."""
    details = error.details if isinstance(error, BugError) and error.details else ""
    parts = [
        f"Grammy Desktop {__version__} - bug report, {datetime.now(UTC).isoformat(timespec='seconds')}",
        _versions(),
        "".join(traceback.format_exception(error)).rstrip(),
        *([f"Details\n{details.rstrip()}"] if details else []),
        "\n".join(["Log", *last_lines(log_file(paths), _LOG_LINES)]),
    ]
    text = (redactor or Redactor())("\n\n".join(parts) + "\n")
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > len(os.sep) + 1 else text


def _versions() -> str:
    rows = [
        f"Python {platform.python_version()} on {platform.platform()} ({platform.machine()})",
        f"Frozen: {'yes' if getattr(sys, 'frozen', False) else 'no'}; processors: {os.cpu_count()}",
    ]
    for name in _PACKAGES:
        try:
            rows.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            rows.append(f"{name} not found")
    return "\n".join(rows)
