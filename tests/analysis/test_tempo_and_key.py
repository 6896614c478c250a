"""Tempo and key of synthetic music whose tempo and key are known."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.analysis import estimate_key, estimate_tempo
from grammy_desktop.core.audio import AudioClip

RATE = 44_100


def drums(bpm: float, seconds: float = 20.0, *, swing: float = 0.5, jitter_ms: float = 0.0) -> AudioClip:
    """Kick on 1 and 3, snare on 2 and 4, hats in (swung) eighths, over soft hiss."""
    rng = np.random.default_rng(7)
    wave = 0.002 * rng.standard_normal(int(seconds * RATE))
    beat = 60.0 / bpm
    burst = np.arange(int(0.15 * RATE)) / RATE
    kick = np.sin(2 * np.pi * 60 * burst) * np.exp(-burst / 0.05)
    for number in range(int(seconds / beat)):
        hits = [(0.0, kick if number % 2 == 0 else 0.7 * rng.standard_normal(burst.size) * np.exp(-burst / 0.03))]
        hits += [
            (place, 0.25 * np.diff(rng.standard_normal(burst.size + 1)) * np.exp(-burst / 0.01))
            for place in (0.0, swing)
        ]
        for place, sound in hits:
            at = int(((number + place) * beat + rng.normal(0, jitter_ms / 1000)) * RATE)
            if 0 <= at < wave.size - sound.size:
                wave[at : at + sound.size] += sound
    return AudioClip((0.3 * wave / np.abs(wave).max())[:, None].astype(np.float32), RATE)


def chords(progression: list[tuple[int, str]], *, tuning_cents: float = 0.0) -> AudioClip:
    """Triads of six partials with the root in the bass, a second each, twice over."""
    thirds = {"maj": (0, 4, 7), "min": (0, 3, 7)}
    time = np.arange(RATE) / RATE
    parts = []
    for root, quality in progression * 2:
        tone = np.zeros(time.size)
        for midi in [36 + root, *(60 + root + step for step in thirds[quality])]:
            hertz = 440 * 2 ** ((midi - 69 + tuning_cents / 100) / 12)
            tone += sum(np.sin(2 * np.pi * hertz * k * time) / k**1.5 for k in range(1, 7))
        parts.append(tone * np.exp(-0.5 * time))
    wave = np.concatenate(parts)
    return AudioClip((0.3 * wave / np.abs(wave).max())[:, None].astype(np.float32), RATE)


@pytest.mark.parametrize("bpm", [72.0, 90.0, 104.5, 120.0, 128.0, 140.0])
def test_tempo_within_half_a_percent(bpm):
    found = estimate_tempo(drums(bpm))
    assert found is not None
    assert found.bpm == pytest.approx(bpm, rel=0.005)
    assert found.confidence > 0.5


def test_tempo_of_swung_and_loose_playing():
    found = estimate_tempo(drums(88.0, swing=0.62, jitter_ms=6.0))
    assert found is not None
    assert found.bpm == pytest.approx(88.0, rel=0.01)


def test_expected_tempo_decides_between_octaves_but_not_against_the_sound():
    fast = drums(174.0)
    assert estimate_tempo(fast, expected=174.0).bpm == pytest.approx(174.0, rel=0.005)
    assert estimate_tempo(fast, expected=87.0).bpm == pytest.approx(87.0, rel=0.005)
    assert estimate_tempo(drums(100.0), expected=112.0).bpm == pytest.approx(100.0, rel=0.005)


def test_no_tempo_in_silence_or_a_moment():
    assert estimate_tempo(AudioClip(np.zeros((RATE * 10, 2), np.float32), RATE)) is None
    assert estimate_tempo(AudioClip(np.zeros((0, 2), np.float32), RATE)) is None
    assert estimate_tempo(drums(120.0, seconds=2.0)) is None


@pytest.mark.parametrize("tonic", range(12))
def test_major_key(tonic):
    found = estimate_key(chords([(tonic, "maj"), ((tonic + 5) % 12, "maj"), ((tonic + 7) % 12, "maj"), (tonic, "maj")]))
    assert found is not None
    assert (found[0].tonic, found[0].mode) == (tonic, "major")


@pytest.mark.parametrize("tonic", range(12))
def test_minor_key(tonic):
    found = estimate_key(chords([(tonic, "min"), ((tonic + 5) % 12, "min"), ((tonic + 7) % 12, "maj"), (tonic, "min")]))
    assert found is not None
    assert (found[0].tonic, found[0].mode) == (tonic, "minor")


def test_key_follows_the_tuning():
    found = estimate_key(chords([(2, "maj"), (7, "maj"), (9, "maj"), (2, "maj")], tuning_cents=35.0))
    assert found is not None
    assert str(found[0]) == "D major"


def test_no_key_in_silence_and_little_confidence_in_noise():
    assert estimate_key(AudioClip(np.zeros((RATE * 5, 1), np.float32), RATE)) is None
    noise = np.random.default_rng(1).standard_normal((RATE * 5, 1)).astype(np.float32) * 0.1
    found = estimate_key(AudioClip(noise, RATE))
    assert found is None or found[1] < 0.4
