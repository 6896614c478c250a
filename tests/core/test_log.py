from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grammy_desktop.core import log
from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.paths import AppPaths

ROOT = Path(__file__).parents[2]
logger = logging.getLogger("grammy_desktop.tests")


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(tmp_path)


@pytest.fixture
def setup(paths: AppPaths) -> Iterator[log.LogSetup]:
    made = log.set_up_logging(paths)
    yield made
    made.close()


def test_lines_name_their_process_and_are_written_once(setup: log.LogSetup, paths: AppPaths) -> None:
    import os

    again = log.set_up_logging(paths)
    logger.info("one line")
    again.close()
    text = setup.file.read_text()
    assert text.count("one line") == 1
    assert f"[{os.getpid()} MainThread] grammy_desktop.tests: one line" in text


@pytest.mark.expects_log
def test_the_level_holds_and_closing_takes_everything_back(paths: AppPaths) -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    made = log.set_up_logging(paths, level="ERROR")
    logger.info("too quiet")
    logger.error("loud enough")
    made.close()
    logger.error("too late")
    assert (list(root.handlers), root.level) == before
    text = made.file.read_text()
    assert "loud enough" in text and "too quiet" not in text and "too late" not in text


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key sk-proj-abcDEF123_456-xyz here", "abcDEF123"),
        ("Authorization: Bearer abc.def-123456", "abc.def"),
        (f"token {JWT}", "eyJ"),
        ("https://user:hunter2@example.org/x", "hunter2"),
        ("postgresql://postgres:s3cr3t-pw@db/x", "s3cr3t"),
        ('{"password": "correcthorse"}', "correcthorse"),
        ("OPENAI_API_KEY=abcdef0123", "abcdef0123"),
        ("api_key='zzzzyyyy'", "zzzzyyyy"),
        ("sb_secret_aaaabbbbcccc", "aaaabbbb"),
        ("my own: swordfish-42", "swordfish"),
    ],
)
def test_secrets_never_reach_the_file(setup: log.LogSetup, text: str, secret: str) -> None:
    setup.hide("swordfish-42")
    logger.info("%s", text)
    try:
        raise ValueError(text)
    except ValueError:
        logger.info("with a traceback", exc_info=True)
    written = setup.file.read_text()
    assert "[hidden]" in written and "ValueError" in written
    assert secret not in written


def test_ordinary_words_stay(setup: log.LogSetup) -> None:
    plain = "key A minor, tempo 90, https://example.org/a:b, risk-free, the token count is 12, basic shape"
    logger.info("%s", plain)
    assert plain in setup.file.read_text()


def test_the_file_rotates(paths: AppPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_MAX_BYTES", 50_000)
    setup = log.set_up_logging(paths)
    for _ in range(75):
        logger.info("x" * 5_000)
    setup.close()
    files = sorted(path.name for path in setup.file.parent.iterdir())
    assert files == ["grammy.log", *(f"grammy.log.{number}" for number in range(1, 6))]
    assert all(path.stat().st_size <= 50_000 for path in setup.file.parent.iterdir())


def test_a_long_line_is_redacted_quickly() -> None:
    import time

    redact = log.Redactor()
    started = time.process_time()
    for text in ("ab-" * 40_000, "a" * 120_000, "x://" * 30_000, "eyJaaaaaa." * 10_000, "password" * 15_000):
        redact(text)
    # A pattern that costs the square of a line's length needs minutes here.
    assert time.process_time() - started < 10


def test_a_worker_s_lines_follow_the_rotation(setup: log.LogSetup) -> None:
    """A worker that has the file open when the app rotates writes its next line into the new file, and never rotates itself."""
    script = (
        "import logging, sys; from pathlib import Path; from grammy_desktop.core.log import set_up_worker_logging\n"
        "setup = set_up_worker_logging(Path(sys.argv[1]))\n"
        "logging.info('first'); print(flush=True); sys.stdin.readline(); logging.info('second'); setup.close()\n"
    )
    command = [sys.executable, "-c", script, str(setup.file)]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert worker.stdout is not None
    worker.stdout.readline()
    for _ in range(11):
        logger.info("x " * 50_000)
    worker.communicate("\n", timeout=20)
    assert "second" in setup.file.read_text()
    assert "first" in setup.file.with_name("grammy.log.1").read_text()


def test_a_folder_that_cannot_be_made_is_the_environment_s_failure(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    with pytest.raises(EnvironmentFailure):
        log.set_up_logging(AppPaths(tmp_path))


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    made = log.set_up_worker_logging(tmp_path / "no such folder" / "grammy.log")
    logger.info("into the void")
    made.close()
    assert "Traceback" not in capfd.readouterr().err
