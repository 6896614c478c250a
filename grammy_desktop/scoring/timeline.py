"""The score over time: the production quality of each stretch moves the overall score; the rest belongs to the whole song."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import AudioClip, loudest_of
from grammy_desktop.scoring.features import Features
from grammy_desktop.scoring.production import marks, quality_of
from grammy_desktop.scoring.reference import Group
from grammy_desktop.scoring.result import WEIGHTS, TimelinePoint
from grammy_desktop.scoring.spectrum import CENTRES, REFERENCE_BANDS


def make_timeline(
    clip: AudioClip, features: Features, group: Group, common: Group, overall: float, production: float
) -> tuple[TimelinePoint, ...]:
    """One point for every 4 s window. A stretch that sounds like the song as a whole gets the song's score.

    Every window is judged on its own spectrum, stereo image and share of flattened peaks; what needs the whole song (peak to
    loudness, noise floor) is the song's.
    """
    spectrum = features.spectrum
    levels = spectrum.window_mid_db
    total = spectrum.windows.left.sum(axis=1) + spectrum.windows.right.sum(axis=1)
    audible = total > 1e-4 * total.max()
    correlation = spectrum.windows.correlation(18.0, 21_000.0)
    low_correlation = spectrum.windows.correlation(18.0, 205.0)
    qualities = np.full(total.size, production)
    for index in np.flatnonzero(audible):
        values = dict(features.values)
        values |= {f"ltas_{int(np.round(CENTRES[band]))}": float(levels[index, band]) for band in REFERENCE_BANDS}
        values["lr_corr"], values["lr_corr_low"] = float(correlation[index]), float(low_correlation[index])
        values["near_peak"] = _near_peak(clip, features, float(spectrum.starts[index]), float(spectrum.ends[index]))
        qualities[index] = quality_of(marks(values, group, common))
    # A 4 s stretch is less even than a song; its own middle is the yardstick.
    middle = float(np.median(qualities[audible])) if audible.any() else production
    weight = WEIGHTS["production_quality"]
    return tuple(
        TimelinePoint(
            float(start),
            float(end),
            float(np.clip(overall + weight * (quality - middle), 0.0, 100.0)),
            features.short_term(float(start), float(end)),
        )
        for start, end, quality in zip(spectrum.starts, spectrum.ends, qualities, strict=True)
    )


def _near_peak(clip: AudioClip, features: Features, start: float, end: float) -> float:
    first, last = int(start * clip.sample_rate), int(end * clip.sample_rate)
    envelope = loudest_of(clip.samples[first:last])
    return float(np.mean(envelope >= 0.985 * features.waveform.peak)) if envelope.size else 0.0
