"""The three categories that nobody can measure, and the mood: rules with weak evidence, pulled towards 50, saying so."""

from __future__ import annotations

import math

import numpy as np

from grammy_desktop.scoring.reference import Reference
from grammy_desktop.scoring.result import CategoryScore

_TYPICAL_DISTANCE = 0.8  # mean of |z| over normally distributed figures

_AROUSAL = {"flux": 0.8, "centroid_mean": 0.6, "chroma_entropy": 0.6, "crest_db": -0.5, "onset_rate": 0.3}
"""Set by hand on 708 clips of the 4Q set, high against low arousal; level plays no part."""

_FELT = {"chroma_flux": -0.30, "chroma_entropy": -0.28, "centroid_mean": -0.24, "lra": 0.18, "key_strength": 0.13}
"""Rank correlations of single figures with how much emotion listeners of 306 Emotify tracks reported."""

_MAINSTREAM = (
    "tempo",
    "onset_rate",
    "pulse_clarity",
    "tilt_db_oct",
    "centroid_mean",
    "plr",
    "lra",
    "lr_corr",
    "key_strength",
)
_RHYTHM_AND_HARMONY = ("tempo", "onset_rate", "pulse_clarity", "flux", "chroma_entropy", "key_strength", "chroma_flux")


def arousal(values: dict[str, float], reference: Reference) -> float:
    """0 (calm) to 1 (energetic), whatever the level."""
    total = sum(weight * _deviation(reference, None, name, values) for name, weight in _AROUSAL.items())
    return 1.0 / (1.0 + math.exp(-total / 1.5))


def mood(values: dict[str, float], reference: Reference) -> dict[str, float | None]:
    """0..1 each, against music of all kinds. `valence` is None: no figure here tells happy from sad across recordings."""
    everything = reference.everything
    return {
        "arousal": arousal(values, reference),
        "valence": None,
        "brightness": everything.percentile("centroid_mean", values["centroid_mean"]) / 100.0,
        "density": everything.percentile("onset_rate", values["onset_rate"]) / 100.0,
        "dynamics": everything.percentile("lra", values["lra"]) / 100.0,
        "beat": everything.percentile("pulse_clarity", values["pulse_clarity"]) / 100.0,
    }


def score_emotion(values: dict[str, float], reference: Reference) -> CategoryScore:
    """Where the sound lies on what went with felt emotion in one data set, halved towards 50."""
    total = sum(
        weight * float(np.clip(_deviation(reference, None, name, values), -2.5, 2.5)) for name, weight in _FELT.items()
    )
    value = 50.0 + 0.5 * 100.0 * (1.0 / (1.0 + math.exp(-2.0 * total)) - 0.5)
    evidence = (
        "Rule: harmonic movement, brightness and loudness range, which went weakly with felt emotion "
        "(rank correlation 0.1 to 0.3)."
    )
    return CategoryScore(value, 16.0, "low confidence", evidence)


def score_appeal(values: dict[str, float], reference: Reference, style: str | None, production: float) -> CategoryScore:
    """Closeness to the middle of released music of the style, halved towards 50; a damaged sound appeals less."""
    distance = _distance(reference, style, _MAINSTREAM, values)
    closeness = 50.0 + 45.0 * math.tanh((_TYPICAL_DISTANCE - distance) / 0.6)
    value = 50.0 + 0.5 * (closeness - 50.0) + 0.15 * (min(production, 60.0) - 50.0)
    group = reference.group(style)
    evidence = f"Rule: how close tempo, rhythm, tone and dynamics are to the middle of {group.name}. It does not predict a hit."
    return CategoryScore(float(np.clip(value, 0.0, 100.0)), 14.0, "low confidence", evidence)


def score_innovation(
    values: dict[str, float], reference: Reference, style: str | None, production: float
) -> CategoryScore:
    """Distance from the style's middle in rhythm and harmony; counts as distinctive only as far as the production is sound."""
    distance = _distance(reference, style, _RHYTHM_AND_HARMONY, values)
    value = 50.0 + 40.0 * math.tanh((distance - _TYPICAL_DISTANCE) / 0.7)
    if value > 50.0:
        value = 50.0 + (value - 50.0) * float(np.clip(production / 50.0, 0.0, 1.0))
    evidence = (
        f"Estimate: distance in rhythm and harmony from {reference.group(style).name}, "
        "held back where the sound is damaged."
    )
    return CategoryScore(value, 12.0, "estimate", evidence)


def _distance(reference: Reference, style: str | None, names: tuple[str, ...], values: dict[str, float]) -> float:
    """Mean of |deviation|, each at most 3.5, over the figures that were measured."""
    found = [min(3.5, abs(_deviation(reference, style, name, values))) for name in names if name in values]
    return float(np.mean(found))


def _deviation(reference: Reference, style: str | None, name: str, values: dict[str, float]) -> float:
    group = reference.group(style)
    return (group if name in group.table else reference.common).deviation(name, values[name])
