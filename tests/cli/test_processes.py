"""The command line as a process: Ctrl-C, pipes, streams, two at once, and names that are no text."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest
from cli_helpers import Shell, grammy

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library

LOFI = "Chill lo-fi hip hop, 90 BPM"


def alive(group: int) -> list[str]:
    """Names of a process group's processes; those that only wait to be collected are gone."""
    import psutil

    found = []
    for process in psutil.process_iter(["status", "name"]):
        try:
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process.info["name"])
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="process groups and signals of POSIX")
@pytest.mark.parametrize("stage", ["Composing", "Mastering"])
def test_ctrl_c_during_create_leaves_nothing(tmp_path: Path, stage: str) -> None:
    data = tmp_path / "data"
    process = grammy(data, "create", LOFI, "--duration", "20", "--seed", "7", "--out", str(tmp_path / "out"), "--json")
    assert process.stderr is not None
    for line in process.stderr:
        if stage in line:
            break
    os.killpg(process.pid, signal.SIGINT)  # A terminal interrupts the whole group, the workers too.
    asked = time.monotonic()
    out, err = process.communicate(timeout=20)
    took = time.monotonic() - asked
    assert process.returncode == 130 and out == "" and "Traceback" not in err
    assert err.strip().splitlines()[-1] == "Cancelled; nothing was kept half-made."
    assert took < 1.5, f"ended after {took:.2f} s"
    deadline = time.monotonic() + 1.0
    while (left := alive(process.pid)) and time.monotonic() < deadline:
        pass
    assert not left, "a worker outlived the command"
    assert list((tmp_path / "out").iterdir()) == [] and list((data / "staging").iterdir()) == []
    with sqlite3.connect(data / "library.sqlite3") as connection:
        assert connection.execute("select count(*) from tracks").fetchone() == (0,)
        assert connection.execute("select state from jobs").fetchall() == [("cancelled",)]


@pytest.mark.skipif(sys.platform == "win32", reason="process groups and signals of POSIX")
def test_ctrl_c_while_starting_is_no_traceback(tmp_path: Path) -> None:
    process = grammy(tmp_path / "data", "loudness", "/dev/zero.wav", env={"PYTHONVERBOSE": "1"})
    assert process.stderr is not None
    for line in process.stderr:
        if "grammy_desktop.cli.main" in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    # On a busy machine the command may have come to its end: there the signal is the interpreter's own affair.
    assert process.returncode in (130, 2, -signal.SIGINT) and "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_reader_that_goes_away_is_no_failure_of_ours(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = grammy(tmp_path / "data", "templates", "--json", stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130 and err == ""


def test_two_creates_at_once_in_one_library(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "out"
    arguments = ("generate", LOFI, "--duration", "5", "--seed", "7", "--out", str(folder), "--json")
    both = [grammy(data, *arguments) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    for out, err in answers:
        assert out.count("\n") == 1, "standard output is one JSON object"
        assert [line for line in err.splitlines() if not line.endswith("...")] == [], "one line a stage, nothing else"
    songs = [json.loads(answer[0]) for answer in answers]
    assert songs[0]["track_id"] != songs[1]["track_id"]
    files = [path for song in songs for path in (song["files"]["mix"], *song["files"]["stems"].values())]
    assert len(set(files)) == len(files) and all(Path(path).exists() for path in files)
    library = Library.open(AppPaths(data))
    try:
        assert library.count() == 2 and library.verify().ok
    finally:
        library.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only here may a file name be any bytes")
def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    wave = 0.2 * np.sin(np.arange(48_000) / 20)
    soundfile.write(tmp_path / "plain.wav", wave, 48_000)
    odd = os.fsencode(tmp_path) + b"/\xff\xfe.wav"
    os.rename(tmp_path / "plain.wav", odd)
    for command in ("loudness", "score", "import"):
        process = grammy(tmp_path / "data", command, os.fsdecode(odd), "--json", "--quiet", env={"LC_ALL": "C"})
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        (item,) = json.loads(out)["items"]
        assert os.fsencode(item["path"]) == odd
    assert item["title"] == "\ufffd\ufffd"
    for words in (("library", "rename", item["id"], "\udcff"), ("library", "tag", item["id"], "a\udcff", "\n")):
        assert grammy(tmp_path / "data", *words).wait(timeout=20) == 0
    out, _ = grammy(tmp_path / "data", "library", "list", env={"LC_ALL": "C"}).communicate(timeout=20)
    assert "\ufffd" in out


def test_a_data_folder_that_cannot_be(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder, code, words in (
        (tmp_path / "file", 3, "file"),
        (tmp_path / "file" / "deeper", 3, "file"),
        ("~nobody-of-that-name/x", 2, "home folder"),
        ("", 2, "empty"),
    ):
        answered, answer, err = shell("library", "list", "--json", "--data-dir", str(folder))
        assert answered == code and words in answer["error"]["message"]
        assert len(err.strip().splitlines()) == 1
    assert (tmp_path / "file").read_text() == "x"


def test_a_library_of_a_newer_version_is_refused_in_a_sentence(shell: Shell, tmp_path: Path) -> None:
    data = tmp_path / "newer"
    assert shell("library", "list", "--data-dir", str(data))[0] == 0
    with sqlite3.connect(data / "library.sqlite3") as connection:
        connection.execute("pragma user_version = 9999")
    code, answer, _ = shell("create", LOFI, "--json", "--data-dir", str(data))
    assert code == 2 and "newer version" in answer["error"]["message"]


COMMANDS = (
    "create generate master loudness score enhance templates styles presets engines library import export jobs resume"
    " doctor selftest screenshots"
)
ACTIONS = "list search show rename star tag delete restore verify backup"


@pytest.mark.parametrize(
    "words", [(), *((name,) for name in COMMANDS.split()), *(("library", action) for action in ACTIONS.split())]
)
def test_every_help_has_an_example(shell: Shell, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        shell(*words, "--help")
    text = capsys.readouterr().out
    assert ended.value.code == 0 and f"example:  grammy {' '.join(words)}".rstrip() in text
    unexplained = [line for line in text.splitlines() if line.startswith("  --") and len(line.split()) == 1]
    assert not unexplained


def test_the_help_names_every_command_of_the_contract(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        shell("--help")
    text = capsys.readouterr().out
    assert all(f"    {name}" in text for name in COMMANDS.split())


def test_the_beginning_of_an_id_must_be_one_songs(shell: Shell, tmp_path: Path) -> None:
    from grammy_desktop.cli.places import song_id

    library = Library.open(AppPaths(tmp_path / "data"))
    try:
        assert song_id(library, "abcd") == "abcd"
        with pytest.raises(UserError, match="no song"):
            library.track(song_id(library, "abcd"))
    finally:
        library.close()
