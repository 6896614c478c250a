"""The command line as tests call it: in this process, or as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grammy_desktop.cli.main import run_command_line


class Shell:
    """Calls the command line in this process."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capsys = capsys
        self.opened: list[str | None] = []

    def __call__(self, *arguments: str) -> tuple[int, Any, str]:
        """(exit code, parsed standard output, standard error)."""

        def open_window(data_dir: str | None) -> int:
            self.opened.append(data_dir)
            return 0

        code = run_command_line(
            ["--data-dir", str(self.data), *arguments],
            open_window=open_window,
            make_screenshots=lambda data, out: [out],
        )
        out, err = self._capsys.readouterr()
        return code, json.loads(out) if "--json" in arguments and out else out, err


def grammy(data: Path, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    """`grammy --data-dir DATA ...` as a process with its own process group, its output on pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "grammy_desktop", "--data-dir", str(data), *arguments],
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        start_new_session=True,
        env={**os.environ, **options.pop("env", {})},
        **options,
    )
