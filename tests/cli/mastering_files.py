"""Mixes for the mastering commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav


def mix_file(path: Path, *, seconds: float = 3, level: float = 0.2, rate: int = 44_100, seed: int = 5) -> Path:
    """A beating chord over soft noise."""
    time = np.arange(round(seconds * rate)) / rate
    chord = sum(np.sin(2 * np.pi * f * time) for f in (110.0, 220.0, 277.2, 329.6))
    noise = np.random.default_rng(seed).standard_normal((len(time), 2)) * 0.1
    wave = level * ((0.6 + 0.4 * np.sin(4 * np.pi * time))[:, None] * (np.asarray(chord)[:, None] / 2 + noise))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_wav(path, AudioClip(wave.astype(np.float32), rate))
    return path
