from __future__ import annotations

import os
from pathlib import Path

import pytest

from grammy_desktop.core.atomic import atomic_file
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
