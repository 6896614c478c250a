from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from library_helpers import add_song, stored_files, titles

from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library

HERE = Path(__file__).parent
KILLS = 10

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")


def start(what: str, paths: AppPaths, seed: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "crash_script.py"), what, str(paths.data_dir), str(seed)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), str(HERE)])}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def kill(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    return rest


def lines_until_killed(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """What the process says until it is killed, `seconds` after its first word."""
    assert process.stdout is not None
    first = process.stdout.readline()
    timer = threading.Timer(seconds, process.send_signal, [signal.SIGKILL])
    timer.start()
    rest, _ = process.communicate()
    timer.join()
    return [first, *rest.splitlines(keepends=True)]


def test_killed_while_writing_nothing_acknowledged_is_lost(paths: AppPaths) -> None:
    chance = random.Random(3)
    made: set[str] = set()
    maybe_gone: set[str] = set()
    for round_number in range(KILLS):
        lines = lines_until_killed(start("write", paths, round_number), chance.uniform(0.01, 0.4))
        for line in lines:
            fact = json.loads(line) if line.endswith("\n") else {}
            made |= {fact["made"]} if "made" in fact else set()
            maybe_gone |= {fact["purging"]} if "purging" in fact else set()
        library = Library.open(paths)
        assert library.verify().problems == ()
        there = {track.id for track in library.tracks()}
        assert made - maybe_gone <= there
        assert {track.status for track in library.tracks()} <= {"completed"}
        assert all(entry.state is JobState.INTERRUPTED for entry in library.journal.entries(1000))
        assert list(paths.staging.iterdir()) == []
        library.close()
    assert len(made) >= KILLS


def test_the_living_are_left_alone_and_the_dead_are_swept(paths: AppPaths) -> None:
    other = start("stop", paths, 0)
    assert other.stdout is not None
    name = json.loads(other.stdout.readline())["name"]

    library = Library.open(paths)
    assert stored_files(library) == {name}
    assert titles(library) == ["in the making"]
    assert len(list(paths.staging.iterdir())) == 1
    assert library.verify().problems == ()
    # The same content from here meets the file of the other process.
    song = add_song(library, "Twin", content=b"just placed")
    library.close()

    kill(other)
    library = Library.open(paths)
    assert stored_files(library) == {name}
    assert titles(library) == ["Twin"]
    assert list(paths.staging.iterdir()) == []
    assert library.verify().problems == ()
    library.purge(song.id)
    assert stored_files(library) == set()
    library.close()


def test_a_file_without_a_row_is_swept_after_the_crash(paths: AppPaths) -> None:
    other = start("stop", paths, 0)
    assert other.stdout is not None
    assert other.stdout.readline()
    kill(other)
    library = Library.open(paths)
    assert stored_files(library) == set()
    assert library.tracks() == []
    assert library.verify().problems == ()
    library.close()
    assert list((paths.data_dir / "owners").iterdir()) == []


def test_two_processes_write_at_once(paths: AppPaths) -> None:
    processes = [start("write", paths, seed) for seed in (11, 12)]
    for process in processes:
        assert process.stdout is not None
        for _ in range(10):
            assert process.stdout.readline()
    third = Library.open(paths)
    # Both are at work: what they hold now is not a problem, and nothing of theirs is swept.
    assert [problem for problem in third.verify().problems if "database" in problem] == []
    for process in processes:
        assert process.poll() is None
        kill(process)
    third.close()
    library = Library.open(paths)
    assert library.verify().problems == ()
    assert library.count() >= 2
    library.close()
