"""What words make of a song that is there."""

from __future__ import annotations

from typing import Any

import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.styles import load_styles
from grammy_desktop.workflows.remix import read_variation

STYLES = load_styles()
BRIEF = read_prompt("lofi, 80 BPM, in F minor, with piano", STYLES, style="lofi", duration=60.0)


def said(words: str) -> dict[str, Any]:
    return read_variation(words, BRIEF, STYLES)


@pytest.mark.parametrize("words", ["darker", "same song, darker", "make it a bit darker", "dark"])
def test_moods(words: str) -> None:
    assert said(words)["mood"] == ["dark"]


def test_comparatives_of_other_moods() -> None:
    assert said("happier")["mood"] == ["happy"] and said("sadder")["mood"] == ["sad"]


def test_tempo_counts_from_the_song() -> None:
    assert said("slower")["tempo"] == 71.0 and said("faster")["tempo"] == 90.0
    assert said("at 92 BPM")["tempo"] == 92.0


def test_energy_counts_from_the_song() -> None:
    assert said("more energetic")["energy"] > BRIEF.energy.value > said("softer")["energy"]


def test_instruments_join_those_that_were_wanted() -> None:
    wishes = said("with strings, no piano")
    assert "strings" in wishes["instruments"] and "piano" not in wishes["instruments"]
    assert "piano" in wishes["excluded"]


def test_several_at_once() -> None:
    wishes = said("darker and slower, with strings")
    assert {"mood", "tempo", "instruments"} <= set(wishes) and "duration" not in wishes and "key" not in wishes


def test_a_key() -> None:
    assert said("in A minor")["key"] == "A minor"


def test_what_is_not_understood_and_what_is_another_style() -> None:
    with pytest.raises(UserError, match="says nothing"):
        said("blorp")
    with pytest.raises(UserError, match="restyle"):
        said("as house")
