"""Sixty seeded signals that want limiting: dense mixes, bursts, square-like masters, bright and deep ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

SECONDS = 4.0
SEED = 3
RATES = (44_100, 48_000, 88_200, 96_000)
LEVELS = (3.0, 6.0, 9.0, 12.0)
"""dBFS of the highest sample."""

Wave = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Case:
    """samples: float32 [frames, 2], its highest sample `level` dB above full scale."""

    name: str
    family: str
    samples: Samples
    sample_rate: int
    level: float


def cases(seconds: float = SECONDS, *, seed: int = SEED) -> Iterator[Case]:
    """24 dense mixes, 12 bursts, 12 square-like masters, 6 bright and 6 deep signals; made one at a time.

    Another seed gives others of the same families, at other levels.
    """
    levels = LEVELS if seed == SEED else LEVELS[1:] + LEVELS[:1]
    families = (("dense", _dense, 24), ("bursts", _bursts, 12), ("square", _square, 12), ("bright", _bright, 6))
    number = 0
    for family, make, count in (*families, ("deep", _deep, 6)):
        for index in range(count):
            rate, level = RATES[index % 4], levels[(index + index // 4) % 4]
            rng = np.random.default_rng((seed, number))
            wave = make(rng, np.arange(round(seconds * rate)) / rate, rate)
            wave = _converted(wave)
            samples = (wave / np.abs(wave).max() * 10 ** (level / 20)).astype(np.float32)
            yield Case(f"{family} {index + 1}, {rate / 1000:g} kHz, {level:+g} dBFS", family, samples, rate, level)
            number += 1


def _converted(wave: Wave) -> Wave:
    """As from a converter: nothing left from 0.48 of the rate on, where readers with different filters disagree."""
    from scipy.signal import firwin, oaconvolve

    taps = firwin(255, 0.465, fs=1.0, window=("kaiser", 8.0))
    return np.asarray(oaconvolve(wave, taps[:, None], mode="same", axes=0))


def _noise(rng: np.random.Generator, count: int) -> Wave:
    return rng.standard_normal((count, 2))


def _band(wave: Wave, rate: int, low: float | None, high: float | None, order: int = 2) -> Wave:
    from scipy.signal import butter, sosfilt

    edges = [edge for edge in (low, high) if edge is not None]
    kind = "bandpass" if len(edges) == 2 else "highpass" if low is not None else "lowpass"
    sections = butter(order, edges if len(edges) == 2 else edges[0], kind, fs=rate, output="sos")
    return np.asarray(sosfilt(sections, wave, axis=0))


def _chord(rng: np.random.Generator, t: Wave, rate: int, root: float) -> Wave:
    """Saw-like voices, a little detuned, spread over the stereo picture."""
    wave = np.zeros((len(t), 2))
    for ratio in (1.0, 1.5, 2.0, 2.52, 3.0):
        pan, phase = rng.uniform(0.2, 0.8), rng.uniform(0, 1)
        saw = 2 * ((t * root * ratio * rng.uniform(0.997, 1.003) + phase) % 1.0) - 1
        wave += saw[:, None] * [np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)]
    return _band(wave, rate, None, rng.uniform(3_000, 9_000))


def _drums(rng: np.random.Generator, t: Wave, rate: int) -> Wave:
    beat = 60 / rng.uniform(80, 160)
    kick = np.sin(2 * np.pi * (48 * (t % beat) + 3 * (1 - np.exp(-(t % beat) * 40)))) * np.exp(-(t % beat) * 9)
    snare = _band(_noise(rng, len(t)), rate, 180, 9_000) * np.exp(-((t + beat) % (2 * beat)) * 18)[:, None]
    hats = _band(_noise(rng, len(t)), rate, 7_000, None) * np.exp(-(t % (beat / 4)) * 60)[:, None]
    return 1.3 * kick[:, None] + 0.8 * snare + 0.35 * hats


def _dense(rng: np.random.Generator, t: Wave, rate: int) -> Wave:
    root = rng.uniform(80, 140)
    mix = _drums(rng, t, rate) + rng.uniform(0.15, 0.4) * _chord(rng, t, rate, root)
    mix += 0.5 * np.tanh(3 * np.sin(2 * np.pi * root / 2 * t))[:, None]
    return mix * (0.6 + 0.4 * (t > t[-1] * 0.4))[:, None]


def _bursts(rng: np.random.Generator, t: Wave, rate: int) -> Wave:
    wave = 0.12 * _chord(rng, t, rate, rng.uniform(100, 300))
    for _ in range(12):
        start, length = rng.uniform(0, t[-1] - 0.3), rng.choice([0.0005, 0.003, 0.02, 0.2])
        window = (t >= start) & (t < start + length)
        tone = np.sin(2 * np.pi * rng.uniform(60, 9_000) * t[window])[:, None]
        wave[window] += rng.uniform(0.5, 1.5) * (tone if rng.random() < 0.5 else _noise(rng, int(window.sum())))
    return wave


def _square(rng: np.random.Generator, t: Wave, rate: int) -> Wave:
    """A master that was clipped hard before it came here: flat tops with steep sides."""
    mix = _dense(rng, t, rate)
    return np.clip(mix, -1, 1) * rng.uniform(0.35, 0.8) if rng.random() < 0.5 else np.clip(4 * mix, -1, 1)


def _bright(rng: np.random.Generator, t: Wave, rate: int) -> Wave:
    shimmer = _band(_noise(rng, len(t)), rate, 5_000, 16_000) * (0.4 + 0.6 * np.exp(-(t % 0.37) * 8))[:, None]
    return shimmer + 0.6 * _drums(rng, t, rate)


def _deep(rng: np.random.Generator, t: Wave, rate: int) -> Wave:
    frequency = rng.uniform(35, 70)
    bass = np.sin(2 * np.pi * frequency * t) * (0.5 + 0.5 * np.cos(2 * np.pi * rng.uniform(0.3, 1.5) * t))
    return bass[:, None] + 0.1 * _chord(rng, t, rate, 4 * frequency) + 0.2 * _drums(rng, t, rate)
