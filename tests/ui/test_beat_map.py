"""Bars, beats and snapping by a tempo map, and what edits do to it."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.edits import EditList
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Note, Part, Section
from grammy_desktop.ui.editor.beat_grid import BeatGrid, length_text
from grammy_desktop.ui.editor.editor_moves import EditorMoves
from grammy_desktop.ui.editor.notes.note_data import part_notes
from grammy_desktop.ui.editor.scene import Content, Mark, Scene
from grammy_desktop.ui.editor.song_content import Story, beat_grid, moved_tempi

RATE = 48_000
MAP = ((0.0, 120.0), (8.0, 96.5), (12.0, 141.3), (18.0, 60.0))


def score(metre: tuple[int, int] = (4, 4)) -> Arrangement:
    sections = (Section("A", 0, 4, 0.5), Section("B", 4, 4, 0.8))
    notes = tuple(Note(beat * 0.75, 0.5, 60, 90) for beat in range(40))
    return Arrangement(120.0, Key.parse("C"), metre, sections, (), (Part("lead", "lead", notes),), tempo_map=MAP)


def grid_of(arrangement: Arrangement, edits: tuple[EditList, ...] = ()) -> BeatGrid:
    made = beat_grid(arrangement.to_json(), RATE, 101.0, arrangement.metre, Story(edits))
    assert made is not None
    return made


@pytest.mark.parametrize("metre", [(4, 4), (3, 4), (6, 8)])
def test_bar_lines_stand_where_the_score_has_them(metre: tuple[int, int]) -> None:
    arrangement = score(metre)
    grid = grid_of(arrangement)
    for bar in range(8):
        frame = arrangement.bar_seconds(bar) * RATE
        assert grid.frame_of_bar(bar) == pytest.approx(frame, abs=0.2)
        assert grid.position(round(frame) + 1) == (bar + 1, 1, 1)
        assert grid.snap(frame + 3000, "Bar") == pytest.approx(frame, abs=1)
    for frame in (0, 777, 200_000, 431_431, 999_999):
        assert grid.frame_of_beat(grid.beat_at(frame)) == pytest.approx(frame, abs=1e-3)


def test_lines_tempo_and_lengths_follow_the_map() -> None:
    arrangement = score()
    grid = grid_of(arrangement)
    beats = [arrangement.seconds(beat) * RATE for beat in range(5, 16)]
    assert list(grid.lines(1.0, beats[0] + 10, beats[-1] + 10)) == pytest.approx(beats, abs=0.2)
    assert grid.tempo_at(arrangement.seconds(9) * RATE) == pytest.approx(96.5)
    third, fifth = grid.frame_of_bar(2), grid.frame_of_bar(4)
    assert length_text(round(fifth - third), RATE, grid, round(third)) == "2 bars"
    assert length_text(round(fifth - third), RATE, grid, 0) != "2 bars"
    scale = 1000.0
    step = grid.label_step(scale)
    starts = np.array([grid.frame_of_bar(bar * step) for bar in range(6)])
    assert np.diff(starts).min() / scale >= 48


def test_a_steady_song_is_one_tempo() -> None:
    made = beat_grid({"tempo": 90.0}, RATE, 90.0, (6, 8), Story(()))
    assert made == BeatGrid(RATE, 90.0, 3.0)
    assert beat_grid(None, RATE, None, (4, 4), Story(())) is None


def test_an_edit_takes_its_tempi_along() -> None:
    arrangement = score()
    second, fourth = (round(arrangement.bar_seconds(bar) * RATE) for bar in (1, 3))
    whole = EditList.whole(round(arrangement.bar_seconds(8) * RATE))
    cut = whole.delete(second, fourth)  # bars 2 and 3 go: bar 4 is bar 2 now
    grid = grid_of(arrangement, (cut,))
    for bar in range(3, 8):
        moved = round(arrangement.bar_seconds(bar) * RATE) - (fourth - second)
        assert grid.frame_of_bar(bar - 2) == pytest.approx(moved, abs=3)
    assert grid_of(arrangement, (whole,)) == grid_of(arrangement)


def test_silence_goes_on_in_the_tempo_before_it() -> None:
    whole = EditList.whole(4 * RATE)
    tempi = [(0.0, 120.0), (2.0 * RATE, 60.0)]
    silent = moved_tempi(whole.silence(RATE, 3 * RATE), tempi)
    assert silent[0] == (0.0, 120.0)
    assert silent[-1] == (3 * RATE, 60.0)


def test_keys_move_from_line_to_line(qapp: object) -> None:
    arrangement = score()
    scene = Scene()
    scene.axis.set_song(round(arrangement.bar_seconds(8) * RATE), RATE)
    scene.snap.grid = grid_of(arrangement)
    moves = EditorMoves(scene)
    visited = []
    for _ in range(5):
        moves.move("bar", 1)
        scene.set_playhead(round(scene.playhead))  # as a player reports it
        visited.append(scene.playhead)
    assert visited == pytest.approx([arrangement.bar_seconds(bar) * RATE for bar in range(1, 6)], abs=1)
    moves.move("beat", -1)
    assert scene.playhead == pytest.approx(arrangement.seconds(19) * RATE, abs=1)


def test_notes_and_chords_agree_with_the_bars(qapp: object) -> None:
    arrangement = score()
    notes = part_notes(arrangement.parts[0], arrangement, RATE)
    expected = [arrangement.seconds(note.start) * RATE for note in arrangement.parts[0].notes]
    assert notes.start.tolist() == pytest.approx(expected, abs=1e-3)
    ends = [arrangement.seconds(note.start + note.length) * RATE for note in arrangement.parts[0].notes]
    assert notes.end.tolist() == pytest.approx(ends, abs=1e-3)
    from PySide6.QtGui import QFont, QFontMetricsF

    from grammy_desktop.ui.editor.ruler import thinned

    scene = Scene()
    scene.axis.set_width(200)
    scene.axis.set_song(round(arrangement.bar_seconds(8) * RATE), RATE)
    scene.snap.grid = grid_of(arrangement)
    marks = tuple(Mark(round(arrangement.seconds(2 * n) * RATE), "Cmaj7", n) for n in range(16))
    scene.set_content(Content(chords=marks))
    shown = [frame for frame, _ in thinned(scene, QFontMetricsF(QFont()))]
    bars = {round(arrangement.bar_seconds(bar) * RATE) for bar in range(8)}
    assert shown
    assert set(shown) <= bars
