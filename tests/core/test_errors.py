from __future__ import annotations

import pickle

import pytest

from grammy_desktop.core.errors import BugError, EnvironmentFailure, ErrorKind, GrammyError, UserError, WorkerDied


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
