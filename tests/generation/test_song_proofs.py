"""A thin slice of the long proofs of the composer (`tests/acceptance/issue_4`): one short song through all that is looked at."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from grammy_desktop.core.music import Key
from tests.acceptance.issue_4.attack_facts import attack_errors, envelope
from tests.acceptance.issue_4.key_facts import by_constant_q, by_essentia, expected, relative
from tests.acceptance.issue_4.song_facts import RATE, SongFacts, facts_of
from tests.acceptance.issue_4.songbook import Wish, make_song


@pytest.fixture
def worker() -> Iterator[ProcessPoolExecutor]:
    """As in the proofs: what librosa compiles stays out of the tests' own process, which it once brought down."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_a_song_as_the_proofs_see_it(worker: ProcessPoolExecutor) -> None:
    facts = worker.submit(make_song, Wish("House, 124 BPM, A minor, 16 seconds", 3), measure=facts_of).result()
    assert (facts.style, facts.tempo, facts.key, facts.midi_metres) == ("house", 124.0, "A minor", ("4/4",))
    assert facts.midi_tempi == (round(60e6 / 124),) and facts.midi_keys == ("Am",)
    assert facts.frames == 16 * RATE and facts.stuck_notes == 0
    assert facts.stem_error_db < -90 and facts.tail_db < -40 and facts.highest < 1.0
    assert facts.attacks and all(judged > 0 for judged, *_ in facts.attacks.values())
    assert SongFacts.from_json(facts.to_json()) == facts


@pytest.mark.parametrize("late_ms", [0.0, 12.0, -8.0])
def test_attacks_are_read_to_a_millisecond(late_ms: float) -> None:
    onsets = [0.5, 1.0, 1.5]
    audio = np.zeros((2 * RATE, 1), np.float32)
    for onset in onsets:
        first = round((onset + late_ms / 1000) * RATE)
        audio[first : first + 4_000, 0] = 0.5 * np.exp(-np.arange(4_000) / 800)
    assert attack_errors(envelope(audio, RATE), onsets) == pytest.approx([late_ms] * 3, abs=1.0)


def test_both_ears_hear_a_plain_key(worker: ProcessPoolExecutor) -> None:
    for tonic, minor in ((9, True), (3, False)):
        audio = cadence(tonic, minor)
        heard = [worker.submit(ear, audio, RATE).result() for ear in (by_constant_q, by_essentia)]
        assert heard == [(tonic, minor)] * 2
        key = Key(tonic, "minor" if minor else "major")
        assert expected(key) == (tonic, minor) and relative(relative(expected(key))) == (tonic, minor)


def cadence(tonic: int, minor: bool) -> np.ndarray:
    """I IV V I in triads of five partials, with the root below."""
    third = 3 if minor else 4
    time = np.arange(RATE) / RATE
    bars = []
    for root, quality in ((0, third), (5, third), (7, 4), (0, third)):
        pitches = [48 + (tonic + root) % 12, *(60 + (tonic + root) % 12 + step for step in (0, quality, 7))]
        hertz = [440 * 2 ** ((pitch - 69) / 12) for pitch in pitches]
        bars.append(sum(np.sin(2 * np.pi * n * hz * time) / n for hz in hertz for n in range(1, 6)))
    return np.tile(0.1 * np.concatenate(bars), 2)[:, None].astype(np.float32)
