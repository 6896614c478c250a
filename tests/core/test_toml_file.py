from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grammy_desktop.core.effects import load_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.styles.load import read_style
from grammy_desktop.core.toml_file import read_toml
from grammy_desktop.mastering.platform_table import load_table
from grammy_desktop.mastering.presets import read_preset
from grammy_desktop.mastering.translation.devices import read_device

JARGON = re.compile(r"Expected|Unclosed|Unterminated|Illegal|Invalid|Cannot|key/value|at line \d+, column|document")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nkind highpass", "line 2 (“kind highpass”)", "needs “=” between a name and its value"),
        ("a = 1\nb =\nc = 3", "line 2 (“b =”)", "has no value that can be read"),
        ("a = loud", "line 1 (“a = loud”)", "a text in quotes"),
        ('a = "loud\nb = 2', 'line 1 (“a = "loud”)', "without its closing quote"),
        ('a = """loud\n\n', 'line 1 (“a = """loud”)', "without its closing quote"),
        (r'plugin = "C:\VST3\Warm.vst3"', "line 1", "a backslash in a text: write it twice"),
        (r'plugin = "D:\users\Warm.vst3"', "line 1", "a backslash in a text: write it twice"),
        ("a = 1 dB", "line 1 (“a = 1 dB”)", "something left over"),
        ("a = [1, 2", "line 1", "without its closing “]”"),
        ("[[chain]\nkind = 'gain'", "line 1 (“[[chain]”)", "a heading without its closing bracket"),
        ("[[chain", "line 1 (“[[chain”)", "a heading without its closing bracket"),
        ("a = 1\n\na = 2", "line 3 (“a = 2”)", "was set before"),
        ("[clip]\n[clip]", "line 2 (“[clip]”)", "was set before"),
        ("a = {b = 1", "line 1", "“{”"),
        ("= 3", "line 1 (“= 3”)", "does not begin with a name"),
        ("größe = 3", "line 1 (“größe = 3”)", "a name that needs quotes"),
        ("a = 'loud", "line 1 (“a = 'loud”)", "without its closing quote"),
        ("a = 'b\x02'", "line 1", "cannot be typed"),
        ("a.größe = 3", "line 1 (“a.größe = 3”)", "a name that needs quotes"),
        ("a = 2026-02-31", "line 1", "a date that does not exist"),
        ("x" * 90, f"line 1 (“{'x' * 39}…”)", "needs “="),
        ("a = " + "1" * 5_000, "", "a number that is too long"),
        ("a = " + "[" * 9_000, "", "nested too deeply"),
    ],
)
def test_the_line_and_what_to_do_are_said(tmp_path: Path, text: str, line: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_toml(path, "a preset")
    message = caught.value.message
    assert message.startswith(f"“mine.toml” could not be read as a preset: {line}")
    assert words in message
    assert not JARGON.search(message)
    assert message.count(".") - text.count(".") <= 2 and message.endswith(".")
    assert caught.value.file == str(path)


@pytest.mark.parametrize("read", [load_chain, load_table, read_preset, read_device, read_style])
def test_every_reader_of_users_files_says_so(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("name = 'Mine'\nkind highpass\n")
    with pytest.raises(UserError, match=r"^“mine\.toml” could not be read as an? .*: line 2 \(“kind highpass”\) needs"):
        read(path)
    path.write_bytes("name = 'Größe'".encode("utf-16"))
    with pytest.raises(UserError, match="it is no text in UTF-8; save it as UTF-8"):
        read(path)


def test_the_mark_that_windows_editors_put_in_front_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf[[chain]]\nkind = 'gain'\n")
    assert load_chain(path)[0].kind == "gain"
