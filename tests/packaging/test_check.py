"""What `bootstrap.py test` runs: every test once, Qt for the window's only, side by side, nothing lost."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(PACKAGING))
    import check

    return check


@pytest.fixture
def lanes(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(PACKAGING))
    import lanes

    return lanes


def test_every_test_is_in_exactly_one_task(check: Any) -> None:
    folders = [Path(task.command[-1]) for task in check.test_tasks("python", "qtless")]
    for path in (ROOT / "tests").rglob("test_*.py"):
        assert sum(folder in path.parents for folder in folders) == 1, path
    assert all(folder.is_dir() for folder in folders)
    known = {folder.name for folder in folders}
    assert {*check.LONG_ROOMS, *check.ROOMS_WITH_QT, *check.ALONE} <= known


def test_only_the_windows_tests_have_qt(check: Any) -> None:
    pythons = {Path(task.command[-1]).name: task.command[0] for task in check.test_tasks("python", "qtless")}
    assert pythons.pop("ui") == "python"
    assert len(pythons) > 10 and set(pythons.values()) == {"qtless"}


def test_where_qt_is_not_installed_everything_else_is(check: Any, tmp_path: Path) -> None:
    python = check.make_qtless(str(tmp_path / "venv"))
    code = "import importlib.util as u; print(*(u.find_spec(name) is not None for name in {!r}))".format(
        ("PySide6", "shiboken6", "pytestqt", "pyqtgraph", "numpy", "scipy", "pytest", "soundfile")
    )
    told = subprocess.run([str(python), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"] * 4 + ["True"] * 4


def test_qt_that_is_still_found_is_no_environment_without_it(
    check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "PySide6").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert check.make_qtless(str(tmp_path / "venv")) is None


class Said:
    """What tasks note in a file: `+name` at their beginning, `-name` at their end."""

    def __init__(self, lanes: Any, folder: Path) -> None:
        self._lanes = lanes
        self.folder = folder

    def task(self, name: str, code: str = "", *, alone: bool = False) -> Any:
        note = "with open('log', 'a') as log: log.write({!r})"
        program = "\n".join(["import os, sys", note.format(f"+{name} "), code, note.format(f"-{name} ")])
        return self._lanes.Task(name, [sys.executable, "-c", program], alone)

    def run(self, *tasks: Any, lanes: int) -> tuple[list[str], str]:
        """(names of what failed, what was shown)."""
        out = io.StringIO()
        return self._lanes.run_tasks(tasks, self.folder, lanes=lanes, out=out), out.getvalue()

    @property
    def order(self) -> list[str]:
        return (self.folder / "log").read_text().split()


@pytest.fixture
def said(lanes: Any, tmp_path: Path) -> Said:
    return Said(lanes, tmp_path)


def meet(other: str) -> str:
    """Code that ends only when `other` has begun too."""
    return f"while '+{other} ' not in open('log').read(): pass"


def test_what_fails_is_named_and_its_words_are_shown(said: Said) -> None:
    tasks = (
        said.task("good", "os.write(1, b'fine \\xff\\n')"),
        said.task("bad", "sys.exit('it broke')"),
        said.task("killed", "os.kill(os.getpid(), 9)"),
    )
    failed, shown = said.run(*tasks, lanes=2)
    assert sorted(failed) == ["bad", "killed"]
    assert "== good\nfine \ufffd\n== good: ok in" in shown
    assert "== bad\nit broke\n== bad: FAILED in" in shown and "== killed: FAILED in" in shown


def test_lanes_run_side_by_side(said: Said) -> None:
    assert said.run(said.task("a", meet("b")), said.task("b", meet("a")), lanes=2)[0] == []


def test_one_lane_runs_one_after_another(said: Said) -> None:
    said.run(*(said.task(name) for name in "abc"), lanes=1)
    assert said.order == ["+a", "-a", "+b", "-b", "+c", "-c"]


def test_what_measures_time_runs_alone_and_last(said: Said) -> None:
    tasks = (said.task("x", alone=True), said.task("y", alone=True), said.task("a", meet("b")), said.task("b"))
    assert said.run(*tasks, lanes=2)[0] == []
    assert said.order[4:] == ["+x", "-x", "+y", "-y"] and set(said.order[:4]) == {"+a", "+b", "-a", "-b"}


def test_nothing_goes_on_after_an_interruption(lanes: Any, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    processes: list[subprocess.Popen[bytes]] = []

    class Interrupted:
        """A clock's tick at which Ctrl-C comes, when both have begun."""

        monotonic = staticmethod(lanes.time.monotonic)

        @staticmethod
        def sleep(seconds: float) -> None:
            if (said.folder / "log").exists() and len(said.order) == 2:
                raise KeyboardInterrupt

    class Kept(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            processes.append(self)

    monkeypatch.setattr(lanes, "time", Interrupted)
    monkeypatch.setattr(lanes, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(lanes.subprocess, "Popen", Kept)
    forever = "while True: pass"
    with pytest.raises(KeyboardInterrupt):
        said.run(said.task("a", forever), said.task("b", forever), said.task("c"), lanes=2)
    assert len(processes) == 2 and all(process.returncode is not None for process in processes)
    assert said.order == ["+a", "+b"] or said.order == ["+b", "+a"]
