"""The two plots over time: the master's waveform with its sections, and its short-term loudness."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.reports import layout
from grammy_desktop.reports.canvas import Canvas
from grammy_desktop.reports.report_data import SongReport
from grammy_desktop.reports.words import clock, level

_TICKS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300)
_LEAST_TICK_WIDTH = 84  # logical pixels
_SECTION_HEIGHT = 24


def draw_waveform(canvas: Canvas, report: SongReport) -> None:
    """Gold, because the master is gold: peaks dim, the RMS over them bright; peaks alone are bright where there is no RMS."""
    left, top, width, height = layout.LEFT, layout.WAVE_TOP, layout.LEFT_WIDTH, layout.WAVE_HEIGHT
    canvas.box(left, top, width, height, "well", radius=8)
    inner_top = top + _SECTION_HEIGHT + 10 if report.sections else top + 8
    middle = (inner_top + top + height - 8) / 2
    reach = top + height - 8 - middle
    _draw_time_grid(canvas, report.duration, top + (_SECTION_HEIGHT + 6 if report.sections else 0), top + height)
    _draw_sections(canvas, report)
    columns = width - 16
    low, high = _columns(report.low, columns, np.min), _columns(report.high, columns, np.max)
    rms = _columns(report.rms, columns, np.mean)
    peak_colour = "master_peak" if rms.size else "accent"
    if high.size == 0:
        canvas.text(left + width / 2, middle, "No audio", "text_3", 13, anchor="mm")
        return
    for index in range(columns):
        x = left + 8 + index
        above, below = float(np.clip(high[index], 0, 1)), float(np.clip(-low[index], 0, 1))
        canvas.box(x, middle - above * reach, 1, max(1.0, (above + below) * reach), peak_colour)
        if rms.size:
            inner = min(float(rms[index]), max(above, below))
            canvas.box(x, middle - inner * reach, 1, max(1.0, 2 * inner * reach), "accent")


def _draw_sections(canvas: Canvas, report: SongReport) -> None:
    if not report.sections or report.duration <= 0:
        return
    span = layout.LEFT_WIDTH - 16
    for name, start, end in report.sections:
        x = layout.LEFT + 8 + span * start / report.duration
        width = span * (min(end, report.duration) - start) / report.duration - 2
        if width < 2:
            continue
        canvas.box(x, layout.WAVE_TOP + 8, width, _SECTION_HEIGHT - 4, "control", radius=4)
        if width > 34:
            canvas.text(
                x + 8, layout.WAVE_TOP + 22, canvas.fitted(name, width - 14, 12, "medium"), "text_2", 12, "medium"
            )


def draw_loudness(canvas: Canvas, report: SongReport) -> None:
    """Short-term loudness of the master, with the target where there is one."""
    left, top, width, height = layout.LEFT, layout.LOUDNESS_TOP, layout.LEFT_WIDTH, layout.LOUDNESS_HEIGHT
    heading = canvas.text(left, top - 10, "Short-term loudness", "text", 13, "semibold")
    canvas.text(left + heading + 8, top - 10, "3 s windows, LUFS", "text_3", 12)
    canvas.box(left, top, width, height, "well", radius=8)
    _draw_time_grid(canvas, report.duration, top, top + height, labels=True)
    levels = np.asarray(report.short_term, dtype=np.float64)
    if levels.size < 2 or report.duration <= 0:
        return
    loud = float(levels.max())
    ceiling, floor = 3.0 * np.ceil((loud + 1.0) / 3.0), 3.0 * np.ceil((loud + 1.0) / 3.0) - 18.0

    def y_of(value: float) -> float:
        return top + 10 + (height - 38) * float(np.clip((ceiling - value) / (ceiling - floor), 0.0, 1.0))

    for value in np.arange(ceiling - 3.0, floor, -6.0):
        canvas.line([(left + 44, y_of(value)), (left + width - 8, y_of(value))], "grid")
        canvas.text(left + 36, y_of(value), level(value).removesuffix(".0"), "text_3", 11, anchor="rm")
    if report.target_lufs is not None and floor < report.target_lufs < ceiling:
        y = y_of(report.target_lufs)
        for x in range(left + 44, left + width - 120, 9):
            canvas.line([(x, y), (x + 5, y)], "text_3")
        canvas.text(left + width - 10, y, f"target {level(report.target_lufs)}", "text_2", 11, anchor="rm")
    span = width - 16
    points = [
        (left + 8 + span * float(time) / report.duration, y_of(float(value)))
        for time, value in zip(report.times, levels, strict=True)
        if time >= 3.0 and time <= report.duration
    ]
    if len(points) > 1:
        canvas.line(points, "wave_rms", 1.8)


def _draw_time_grid(canvas: Canvas, duration: float, top: float, bottom: float, *, labels: bool = False) -> None:
    if duration <= 0:
        return
    span = layout.LEFT_WIDTH - 16
    step = next((tick for tick in _TICKS if span * tick / duration >= _LEAST_TICK_WIDTH), _TICKS[-1])
    for second in np.arange(step, duration, step):
        x = layout.LEFT + 8 + span * second / duration
        canvas.line([(x, top + 1), (x, bottom - (22 if labels else 1))], "grid")
        if labels and x < layout.LEFT + span - 20:
            canvas.text(x, bottom - 8, clock(float(second)), "text_3", 11, anchor="ms")


def _columns(envelope: NDArray[np.floating[Any]], count: int, pick: Any) -> NDArray[np.float64]:
    """The envelope in `count` columns, each holding the lowest or highest of its share."""
    values = np.asarray(envelope, dtype=np.float64)
    if values.size == 0:
        return values
    if values.size <= count:
        return values[np.arange(count) * values.size // count]
    edges = np.arange(count + 1) * values.size // count
    return np.array([pick(values[first:last]) for first, last in pairwise(edges)])
