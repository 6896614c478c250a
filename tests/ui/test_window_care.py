"""What a user meets on the second day: songs that open by themselves, work that is stopped, keys in the library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_songs import add_song

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.edits import EditList
from grammy_desktop.playback.programme import OutputDevice
from grammy_desktop.ui.editor.lane_scale import FILL, MOST, common_gain, peak_of, scale_words
from grammy_desktop.ui.editor.song_content import section_name
from grammy_desktop.ui.page import CENTRE_MINIMUM
from grammy_desktop.ui.quit_dialog import QuitDialog
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace


@pytest.fixture
def songs(app: App, tmp_path: Path) -> list[str]:
    """Two songs, made before the window opens."""
    return [add_song(app, tmp_path, seed=seed, title=f"Song {seed}") for seed in (1, 2)]


@pytest.fixture
def open_first(songs: list[str], workspace: Workspace) -> Workspace:
    workspace.songs.open_song(songs[0])
    return workspace


class Wave:
    """Four frames of which the second is the loudest."""

    frames = 4

    def columns(self, first: float, last: float, pixels: int) -> Wave:
        self.low = np.array([[-0.4, -0.1]], np.float32)
        self.high = self.rms = np.array([[0.2, 0.3]], np.float32)
        return self


def test_stems_share_one_factor_under_which_the_loudest_fills_its_lane() -> None:
    assert peak_of(Wave()) == pytest.approx(0.4)
    assert common_gain([0.1, 0.25]) * 0.25 == pytest.approx(FILL)
    assert common_gain([]) == common_gain([0.0]) == 1.0
    assert common_gain([1e-6]) == MOST
    assert "−6.0\N{NO-BREAK SPACE}dB" in scale_words(0.5)


def test_stem_lanes_are_drawn_larger_and_the_mix_is_not(open_first: Workspace, qtbot: QtBot) -> None:
    lanes = open_first.editor.scene.content.lanes
    qtbot.waitUntil(lambda: len(open_first.editor.views) == len(lanes))
    gains = {lane.name: lane.gain for lane in open_first.editor.scene.content.lanes}
    assert gains["Mix"] == 1.0
    assert gains["Drums"] == gains["Bass"] == pytest.approx(FILL / 0.1, rel=0.01)
    assert "Drawn at +18.6" in open_first.editor.lanes.headers[1].toolTip()
    assert open_first.editor.lanes.headers[0].toolTip() == ""


def test_the_newest_song_opens_when_the_last_one_is_gone(open_first: Workspace, songs: list[str]) -> None:
    open_first.app.library.delete(songs[0])
    open_first.session.close()
    open_first.songs.open_last()
    assert open_first.session.track is not None
    assert open_first.session.track.id == songs[1]


def test_the_first_take_opens_by_itself(open_first: Workspace, songs: list[str]) -> None:
    open_first.songs.asked_for(["job 1", "job 2"])
    second = open_first.app.library.track(songs[1])
    open_first.songs.take_is_ready("job 1", second)
    assert open_first.session.track is not None
    assert open_first.session.track.id == songs[1]
    open_first.songs.take_is_ready("job 2", open_first.app.library.track(songs[0]))
    assert open_first.session.track.id == songs[1]
    assert open_first.toast.words.text() == "“Song 1” is ready"
    assert not open_first.toast.undoable
    open_first.toast.undo.click()
    assert open_first.session.track.id == songs[0]
    assert not open_first.toast.isVisible()


@pytest.mark.parametrize("busy", ["edited", "elsewhere", "not asked"])
def test_a_take_does_not_push_in(open_first: Workspace, songs: list[str], busy: str) -> None:
    if busy == "edited":
        open_first.session.apply_edits("Cut", EditList.whole(open_first.session.frames).delete(0, 48_000))
    elif busy == "elsewhere":
        open_first.window.show_page("master")
    if busy != "not asked":
        open_first.songs.asked_for(["job 1"])
    open_first.songs.take_is_ready("job 1", open_first.app.library.track(songs[1]))
    assert open_first.session.track is not None
    assert open_first.session.track.id == songs[0]
    assert open_first.toast.isVisible()


def test_news_do_not_take_an_undo_away(open_first: Workspace, songs: list[str]) -> None:
    open_first.toast.show_message("“Song” moved to Trash", undo=lambda: None)
    open_first.songs.take_is_ready("job 1", open_first.app.library.track(songs[1]))
    assert open_first.toast.undoable


def test_delete_and_undo_in_the_library(open_first: Workspace, songs: list[str], qtbot: QtBot) -> None:
    library = open_first.library
    open_first.window.show_page("library")
    library.refresh(choose=songs[0])
    qtbot.keyClick(library.grid, Qt.Key.Key_Delete)
    assert open_first.app.library.track(songs[0]).deleted_at is not None
    assert open_first.session.track is None
    open_first.commands.run("edit.undo")
    assert open_first.app.library.track(songs[0]).deleted_at is None
    assert open_first.session.track is not None
    assert open_first.session.track.id == songs[0]


@pytest.mark.parametrize(("key", "title"), [(Qt.Key.Key_Escape, "Song 1"), (Qt.Key.Key_Return, "Other")])
def test_escape_leaves_the_name_as_it_was(
    open_first: Workspace, songs: list[str], qtbot: QtBot, key: Qt.Key, title: str
) -> None:
    open_first.window.activateWindow()
    open_first.window.show_page("library")
    open_first.library.refresh(choose=songs[0])
    open_first.library.rename_current()
    field = open_first.library.inspector.name_edit
    qtbot.waitUntil(field.hasFocus)
    field.setText("Other")
    qtbot.keyClick(field, key)
    assert not field.isVisible()
    assert open_first.app.library.track(songs[0]).title == title
    assert open_first.library.grid.hasFocus()
    assert open_first.window.focus_ring.target is None


def test_outputs_are_looked_for_in_the_background(open_first: Workspace) -> None:
    menu = open_first.transport.output_menu
    menu.fill([OutputDevice("Headphones", 2, True), OutputDevice("Speakers", 2, False)])
    assert [a.text() for a in menu.actions() if a.isCheckable()] == ["System output", "Headphones", "Speakers"]
    menu.fill([])
    assert "No sound output" in menu.actions()[0].text()


def test_rows_of_the_tray_have_their_height_at_once(open_first: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    tray = open_first.tray
    tray.toggle()
    assert tray.isVisible()
    empty = tray._scroll.height()
    text = tmp_path / "notes.wav"
    text.write_text("not sound")
    open_first.songs.import_files([text])
    tray.refresh()
    assert tray._scroll.height() > empty + 20


def test_a_file_that_is_not_sound_is_said(open_first: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("not sound")
    open_first.songs.import_files([text])
    qtbot.waitUntil(lambda: "notes.wav" in open_first.toast.words.text(), timeout=20_000)
    assert open_first.toast.undo.text() == "Show"


def test_section_names_read_well() -> None:
    assert [section_name(n) for n in ("verse2", "pre_chorus", "A", "drop_2")] == [
        "Verse 2",
        "Pre chorus",
        "A",
        "Drop 2",
    ]


def test_the_quit_question_can_be_read(open_first: Workspace) -> None:
    dialog = QuitDialog(open_first.theme, 2, open_first.window)
    dialog.show()
    picture = dialog.grab().toImage()
    shades = {picture.pixelColor(QPoint(x, y)).lightness() for x in range(24, 200) for y in range(20, 60)}
    assert max(shades) - min(shades) > 150
    assert dialog.accessibleName() == "2 jobs are still running"
    dialog.keep.click()
    assert dialog.result() == 0
    dialog.deleteLater()
    QApplication.processEvents()


def test_larger_text_gets_wider_panels(open_first: Workspace, theme: Theme) -> None:
    page = open_first.window.page("master")
    open_first.window.show_page("master")
    open_first.window.resize(1280, 720)
    before = page.sizes()
    theme.set_text_scale(1.3)
    after = page.sizes()
    assert after[0] > before[0]
    assert after[2] > before[2]
    assert after[1] >= CENTRE_MINIMUM


def test_a_hidden_control_hands_its_focus_on_without_a_ring(open_first: Workspace, qtbot: QtBot) -> None:
    open_first.window.activateWindow()
    with open_first.window.focus_ring.by_keyboard():
        open_first.editor.header.export_button.setFocus(Qt.FocusReason.TabFocusReason)
    assert open_first.window.focus_ring.target is open_first.editor.header.export_button
    open_first.editor.header.export_button.hide()
    assert open_first.window.focus_ring.target is None


def test_a_stopped_job_can_be_started_again(open_first: Workspace, qtbot: QtBot) -> None:
    (job_id,) = open_first.app.create(CreateOptions(prompt="lofi", duration=60.0, seed=1))
    open_first.app.jobs.cancel(job_id)
    qtbot.waitUntil(lambda: open_first.toast.words.text().startswith("Stopped: "), timeout=20_000)
    assert open_first.toast.undo.text() == "Start again"


def test_the_stereo_picture_is_there_when_the_master_page_is_shown(open_first: Workspace, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(open_first.master.views) == 2, timeout=20_000)
    assert not open_first.master.centre.stereo.has_data
    open_first.window.show_page("master")
    assert open_first.master.centre.stereo.has_data
