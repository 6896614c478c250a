"""The key of a recording."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.spectra import ANALYSIS_RATE, magnitudes, mono
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.music import Key

# How well each scale degree fits, tonic first.
KRUMHANSL = {  # Krumhansl and Kessler 1982, probe-tone ratings
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
TEMPERLEY = {  # Temperley 1999
    "major": (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0),
    "minor": (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0),
}

_FRAME, _HOP = 8192, 4096  # 2.7 Hz a bin: neighbouring semitones part from about 60 Hz up
_LOWEST, _HIGHEST = 55.0, 2000.0
_BASS_TOP = 180.0


def estimate_key(clip: AudioClip) -> tuple[Key, float] | None:
    """The major or minor key that fits the whole clip best, with a confidence 0..1; None where nothing has a pitch.

    Correlates the distribution of pitch classes with two sets of key profiles (Krumhansl and Kessler, Temperley); how often
    the bass plays the tonic decides between keys that share their notes. Modes such as dorian come out as the nearest of the
    two. Confidence is the lead over the runner-up and the agreement of the two profiles; below 0.4 call it a guess.
    """
    whole, bass = pitch_classes(mono(clip))
    if whole.sum() <= 0.0:
        return None
    krumhansl, temperley = _fit(whole, KRUMHANSL), _fit(whole, TEMPERLEY)
    tonic_weight = bass / max(float(bass.max()), 1e-12)
    score = 0.5 * (krumhansl + temperley) + 0.08 * np.stack([tonic_weight, tonic_weight])
    mode, tonic = np.unravel_index(int(np.argmax(score)), score.shape)
    ranked = np.sort(score.ravel())[::-1]
    agree = int(np.argmax(krumhansl)) == int(np.argmax(temperley))
    confidence = float(np.clip((ranked[0] - ranked[1]) / 0.15, 0.0, 1.0)) * float(np.clip(ranked[0], 0.0, 1.0))
    return Key(int(tonic), ("major", "minor")[int(mode)]), round(confidence if agree else 0.6 * confidence, 3)


def pitch_classes(samples: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How strongly each pitch class (C first) sounds overall and in the bass: two [12], each summing to 1, or 0 for silence.

    Only spectral peaks count, so that drums and noise weigh little; the tuning of the recording is followed. samples: mono at
    `ANALYSIS_RATE`.
    """
    empty = np.zeros(12)
    if samples.size < _FRAME or float(np.abs(samples).max()) < 1e-5:
        return empty, empty
    spectrum = magnitudes(samples, _FRAME, _HOP)
    bins = np.arange(spectrum.shape[0])
    hertz = bins * ANALYSIS_RATE / _FRAME
    inner = spectrum[1:-1]
    is_peak = (inner > spectrum[:-2]) & (inner >= spectrum[2:])
    is_peak &= ((hertz >= _LOWEST) & (hertz <= _HIGHEST))[1:-1, None]
    is_peak &= inner > 0.02 * spectrum.max(axis=0, keepdims=True)
    row, frame = np.nonzero(is_peak)
    row += 1
    if row.size == 0:
        return empty, empty
    low, mid, high = (np.log(spectrum[row + step, frame] + 1e-9) for step in (-1, 0, 1))
    shift = np.clip(0.5 * (low - high) / np.minimum(low - 2 * mid + high, -1e-6), -0.5, 0.5)
    pitch = 12.0 * np.log2((row + shift) * ANALYSIS_RATE / _FRAME / 440.0) + 69.0
    weight = np.sqrt(spectrum[row, frame].astype(np.float64))
    tuning = np.angle(np.sum(weight * np.exp(2j * np.pi * pitch))) / (
        2 * np.pi
    )  # circular mean of the offset from the grid
    pitch = pitch - tuning
    # High partials say less about the harmony than fundamentals do.
    weight = (
        weight
        * np.exp(-0.5 * np.square(pitch - np.round(pitch)) / 0.18**2)
        * np.exp(-np.maximum(pitch - 60.0, 0.0) / 24.0)
    )
    names = np.round(pitch).astype(np.int64) % 12
    whole = np.bincount(names, weight, 12)
    in_bass = row * ANALYSIS_RATE / _FRAME < _BASS_TOP
    bass = np.bincount(names[in_bass], weight[in_bass], 12)
    return whole / max(float(whole.sum()), 1e-12), bass / max(float(bass.sum()), 1e-12)


def _fit(distribution: NDArray[np.float64], profiles: Mapping[str, tuple[float, ...]]) -> NDArray[np.float64]:
    """[2, 12]: correlation of `distribution` with every major and every minor key."""
    return np.array(
        [
            [np.corrcoef(distribution, np.roll(profiles[mode], tonic))[0, 1] for tonic in range(12)]
            for mode in ("major", "minor")
        ]
    )
