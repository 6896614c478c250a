"""Editing by command: the history changes and so does the picture; the pointer selects, snaps and cuts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from editor_kit import RATE, LocalEdits, listen, write_tone
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from grammy_desktop.core.peaks import AudioView, EditedView, build_peaks
from grammy_desktop.ui.editor.beat_grid import BeatGrid
from grammy_desktop.ui.editor.command_binding import bindings
from grammy_desktop.ui.editor.editor_view import EditorView
from grammy_desktop.ui.editor.scene import Block, Content, Lane, LaneLevel, Mark, Pin, stem_token
from grammy_desktop.ui.editor.selection import Span
from grammy_desktop.ui.theme import Theme

BAR = 96_000
"""Frames at 120 BPM."""


@pytest.fixture
def view(qtbot: QtBot, tmp_path: Path) -> Iterator[EditorView]:
    """16 s at 120 BPM: eight bars, mix and two stems."""
    editor = EditorView(Theme("dark", reduced_motion=True))
    qtbot.addWidget(editor)
    editor.resize(900, 700)
    path = write_tone(tmp_path / "mix.wav", 16)
    audio = AudioView(path, build_peaks(path, tmp_path / "mix.peaks"))
    port = LocalEdits(audio.frames)
    scene = editor.scene
    scene.axis.animated = False
    scene.snap.grid = BeatGrid(RATE, 120.0)
    editor.desk.set_port(port)

    def show() -> None:
        waveform = EditedView(audio, port.history.current)
        lanes = [Lane("mix", "Mix", "wave", ("Master 1",), waveform)]
        lanes += [Lane(name, name.capitalize(), stem_token(name), waveform=waveform) for name in ("drums", "bass")]
        scene.axis.set_length(port.history.current.frames)
        sections = (Block("Verse", 0, 4 * BAR), Block("Hook", 4 * BAR, 8 * BAR))
        scene.set_content(Content(tuple(lanes), sections, (Mark(0, "Am"),), (), (Pin(1, BAR, 2 * BAR),)))

    scene.axis.set_song(audio.frames, RATE)
    editor.desk.edited.connect(show)
    show()
    editor.show()
    qtbot.waitExposed(editor)
    yield editor
    audio.close()


def picture(view: EditorView) -> np.ndarray:
    QApplication.processEvents()
    image = view.lanes.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()


def wave_rows(view: EditorView, frame: float) -> int:
    """How many pixels of the mix lane's column at `frame` are painted in the RMS colour."""
    shot = picture(view)
    colour = view.theme.color("wave_rms").rgb()
    x = round(view.lanes.x_of(frame))
    return int((shot[: view.lanes.layout_of_lanes.mix, x] == colour).sum())


def test_silence_is_seen_at_once_and_undone(view: EditorView) -> None:
    assert wave_rows(view, 3.5 * BAR) > 20
    view.scene.selection.select(3 * BAR, 4 * BAR)
    view.commands.silence_selection()
    view.commands.select_none()
    assert view.desk.history is not None
    assert view.desk.history.names == ("Silence",)
    assert wave_rows(view, 3.5 * BAR) <= 1
    assert wave_rows(view, 4.5 * BAR) > 20
    view.commands.undo()
    assert wave_rows(view, 3.5 * BAR) > 20
    view.commands.redo()
    assert wave_rows(view, 3.5 * BAR) <= 1


def test_gain_and_fades_change_the_picture(view: EditorView) -> None:
    full = wave_rows(view, 2.5 * BAR)
    view.scene.selection.select(2 * BAR, 3 * BAR)
    view.commands.change_gain(-6.0)
    view.commands.select_none()
    assert wave_rows(view, 2.5 * BAR) == pytest.approx(full / 2, rel=0.08)
    view.scene.selection.select(6 * BAR, 7 * BAR)
    view.commands.fade_out()
    view.commands.select_none()
    assert wave_rows(view, 6.05 * BAR) > 3 * wave_rows(view, 6.9 * BAR)


def test_trim_and_delete_change_the_length(view: EditorView) -> None:
    view.scene.selection.select(BAR, 7 * BAR)
    view.commands.trim_to_selection()
    assert view.scene.axis.frames == 6 * BAR
    assert view.scene.selection.span is None
    view.scene.selection.select(2 * BAR, 3 * BAR)
    view.commands.delete_selection()
    assert view.scene.axis.frames == 5 * BAR
    view.commands.undo()
    view.commands.undo()
    assert view.scene.axis.frames == 8 * BAR


def test_the_whole_song_cannot_be_deleted(view: EditorView) -> None:
    view.commands.select_all()
    view.commands.delete_selection()
    assert view.scene.axis.frames == 8 * BAR


def test_cut_paste_duplicate(view: EditorView) -> None:
    view.scene.selection.select(0, BAR)
    view.commands.cut()
    assert view.scene.axis.frames == 7 * BAR
    view.scene.set_playhead(2.0 * BAR)
    view.commands.paste()
    assert view.scene.axis.frames == 8 * BAR
    assert view.scene.selection.span == Span(2 * BAR, 3 * BAR)
    view.commands.duplicate()
    assert view.scene.axis.frames == 9 * BAR
    assert view.scene.selection.span == Span(3 * BAR, 4 * BAR)


def test_split_makes_a_boundary_and_changes_no_sound(view: EditorView) -> None:
    before = picture(view)
    view.scene.set_playhead(3.0 * BAR)
    view.commands.split()
    assert view.desk.current is not None
    assert 3 * BAR in view.desk.current.starts
    view.scene.set_playhead(0.0)
    columns = np.flatnonzero((picture(view) != before).any(axis=0))
    assert all(abs(x - view.lanes.x_of(3 * BAR)) <= 2 for x in columns)


def test_a_drag_selects_on_the_grid_in_its_lane(view: EditorView, qtbot: QtBot) -> None:
    lanes = view.lanes
    y = round(lanes.lane_rect(1).center().y())
    start, end = QPoint(round(lanes.x_of(1.04 * BAR)), y), QPoint(round(lanes.x_of(3.03 * BAR)), y)
    qtbot.mousePress(lanes, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(lanes, start + QPoint(10, 0))
    qtbot.mouseMove(lanes, end)
    qtbot.mouseRelease(lanes, Qt.MouseButton.LeftButton, pos=end)
    assert view.scene.selection.span == Span(BAR, 3 * BAR)
    assert view.scene.selection.lane == "drums"
    further = QPoint(round(lanes.x_of(5.02 * BAR)), y)
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, further)
    assert view.scene.selection.span == Span(BAR, 5 * BAR)


def test_a_click_places_the_playhead_and_clears(view: EditorView, qtbot: QtBot) -> None:
    heard = listen(view.commands.seek_requested)
    view.scene.selection.select(0, BAR)
    at = QPoint(round(view.lanes.x_of(5.02 * BAR)), 20)
    qtbot.mouseClick(view.lanes, Qt.MouseButton.LeftButton, pos=at)
    assert view.scene.selection.span is None
    assert view.scene.playhead == 5 * BAR
    assert heard.calls == [(float(5 * BAR),)]


def test_double_click_on_a_section_selects_it(view: EditorView, qtbot: QtBot) -> None:
    at = QPoint(round(view.ruler.x_of(5 * BAR)), 32)
    qtbot.mouseDClick(view.ruler, Qt.MouseButton.LeftButton, pos=at)
    assert view.scene.selection.span == Span(4 * BAR, 8 * BAR)


def test_alt_drag_on_the_ruler_makes_a_loop(view: EditorView, qtbot: QtBot) -> None:
    heard = listen(view.commands.loop_requested)
    a, b = (QPoint(round(view.ruler.x_of(bar * BAR)), 12) for bar in (2, 4))
    qtbot.mousePress(view.ruler, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, a)
    qtbot.mouseMove(view.ruler, b)
    qtbot.mouseRelease(view.ruler, Qt.MouseButton.LeftButton, pos=b)
    assert view.scene.selection.loop == Span(2 * BAR, 4 * BAR)
    assert heard.calls[-1] == (Span(2 * BAR, 4 * BAR),)


def test_the_wheel_zooms_at_the_pointer(view: EditorView) -> None:
    lanes = view.lanes
    x = lanes.x_of(2 * BAR)
    none, ctrl = Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier
    at = QPointF(x, 40)
    event = QWheelEvent(at, at, QPoint(), QPoint(0, 120), none, ctrl, Qt.ScrollPhase.NoScrollPhase, False)
    before = view.scene.axis.frames_per_pixel
    QApplication.sendEvent(lanes, event)
    assert view.scene.axis.frames_per_pixel == pytest.approx(before * 0.8)
    assert lanes.x_of(2 * BAR) == pytest.approx(x, abs=1.0)


def test_the_cut_tool_splits_where_it_is_clicked(view: EditorView, qtbot: QtBot) -> None:
    view.scene.set_tool("cut")
    qtbot.mouseClick(view.lanes, Qt.MouseButton.LeftButton, pos=QPoint(round(view.lanes.x_of(3.02 * BAR)), 30))
    assert view.desk.current is not None
    assert 3 * BAR in view.desk.current.starts


def test_moving_by_beat_bar_and_section(view: EditorView) -> None:
    do = view.commands
    do.move("beat", 1)
    assert view.scene.playhead == BAR / 4
    do.move("bar", 1)
    assert view.scene.playhead == BAR
    do.move("bar", 1, extend=True)
    assert view.scene.selection.span == Span(BAR, 2 * BAR)
    do.next_section()
    assert view.scene.playhead == 4 * BAR
    do.previous_section()
    assert view.scene.playhead == 0
    assert "Verse" in view.lanes.accessibleDescription()


def test_a_selection_moves_to_zero_crossings(view: EditorView) -> None:
    view.scene.selection.select(10_037, 20_011)
    view.commands.select_to_zero_crossings()
    span = view.scene.selection.span
    assert span is not None
    half_wave = RATE / 440
    for edge in (span.start, span.end):
        assert abs(edge / half_wave - round(edge / half_wave)) * half_wave <= 1.5


def test_mute_and_solo_ask_and_dim(view: EditorView, qtbot: QtBot) -> None:
    heard = listen(view.scene.level_requested)
    view.scene.focus_lane("drums")
    view.commands.mute_lane()
    assert heard.calls == [("drums", LaneLevel(muted=True))]
    view.scene.set_levels({"drums": LaneLevel(), "bass": LaneLevel(soloed=True)})
    assert not view.scene.is_heard("drums")
    assert view.scene.is_heard("bass")
    qtbot.mouseClick(view.lanes.headers[2].solo, Qt.MouseButton.LeftButton)
    assert heard.calls[-1] == ("bass", LaneLevel())


def test_the_strip_appears_beside_the_selection(view: EditorView, qtbot: QtBot) -> None:
    view.scene.selection.select(2 * BAR, 4 * BAR, "drums")
    assert not view.strip.isVisible()
    qtbot.waitUntil(view.strip.isVisible, timeout=3000)
    assert view.strip.length.text() == "2 bars"
    assert view.strip.x() + 12 >= view.lanes.x_of(4 * BAR)
    names = [action.text() for action in view.strip.menu().actions() if action.text()]
    assert {"Trim", "Delete", "Fade in", "Fade out", "Gain…"} <= set(names)
    view.commands.select_none()
    assert not view.strip.isVisible()


def test_the_playhead_is_painted_in_its_own_rectangle(view: EditorView) -> None:
    before = picture(view)
    view.scene.set_playhead(2.0 * BAR)
    after = picture(view)
    columns = np.flatnonzero((before != after).any(axis=0))
    moved_to = round(view.lanes.x_of(2.0 * BAR))
    moved_from = round(view.lanes.x_of(0.0))
    assert all(min(abs(x - moved_to), abs(x - moved_from)) <= 2 for x in columns)
    assert (before != after).any()


def test_every_binding_names_a_command_of_the_table(view: EditorView) -> None:
    from grammy_desktop.ui.command_list import COMMANDS

    assert set(bindings(view.commands)) <= {command.id for command in COMMANDS}


def test_markers_and_stops(view: EditorView) -> None:
    heard = listen(view.commands.marker_added)
    view.scene.set_playhead(3.0 * BAR)
    view.commands.add_marker()
    assert heard.calls == [(3 * BAR, "Marker 1")]
    view.scene.set_playhead(0.0)
    view.commands.next_marker()
    assert view.scene.playhead == 3 * BAR
