"""Progress on standard error: a bar on a terminal, a line per stage otherwise."""

from __future__ import annotations

import sys
from typing import TextIO

WORDS = {
    "waiting": "Waiting",
    "enhance": "Reading the prompt",
    "compose": "Composing",
    "perform": "Performing",
    "render": "Playing the instruments",
    "mix": "Mixing",
    "master": "Mastering",
    "score": "Listening",
    "store": "Saving",
    "read": "Reading",
    "measure": "Measuring",
    "export": "Exporting",
    "edit": "Editing",
    "fix": "Fixing",
    "effects": "Applying effects",
    "check": "Checking",
    "listen": "Listening",
    "encode": "Trying codecs",
}


class ProgressLine:
    """Shows one job. `quiet` shows nothing."""

    def __init__(self, *, quiet: bool, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._bar = self._stream.isatty()
        self._stage = ""

    def show(self, fraction: float, stage: str) -> None:
        if self._quiet or not stage:
            return
        words = WORDS.get(stage, stage)
        if self._bar:
            filled = round(24 * min(1.0, max(0.0, fraction)))
            self._write(f"\r\x1b[K{'█' * filled}{'░' * (24 - filled)} {round(100 * fraction):3d} %  {words}")
        elif stage != self._stage:
            self._write(f"{words}...\n")
        self._stage = stage

    def end(self) -> None:
        if self._bar and self._stage and not self._quiet:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
