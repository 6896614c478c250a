from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from grammy_desktop.core.errors import (
    BugError,
    EnvironmentFailure,
    ErrorKind,
    GrammyError,
    UserError,
    WorkerDied,
    WriteFailure,
)


@pytest.mark.parametrize("kind", [UserError, EnvironmentFailure, WorkerDied, BugError])
def test_errors_survive_the_way_between_processes(kind: type[GrammyError]) -> None:
    error = kind("song.wav is not audio.", file="song.wav")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert (copy.message, copy.file, str(copy)) == ("song.wav is not audio.", "song.wav", "song.wav is not audio.")


def test_the_details_of_a_bug_survive_too() -> None:
    copy = pickle.loads(pickle.dumps(BugError("Wrong.", details="Traceback")))
    assert (copy.message, copy.details) == ("Wrong.", "Traceback")


def test_every_error_has_its_kind() -> None:
    kinds = [error("x").kind for error in (UserError, EnvironmentFailure, WorkerDied, BugError)]
    assert kinds == [ErrorKind.USER, ErrorKind.ENVIRONMENT, ErrorKind.ENVIRONMENT, ErrorKind.BUG]


def test_a_working_files_name_is_left_out_for_a_user() -> None:
    error = pickle.loads(
        pickle.dumps(WriteFailure("/data/staging/5e8c/master.wav", "the disk is full", "free some space"))
    )
    assert str(error) == "“master.wav” could not be written: the disk is full (/data/staging/5e8c); free some space."
    told = error.told_without_file(Path("/data"))
    words = "The work could not be finished: the disk is full (/data, where the app keeps its data); free some space."
    assert (str(told), told.file, told.kind) == (words, "/data", ErrorKind.ENVIRONMENT)
