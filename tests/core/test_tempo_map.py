"""Beats to seconds and back."""

from __future__ import annotations

import pytest

from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Section
from grammy_desktop.core.tempo_map import beat_at, seconds_at, tempo_changes

CHANGES = ((4.0, 60.0), (6.0, 240.0))


def test_one_tempo() -> None:
    assert seconds_at(3.0, 90.0) == 2.0
    assert beat_at(2.0, 90.0) == 3.0
    assert tempo_changes(90.0) == ((0.0, 90.0),)


@pytest.mark.parametrize(
    ("beat", "seconds"), [(-1.0, -0.5), (0.0, 0.0), (4.0, 2.0), (5.0, 3.0), (6.0, 4.0), (10.0, 5.0), (14.0, 6.0)]
)
def test_tempo_changes_in_steps(beat: float, seconds: float) -> None:
    assert seconds_at(beat, 120.0, CHANGES) == pytest.approx(seconds)
    assert beat_at(seconds, 120.0, CHANGES) == pytest.approx(beat)


def test_what_is_heard() -> None:
    assert tempo_changes(120.0, CHANGES) == ((0.0, 120.0), *CHANGES)
    assert tempo_changes(120.0, ((0.0, 100.0), (2.0, 100.0), (4.0, 80.0))) == ((0.0, 100.0), (4.0, 80.0))
    # The order in which they are given does not matter; at one beat the later one counts.
    assert tempo_changes(120.0, CHANGES[::-1]) == tempo_changes(120.0, CHANGES)
    assert tempo_changes(120.0, ((4.0, 90.0), (4.0, 95.0))) == ((0.0, 120.0), (4.0, 95.0))
    with pytest.raises(ValueError, match="0 BPM"):
        seconds_at(1.0, 120.0, ((1.0, 0.0),))


def test_a_score_that_breathes() -> None:
    sections = (Section("verse", 0, 1, 0.5), Section("chorus", 1, 2, 0.9))
    score = Arrangement(120.0, Key.parse("C major"), (4, 4), sections, (), (), tempo_map=((4.0, 60.0),))
    assert score.section_times() == (("verse", 0.0, 2.0), ("chorus", 2.0, 10.0))
    assert score.beat_at(score.seconds(7.5)) == pytest.approx(7.5)
    assert score.to_json()["tempi"] == [{"start": 0.0, "tempo": 120.0}, {"start": 2.0, "tempo": 60.0}]
    assert "tempi" not in Arrangement(120.0, Key.parse("C major"), (4, 4), sections, (), ()).to_json()
