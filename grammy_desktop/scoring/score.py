"""The Grammy Meter: a clip in, scores with their evidence out."""

from __future__ import annotations

from typing import Any

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.progress import NoProgress, PartOfProgress, Progress
from grammy_desktop.scoring.estimates import mood, score_appeal, score_emotion, score_innovation
from grammy_desktop.scoring.features import SHORTEST, Features, extract
from grammy_desktop.scoring.insights import find_insights
from grammy_desktop.scoring.production import score_production
from grammy_desktop.scoring.radio import score_radio
from grammy_desktop.scoring.reference import Reference
from grammy_desktop.scoring.result import WEIGHTS, CategoryScore, GrammyScore
from grammy_desktop.scoring.timeline import make_timeline
from grammy_desktop.scoring.verdict import is_music

RULES_VERSION = "1.0"

_CANNOT_KNOW = (
    "Whether people will like it, buy it or remember it: no data here predicts that.",
    "What the words say and how they are sung.",
    "What was meant: a lo-fi or distorted sound measures like damage.",
    "Sad from happy: nothing measured here tells them apart across recordings.",
)


def score(
    clip: AudioClip, *, style: str | None = None, progress: Progress | None = None, reference: Reference | None = None
) -> GrammyScore:
    """Measure a clip and judge it against released music of `style` (a style id; None: music of all kinds).

    Silence, less than 3 s, noise, a tone or speech give the verdict 'not music' and no scores. Raises `Cancelled`.
    """
    progress = progress or NoProgress()
    reference = reference or Reference.load()
    features = extract(clip, PartOfProgress(progress, 0.0, 0.8))
    group = reference.group(style)
    if features is None:
        reason = (
            "It is silent. No score is shown."
            if clip.duration >= SHORTEST
            else "It is shorter than 3 seconds. No score is shown."
        )
        return _not_music(reason, reference, style, 1.0)
    music, reason = is_music(features)
    if not music:
        return _not_music(reason, reference, style, 0.7)
    categories = _categories(features, reference, style)
    overall = sum(WEIGHTS[name] * category.value for name, category in categories.items())
    progress.report(0.85, "score")
    insights = find_insights(features, reference, style)
    progress.report(0.9, "score")
    timeline = make_timeline(clip, features, group, reference.common, overall, categories["production_quality"].value)
    progress.report(1.0, "score")
    return GrammyScore(
        overall_score=overall,
        production_quality=categories["production_quality"].value,
        commercial_appeal=categories["commercial_appeal"].value,
        innovation=categories["innovation"].value,
        emotional_impact=categories["emotional_impact"].value,
        radio_readiness=categories["radio_readiness"].value,
        # The categories share their measurements, so their errors add up instead of cancelling.
        band=sum(WEIGHTS[name] * category.band for name, category in categories.items()),
        categories=categories,
        mood=mood(features.values, reference),
        confidence=_confidence(features, reference, style),
        insights=insights,
        timeline=timeline,
        model=_model(reference),
        verdict="music",
        reason="",
        style=style,
        compared_with=group.name,
        figures=dict(features.values),
    )


def _categories(features: Features, reference: Reference, style: str | None) -> dict[str, CategoryScore]:
    """In the published order of the weights."""
    values, group = features.values, reference.group(style)
    production = score_production(values, group, reference.common)
    return {
        "production_quality": production,
        "radio_readiness": score_radio(features, group),
        "emotional_impact": score_emotion(values, reference),
        "commercial_appeal": score_appeal(values, reference, style, production.value),
        "innovation": score_innovation(values, reference, style, production.value),
    }


def _confidence(features: Features, reference: Reference, style: str | None) -> float:
    """0..1: lower for short clips, for figures outside what released music measures, and for a style nobody named."""
    group = reference.group(style)
    known = [name for name in features.values if name in group.table]
    inside = float(np.mean([abs(group.deviation(name, features.values[name])) < 2.5 for name in known]))
    length = float(np.clip(features.duration / 30.0, 0.3, 1.0))
    return 0.7 * length * inside * (1.0 if style in reference.styles else 0.9)


def _model(reference: Reference) -> dict[str, Any]:
    return {
        "name": "rules",
        "version": RULES_VERSION,
        "trained_on": None,
        "compared_with": list(reference.sources),
        "weights": dict(WEIGHTS),
        "cannot_know": list(_CANNOT_KNOW),
    }


def _not_music(reason: str, reference: Reference, style: str | None, confidence: float) -> GrammyScore:
    return GrammyScore(
        overall_score=None,
        production_quality=None,
        commercial_appeal=None,
        innovation=None,
        emotional_impact=None,
        radio_readiness=None,
        band=None,
        categories={},
        mood={"arousal": None, "valence": None},
        confidence=confidence,
        insights=(),
        timeline=(),
        model=_model(reference),
        verdict="not music",
        reason=reason,
        style=style,
        compared_with=reference.group(style).name,
    )
