"""File names: right on every system, and telling a producer what they hold."""

from __future__ import annotations

import pytest

from grammy_desktop.workflows.naming import file_stem, one_line, safe_name, short_key


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rooftop Rain", "Rooftop Rain"),
        ("Grüße aus Köln", "Grüße aus Köln"),
        ("AC/DC: live?", "AC DC live"),
        ("..", "Song"),
        ("", "Song"),
        ("con", "con song"),
        ("a\x00b\nc", "a b c"),
        ("x" * 300, "x" * 80),
    ],
)
def test_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize(
    ("key", "short"), [("A minor", "Am"), ("Eb major", "Eb"), ("F# minor", "F#m"), ("D dorian", "Ddorian")]
)
def test_short_key(key: str, short: str) -> None:
    assert short_key(key) == short


def test_file_stem_leaves_out_what_is_unknown() -> None:
    assert file_stem("Rooftop Rain", 90.0, "A minor", "drums") == "Rooftop Rain_90bpm_Am_drums"
    assert file_stem("Take", 92.5, None, "mix") == "Take_92.5bpm_mix"
    assert file_stem("Take", None, None, "mix") == "Take_mix"


def test_a_name_fits_on_every_disk() -> None:
    assert len(safe_name("夜" * 300).encode()) <= 150
    assert safe_name("a\udcffb\x9bc") == "a b c"


@pytest.mark.parametrize(
    ("text", "line"), [("a\nb\t c", "a b c"), ("\udcff\udcfe.wav", "\ufffd\ufffd.wav"), ("\x1b[2J", "[2J"), (" ", "")]
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line
