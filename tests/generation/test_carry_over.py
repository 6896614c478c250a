"""A new stem in the place of an old one: treated as the mix treated the old, equal to it where it plays the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from grammy_desktop.generation.composer.revise.carry_over import (
    carried_over,
    quantised,
    treated,
    treatment_of,
    within,
)

RATE = 48_000
SECONDS = 6
Samples = NDArray[np.float32]


def noise(seed: int, seconds: float = SECONDS) -> Samples:
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal((round(seconds * RATE), 2))).astype(np.float32)


def mixed(raw: Samples) -> Samples:
    """What a mix may do: a bell and a shelf, less side, a quiet section, a common gain."""
    b, a = signal.iirpeak(2_000, 1.0, fs=RATE)
    out = raw + 0.8 * signal.lfilter(b, a, raw, axis=0)
    mid, side = (out[:, 0] + out[:, 1]) / 2, 0.5 * (out[:, 0] - out[:, 1]) / 2
    level = np.where(np.arange(len(raw)) < 3 * RATE, 0.25, 0.5)
    return quantised((np.stack([mid + side, mid - side], axis=1) * level[:, None]).astype(np.float32))


def level(samples: NDArray[Any]) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


def test_the_treatment_is_heard_from_the_old_stem() -> None:
    old = noise(1)
    heard = treatment_of(old, mixed(old))
    assert heard is not None
    other = noise(2)
    got, wanted = treated(other, heard), mixed(other)
    for first, last in ((0.2, 2.8), (3.2, 5.8)):
        span = slice(round(first * RATE), round(last * RATE))
        assert abs(level(got[span]) - level(wanted[span])) < 0.2
    assert level(got - wanted) < level(wanted) - 15
    for low, high in ((100, 500), (1_500, 2_500), (5_000, 9_000)):
        sos = signal.butter(4, (low, high), "bandpass", fs=RATE, output="sos")
        assert abs(level(signal.sosfilt(sos, got, axis=0)) - level(signal.sosfilt(sos, wanted, axis=0))) < 0.7
    sides = [level(s[:, 0] - s[:, 1]) - level(s[:, 0] + s[:, 1]) for s in (got, wanted)]
    assert sides[0] == pytest.approx(sides[1], abs=0.5)


def test_what_plays_the_same_stays_sample_for_sample() -> None:
    old = noise(1)
    new = old.copy()
    new[2 * RATE : 3 * RATE] = noise(3, 1.0)
    delivered = mixed(old)
    result = quantised(carried_over(old, delivered, new, treatment_of(old, delivered)))
    assert np.array_equal(result[: round(1.7 * RATE)], delivered[: round(1.7 * RATE)])
    assert np.array_equal(result[round(3.4 * RATE) :], delivered[round(3.4 * RATE) :])
    inner = slice(round(2.2 * RATE), round(2.8 * RATE))
    assert not np.array_equal(result[inner], delivered[inner])
    assert abs(level(result[inner]) - level(delivered[inner])) < 1.0


def test_a_level_that_differs_throughout_is_taken_back() -> None:
    old = noise(1)
    delivered = mixed(old)
    louder = (old * np.float32(1.3)).copy()
    result = quantised(carried_over(old, delivered, louder, treatment_of(old, delivered)))
    assert np.mean(np.all(result == delivered, axis=1)) > 0.95


def test_silence_teaches_nothing() -> None:
    assert treatment_of(np.zeros((RATE, 2), np.float32), np.zeros((RATE, 2), np.float32)) is None


def test_peaks_give_way_only_where_the_mix_would_pass() -> None:
    others = np.zeros((RATE, 2), np.float32)
    others[RATE // 2 : RATE // 2 + 100] = 0.4
    new = np.full((RATE, 2), 0.1, np.float32)
    new[RATE // 2 : RATE // 2 + 50] = 0.5
    kept = within(new, others, 0.5)
    assert np.abs(others + kept).max() <= 0.57
    assert np.array_equal(kept[: RATE // 4], new[: RATE // 4])
    assert within(new, np.zeros_like(new), 0.5) is new
