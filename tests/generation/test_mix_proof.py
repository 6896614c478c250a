"""A thin slice of the long proof of the mixes (`tests/acceptance/issue_4/mix.py`): one short song, and its rulers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.acceptance.issue_4.mix import INSIDE, MONO_DB, percentiles
from tests.acceptance.issue_4.mix_facts import (
    CENTRES,
    MixFacts,
    low_side_db,
    lowest_correlation,
    mix_facts,
    third_octaves,
)
from tests.acceptance.issue_4.songbook import Wish, make_song

RATE = 48_000


def test_a_song_as_the_proof_sees_it() -> None:
    facts = MixFacts.from_json(make_song(Wish("a song", 5, style="house", duration=16.0), measure=mix_facts))
    low, _, high = percentiles("4Q R&B/Rap/Electronic")
    assert np.mean((np.array(facts.bands) >= low) & (np.array(facts.bands) <= high)) >= INSIDE
    assert facts.lowest_correlation >= 0.0
    assert facts.low_side_db <= MONO_DB
    assert facts.stem_error_db <= -90.0
    assert facts.crest_db == pytest.approx(12.0, abs=2.5)


def test_the_rulers() -> None:
    rng = np.random.default_rng(1)
    white = rng.standard_normal((8 * RATE, 2)).astype(np.float32) * np.float32(0.1)
    levels = np.array(third_octaves(white))
    assert np.diff(levels[5:24]) == pytest.approx(np.ones(18), abs=0.7)
    assert levels[CENTRES == 1000.0] == pytest.approx(
        10 * np.log10(1000 * (2 ** (1 / 6) - 2 ** (-1 / 6)) / 11_025), abs=0.3
    )
    assert low_side_db(white) == pytest.approx(0.0, abs=1.0)
    assert low_side_db(white[:, :1] * np.ones((1, 2), np.float32)) < -100.0
    against = np.concatenate([white[: 4 * RATE, :1] * [[1.0, 1.0]], white[4 * RATE :, :1] * [[1.0, -1.0]]]).astype(
        np.float32
    )
    assert lowest_correlation(against) == pytest.approx(-1.0, abs=1e-3)
    assert lowest_correlation(against[: 4 * RATE]) == pytest.approx(1.0, abs=1e-3)
