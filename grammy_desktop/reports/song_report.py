"""One page about one song, as a picture of 1600 x 1000."""

from __future__ import annotations

from pathlib import Path

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.reports.canvas import Canvas
from grammy_desktop.reports.figures import draw_figures
from grammy_desktop.reports.header import draw_footer, draw_header
from grammy_desktop.reports.meter import draw_insights, draw_meter
from grammy_desktop.reports.plots import draw_loudness, draw_waveform
from grammy_desktop.reports.report_data import SongReport

WIDTH, HEIGHT = 1600, 1000


def write_report_png(path: Path, report: SongReport) -> None:
    """Draw the page and write it in one step. Raises EnvironmentFailure when it cannot be written."""
    canvas = Canvas(WIDTH, HEIGHT)
    draw_header(canvas, report)
    draw_waveform(canvas, report)
    draw_loudness(canvas, report)
    draw_meter(canvas, report)
    draw_insights(canvas, report)
    draw_figures(canvas, report)
    draw_footer(canvas, report)
    with atomic_file(path) as temporary:
        canvas.finished().save(temporary, format="PNG")
