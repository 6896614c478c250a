"""Songs for codec and proof tests: noise in bursts, limited to -1 dBTP, cut from nothing but a seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import write_wav


def dense(seconds: float, rate: int = 48_000, *, peak: float = 0.89, channels: int = 2, seed: int = 1) -> Samples:
    """Clipped noise up to 6 kHz: the hardest case for a codec's peaks."""
    from scipy.signal import butter, sosfilt

    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((round(seconds * rate), channels))
    noise = sosfilt(butter(2, [60, 6_000], "band", fs=rate, output="sos"), noise, axis=0)
    noise *= 0.5 / noise.std()
    return np.clip(noise, -peak, peak).astype(np.float32)


def tone(seconds: float, frequency: float, level_db: float, rate: int = 48_000, channels: int = 2) -> Samples:
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave.astype(np.float32)[:, None], channels, axis=1)


def written(path: Path, samples: Samples, rate: int = 48_000, **options: str) -> Path:
    write_wav(path, AudioClip(samples, rate), **options)  # type: ignore[arg-type]
    return path
