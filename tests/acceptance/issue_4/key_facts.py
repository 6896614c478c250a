"""The key of a song's audio, by two estimators that share nothing with the composer's critic.

Written before any song was judged. Both hear only the sections that are in the home key, as major or minor: Dorian,
Phrygian, Aeolian, harmonic and melodic minor count as minor; Ionian, Lydian and Mixolydian as major.

- `by_constant_q`: librosa's constant-Q chroma of the harmonic part, averaged over time, correlated with the profiles that
  Albrecht and Shanahan (2013) took from 982 pieces.
- `by_normalised_statistics`: librosa's CENS chroma (quantised, smoothed), and the profiles of Bellman (2005, after Budge
  1943), with the lowest two octaves heard once more on their own, as bass.

The critic judges notes, not audio, with the profiles of Krumhansl and Kessler (1982).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.music import Key

_RATE = 22_050

ALBRECHT = (
    (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
)
BELLMAN = (
    (16.80, 0.86, 12.95, 1.41, 13.49, 11.93, 1.25, 20.28, 1.80, 8.04, 0.62, 10.57),
    (18.16, 0.69, 12.99, 13.34, 1.07, 11.15, 1.38, 21.07, 7.49, 1.53, 0.92, 10.21),
)
"""Major, then minor, tonic first."""


def expected(key: Key) -> tuple[int, bool]:
    """(tonic, minor) that an estimator of major and minor should hear."""
    return key.tonic, key.is_minor


def relative(key: tuple[int, bool]) -> tuple[int, bool]:
    tonic, minor = key
    return ((tonic + 3) % 12, False) if minor else ((tonic - 3) % 12, True)


def by_constant_q(audio: NDArray[np.float32], rate: int) -> tuple[int, bool]:
    """audio: [frames, channels]."""
    import librosa

    mono = _mono(audio, rate)
    chroma = librosa.feature.chroma_cqt(y=librosa.effects.harmonic(mono), sr=_RATE, hop_length=1024)
    return _best(chroma.mean(axis=1), ALBRECHT)


def by_normalised_statistics(audio: NDArray[np.float32], rate: int) -> tuple[int, bool]:
    """audio: [frames, channels]."""
    import librosa

    mono = _mono(audio, rate)
    whole = librosa.feature.chroma_cens(y=mono, sr=_RATE, hop_length=1024).mean(axis=1)
    bass = librosa.feature.chroma_cqt(
        y=mono, sr=_RATE, hop_length=1024, fmin=float(librosa.note_to_hz("C1")), n_octaves=2, norm=None
    ).mean(axis=1)
    return _best(whole / whole.sum() + 0.5 * bass / max(float(bass.sum()), 1e-9), BELLMAN)


def _mono(audio: NDArray[np.float32], rate: int) -> Any:
    import librosa

    return librosa.resample(audio.mean(axis=1), orig_sr=rate, target_sr=_RATE)


def _best(chroma: NDArray[Any], profiles: tuple[tuple[float, ...], ...]) -> tuple[int, bool]:
    scores = {
        (tonic, minor): float(np.corrcoef(chroma, np.roll(profiles[minor], tonic))[0, 1])
        for tonic in range(12)
        for minor in (False, True)
    }
    return max(scores, key=lambda key: scores[key])
