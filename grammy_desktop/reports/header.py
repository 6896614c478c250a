"""The top of the page (title, brief, licence) and its foot (how the song can be made again)."""

from __future__ import annotations

from grammy_desktop.reports import layout
from grammy_desktop.reports.canvas import Canvas
from grammy_desktop.reports.report_data import SongReport
from grammy_desktop.reports.words import clock


def draw_header(canvas: Canvas, report: SongReport) -> None:
    title = canvas.fitted(report.title, layout.LEFT_WIDTH - 170, 34, "display")
    canvas.text(layout.LEFT, layout.HEADER_TOP + 30, title, size=34, weight="display")
    words = [report.subtitle, clock(report.duration) if report.duration else ""]
    line = " · ".join(word for word in words if word)
    canvas.text(layout.LEFT, layout.HEADER_TOP + 58, canvas.fitted(line, layout.LEFT_WIDTH - 10, 15), "text_2", 15)
    _draw_licence(canvas, report)
    x = float(layout.LEFT)
    for label, value in report.brief.items():
        width = canvas.width_of(label, 12) + canvas.width_of(value, 13, "medium") + 34
        if x + width > layout.LEFT + layout.LEFT_WIDTH:
            break
        canvas.box(x, layout.CHIPS_TOP, width, 30, "control", radius=8)
        after = x + 12 + canvas.text(x + 12, layout.CHIPS_TOP + 20, label, "text_3", 12)
        canvas.text(after + 8, layout.CHIPS_TOP + 20, value, "text", 13, "medium")
        x += width + 8


def _draw_licence(canvas: Canvas, report: SongReport) -> None:
    """At the right of the title: a word and an outline, so that colour is not all there is."""
    if report.sellable is None:
        return
    words, colour = ("Yours to sell", "ok") if report.sellable else ("Not for sale", "warn")
    width = canvas.width_of(words, 13, "medium") + 28
    x = layout.LEFT + layout.LEFT_WIDTH - width
    canvas.box(x, layout.HEADER_TOP + 4, width, 30, "window", radius=8, border=colour)
    canvas.text(x + 14, layout.HEADER_TOP + 24, words, colour, 13, "medium")


def draw_footer(canvas: Canvas, report: SongReport) -> None:
    canvas.line([(layout.LEFT, layout.FOOTER - 22), (layout.RIGHT + layout.RIGHT_WIDTH, layout.FOOTER - 22)], "line")
    made = " ".join(word for word in (report.engine, report.version) if word)
    parts = [
        f"Made with {made}" if made else "",
        f"seed {report.seed}" if report.seed is not None else "",
        report.licence,
    ]
    line = " · ".join(part for part in parts if part)
    canvas.text(layout.LEFT, layout.FOOTER, canvas.fitted(line, 1130, 12), "text_3", 12)
    canvas.text(layout.RIGHT + layout.RIGHT_WIDTH, layout.FOOTER, "Grammy Desktop", "text_2", 12, "medium", "rs")
