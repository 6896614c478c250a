"""What the Grammy Meter says. Frozen, and JSON with the keys of the command line's contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["measured", "estimate", "low confidence"]
Severity = Literal["minor", "notable", "serious"]
Operation = dict[str, str | float]
"""One step of a fix: `kind` names an effect of `core.effects` or an operation of `scoring.fixes`; the rest are its parameters."""

WEIGHTS: dict[str, float] = {
    "production_quality": 0.35,
    "radio_readiness": 0.25,
    "emotional_impact": 0.15,
    "commercial_appeal": 0.15,
    "innovation": 0.10,
}
"""Published: the overall score is this sum, never a trained output."""


@dataclass(frozen=True)
class CategoryScore:
    """`value` 0..100 where 50 is a typical released track of the style; `band` is ±; `evidence` one sentence.

    `reasons`: what counted most.
    """

    value: float
    band: float
    kind: Kind
    evidence: str
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "band": round(self.band, 1),
            "evidence": self.evidence,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True)
class Measurement:
    """A figure and what it is held against: `reference` in the same unit, `against` in words."""

    value: float
    unit: str
    reference: float
    against: str

    def to_json(self) -> dict[str, Any]:
        return {
            "value": round(self.value, 2),
            "unit": self.unit,
            "reference": round(self.reference, 2),
            "against": self.against,
        }


@dataclass(frozen=True)
class Fix:
    """Something the app can do about an insight; `label` says exactly what, `chain` is what `apply_fix` carries out in order."""

    id: str
    label: str
    chain: tuple[Operation, ...]

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "label": self.label, "chain": [dict(step) for step in self.chain]}


@dataclass(frozen=True)
class Insight:
    """One measured cause. `text` says it in a line, `detail` where and against what; `start`, `end` in seconds.

    `fix` is None where nothing can be done to the finished audio; `detail` then says what to do instead. `source`: the rule's
    origin.
    """

    id: str
    text: str
    detail: str
    measured: Measurement
    severity: Severity
    start: float
    end: float
    fix: Fix | None
    source: str

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "detail": self.detail,
            "measured": self.measured.to_json(),
            "severity": self.severity,
            "start": round(self.start, 2),
            "end": round(self.end, 2),
            "fix": None if self.fix is None else self.fix.to_json(),
            "source": self.source,
        }


@dataclass(frozen=True)
class TimelinePoint:
    """The overall score of one stretch of the song, with its short-term loudness in LUFS (None in silence)."""

    start: float
    end: float
    score: float
    short_term: float | None

    def to_json(self) -> dict[str, Any]:
        level = None if self.short_term is None else round(self.short_term, 1)
        return {
            "start": round(self.start, 2),
            "end": round(self.end, 2),
            "score": round(self.score, 1),
            "short_term": level,
        }


@dataclass(frozen=True)
class GrammyScore:
    """Every score is 0..100, or None when the clip is not music; `reason` then says why. `confidence` is 0..1."""

    overall_score: float | None
    production_quality: float | None
    commercial_appeal: float | None
    innovation: float | None
    emotional_impact: float | None
    radio_readiness: float | None
    band: float | None
    categories: dict[str, CategoryScore]
    mood: dict[str, float | None]
    confidence: float
    insights: tuple[Insight, ...]
    timeline: tuple[TimelinePoint, ...]
    model: dict[str, Any]
    verdict: Literal["music", "not music"]
    reason: str
    style: str | None
    compared_with: str
    figures: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Strict JSON; scores to a tenth (the window shows whole numbers)."""

        def tenth(value: float | None) -> float | None:
            return None if value is None else round(value, 1)

        return {
            "overall_score": tenth(self.overall_score),
            **{name: tenth(getattr(self, name)) for name in WEIGHTS},
            "band": tenth(self.band),
            "categories": {name: score.to_json() for name, score in self.categories.items()},
            "mood": {name: None if value is None else round(value, 2) for name, value in self.mood.items()},
            "confidence": round(self.confidence, 2),
            "insights": [insight.to_json() for insight in self.insights],
            "timeline": [point.to_json() for point in self.timeline],
            "model": self.model,
            "verdict": self.verdict,
            "reason": self.reason,
            "style": self.style,
            "compared_with": self.compared_with,
            "figures": {name: round(value, 3) for name, value in self.figures.items()},
        }
