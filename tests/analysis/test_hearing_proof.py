"""A thin slice of the proofs `hearing` and `form` (tests/acceptance/issue_4): one short song of our own taken apart again."""

from __future__ import annotations

from typing import Any

import pytest

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.song import Song
from tests.acceptance.issue_4.form import song_matches
from tests.acceptance.issue_4.form_facts import form_of, matched
from tests.acceptance.issue_4.hearing_facts import hearing_of
from tests.acceptance.issue_4.songbook import Wish, make_song


def both(song: Song, brief: Brief, seed: int) -> dict[str, Any]:
    return {"hearing": hearing_of(song, brief, seed), "form": form_of(song, brief, seed)}


def test_a_song_of_ours_is_heard_as_it_was_written() -> None:
    facts = make_song(Wish("Pop, 112 BPM, G major, 20 seconds", 7101), measure=both)
    heard, form = facts["hearing"], facts["form"]
    assert heard["tempo_error"] < 0.01 and heard["metre_right"]
    assert heard["phase_ms"] < 20 and heard["downbeats"] > 0.9
    assert heard["chords_majmin"] > 0.7
    assert heard["melody_contour"] is None or heard["melody_contour"] > 0.5
    assert form["bars"] >= 7 and len(form["chances"]) == form["bars"] and form["chances"][0] == 1.0
    assert all(0 < bar < form["bars"] for bar in [*form["planned"], *form["found"], *form["plain"]])


@pytest.mark.parametrize(
    ("planned", "found", "counts", "good"),
    [
        ([8, 16], [8, 16], (2, 2), True),
        ([8, 16], [9, 15, 24], (2, 2), True),
        ([8, 16], [8], (1, 1), False),
        ([8], [4, 8, 12], (1, 1), False),
        ([], [], (0, 0), True),
    ],
)
def test_what_counts_as_a_form_that_matches(planned, found, counts, good) -> None:
    assert matched(planned, found) == counts
    assert song_matches(planned, found) is good
