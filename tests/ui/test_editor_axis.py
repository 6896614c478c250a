"""Time axis, beat grid and snapping: arithmetic only."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication

from grammy_desktop.ui.editor.beat_grid import BeatGrid, length_text, time_step, time_text
from grammy_desktop.ui.editor.lane_layout import lay_out
from grammy_desktop.ui.editor.selection import Selection, Snap, Span
from grammy_desktop.ui.editor.time_axis import TimeAxis

RATE = 48_000


@pytest.fixture
def axis(qapp: QCoreApplication) -> TimeAxis:
    made = TimeAxis()
    made.set_width(800, 1.0)
    made.set_song(RATE * 120, RATE)
    return made


def test_a_new_song_fits(axis: TimeAxis) -> None:
    assert axis.start == 0
    assert axis.end == pytest.approx(RATE * 120)


def test_zoom_keeps_the_frame_under_the_pointer(axis: TimeAxis) -> None:
    under = axis.frame_at(300)
    axis.zoom(0.25, 300)
    assert axis.frames_per_pixel == pytest.approx(RATE * 120 / 800 / 4)
    assert axis.frame_at(300) == pytest.approx(under, abs=axis.frames_per_pixel)


def test_zoom_out_stops_at_the_whole_song(axis: TimeAxis) -> None:
    axis.zoom(0.1, 0)
    for _ in range(10):
        axis.zoom(4.0)
    assert (axis.start, axis.end) == (0, pytest.approx(RATE * 120))


def test_the_view_starts_on_a_whole_device_pixel(axis: TimeAxis) -> None:
    axis.set_width(800, 1.5)
    axis.zoom(0.137, 411)
    for _ in range(20):
        axis.scroll_by(3.7)
        pixel = axis.frames_per_pixel / 1.5
        assert axis.start / pixel == pytest.approx(round(axis.start / pixel), abs=1e-6)


def test_scrolling_stays_inside(axis: TimeAxis) -> None:
    axis.zoom(0.5)
    axis.scroll_by(-1e9)
    assert axis.start == 0
    axis.scroll_by(1e9)
    assert axis.end == pytest.approx(RATE * 120, abs=axis.frames_per_pixel)


def test_zoom_to_a_selection_shows_all_of_it(axis: TimeAxis) -> None:
    axis.zoom_to(RATE * 10, RATE * 14)
    assert axis.start < RATE * 10 < RATE * 14 < axis.end
    assert axis.end - axis.start == pytest.approx(RATE * 4 * 1.08, rel=0.02)


def test_a_fitted_view_stays_fitted_when_resized(axis: TimeAxis) -> None:
    axis.set_width(1200, 1.0)
    assert axis.end == pytest.approx(RATE * 120)


def test_animated_zoom_ends_where_the_jump_would(axis: TimeAxis, qtbot: object) -> None:
    axis.animated = True
    goal = axis.snapped(axis.frame_at(200) - 200 * axis.widest * 0.5, axis.widest * 0.5)
    axis.zoom(0.5, 200)
    qtbot.waitUntil(lambda: axis.frames_per_pixel == pytest.approx(goal[1]), timeout=2000)  # type: ignore[attr-defined]
    assert axis.start == pytest.approx(goal[0])


def test_beats_and_bars() -> None:
    grid = BeatGrid(RATE, 90.0)
    assert grid.frames_per_beat == 32_000
    assert grid.position(0) == (1, 1, 1)
    assert grid.position(grid.frame_of_bar(14) + 2 * 32_000 + 16_000) == (15, 3, 3)
    assert BeatGrid(RATE, 120.0, 3.0).frames_per_bar == 72_000


@pytest.mark.parametrize(("division", "expected"), [("Bar", 0), ("1/4", 32_000), ("1/8", 48_000), ("1/16", 48_000)])
def test_snapping(division: str, expected: int) -> None:
    assert BeatGrid(RATE, 90.0).snap(47_000, division) == expected


def test_labels_are_at_least_48_pixels_apart() -> None:
    grid = BeatGrid(RATE, 90.0)
    for scale in (10.0, 300.0, 3_000.0, 50_000.0):
        step = grid.label_step(scale)
        assert step * grid.frames_per_bar / scale >= 48
        assert step == 1 or step / 2 * grid.frames_per_bar / scale < 48


def test_snap_off_and_the_songs_end(qapp: QCoreApplication) -> None:
    snap = Snap()
    snap.grid = BeatGrid(RATE, 90.0)
    assert snap.apply(47_000, 100_000) == 32_000
    assert snap.apply(99_000, 100_000) == 100_000
    snap.set_on(False)
    assert snap.apply(47_000.4, 100_000) == 47_000
    snap.set_division("1/4")
    snap.finer()
    assert snap.division == "1/8"


def test_selection_extends_its_nearest_edge(qapp: QCoreApplication) -> None:
    selection = Selection()
    selection.select(3_000, 1_000, "drums")
    assert selection.span == Span(1_000, 3_000)
    selection.extend_to(4_000, 0)
    assert selection.span == Span(1_000, 4_000)
    selection.extend_to(500, 0)
    assert selection.span == Span(500, 4_000)
    selection.keep_inside(2_000)
    assert selection.span == Span(500, 2_000)
    selection.select(7, 7)
    assert selection.span is None
    assert selection.lane is None


def test_words_for_lengths() -> None:
    grid = BeatGrid(RATE, 90.0)
    assert length_text(2 * grid.frames_per_bar, RATE, grid) == "2 bars"
    assert length_text(32_000, RATE, grid) == "1 beat"
    assert length_text(12_000, RATE, grid) == "0.250 s"
    assert time_text(64.25, 2) == "1:04.25"
    assert time_step(0.5) == 60


def test_lane_heights() -> None:
    lay = lay_out(600, 4)
    assert lay.mix >= 200
    assert lay.mix + 4 * lay.stem == 600
    assert lay_out(300, 8).stem == 40
    assert lay_out(300, 8).scroll_range > 0
    assert lay_out(900, 2).stem == 120
    assert lay_out(500, 0).mix == 500
