"""The table of measured figures before and after mastering, and what the streaming services will do."""

from __future__ import annotations

from grammy_desktop.reports import layout
from grammy_desktop.reports.canvas import Canvas
from grammy_desktop.reports.report_data import SongReport
from grammy_desktop.reports.words import level

_ROWS = (
    ("integrated", "Integrated loudness", "LUFS"),
    ("short_term_max", "Loudest 3 s", "LUFS"),
    ("momentary_max", "Loudest 0.4 s", "LUFS"),
    ("range", "Loudness range", "LU"),
    ("true_peak", "True peak", "dBTP"),
    ("plr", "Peak to loudness", "LU"),
)
_ROW = 29
_TABLE_WIDTH = 620
_GAP = 20


def draw_figures(canvas: Canvas, report: SongReport) -> None:
    left, top = layout.LEFT, layout.FIGURES_TOP
    canvas.box(left, top, _TABLE_WIDTH, layout.FIGURES_HEIGHT, "panel", radius=10)
    canvas.text(left + 24, top + 34, "Measured", size=15, weight="semibold")
    both = bool(report.loudness_before)
    columns = [("Master", report.loudness_after, "accent")]
    if both:
        columns.insert(0, ("Mix", report.loudness_before, "text_2"))
    edges = [left + _TABLE_WIDTH - 24 - 150 * (len(columns) - 1 - number) for number in range(len(columns))]
    for edge, (name, _, colour) in zip(edges, columns, strict=True):
        canvas.text(edge, top + 34, name, colour, 13, "medium", "rs")
    for number, (key, words, unit) in enumerate(_ROWS):
        y = top + 68 + _ROW * number
        canvas.line([(left + 24, y - 20), (left + _TABLE_WIDTH - 24, y - 20)], "line")
        canvas.text(left + 24, y, words, "text_2", 13)
        for edge, (_, figures, colour) in zip(edges, columns, strict=True):
            strong = colour == "accent"
            canvas.text(
                edge,
                y,
                level(figures.get(key), unit),
                "text" if strong else "text_2",
                13,
                "medium" if strong else "regular",
                "rs",
            )
    _draw_platforms(canvas, report)


def _draw_platforms(canvas: Canvas, report: SongReport) -> None:
    """Each service with the change of level it will make; a word says whether the file is within its limits."""
    left, top = layout.LEFT + _TABLE_WIDTH + _GAP, layout.FIGURES_TOP
    width = layout.LEFT_WIDTH - _TABLE_WIDTH - _GAP
    canvas.box(left, top, width, layout.FIGURES_HEIGHT, "panel", radius=10)
    canvas.text(left + 24, top + 34, "After upload", size=15, weight="semibold")
    if not report.platforms:
        canvas.text(left + 24, top + 68, "Not checked", "text_2", 13)
        return
    for number, platform in enumerate(report.platforms[: len(_ROWS)]):
        y = top + 68 + _ROW * number
        canvas.line([(left + 24, y - 20), (left + width - 24, y - 20)], "line")
        canvas.text(left + 24, y, canvas.fitted(str(platform["name"]), 190, 13), "text_2", 13)
        passed = bool(platform["pass"])
        canvas.text(left + width - 24, y, "ready" if passed else "over", "ok" if passed else "warn", 13, "medium", "rs")
        change = platform.get("gain_change")
        canvas.text(left + width - 90, y, _change(change), "text", 13, anchor="rs")


def _change(value: float | None) -> str:
    if value is None:
        return "–"
    if abs(value) < 0.05:
        return "plays as it is"
    return f"{'−' if value < 0 else '+'}{abs(value):.1f}\u00a0dB"
