"""A thin slice of the long proof `issue_3.bad_files`: every bad file once, and sixty mutations, in a warm child process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from grammy_desktop.core.audio_file import read_clip
from grammy_desktop.core.audio_sentences import one_line
from grammy_desktop.core.errors import GrammyError
from tests.acceptance.issue_3 import bad_files
from tests.acceptance.issue_3.bad_files_base import BadFile
from tests.acceptance.issue_3.bad_files_coded import coded_files
from tests.acceptance.issue_3.bad_files_mutate import mutations
from tests.acceptance.issue_3.bad_files_odd import foreign_files, odd_places
from tests.acceptance.issue_3.bad_files_wav import wav_files


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bad_files.Child]:
    made = bad_files.Child(tmp_path_factory.mktemp("staging") / "x")
    yield made
    made.close()


def check(tally: bad_files.Tally, child: bad_files.Child) -> None:
    assert tally.wrong == []
    assert tally.slowest[0] < bad_files.LONGEST_SECONDS
    assert child.peak_mb < 500


def test_bad_and_odd_files(tmp_path: Path, child: bad_files.Child) -> None:
    made = [*wav_files(), *coded_files(), *foreign_files()]
    assert len({file.name for file in made}) == len(made) >= 200
    tally = bad_files.try_all(bad_files.written(made[::3], tmp_path), child, master_every=0)
    assert tally.fine > 20
    assert tally.sentences["user"] > 50
    check(tally, child)


@pytest.mark.skipif("os.name == 'nt'", reason="Windows has neither pipes nor devices among its files")
def test_odd_places(tmp_path: Path, child: bad_files.Child) -> None:
    check(bad_files.try_all(odd_places(tmp_path), child, master_every=0), child)


def test_mutations(tmp_path: Path, child: bad_files.Child) -> None:
    tally = bad_files.try_all(bad_files.written(mutations(60), tmp_path), child, master_every=0)
    assert tally.files == 60
    assert tally.sentences["user"] > 10
    check(tally, child)


def test_decoders_say_nothing_on_their_own(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for file in mutations(150):
        if file.name.endswith(".mp3"):
            (tmp_path / "x.mp3").write_bytes(file.data)
            with suppress(GrammyError):
                read_clip(tmp_path / "x.mp3")
    os.write(2, b"still there")
    assert capfd.readouterr().err == "still there"


def test_mutations_are_the_same_every_time() -> None:
    first, again = list(mutations(20)), list(mutations(20))
    assert first == again
    assert len({file.data for file in first}) == 20


def test_the_proof_notices_what_is_wrong(tmp_path: Path, child: bad_files.Child) -> None:
    path = tmp_path / "x.wav"
    for found in (
        {"kind": "escaped", "message": "Traceback"},
        {"kind": "died", "message": "exit code -11"},
        {"kind": "user", "message": "Something is wrong."},
        {"kind": "user", "message": "“x.wav” is bad.\nVery."},
        {"kind": "bug", "message": "“x.wav” is damaged."},
    ):
        assert not bad_files.is_clear(path, found)
    assert bad_files.is_clear(path, {"kind": "user", "message": "“x.wav” is damaged."})
    # A worker that dies is noticed, and the next file has a new one.
    missing = [BadFile("y.wav", b"")]
    child.close()
    assert bad_files.try_all(bad_files.written(missing, tmp_path), child, master_every=0).sentences["user"] == 1


def test_names_in_sentences_are_one_line() -> None:
    assert (
        one_line("a\nb\tc\udcff.wav")
        == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}.wav"
    )
    assert len(one_line("x" * 250)) < 130
