"""The score's JSON (`grammy score`) as what the panel shows. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CATEGORIES: dict[str, str] = {
    "production_quality": "Production quality",
    "radio_readiness": "Radio readiness",
    "emotional_impact": "Emotional impact",
    "commercial_appeal": "Commercial appeal",
    "innovation": "Innovation",
}
"""In the order of their weights."""

APPEAL_TIP = "How much it resembles music by charting artists. It does not predict a hit."
TYPICAL = 50.0


@dataclass(frozen=True)
class Category:
    """One bar. `value` None: not measured."""

    id: str
    title: str
    value: float | None
    band: float
    kind: str
    evidence: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Insight:
    """One card. `number` is on its pin too; times in seconds. Without `fix_label` nothing can be applied."""

    number: int
    id: str
    text: str
    detail: str
    start: float
    end: float
    fix_label: str = ""
    measured: tuple[float, str, float, str] | None = None
    """Value, unit, reference in the same unit, what the reference is."""
    source: str = ""
    severity: str = ""


@dataclass(frozen=True)
class Score:
    """`overall` None with `reason` set: not music."""

    overall: float | None
    band: float
    categories: tuple[Category, ...]
    insights: tuple[Insight, ...]
    timeline: tuple[tuple[float, float, float, float | None], ...]
    """(start, end, score, short-term LUFS)."""
    reason: str = ""
    style: str | None = None
    compared_with: str = ""


def read_score(data: dict[str, Any]) -> Score:
    """Score from its JSON; anything that is missing is shown as not measured."""
    kinds: dict[str, Any] = data.get("categories") or {}
    categories = tuple(
        Category(
            id=name,
            title=title,
            value=data.get(name),
            band=float((kinds.get(name) or {}).get("band") or 0.0),
            kind=str((kinds.get(name) or {}).get("kind") or ""),
            evidence=str((kinds.get(name) or {}).get("evidence") or ""),
            reasons=tuple((kinds.get(name) or {}).get("reasons") or ()),
        )
        for name, title in CATEGORIES.items()
    )
    return Score(
        overall=data.get("overall_score"),
        band=float(data.get("band") or 0.0),
        categories=categories,
        insights=tuple(_insight(number, item) for number, item in enumerate(data.get("insights") or (), start=1)),
        timeline=tuple(
            (float(p["start"]), float(p["end"]), float(p["score"]), p.get("short_term"))
            for p in data.get("timeline") or ()
            if p.get("score") is not None
        ),
        reason=str(data.get("reason") or ""),
        style=data.get("style"),
        compared_with=str(data.get("compared_with") or ""),
    )


def _insight(number: int, item: dict[str, Any]) -> Insight:
    measured = item.get("measured")
    return Insight(
        number=number,
        id=str(item["id"]),
        text=str(item["text"]),
        detail=str(item.get("detail") or ""),
        start=float(item.get("start") or 0.0),
        end=float(item.get("end") or 0.0),
        fix_label=str((item.get("fix") or {}).get("label") or ""),
        measured=None
        if not measured
        else (float(measured["value"]), str(measured["unit"]), float(measured["reference"]), str(measured["against"])),
        source=str(item.get("source") or ""),
        severity=str(item.get("severity") or ""),
    )


def verdict(overall: float, band: float, style_name: str) -> str:
    """'Above a typical lo-fi release (50)', only where the band does not touch 50."""
    release = f"a typical {style_name} release" if style_name else "a typical release"
    if overall - band > TYPICAL:
        return f"Above {release} (50)"
    if overall + band < TYPICAL:
        return f"Below {release} (50)"
    return f"About like {release} (50)"


def change_words(before: float, after: float, band: float) -> tuple[str, bool]:
    """('68 → 71', True) where the change is clear of the band; else with a word why it is not."""
    text = f"{round(before)} → {round(after)}"
    if after < before and round(after) != round(before):
        return f"{text}, lower", False
    if abs(after - before) < band / 2 and round(after) == round(before):
        return f"{text}, no clear change", False
    return text, True
