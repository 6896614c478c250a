import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from ui_songs import PROMPT, add_song

from grammy_desktop.app import App
from grammy_desktop.ui.settings_dialog import SettingsDialog
from grammy_desktop.ui.workspace import Workspace

HEAVY = ("torch", "librosa", "scipy", "matchering", "pedalboard", "numba")


@pytest.fixture
def filled(app: App, tmp_path: Path) -> list[str]:
    """Three songs, made before the window opens."""
    return [add_song(app, tmp_path, seed=seed, title=f"Song {seed}") for seed in (1, 2, 3)]


@pytest.fixture
def full(filled: list[str], workspace: Workspace) -> Workspace:
    workspace.songs.open_song(filled[1])
    return workspace


def test_the_first_run_page_stands_where_songs_will_be(workspace: Workspace, qtbot: QtBot) -> None:
    assert workspace.hero is not None
    assert workspace.window.stack.currentWidget() is workspace.hero
    assert len(workspace.hero._cards) == 6
    qtbot.mouseClick(workspace.hero._cards[0], Qt.MouseButton.LeftButton)
    assert workspace.hero.prompt.text
    assert workspace.hero.create_button.isEnabled()


def test_a_song_opens_on_the_create_page(full: Workspace) -> None:
    assert full.hero is None
    assert full.window.page_id == "create"
    assert full.window.windowTitle().startswith("Song 2")
    assert full.transport.integrated.value.text() == "−14.0"
    assert full.transport.peak.value.text() == "−7.0"
    assert full.transport.time.caption.text() == "of 0:04.000"
    assert [item.title for item in full.takes.items] == ["Meter 71 ±9"] * 3


def test_pages_change_the_sides_and_keep_the_transport(full: Workspace, qtbot: QtBot) -> None:
    for page in ("master", "library", "create"):
        full.window.show_page(page)
        assert full.transport.isVisible()
        assert full.window.stack.currentWidget() is full.window.page(page)
    full.commands.run("view.next_page")
    assert full.window.page_id == "master"
    full.commands.run("view.previous_page")
    assert full.window.page_id == "create"


def test_number_keys_audition_takes(full: Workspace, filled: list[str], qtbot: QtBot) -> None:
    full.commands.run("song.take_1")
    assert full.session.track is not None
    assert full.session.track.id == filled[0]
    full.commands.run("song.take_9")
    assert full.session.track.id == filled[0]


def test_single_letters_belong_to_a_focused_text_field(full: Workspace, qtbot: QtBot) -> None:
    window = full.window
    window.activateWindow()
    full.create.prompt.setFocus()
    qtbot.keyClicks(full.create.prompt, "3 lamps")
    assert "3 lamps" in full.create.prompt.toPlainText()
    assert full.session.track is not None
    assert full.session.track.title == "Song 2"


def test_escape_leaves_the_field(full: Workspace, qtbot: QtBot) -> None:
    full.window.activateWindow()
    full.create.prompt.setFocus()
    qtbot.waitUntil(full.create.prompt.hasFocus)
    qtbot.keyClick(full.create.prompt, Qt.Key.Key_Escape)
    assert not full.create.prompt.hasFocus()


def test_what_gives_way_in_a_narrow_window(full: Workspace) -> None:
    full.window.resize(1440, 900)
    assert full.transport.tempo.isVisible()
    assert full.window.app_bar.place.text() == "On this computer"
    full.window.resize(1280, 720)
    assert not full.transport.tempo.isVisible()
    assert not full.transport.switch.isVisible()
    assert full.window.app_bar.place.text() == ""
    assert full.window.minimumSize().toTuple() == (1120, 640)
    full.window.resize(1120, 640)
    assert full.window.page("create").centre.width() >= 520


def test_panels_hide_and_their_width_is_remembered(full: Workspace) -> None:
    page = full.window.page("create")
    full.commands.run("view.left")
    assert not page.left.isVisible()
    full.commands.run("view.left")
    assert page.left.isVisible()
    page.setSizes([400, 720, 320])
    page._remember()
    full.memory.save()
    assert full.app.settings.current.panel_sizes["create"][0] == pytest.approx(400, abs=30)


def test_every_control_has_an_accessible_name(full: Workspace) -> None:
    for page in ("create", "master", "library"):
        full.window.show_page(page)
        for kind in (QAbstractButton, QAbstractSlider, QLineEdit, QPlainTextEdit):
            for widget in full.window.findChildren(kind):
                if widget.isVisible() and type(widget).__name__ not in ("QScrollBar",):
                    name = widget.accessibleName() or getattr(widget, "text", lambda: "")()
                    assert name, (page, widget, widget.parent())


def test_the_theme_changes_while_the_window_is_open(full: Workspace, qtbot: QtBot) -> None:
    full.app.settings.change(theme="light", text_size=115)
    assert full.theme.is_dark is False
    assert full.theme.text_scale == 1.15
    assert full.window.grab().toImage().pixelColor(700, 10).lightness() > 200


def test_delete_can_be_undone(full: Workspace, filled: list[str]) -> None:
    full.window.show_page("library")
    full.library.refresh(choose=filled[0])
    full.commands.run("song.delete")
    assert full.app.library.count() == 2
    assert full.toast.undoable
    assert full.toast.words.text() == "“Song 1” moved to Trash"
    full.commands.run("edit.undo")
    assert full.app.library.count() == 3
    assert not full.toast.isVisible()


def test_dropped_files_show_targets_and_are_imported(full: Workspace, tmp_path: Path) -> None:
    file = next(tmp_path.glob("Song 1-1/mix.wav"), None) or next(full.app.paths.audio.rglob("*.wav"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    wanted: list[list[Path]] = []
    full.drop.imported.disconnect(full.songs.import_files)
    full.drop.imported.connect(wanted.append)
    args = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(full.window, QDragEnterEvent(QPoint(700, 100), *args))
    assert full.drop.isVisible()
    assert set(full.drop.targets()) == {"import", "reference", "restyle"}
    QApplication.sendEvent(full.window, QDropEvent(QPointF(700, 100), *args))
    assert not full.drop.isVisible()
    assert wanted == [[file]]


def test_the_palette_finds_commands_and_songs(full: Workspace, filled: list[str], qtbot: QtBot) -> None:
    full.palette.open("loo")
    assert full.palette.entries[0].text == "Loop on or off"
    full.palette.search("#Song 3")
    assert [entry.text for entry in full.palette.entries] == ["Song 3"]
    full.palette.run_current()
    assert full.session.track is not None
    assert full.session.track.id == filled[2]
    assert not full.palette.isVisible()


def test_every_bound_command_is_in_menu_and_palette(full: Workspace) -> None:
    from PySide6.QtWidgets import QMenu

    menu = QMenu()
    full.commands.fill_menu(menu)
    in_menu = {action.objectName() for top in menu.actions() for action in top.menu().actions()}  # type: ignore[union-attr]
    bound = {command.id for command in full.commands.bound()}
    assert in_menu == bound
    full.palette.search(">")
    assert {entry.text for entry in full.palette.entries} <= {c.text for c in full.commands.bound()}
    assert len(bound) > 60


def test_settings_show_only_working_keys(full: Workspace, qtbot: QtBot) -> None:
    full.open_settings("Keys")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SettingsDialog)
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    assert "Play or stop" in shown
    assert "Record" not in shown
    dialog.close()


def test_the_window_process_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from grammy_desktop.app import App\n"
        "from grammy_desktop.core.paths import AppPaths\n"
        "from grammy_desktop.ui.run import make_application\n"
        "from grammy_desktop.ui.theme import Theme\n"
        "from grammy_desktop.ui.workspace import Workspace\n"
        "application = make_application()\n"
        f"app = App.open(AppPaths(Path({str(tmp_path / 'd')!r})))\n"
        "workspace = Workspace(app, Theme('dark'))\n"
        "workspace.window.show(); application.processEvents()\n"
        "workspace.create.set_prompt('Chill lo-fi'); workspace.window.grab()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
        "workspace.close(); app.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_the_ring_is_for_the_keyboard_only(full: Workspace, qtbot: QtBot) -> None:
    full.window.activateWindow()
    full.transport.play.setFocus(Qt.FocusReason.MouseFocusReason)
    assert full.window.focus_ring.target is None
    full.commands.run("view.next_region")
    target = full.window.focus_ring.target
    assert target is not None
    assert target is QApplication.focusWidget()
    assert full.window.focus_ring.isVisible()


def test_the_last_song_is_open_again(full: Workspace, filled: list[str]) -> None:
    full.songs.open_song(filled[0])
    full.session.close()
    full.songs.open_last()
    assert full.session.track is not None
    assert full.session.track.id == filled[0]
    assert full.create.prompt.text == PROMPT
