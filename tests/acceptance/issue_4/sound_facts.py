"""What a style classifier may hear of a song: timbre, spectrum, harmony and stereo; no tempo, no loudness, no duration.

Every figure is a mean or a spread over frames or a ratio of them: a faster, louder or longer take of the same music gives
the same ones. Onset rate, beat strength and tempo are left out, for they tell the tempo.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.song import Song

_RATE = 22_050
_HOP = 1024
_BANDS = np.array([30, 60, 90, 130, 200, 300, 450, 700, 1000, 1500, 2200, 3300, 5000, 7500, 11_000, 16_000, 20_000.0])
"""Hz: edges of the bands of level and width."""


def sound_facts(song: Song, brief: Brief, seed: int) -> dict[str, Any]:
    """{"style": the style asked for, "heard": the figures}."""
    samples = song.mix.samples
    return {
        "style": brief.genre.value,
        "heard": [round(float(value), 6) for value in heard(samples, song.mix.sample_rate)],
    }


def heard(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """samples: [frames, 2]."""
    import librosa

    samples = samples / max(float(np.sqrt(np.mean(np.square(samples)))), 1e-9) * 0.1
    mono = librosa.resample(samples.mean(axis=1), orig_sr=rate, target_sr=_RATE)
    power = np.abs(librosa.stft(mono, n_fft=2048, hop_length=_HOP)) ** 2
    harmonic, percussive = librosa.decompose.hpss(np.sqrt(power))
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=_RATE, n_mels=64), top_db=80)
    cepstrum = librosa.feature.mfcc(S=mel, n_mfcc=20)
    contrast = librosa.feature.spectral_contrast(S=np.sqrt(power), sr=_RATE)
    flatness = np.log10(librosa.feature.spectral_flatness(S=np.sqrt(power)) + 1e-6)
    rolloff = librosa.feature.spectral_rolloff(S=np.sqrt(power), sr=_RATE) / _RATE
    return np.concatenate(
        [
            *_mean_and_spread(cepstrum[1:]),
            *_mean_and_spread(contrast),
            *_mean_and_spread(flatness),
            *_mean_and_spread(rolloff),
            _share(harmonic, percussive),
            _harmony(harmonic),
            _levels_and_widths(samples, rate),
        ]
    )


def _mean_and_spread(rows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    return rows.mean(axis=1), rows.std(axis=1)


def _share(harmonic: NDArray[Any], percussive: NDArray[Any]) -> NDArray[np.float64]:
    """Of percussion in the whole, in four parts of the spectrum, in decibels."""
    parts = np.array_split(np.arange(len(harmonic)), [12, 60, 300])
    shares = [np.square(percussive[part]).sum() / (np.square(harmonic[part]).sum() + 1e-12) for part in parts]
    return np.asarray(10 * np.log10(np.array(shares) + 1e-6))


def _harmony(harmonic: NDArray[Any]) -> NDArray[np.float64]:
    """How the pitch classes are shared out, whatever the key: sorted shares, intervals between them, change over time."""
    import librosa

    chroma = librosa.feature.chroma_stft(S=harmonic**2, sr=_RATE, norm=1)
    whole = chroma.mean(axis=1)
    whole = whole / max(float(whole.sum()), 1e-9)
    intervals = np.array([float(whole @ np.roll(whole, step)) for step in range(1, 7)])
    spread = -(chroma * np.log(chroma + 1e-6)).sum(axis=0)
    return np.concatenate([np.sort(whole)[::-1], intervals, [spread.mean(), spread.std()]])


def _levels_and_widths(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """By band: level against the whole, and side against mid, in decibels."""
    import scipy.signal

    mid, side = samples.mean(axis=1), (samples[:, 0] - samples[:, 1]) / 2
    hertz, mids = scipy.signal.welch(mid, rate, nperseg=8192)
    _, sides = scipy.signal.welch(side, rate, nperseg=8192)
    levels, widths = [], []
    for low, high in pairwise(_BANDS):
        band = (hertz >= low) & (hertz < high)
        levels.append(mids[band].sum() / mids.sum())
        widths.append(sides[band].sum() / (mids[band].sum() + 1e-15))
    return np.asarray(10 * np.log10(np.array([*levels, *widths]) + 1e-7))
