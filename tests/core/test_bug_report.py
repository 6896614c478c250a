from __future__ import annotations

import logging
from pathlib import Path

import pytest

from grammy_desktop import __version__
from grammy_desktop.core.bug_report import bug_report_text, write_bug_report
from grammy_desktop.core.errors import BugError, EnvironmentFailure
from grammy_desktop.core.log import set_up_logging
from grammy_desktop.core.paths import AppPaths


def caught() -> Exception:
    try:
        raise ValueError("the limiter said sk-abcdefghijklmnop")
    except ValueError as error:
        return error


def test_a_report_holds_what_is_needed_and_no_secret(tmp_path: Path) -> None:
    paths = AppPaths(tmp_path)
    setup = set_up_logging(paths)
    setup.hide("open sesame")
    for number in range(60):
        logging.getLogger("grammy_desktop.tests").info("line %d with open sesame", number)
    file = write_bug_report(paths, caught(), redactor=setup.redactor)
    setup.close()
    text = file.read_text(encoding="utf-8")
    assert file.parent == paths.logs
    for words in (
        __version__,
        "Python 3.",
        "numpy ",
        "ValueError: the limiter said [hidden]",
        "in caught",
        "line 59",
        "line 10",
    ):
        assert words in text
    for words in ("sk-abc", "open sesame", "line 9 "):
        assert words not in text


def test_the_details_from_a_worker_are_in_it(tmp_path: Path) -> None:
    error = BugError("Something went wrong.", details="Traceback in the worker\n  line 7")
    text = bug_report_text(AppPaths(tmp_path), error)
    assert "Traceback in the worker" in text


def test_the_home_folder_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "jane"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home" / "jane"))
    text = bug_report_text(AppPaths(tmp_path), ValueError(str(tmp_path / "home" / "jane" / "song.wav")))
    assert "jane" not in text
    assert "~" in text


def test_a_disk_that_refuses_is_the_environment_s_failure(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    with pytest.raises(EnvironmentFailure):
        write_bug_report(AppPaths(tmp_path), ValueError("x"))
