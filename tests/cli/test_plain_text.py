"""What a person reads on a terminal of 80 columns."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from cli_helpers import Shell, grammy
from mastering_files import mix_file

from grammy_desktop.cli.commands.check import platform_table
from grammy_desktop.cli.wrap import sentence, wrapped_table
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def longest(text: str) -> int:
    return max(len(line) for line in text.splitlines())


def test_long_cells_and_sentences_are_wrapped_within_their_edge() -> None:
    words = "turned down " * 20
    text = wrapped_table([["Spotify", "over", words], ["Tidal", "pass", ""]])
    lines = text.splitlines()
    assert (
        longest(text) <= 80
        and lines[1].startswith(" " * len("Spotify  over  turned"[:15]))
        and lines[-1] == "Tidal    pass"
    )
    assert longest(sentence(words)) <= 80 and sentence(words).splitlines()[1].startswith("  down")
    assert wrapped_table([]) == ""


def test_a_refused_level_is_not_called_over() -> None:
    def row(passed: bool, overs: list[str]) -> str:
        return platform_table([{"name": "X", "pass": passed, "overs": overs, "note": ""}]).split()[1]

    assert [row(True, []), row(False, []), row(False, ["file"])] == ["pass", "level", "over"]


def test_check_master_and_listen_fit(shell: Shell, tmp_path: Path) -> None:
    mix = str(mix_file(tmp_path / "mix.wav", seconds=4))
    for arguments in (("check", mix, "--no-codecs"), ("listen", mix)):
        code, text, _ = shell("--quiet", *arguments)
        assert code == 0 and longest(text) <= 80, text
    code, text, _ = shell("--quiet", "master", mix, "--out", str(tmp_path / "m.wav"))
    told = [line for line in text.splitlines() if str(tmp_path) not in line]
    assert code == 0 and longest("\n".join(told)) <= 80, text


def test_a_bad_file_does_not_push_the_columns_apart(shell: Shell, tmp_path: Path) -> None:
    mix = str(mix_file(tmp_path / "mix.wav"))
    (tmp_path / "text.wav").write_text("hello " * 40, encoding="utf-8")
    code, text, err = shell("--quiet", "loudness", mix, str(tmp_path / "text.wav"))
    assert code == 2 and longest(text) <= 80 and "text.wav" in err


def test_effects_say_when_a_float_goes_beyond_full_scale(shell: Shell, tmp_path: Path) -> None:
    chain = tmp_path / "loud.toml"
    chain.write_text('[[chain]]\nkind = "gain"\ngain_db = 20\n', encoding="utf-8")
    loud = tmp_path / "loud.wav"
    write_wav(loud, AudioClip(np.full((24_000, 2), 0.9, np.float32), 48_000))
    code, text, err = shell("--quiet", "effects", str(loud), "--chain", str(chain), "--out", str(tmp_path / "o.wav"))
    assert code == 0 and "beyond full scale" in text, (text, err)
    code, answer, _ = shell("effects", str(loud), "--chain", str(tmp_path / "none.toml"), "--json")
    assert code == 2 and answer["error"]["message"] == "“none.toml” does not exist."


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
@pytest.mark.parametrize("columns", [80, 110])
def test_lists_fit_the_terminal(tmp_path: Path, columns: int) -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = grammy(tmp_path / "data", "presets", stdout=theirs, env={"COLUMNS": ""})
    os.close(theirs)
    shown = b""
    # On Linux the end of a terminal is an error.
    with suppress(OSError):
        while part := os.read(ours, 65_536):
            shown += part
    os.close(ours)
    assert process.wait(timeout=30) == 0
    process.communicate()
    text = shown.decode().replace("\r\n", "\n")
    assert columns - 12 < longest(text) <= columns, text
    assert "spotify-loud" in text


def test_lists_have_a_line_a_row_where_there_is_no_terminal(shell: Shell) -> None:
    code, text, _ = shell("presets")
    listed = shell("presets", "--json")[1]["items"]
    assert code == 0 and len(text.splitlines()) == len(listed)
    assert all(line.endswith(item["description"]) for line, item in zip(text.splitlines(), listed, strict=True))


def test_an_unknown_benchmark_is_quoted_as_everything_else(shell: Shell) -> None:
    code, _, err = shell("bench", "mastr")
    assert code == 2 and "There is no benchmark “mastr”; there are loudness, master, composer." in err
