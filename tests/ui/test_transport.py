from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from ui_songs import add_song

from grammy_desktop.app import App
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import BugError, EnvironmentFailure, UserError
from grammy_desktop.playback.programme import PlaybackState
from grammy_desktop.ui.errors import look_of
from grammy_desktop.ui.transport.ballistics import FLOOR_DB, ChannelLevel, decibels
from grammy_desktop.ui.workspace import Workspace


def test_the_meter_rises_at_once_and_falls_20_db_a_second() -> None:
    level = ChannelLevel()
    level.update(1.0, 0.5, 0.033)
    assert level.peak == pytest.approx(0.0)
    assert level.rms == pytest.approx(-6.02, abs=0.01)
    level.update(0.0, 0.0, 0.5)
    assert level.peak == pytest.approx(-10.0)
    assert level.held == pytest.approx(0.0)
    level.update(0.0, 0.0, 1.0)
    level.update(0.0, 0.0, 0.1)
    assert level.held < 0.0


def test_silence_is_the_floor() -> None:
    assert decibels(0.0) == FLOOR_DB
    level = ChannelLevel()
    level.update(0.0, 0.0, 10.0)
    assert (level.peak, level.rms) == (FLOOR_DB, FLOOR_DB)


@pytest.fixture
def song(app: App, tmp_path: Path) -> str:
    return add_song(app, tmp_path)


@pytest.fixture
def opened(song: str, workspace: Workspace) -> Workspace:
    workspace.songs.open_song(song)
    return workspace


def test_seeking_moves_the_counter(opened: Workspace) -> None:
    opened.playback.seek(3.0)
    assert opened.transport.counter.label.text() == "2.1.3"
    assert opened.transport.time.value.text() == "0:03.000"
    opened.commands.run("play.start")
    assert opened.transport.counter.label.text() == "1.1.1"


def test_the_switch_shows_what_is_heard(opened: Workspace, qtbot: QtBot) -> None:
    assert opened.transport.switch.value == "master"
    opened.commands.run("play.mix")
    assert opened.transport.switch.value == "mix"
    assert opened.transport.integrated.value.text() == "−20.0"


def test_short_term_loudness_comes_from_the_history(opened: Workspace) -> None:
    opened.transport._show_state(PlaybackState(position=2.5, playing=True, peak=(0.5, 0.5), rms=(0.2, 0.2)))
    assert opened.transport.short.value.text() == "−18.0"
    assert opened.transport.meter.levels_text() == "Left −6.0, right −6.0 dBFS"
    opened.transport._show_state(PlaybackState(position=2.5))
    assert opened.transport.short.value.text() == "—"


def test_an_edited_song_has_no_measured_loudness(opened: Workspace) -> None:
    opened.session.apply_edits("Cut", EditList.whole(opened.session.frames).delete(0, 48_000))
    assert opened.transport.integrated.value.text() == "—"
    opened.session.undo()
    assert opened.transport.integrated.value.text() == "−14.0"


def test_loop_and_volume(opened: Workspace) -> None:
    opened.commands.run("play.loop")
    assert opened.transport.loop.isChecked()
    assert opened.playback.loop == (0.0, pytest.approx(4.0))
    opened.commands.run("play.loop")
    assert opened.playback.loop is None
    opened.transport.mute.click()
    assert opened.transport.volume.value() == 0
    opened.transport.mute.click()
    assert opened.transport.volume.value() == 80


def test_no_output_is_said_in_place(opened: Workspace) -> None:
    opened.playback.failed.emit("No sound output was found.")
    banner = opened.notices.banner
    assert banner is not None
    assert banner.message.text() == "No sound output was found."
    opened.playback.failed.emit("")
    assert opened.notices.banner is None


def test_three_kinds_of_error_look_different(opened: Workspace) -> None:
    assert look_of(UserError("“a.wav” is not audio.")).token == "warn"
    assert look_of(EnvironmentFailure("The disk is full.")).copy_report is False
    bug = look_of(BugError("Something broke."))
    assert (bug.token, bug.copy_report) == ("danger", True)
    assert look_of(ValueError("x")).copy_report


def test_our_bug_offers_a_report(opened: Workspace) -> None:
    from PySide6.QtGui import QGuiApplication

    opened.notices.show_error(BugError("Something broke.", details="Traceback: here"))
    assert opened.notices.banner is not None
    opened.notices.banner.copy_report()
    assert "Traceback: here" in QGuiApplication.clipboard().text()
