"""Seeded test music for benchmarks and proofs: made in a second or two, dense like a finished mix, never the same twice.

numpy only, so that a child process that measures memory or cold times pays for nothing else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

_CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
"""Semitones above the root: I, vi, IV, V."""
_SECTIONS = (0.35, 0.6, 1.0, 0.55, 1.0, 0.3, 1.0, 0.7)
"""Level of the eight parts of a song."""
_BEATS = 16
"""Of a loop: four chords."""
_HARMONICS = 10
_NOISE_FLOOR = 1e-4
_DRIVE = np.float32(1.6)
_LOOP_RMS = 0.3

Wave = NDArray[np.float64]


def dense_music(
    seconds: float, sample_rate: int, *, seed: int = 1, channels: int = 2, brightness: float = 0.6, peak: float = 0.7
) -> Samples:
    """Drums, bass, pad, lead and air: float32 [frames, channels] whose highest sample is `peak`.

    brightness: 0 (dull) to 1 (harsh). A loop of four bars, varied by sections, a slow filter of the pad and fresh noise,
    so that it costs little to make and no stretch equals another.
    """
    rng = np.random.default_rng(seed)
    frames = round(seconds * sample_rate)
    loop = _loop(sample_rate, rng, channels, brightness)
    song = np.empty((frames, channels), np.float32)
    level = _section_level(frames, sample_rate)
    for start in range(0, frames, len(loop)):
        part = song[start : start + len(loop)]
        air = rng.standard_normal(part.shape, dtype=np.float32) * np.float32(0.02 * brightness + _NOISE_FLOOR)
        # A slow drift between the channels and of the level: no two bars of a band are alike.
        drift = 1 + 0.15 * rng.uniform(-1, 1, channels).astype(np.float32)
        bar = (loop[: len(part)] * drift + air) * level[start : start + len(part), None]
        # A mix bus that gives way softly: crest as of a finished mix, not of single notes.
        np.tanh(bar * _DRIVE, out=part)
    song *= np.float32(peak / max(float(song.max(initial=0.0)), -float(song.min(initial=0.0)), 1e-9))
    return song


def brickwalled(samples: Samples, *, drive_db: float = 12.0, ceiling: float = 0.98) -> Samples:
    """A hot master: driven into a hard clipper, as the loudest releases are; hardest for true-peak meters."""
    gain = np.float32(10 ** (drive_db / 20))
    hot: Samples = np.clip(samples * gain, -np.float32(ceiling), np.float32(ceiling))
    return hot


def _section_level(frames: int, sample_rate: int) -> Samples:
    """Level over time, in half-second ramps."""
    points = np.linspace(0, frames, len(_SECTIONS) + 1)[:-1]
    ramp = min(0.5 * sample_rate, max(1.0, frames / (2 * len(_SECTIONS))))
    times = np.ravel(np.column_stack([points, points + ramp]))
    levels = np.ravel(np.column_stack([np.roll(_SECTIONS, 1), _SECTIONS]))
    curve: Samples = np.interp(np.arange(frames), times, levels).astype(np.float32)
    return curve


def _loop(rate: int, rng: np.random.Generator, channels: int, brightness: float) -> Samples:
    beat = round(60 / rng.uniform(95, 135) * rate)
    loop = np.zeros((beat * _BEATS, channels))
    root = 55.0 * 2 ** (rng.integers(0, 12) / 12)
    pan = rng.uniform(0.6, 1.0, (8, channels))
    drums = _drums(rate, rng, brightness)
    for number in range(_BEATS):
        chord = _CHORDS[number // 4]
        at = number * beat
        _add(loop, drums["kick"], at, 0.9 * pan[0])
        if number % 2:
            _add(loop, drums["snare"], at, 0.6 * pan[1])
        for half in (0, beat // 2):
            _add(loop, drums["hat"], at + half, 0.35 * rng.uniform(0.5, 1) * pan[2])
        _add(loop, _note(root * 2 ** (chord[0] / 12), beat, rate, rng, 0.3, decay=2.0), at, 0.5 * pan[3])
        for voice, step in enumerate(chord):
            pitch = root * 4 * 2 ** (step / 12) * (1 + 0.003 * rng.standard_normal())
            _add(loop, _note(pitch, beat, rate, rng, 0.4 + 0.5 * brightness, decay=0.5), at, 0.18 * pan[4 + voice])
        pitch = root * 8 * 2 ** (chord[rng.integers(3)] / 12)
        _add(
            loop,
            _note(pitch, beat // 2, rate, rng, 0.9, decay=5.0),
            at + (beat // 2) * int(rng.integers(2)),
            0.3 * pan[7],
        )
    levelled: Samples = (loop * (_LOOP_RMS / loop.std())).astype(np.float32)
    return levelled


def _drums(rate: int, rng: np.random.Generator, brightness: float) -> dict[str, Wave]:
    time = np.arange(round(0.4 * rate)) / rate
    noise = rng.standard_normal(len(time))
    # The difference of neighbours is a gentle high-pass.
    return {
        "kick": np.sin(2 * np.pi * (48 * time + 2.2 * (1 - np.exp(-30 * time)))) * np.exp(-8 * time),
        "snare": (0.5 * noise + np.sin(2 * np.pi * 190 * time)) * np.exp(-18 * time),
        "hat": np.diff(noise, prepend=0.0) * np.exp(-60 * time) * (0.3 + brightness),
    }


def _note(pitch: float, frames: int, rate: int, rng: np.random.Generator, brightness: float, *, decay: float) -> Wave:
    """A decaying tone with overtones below 0.45 of the rate."""
    time = np.arange(frames) / rate
    tone = np.zeros(frames)
    for harmonic in range(1, _HARMONICS + 1):
        if harmonic * pitch < 0.45 * rate:
            phase = rng.uniform(0, 2 * np.pi)
            tone += np.sin(2 * np.pi * harmonic * pitch * time + phase) * brightness ** (harmonic - 1) / harmonic
    fade = np.minimum(1.0, np.minimum(time, time[::-1]) / 0.005)
    return np.asarray(tone * np.exp(-decay * time) * fade)


def _add(loop: Wave, wave: Wave, at: int, gains: Wave) -> None:
    """Tails go round into the loop's beginning."""
    room = min(len(wave), len(loop) - at)
    loop[at : at + room] += wave[:room, None] * gains
    rest = wave[room : room + len(loop)]
    loop[: len(rest)] += rest[:, None] * gains
