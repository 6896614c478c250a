"""The bootstrap's plain words: an old Python, a missing library, no network, a full disk."""

from __future__ import annotations

import shutil
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


@pytest.mark.parametrize(("root", "line"), [(False, "\n  sudo apt-get install -y"), (True, "\n  apt-get install -y")])
def test_missing_libraries_give_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch, setup_venv: Any, root: bool, line: str
) -> None:
    import setup_system

    monkeypatch.setattr(setup_system, "_install_missing", lambda things: {"libegl1", "libxcb-cursor0"})
    monkeypatch.setattr(setup_system, "_may_install", lambda: root)
    monkeypatch.setattr(setup_system.shutil, "which", lambda name: "/usr/bin/apt-get")
    with pytest.raises(setup_venv.SetupError, match=f"{line} libegl1 libxcb-cursor0"):
        setup_system.need(setup_system.WINDOW)


def test_another_python_is_named_only_when_it_answers(setup_venv: Any, tmp_path: Path) -> None:
    """A version manager's shim is on the path whether or not it leads to a Python."""
    for name, body in (("python3.12", "exit 127"), ("python3.11", "exit 0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "version_info", (3, 9, 0))
        patched.setattr(sys, "argv", ["packaging/bootstrap.py", "run"])
        patched.setenv("PATH", str(tmp_path))
        with pytest.raises(setup_venv.SetupError, match=r"\n  python3\.11 packaging/bootstrap\.py run$"):
            setup_venv.check_python()


def test_what_is_installed_is_known(setup_venv: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Again only what changed; nothing after an update of the same Python; everything after a move."""
    _constraints(tmp_path, "six==1.17.0", "# [dev]", "ruff==0.17.6")
    _pretend_venv(tmp_path)
    assert setup_venv.missing(tmp_path, ("runtime",)) == ["runtime", "app"]
    installed = {**setup_venv._wanted(tmp_path, ("runtime",)), "app": "editable", "place": str(tmp_path)}
    setup_venv._write_stamp(tmp_path / ".venv", installed)
    assert setup_venv.missing(tmp_path, ("runtime",)) == []
    assert setup_venv.missing(tmp_path, ("runtime", "dev")) == ["dev"]
    monkeypatch.setattr(sys, "version", "3.11.999 (built tomorrow)")
    assert setup_venv.missing(tmp_path, ("runtime",)) == []
    _constraints(tmp_path, "six==1.18.0")
    assert setup_venv.missing(tmp_path, ("runtime",)) == ["runtime"]
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("packaging", ".venv"):
        (tmp_path / name).rename(moved / name)
    assert setup_venv.missing(moved, ("runtime",)) == ["runtime", "app"]
    assert not setup_venv.works(moved)


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="a display is a matter of the environment on Linux only"
)
@pytest.mark.parametrize("arguments", [[], ["--data-dir", "songs"], ["--data-dir=songs"]])
def test_no_display_is_told_before_anything_is_installed(tmp_path: Path, arguments: list[str]) -> None:
    shutil.copytree(PACKAGING, tmp_path / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, str(tmp_path / "packaging" / "bootstrap.py"), "run", *arguments]
    told = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    assert told.returncode == 3
    assert "no display" in told.stderr and "bootstrap.py run create" in told.stderr
    assert not (tmp_path / ".venv").exists()


def _constraints(root: Path, *pins: str) -> None:
    (root / "packaging").mkdir(exist_ok=True)
    (root / "packaging" / "constraints.txt").write_text("# [runtime]\n" + "\n".join(pins) + "\n")


def _pretend_venv(root: Path) -> None:
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
