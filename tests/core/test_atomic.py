from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grammy_desktop.core.atomic import atomic_file, write_new
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.progress import Cancelled


def test_the_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "größe 1.txt"
    with atomic_file(target) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".txt"
        temporary.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [ValueError("x"), Cancelled(), KeyboardInterrupt()])
def test_a_failed_block_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(type(error)), atomic_file(target) as temporary:
        temporary.write_text("half")
        raise error
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_an_environment_failure(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    with (
        pytest.raises(EnvironmentFailure, match=r"“a\.bin” could not be written: the disk is full"),
        atomic_file(target),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_and_a_folder_as_target_are_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"), atomic_file(tmp_path / "no" / "a.txt"):
        pass
    with pytest.raises(UserError, match="is a folder"), atomic_file(tmp_path):
        pass


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_an_environment_failure(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EnvironmentFailure, match="may not be written to"), atomic_file(tmp_path / "a.txt") as temporary:
        temporary.write_text("x")


def test_a_long_name_has_room_for_the_temporary_one(tmp_path: Path) -> None:
    target = tmp_path / ("ä" * 120 + ".wav")
    with atomic_file(target) as temporary:
        temporary.write_bytes(b"x")
    assert target.read_bytes() == b"x"


def test_a_new_file_never_takes_anothers_name(tmp_path: Path) -> None:
    wanted = tmp_path / "größe.wav"

    def put(content: bytes, path: Path = wanted) -> str:
        return write_new(path, lambda temporary: temporary.write_bytes(content)).name

    assert [put(b"1"), put(b"2"), put(b"3")] == ["größe.wav", "größe 2.wav", "größe 3.wav"]
    assert put(b"4", tmp_path / "größe 2.wav") == "größe 4.wav"
    assert put(b"5", tmp_path / "Opus 7.wav") == "Opus 7.wav"
    assert put(b"6", tmp_path / "Opus 7.wav") == "Opus 7 2.wav"
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [b"1", b"2", b"3", b"4", b"5", b"6"]


def test_a_disk_without_links_gives_new_names_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    names = [write_new(tmp_path / "a.wav", lambda temporary: temporary.write_bytes(b"x")).name for _ in range(2)]
    assert names == ["a.wav", "a 2.wav"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a 2.wav", "a.wav"]


def test_a_new_file_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(EnvironmentFailure, match=r"“a\.wav” could not be written: the disk is full .*free some space"):
        write_new(tmp_path / "a.wav", fail)
    assert list(tmp_path.iterdir()) == []


_WRITERS = """
import sys
from pathlib import Path
from grammy_desktop.core.atomic import write_new
print("ready", flush=True)
sys.stdin.readline()
for number in range(20):
    write_new(Path(sys.argv[1]), lambda temporary: temporary.write_text(sys.argv[2] * 5_000))
"""


def test_programs_that_write_at_the_same_moment_keep_all_their_files(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITERS, str(tmp_path / "a.txt"), letter],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for letter in "xyz"
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.communicate("go\n", timeout=30)
        assert writer.returncode == 0
    written = [path.read_text() for path in tmp_path.iterdir()]
    assert sorted(written) == sorted(letter * 5_000 for letter in "xyz" for _ in range(20))


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
def test_a_killed_writer_leaves_no_name_behind(tmp_path: Path) -> None:
    script = """
import os, signal, sys
from pathlib import Path
from grammy_desktop.core import atomic
atomic._flush = lambda path: os.kill(os.getpid(), signal.SIGKILL)
atomic.write_new(Path(sys.argv[1]), lambda temporary: temporary.write_text("whole"))
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "a.txt")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
