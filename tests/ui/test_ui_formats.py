import pytest

from grammy_desktop.ui.formats import (
    clock,
    duration_words,
    key_name,
    length,
    musical_position,
    signed,
    size,
    tempo_text,
)
from grammy_desktop.ui.fuzzy import fuzzy_score


@pytest.mark.parametrize(
    ("value", "text"), [(-14.04, "−14.0"), (0.04, "0.0"), (-0.04, "0.0"), (3.25, "3.2"), (None, "—")]
)
def test_signed(value: float | None, text: str) -> None:
    assert signed(value) == text
    assert signed(0.5, plus=True) == "+0.5"


def test_times() -> None:
    assert clock(39.0) == "0:39.000"
    assert clock(59.9996) == "1:00.000"
    assert length(119.6) == "2:00"
    assert duration_words(14.2) == "14\u00a0s"
    assert duration_words(130) == "2\u00a0min"


def test_musical_position_counts_from_one() -> None:
    assert musical_position(0.0, 90.0, (4, 4)) == "1.1.1"
    assert musical_position(39.0, 90.0, (4, 4)) == "15.3.3"
    # 6/8 at 120 quarter notes a minute: a bar is 1.5 s, an eighth 0.25 s.
    assert musical_position(1.5, 120.0, (6, 8)) == "2.1.1"
    assert musical_position(1.75, 120.0, (6, 8)) == "2.2.1"
    assert musical_position(5.0, None, (4, 4)) == "1.1.1"


def test_names() -> None:
    assert key_name("Bb major") == "B♭ major"
    assert key_name("F# minor") == "F♯ minor"
    assert key_name(None) == "—"
    assert tempo_text(90.0) == "90\u00a0BPM"
    assert tempo_text(92.5) == "92.5\u00a0BPM"
    assert size(210e9) == "210\u00a0GB"
    assert size(4.6e9) == "4.6\u00a0GB"


def test_fuzzy_prefers_word_starts_and_rejects_strewn_letters() -> None:
    assert fuzzy_score("loo", "Loop on or off") > fuzzy_score("loo", "Bloom")
    assert fuzzy_score("loo", "Extend selection on by a bar") == 0
    assert fuzzy_score("lpsel", "Loop the selection") > 0
    assert fuzzy_score("xyz", "Loop") == 0
