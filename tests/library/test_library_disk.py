from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from library_helpers import add_song, stored_files, titles, write

from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 3 MB, where the system lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        sys.platform != "linux"
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("needs the right to mount a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_costs_nothing(small_disk: Path) -> None:
    library = Library.open(AppPaths(small_disk / "data"))
    song = add_song(library, "Small", content=b"small")
    own = write(small_disk / "own.wav", b"x" * 1_200_000)
    filler = small_disk / "filler"
    with pytest.raises(OSError), filler.open("wb") as stream:
        while True:
            stream.write(b"x" * 65_536)
            stream.flush()
    before = stored_files(library)
    from library_helpers import imported

    with pytest.raises(EnvironmentFailure, match="disk is full"):
        imported(library, own)
    assert stored_files(library) == before
    filler.unlink()
    assert titles(library) == ["Small"]
    assert imported(library, own).status == "completed"
    library.star(song.id, True)
    assert library.verify().problems == ()
    library.close()


def test_opening_on_a_full_disk(small_disk: Path) -> None:
    with pytest.raises(OSError), (small_disk / "filler").open("wb") as stream:
        while True:
            stream.write(b"x" * 4096)
            stream.flush()
    with pytest.raises(EnvironmentFailure):
        Library.open(AppPaths(small_disk / "data"))


def test_a_read_only_disk(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(EnvironmentFailure, match="read-only"):
        Library.open(AppPaths(small_disk / "data"))


def test_a_library_that_became_read_only(small_disk: Path) -> None:
    paths = AppPaths(small_disk / "data")
    library = Library.open(paths)
    add_song(library)
    library.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(EnvironmentFailure):
        Library.open(paths)


def test_a_file_stands_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(EnvironmentFailure, match="data"):
        Library.open(AppPaths(tmp_path / "data"))


def test_making_the_paths_touches_nothing(tmp_path: Path) -> None:
    AppPaths(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []
    library = Library.open(AppPaths(tmp_path / "data"))
    library.close()
    assert (tmp_path / "data" / "library.sqlite3").exists()


def test_verify_finds_every_kind_of_damage(tmp_path: Path) -> None:
    paths = AppPaths(tmp_path / "data")
    library = Library.open(paths)
    changed, missing = add_song(library, "Changed", content=b"one"), add_song(library, "Missing", content=b"two")
    library.versions(changed.id)[0].files["mix"].write_bytes(b"ONE")
    library.versions(missing.id)[0].files["mix"].unlink()
    (paths.audio / "ab").mkdir()
    (paths.audio / "ab" / "abstranger.wav").write_bytes(b"who is this")
    (paths.staging / "dead-job").mkdir()
    report = library.verify()
    assert report.checked == 2 and not report.ok
    text = "\n".join(report.problems)
    assert len(report.problems) == 4
    for words in (
        "'Changed'",
        "is damaged",
        "'Missing'",
        "is missing",
        "abstranger.wav belongs to no song",
        "dead-job was left",
    ):
        assert words in text
    library.close()
