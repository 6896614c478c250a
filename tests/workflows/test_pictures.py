"""The curves that the window and the report draw."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.workflows.pictures import envelope, loudness_history, third_octaves

RATE = 48_000


def sine(frequency: float, seconds: float, level: float = 0.5) -> AudioClip:
    time = np.arange(int(seconds * RATE)) / RATE
    wave = (level * np.sin(2 * np.pi * frequency * time)).astype(np.float32)
    return AudioClip(np.stack([wave, wave], axis=1), RATE)


@pytest.mark.parametrize("frequency", [50.0, 1_000.0, 8_000.0])
def test_the_band_of_a_sine_holds_its_power(frequency: float) -> None:
    bands = third_octaves(sine(frequency, 2.0))
    loudest = int(np.argmax(bands["db"]))
    assert bands["frequencies"][loudest] == pytest.approx(frequency, rel=0.13)
    assert bands["db"][loudest] > -0.5


def test_short_and_silent_clips_have_a_spectrum() -> None:
    silent = AudioClip(np.zeros((100, 2), np.float32), RATE)
    assert max(third_octaves(silent)["db"]) <= -100
    assert loudness_history(silent)["short_term"] == [] or set(loudness_history(silent)["short_term"]) == {None}


def test_envelope_finds_a_single_sample() -> None:
    samples = np.zeros((RATE, 2), np.float32)
    samples[RATE // 2, 1] = -0.75
    found = envelope(AudioClip(samples, RATE), points=10)
    assert found["low"][5] == -0.75
    assert min(found["low"][:5]) == 0.0 and max(found["high"]) == 0.0
