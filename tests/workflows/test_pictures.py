"""The curves that the window and the report draw."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.workflows.pictures import HeardAudio

RATE = 48_000


def sine(frequency: float, seconds: float, level: float = 0.5) -> AudioClip:
    time = np.arange(int(seconds * RATE)) / RATE
    wave = (level * np.sin(2 * np.pi * frequency * time)).astype(np.float32)
    return AudioClip(np.stack([wave, wave], axis=1), RATE)


@pytest.mark.parametrize("frequency", [50.0, 1_000.0, 8_000.0])
def test_the_band_of_a_sine_holds_its_power(frequency: float) -> None:
    bands = HeardAudio.of_clip(sine(frequency, 2.0)).third_octaves()
    loudest = int(np.argmax(bands["db"]))
    assert bands["frequencies"][loudest] == pytest.approx(frequency, rel=0.13)
    assert bands["db"][loudest] > -0.5


def test_short_and_silent_clips_have_a_spectrum() -> None:
    silent = AudioClip(np.zeros((100, 2), np.float32), RATE)
    heard = HeardAudio.of_clip(silent)
    assert max(heard.third_octaves()["db"]) <= -100
    for name in ("short_term", "momentary"):
        assert heard.history()[name] == [] or set(heard.history()[name]) == {None}


def test_envelope_finds_a_single_sample() -> None:
    samples = np.zeros((RATE, 2), np.float32)
    samples[RATE // 2, 1] = -0.75
    found = HeardAudio.of_clip(AudioClip(samples, RATE), points=10).envelope()
    assert found["low"][5] == -0.75
    assert min(found["low"][:5]) == 0.0 and max(found["high"]) == 0.0
