"""The bootstrap's plain words: an old Python, a missing library, no network, a full disk."""

from __future__ import annotations

import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture
def setup_venv(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(PACKAGING))
    import setup_venv

    return setup_venv


@pytest.mark.parametrize("version", [(3, 9), (3, 13), (4, 0)])
def test_other_pythons_are_refused(setup_venv: Any, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    with pytest.raises(
        setup_venv.SetupError, match=f"needs Python 3.11 to 3.12; this is {version[0]}.{version[1]}"
    ) as told:
        setup_venv.check_python()
    assert told.value.code == 2


def test_a_nearly_full_disk_is_told_before_anything_is_written(
    setup_venv: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(setup_venv.shutil, "disk_usage", lambda folder: usage(10, 10, 5e8))
    _constraints(tmp_path, "six==1.17.0")
    with pytest.raises(setup_venv.SetupError, match=r"2\.0 GB are needed .* 0\.5 GB are free"):
        setup_venv.ensure(tmp_path, sections=("runtime",))
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found", "not connected"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk became full"),
        ("ERROR: six has no such version", "six has no such version"),
    ],
)
def test_pip_failures_in_plain_words(
    setup_venv: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, output: str, words: str
) -> None:
    failed = subprocess.CompletedProcess([], 1, stdout=output)
    monkeypatch.setattr(setup_venv.subprocess, "run", lambda *args, **kwargs: failed)
    (tmp_path / "bin").mkdir()
    with pytest.raises(setup_venv.SetupError, match=words):
        setup_venv._pip(tmp_path / "bin" / "python", ["install"])


def test_an_old_python_can_read_the_entry_script() -> None:
    """No syntax younger than 3.6 in what runs before the version is checked."""
    import ast

    for name in ("bootstrap.py", "setup_venv.py", "setup_system.py"):
        ast.parse((PACKAGING / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_missing_libraries_give_the_line_to_type(monkeypatch: pytest.MonkeyPatch, setup_venv: Any) -> None:
    import setup_system

    monkeypatch.setattr(setup_system, "_install_missing", lambda things: {"libegl1", "libxcb-cursor0"})
    monkeypatch.setattr(setup_system.shutil, "which", lambda name: "/usr/bin/apt-get")
    with pytest.raises(setup_venv.SetupError, match="sudo apt-get install -y libegl1 libxcb-cursor0"):
        setup_system.need(setup_system.WINDOW)


def _constraints(root: Path, *pins: str) -> None:
    (root / "packaging").mkdir()
    (root / "packaging" / "constraints.txt").write_text("# [runtime]\n" + "\n".join(pins) + "\n")
