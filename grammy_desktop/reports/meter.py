"""The Grammy Meter's gauge, its five bars with their kind of evidence, and the insights."""

from __future__ import annotations

import math
from typing import Any

from grammy_desktop.reports import layout
from grammy_desktop.reports.canvas import Canvas
from grammy_desktop.reports.report_data import SongReport
from grammy_desktop.reports.words import clock

SWEEP = 252.0
"""Degrees from 0 to 100; the gap lies at the bottom."""

_START = 90.0 + (360.0 - SWEEP) / 2.0
_NAMES = {
    "production_quality": "Production quality",
    "radio_readiness": "Radio readiness",
    "emotional_impact": "Emotional impact",
    "commercial_appeal": "Commercial appeal",
    "innovation": "Innovation",
}
_INSET = 24
_RADIUS = 104


def draw_meter(canvas: Canvas, report: SongReport) -> None:
    left, top = layout.RIGHT, layout.METER_TOP
    canvas.box(left, top, layout.RIGHT_WIDTH, layout.METER_HEIGHT, "panel", radius=10)
    canvas.text(left + _INSET, top + 34, "Grammy Meter", size=15, weight="semibold")
    score = report.score or {}
    overall = score.get("overall_score")
    x, y = left + layout.RIGHT_WIDTH / 2, top + 164
    canvas.arc(x, y, _RADIUS, _START, _START + SWEEP, "control", 10)
    if overall is None:
        canvas.text(x, y, "No score", "text_2", 22, "display", "mm")
        words = str(score.get("reason") or "It has not been scored yet.")
        for number, line in enumerate(canvas.wrapped(words, layout.RIGHT_WIDTH - 2 * _INSET, 3)):
            canvas.text(x, top + 290 + 20 * number, line, "text_2", 13, anchor="ms")
        return
    _draw_gauge(canvas, x, y, float(overall), float(score.get("band") or 0.0))
    canvas.text(x, top + 286, verdict(report), "text_2", 13, anchor="ms")
    for number, (name, words) in enumerate(_NAMES.items()):
        _draw_bar(canvas, top + 326 + 42 * number, words, score.get(name), score.get("categories", {}).get(name, {}))


def verdict(report: SongReport) -> str:
    """Above or below only when the band does not touch 50."""
    score = report.score or {}
    overall, band = float(score["overall_score"]), float(score.get("band") or 0.0)
    relation = "About like" if abs(overall - 50.0) <= band else "Above" if overall > 50.0 else "Below"
    style = report.style_name or str(score.get("style") or "").replace("_", " ")
    return " ".join(word for word in (relation, "a typical", style, "release (50)") if word)


def _draw_gauge(canvas: Canvas, x: float, y: float, value: float, band: float) -> None:
    def angle(points: float) -> float:
        return _START + SWEEP * min(100.0, max(0.0, points)) / 100.0

    def at(points: float, radius: float) -> tuple[float, float]:
        turn = math.radians(angle(points))
        return x + radius * math.cos(turn), y + radius * math.sin(turn)

    canvas.arc(x, y, _RADIUS, angle(0), angle(value), "accent", 10)
    canvas.dot(*at(0, _RADIUS), 5, "accent")
    canvas.dot(*at(100, _RADIUS), 5, "control")
    canvas.arc(x, y, _RADIUS + 14, angle(value - band), angle(value + band), "accent", 4)
    for tick in range(10, 100, 10):
        if tick != 50:
            canvas.line([at(tick, _RADIUS - 14), at(tick, _RADIUS - 19)], "text_3", 1.2)
    tip_x, tip_y = at(50, _RADIUS - 11)
    canvas.polygon([(tip_x, tip_y), (tip_x - 5, tip_y + 10), (tip_x + 5, tip_y + 10)], "text_2")
    canvas.line([at(value, _RADIUS - 9), at(value, _RADIUS + 9)], "window", 8)
    canvas.line([at(value, _RADIUS - 9), at(value, _RADIUS + 9)], "text", 4)
    canvas.text(x, y - 6, f"{value:.0f}", "text", 60, "display", "mm")
    canvas.text(x, y + 42, f"±\u00a0{band:.0f}", "text_2", 15, anchor="mm")
    for points, words in ((0, "0"), (100, "100")):
        below_x, below_y = at(points, _RADIUS)
        canvas.text(below_x, below_y + 24, words, "text_3", 12, anchor="ms")


def _draw_bar(canvas: Canvas, y: float, name: str, value: float | None, category: dict[str, Any]) -> None:
    """Name, kind of evidence and value over a track with the band as a lighter stretch between two ends, and a tick at 50."""
    left, right = layout.RIGHT + _INSET, layout.RIGHT + layout.RIGHT_WIDTH - _INSET
    width = right - left
    after = left + canvas.text(left, y, name, "text", 13, "medium")
    canvas.text(after + 8, y, str(category.get("kind", "")), "text_3", 12)
    canvas.box(left, y + 10, width, 6, "control", radius=3)
    if value is None:
        canvas.text(right, y, "–", "text_2", 13, anchor="rs")
        return
    band = float(category.get("band", 0.0))
    suffix = f"±\u00a0{band:.0f}"
    canvas.text(right, y, suffix, "text_3", 12, anchor="rs")
    canvas.text(right - 42, y, f"{value:.0f}", "text", 13, "semibold", "rs")
    low, high = max(0.0, value - band), min(100.0, value + band)
    canvas.box(left, y + 10, width * high / 100, 6, "bar_band", radius=3)
    canvas.box(left, y + 10, width * value / 100, 6, "wave_rms", radius=3)
    for end in (low, high):
        canvas.line([(left + width * end / 100, y + 7), (left + width * end / 100, y + 19)], "text_2", 1.5)
    canvas.line([(left + width / 2, y + 6), (left + width / 2, y + 20)], "text_3", 1)


def draw_insights(canvas: Canvas, report: SongReport) -> None:
    """The three most severe; how many more there are stands beside the heading."""
    left, top = layout.RIGHT, layout.INSIGHTS_TOP
    canvas.box(left, top, layout.RIGHT_WIDTH, layout.INSIGHTS_HEIGHT, "panel", radius=10)
    heading = canvas.text(left + _INSET, top + 34, "What to fix", size=15, weight="semibold")
    insights = list((report.score or {}).get("insights", ()))
    if not insights:
        scored = (report.score or {}).get("overall_score") is not None
        canvas.text(left + _INSET, top + 66, "No rule found a fault." if scored else "Nothing measured.", "text_2", 13)
        return
    if len(insights) > 3:
        canvas.text(left + _INSET + heading + 8, top + 34, f"3 of {len(insights)}", "text_3", 12)
    room = layout.RIGHT_WIDTH - 2 * _INSET - 34
    for number, insight in enumerate(insights[:3]):
        y = top + 52 + 98 * number
        canvas.box(left + 16, y, layout.RIGHT_WIDTH - 32, 90, "raised", radius=8)
        canvas.dot(left + _INSET + 12, y + 23, 11, "accent")
        canvas.text(left + _INSET + 12, y + 23, str(number + 1), "window", 12, "semibold", "mm")
        time = clock(float(insight["start"]))
        canvas.text(left + layout.RIGHT_WIDTH - 30, y + 27, time, "text_3", 12, anchor="rs")
        words = canvas.fitted(str(insight["text"]), room - canvas.width_of(time, 12) - 18, 13, "semibold")
        canvas.text(left + _INSET + 34, y + 27, words, "text", 13, "semibold")
        lines = canvas.wrapped(str(insight["detail"]), room - 10, 2, 12)
        for line, part in enumerate(lines):
            canvas.text(left + _INSET + 34, y + 45 + 15 * line, part, "text_2", 12)
        fix = insight.get("fix")
        label = str(fix["label"]) if fix else "Nothing the file alone can mend"
        canvas.text(
            left + _INSET + 34,
            y + 49 + 15 * len(lines),
            canvas.fitted(label, room - 10, 12, "medium"),
            "accent" if fix else "text_3",
            12,
            "medium",
        )
