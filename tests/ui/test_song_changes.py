"""The Notes view and the changes made from it, on a song that the composer really made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_songs import add_song

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.changes.ask_popover import AskPopover
from grammy_desktop.ui.changes.questions import (
    ChordQuestion,
    LengthQuestion,
    LoopQuestion,
    VariationQuestion,
    read_length,
)
from grammy_desktop.ui.changes.song_changes import BUSY, UNKEPT
from grammy_desktop.ui.changes.sound_question import SoundQuestion
from grammy_desktop.ui.editor.notes.part_header import PartHeader
from grammy_desktop.ui.editor.ruler import RULER, SECTIONS
from grammy_desktop.ui.editor.scene import LaneLevel
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace

WAIT = 120_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one song of eight seconds, neither mastered nor scored."""
    folder = tmp_path_factory.mktemp("composed") / "data"
    app = App.open(AppPaths(folder))
    (job,) = app.create(CreateOptions(prompt="Lo-fi hip hop, 90 BPM, A minor", duration=8.0, seed=5, finish=False))
    outcome = app.jobs.wait(job, 240)
    assert outcome.state is JobState.DONE, outcome.error
    app.close()
    return folder


@pytest.fixture
def app(made: Path, tmp_path: Path) -> Iterator[App]:
    shutil.copytree(made, tmp_path / "data")
    opened = App.open(AppPaths(tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def notes(app: App, theme: Theme, qtbot: QtBot) -> Iterator[Workspace]:
    """The window with the song in the Notes view."""
    workspace = Workspace(app, theme)
    workspace.window.resize(1440, 900)
    workspace.window.show()
    workspace.editor.scene.axis.animated = False
    workspace.songs.open_song(app.library.tracks()[0].id)
    workspace.commands.run("view.notes")
    qtbot.waitUntil(lambda: len(workspace.editor.scene.content.lanes) > 2, timeout=WAIT)
    yield workspace
    workspace.close()
    workspace.window.close()
    workspace.window.deleteLater()


def popover(notes: Workspace, kind: type[AskPopover]) -> AskPopover:
    found = [each for each in notes.window.findChildren(kind) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def parts_of(notes: Workspace) -> list[str]:
    return [lane.part for lane in notes.editor.scene.content.lanes[1:]]


def test_every_part_is_a_lane_with_its_keys(notes: Workspace) -> None:
    arrangement = notes.session.arrangement
    assert arrangement is not None
    assert sorted(parts_of(notes)) == sorted(part["name"] for part in arrangement["parts"])
    headers = [header for header in notes.editor.lanes.headers if isinstance(header, PartHeader)]
    assert len(headers) == len(arrangement["parts"])
    for header in headers:
        assert header.lane.details, header.lane.name
        for key in (header.mute, header.solo, header.reroll, header.more):
            assert key.accessibleName()
            assert key.width() >= 24
    drums = next(header.lane for header in headers if header.lane.part == "drums")
    assert drums.notes is not None
    assert drums.notes.is_drums
    assert drums.notes.end.max() < notes.session.frames


def test_the_view_is_kept_for_each_song_and_shares_the_axis(notes: Workspace, app: App, tmp_path: Path) -> None:
    composed = notes.session.track
    assert composed is not None
    axis = notes.editor.scene.axis
    axis.zoom(0.5)
    before = axis.start, axis.frames_per_pixel
    other = add_song(app, tmp_path)
    notes.commands.run("view.notes")
    assert notes.editor.scene.view == "waveform"
    assert (axis.start, axis.frames_per_pixel) == before
    notes.commands.run("view.notes")
    notes.songs.open_song(other)
    assert notes.editor.scene.view == "waveform"
    notes.songs.open_song(composed.id)
    assert notes.editor.scene.view == "notes"


def test_an_import_says_why_there_are_no_notes(notes: Workspace, app: App, tmp_path: Path, qtbot: QtBot) -> None:
    notes.songs.open_song(add_song(app, tmp_path))
    notes.commands.run("view.notes")
    assert notes.editor.scene.content.empty == "Reading the score…"
    qtbot.waitUntil(lambda: not notes.editor.scene.content.empty.startswith("Reading"), timeout=WAIT)
    empty = notes.editor.lanes.notes._empty
    assert empty is not None
    assert empty.isVisible()
    assert empty.sentence.text().endswith(".")
    qtbot.mouseClick(empty.waveform, Qt.MouseButton.LeftButton)
    assert notes.editor.scene.view == "waveform"
    assert not empty.isVisible()


def test_mute_of_a_part_is_that_of_its_stem(notes: Workspace, qtbot: QtBot) -> None:
    header = next(h for h in notes.editor.lanes.headers if isinstance(h, PartHeader) and h.lane.part == "bass")
    qtbot.mouseClick(header.mute, Qt.MouseButton.LeftButton)
    assert notes.session.stem_gain("bass").muted
    assert not notes.editor.scene.is_heard(header.lane.id)
    notes.editor.scene.focus_lane(header.lane.id)
    notes.commands.run("edit.mute")
    assert not notes.session.stem_gain("bass").muted


def test_what_sounds_at_the_playhead_is_lit(notes: Workspace) -> None:
    lanes = notes.editor.lanes
    bass = next(lane for lane in lanes.lanes if lane.part == "bass")
    assert bass.notes is not None
    middle = float(bass.notes.start[0] + bass.notes.end[0]) / 2
    notes.editor.scene.set_playhead(middle)
    assert lanes.notes._sounding
    index = lanes.index_of(bass.id)
    assert index is not None
    box = lanes.lane_rect(index)
    lit = [rect for rect in lanes.notes._sounding if box.contains(rect.center())]
    assert len(lit) == len(bass.notes.sounding(middle))
    words = lanes.notes.words_at(lit[0].center().x(), lit[0].center().y())
    assert words.startswith(bass.notes.name_of(0))
    assert "velocity" in words


def test_drums_played_anew_change_nothing_else_and_undo_brings_them_back(notes: Workspace, qtbot: QtBot) -> None:
    session = notes.session
    assert session.version is not None
    before, stems = session.version.id, {name: path.read_bytes() for name, path in session.stems.items()}
    notes.playback.seek(3.0)
    qtbot.waitUntil(lambda: session.player.state().position == pytest.approx(3.0), timeout=WAIT)
    notes.editor.scene.focus_lane("part:drums")
    notes.commands.run("song.reroll_part")
    assert "part:drums" in notes.editor.scene.busy
    failed: list[GrammyError] = []
    notes.changes.failed.connect(failed.append)
    notes.commands.run("song.reroll_section")
    assert [error.message for error in failed] == [BUSY]
    qtbot.waitUntil(lambda: notes.toast.isVisible(), timeout=WAIT)
    assert notes.toast.words.text() == "Drums played anew"
    assert notes.toast.undoable
    assert session.version.id != before
    assert session.version.parent_id == before
    changed = {name for name, path in session.stems.items() if path.read_bytes() != stems[name]}
    assert changed == {"drums"}
    assert session.player.state().position == pytest.approx(3.0, abs=0.05)
    assert notes.editor.tools.undo.toolTip() == "Undo drums played anew"
    after = session.stems["drums"].read_bytes()
    notes.toast.close_toast()
    notes.commands.run("edit.undo")
    assert session.stems["drums"].read_bytes() == stems["drums"]
    notes.changes.close()
    newest = notes.app.library.versions(session.version.track_id)[-1]
    assert newest.files["stem:drums"].read_bytes() == stems["drums"]  # what an export would hold
    notes.commands.run("edit.redo")
    assert session.stems["drums"].read_bytes() == after
    notes.changes.close()


def test_a_change_waits_for_an_edit_to_be_kept(notes: Workspace) -> None:
    failed: list[GrammyError] = []
    notes.changes.failed.connect(failed.append)
    session = notes.session
    session.apply_edits("Cut", EditList.whole(session.frames).delete(0, 48_000))
    notes.change_desk.reroll_part("drums")
    assert [error.message for error in failed] == [UNKEPT]
    drums = next(lane for lane in notes.editor.scene.content.lanes if lane.part == "drums")
    assert drums.notes is not None
    assert drums.notes.end.max() <= session.frames
    notes.commands.run("edit.undo")
    assert session.history.current.is_whole


def test_an_edit_begun_meanwhile_stays_open(notes: Workspace, qtbot: QtBot) -> None:
    session = notes.session
    assert session.version is not None
    before = session.version.id
    notes.change_desk.reroll_part("bass")
    session.apply_edits("Cut", EditList.whole(session.frames).delete(0, 48_000))
    qtbot.waitUntil(lambda: not notes.changes.busy, timeout=WAIT)
    assert session.version.id == before
    assert not session.history.current.is_whole
    assert "your edit stays open" in notes.toast.words.text()
    assert len(session.versions) == 2
    notes.toast.undo.click()
    assert session.version.parent_id == before


def test_a_chord_is_written_over_the_playhead(notes: Workspace, qtbot: QtBot) -> None:
    asked: list[tuple[object, ...]] = []
    notes.change_desk.change_chord = lambda *wish: asked.append(wish)  # type: ignore[method-assign]
    notes.editor.scene.set_playhead(0.0)
    notes.commands.run("song.chord")
    question = popover(notes, ChordQuestion)
    assert isinstance(question, ChordQuestion)
    assert not question.button.isEnabled()  # unchanged
    question.text.setText("Hm7")
    assert "Hm7" in question.problem.text()
    assert question.problem.isVisible()
    assert not question.button.isEnabled()
    question.text.setText("F#m7b5/C")
    assert not question.problem.isVisible()
    qtbot.keyClick(question.text, Qt.Key.Key_Return)
    assert asked == [(0, "F#m7b5/C")]


def test_a_double_click_on_a_chord_opens_it_and_menus_offer_the_rest(notes: Workspace, qtbot: QtBot) -> None:
    ruler = notes.editor.ruler
    second = notes.editor.scene.content.chords[1]
    where = ruler.chord_rect(second).center().toPoint()
    qtbot.mouseDClick(ruler, Qt.MouseButton.LeftButton, pos=where)
    assert popover(notes, ChordQuestion).isVisible()
    popover(notes, ChordQuestion).close_popover()
    assert ruler.cell_at(where.x(), where.y()) is second
    block = notes.editor.scene.content.sections[0]
    assert ruler.cell_at(ruler.x_of(block.start) + 4, RULER + SECTIONS / 2) == block
    assert [a.text() for a in notes.change_desk.chord_menu(second).actions()] == [
        f"Change {second.text}…",
        "Another chord here",
    ]
    texts = [action.text() for action in notes.change_desk.section_menu(block).actions()]
    assert texts[0] == f"Play “{block.name}” anew"
    assert ruler.cell_at(ruler.x_of(block.start) + 4, 4) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3:00", 180.0),
        ("0:30", 30.0),
        ("90", 90.0),
        ("90 s", 90.0),
        ("1,5 min", 90.0),
        ("2m", 120.0),
        ("3:75", None),
        ("long", None),
    ],
)
def test_lengths_are_read(text: str, seconds: float | None) -> None:
    assert read_length(text) == seconds


def test_questions_refuse_what_cannot_be(notes: Workspace) -> None:
    notes.change_desk.ask_length()
    question = popover(notes, LengthQuestion)
    assert isinstance(question, LengthQuestion)
    for text, fits in (("soon", False), ("20:00", False), ("0:20", True)):
        question.text.setText(text)
        assert question.button.isEnabled() == fits
        assert question.problem.isVisible() != fits
    question.close_popover()
    notes.change_desk.ask_variation()
    variation = popover(notes, VariationQuestion)
    assert isinstance(variation, VariationQuestion)
    assert not variation.button.isEnabled()
    variation._add("darker")
    variation._add("slower")
    assert variation.text.text() == "darker, slower"
    assert variation.button.isEnabled()
    variation.close_popover()
    notes.change_desk.ask_loop(0)
    loop = popover(notes, LoopQuestion)
    assert isinstance(loop, LoopQuestion)
    heard: list[object] = []
    notes.change_desk.loop = lambda *wish: heard.append(wish)  # type: ignore[method-assign]
    loop.bars.set_value(4)
    loop.button.click()
    assert heard == [(0, 4)]


def test_a_sound_is_found_by_its_name(notes: Workspace, qtbot: QtBot) -> None:
    asked: list[tuple[object, ...]] = []
    notes.change_desk.set_sound = lambda *wish: asked.append(wish)  # type: ignore[method-assign]
    notes.change_desk.ask_sound("bass")
    question = popover(notes, SoundQuestion)
    assert isinstance(question, SoundQuestion)
    assert not question.button.isEnabled()
    qtbot.keyClicks(question.text, "fretless")
    assert question.list.item(0).text() == "Fretless bass"
    qtbot.keyClick(question.text, Qt.Key.Key_Return)
    assert asked == [("bass", "sf:0:35")]


def test_mixing_without_muted_lanes_needs_some_of_each(notes: Workspace) -> None:
    failed: list[GrammyError] = []
    notes.change_desk.failed.connect(failed.append)
    notes.change_desk.mix_without_muted()
    for stem in notes.session.stems:
        notes.editor.scene.level_requested.emit(stem, LaneLevel(muted=True))
    notes.change_desk.mix_without_muted()
    assert len(failed) == 2
    assert "Nothing is muted" in failed[0].message
    assert "Everything is muted" in failed[1].message


def test_every_change_is_in_the_menu_and_in_the_palette(notes: Workspace, qtbot: QtBot) -> None:
    qtbot.waitUntil(notes.editor.header.more.isVisible)
    texts = [action.text() for action in notes.change_desk.song_menu().actions()]
    assert texts[:6] == [
        "Extend or shorten…",
        "Variation…",
        "Restyle this song…",
        "Export a loop…",
        "Add an instrument…",
        "Mix without muted lanes",
    ]
    bound = {command.id for command in notes.commands.bound()}
    assert {"song.reroll_part", "song.reroll_section", "song.chord", "song.reroll_chord", "view.notes"} <= bound
    notes.editor.scene.focus_lane("mix")
    assert not notes.commands.action("song.reroll_part").isEnabled()
    assert "part" in notes.commands.why_disabled("song.reroll_part")
    header = next(h for h in notes.editor.lanes.headers if isinstance(h, PartHeader))
    assert [a.text() for a in header.menu().actions() if a.text()][:3] == [
        "Play this part anew",
        "Change the sound…",
        "Remove this part",
    ]


def test_a_parts_midi_leaves_as_a_file(notes: Workspace) -> None:
    import mido

    score = notes.editor.notes.score
    assert score is not None
    path = notes.editor.files.part_file(score, "bass")
    assert path is not None
    wanted = next(part for part in score.parts if part.name == "bass")
    played = [m for track in mido.MidiFile(path).tracks for m in track if m.type == "note_on" and m.velocity]
    assert len(played) == len(wanted.notes)


@pytest.mark.parametrize("size", [(1120, 640), (1280, 720)])
def test_nothing_is_cut_in_small_windows(notes: Workspace, size: tuple[int, int], qtbot: QtBot) -> None:
    notes.window.resize(*size)
    qtbot.waitUntil(lambda: notes.window.width() == size[0])
    for header in notes.editor.lanes.headers:
        if not isinstance(header, PartHeader):
            continue
        assert header.height() >= 39
        for key in (header.mute, header.solo, header.reroll, header.more):
            assert key.geometry().right() <= header.width(), (header.width(), key.geometry())
            assert key.geometry().bottom() <= header.height()

    def right_of(widget: QWidget) -> int:
        return widget.mapTo(notes.editor, QPoint(widget.width(), 0)).x()

    assert right_of(notes.editor.tools.fit) <= notes.editor.width()
    assert right_of(notes.editor.header.export_button) <= notes.editor.width()
