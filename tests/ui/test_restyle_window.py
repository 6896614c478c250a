"""Restyle in the window: dropped, asked, made by a real job, opened, and what was heard told and kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.app.restyle_works import RestyleOptions, reads_score
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.changes.heard_popover import HeardPopover
from grammy_desktop.ui.changes.heard_words import read_facts
from grammy_desktop.ui.changes.restyle_question import RestyleQuestion
from grammy_desktop.ui.create.take_item import TakeState
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace

WAIT = 120_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one song of twelve seconds, neither mastered nor scored; beside it its mix as a recording."""
    folder = tmp_path_factory.mktemp("restyled")
    app = App.open(AppPaths(folder / "data"))
    (job,) = app.create(CreateOptions(prompt="Synthwave, 104 BPM, A minor", duration=12.0, seed=13, finish=False))
    outcome = app.jobs.wait(job, 240)
    assert outcome.state is JobState.DONE, outcome.error
    shutil.copy(app.files_of(outcome.result["track_id"])["mix"], folder / "My demo.wav")
    app.close()
    return folder


@pytest.fixture
def app(made: Path, tmp_path: Path) -> Iterator[App]:
    shutil.copytree(made / "data", tmp_path / "data")
    opened = App.open(AppPaths(tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def window(app: App, theme: Theme, qtbot: QtBot) -> Iterator[Workspace]:
    """The window with the song open."""
    workspace = Workspace(app, theme)
    workspace.window.resize(1440, 900)
    workspace.window.show()
    workspace.editor.scene.axis.animated = False
    workspace.songs.open_song(app.library.tracks()[0].id)
    yield workspace
    workspace.close()
    workspace.window.close()
    workspace.window.deleteLater()


def question(window: Workspace) -> RestyleQuestion:
    found = [each for each in window.window.findChildren(RestyleQuestion) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def drop(window: Workspace, paths: list[Path], target: str = "") -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    args = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.window, QDragEnterEvent(QPoint(5, 5), *args))
    where = window.drop.targets()[target].center() if target else QPointF(5, 5)
    QApplication.sendEvent(window.window, QDropEvent(where, *args))


def test_a_drop_imports_unless_it_falls_on_restyle(window: Workspace, made: Path, qtbot: QtBot) -> None:
    imported: list[list[Path]] = []
    window.drop.imported.disconnect()
    window.drop.imported.connect(imported.append)
    demo = made / "My demo.wav"
    drop(window, [demo])
    assert imported == [[demo]]
    assert not window.window.findChildren(RestyleQuestion)
    assert set(window.drop.targets()) == {"import", "reference", "restyle"}
    drop(window, [demo, demo])
    assert set(window.drop.targets()) == {"import", "reference", "master"}
    drop(window, [demo], "restyle")
    assert len(imported) == 2
    asked = question(window)
    assert "My demo.wav" in asked.accessibleName()
    assert asked.geometry().contains(window.window.rect().center())
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert not window.jobs.snapshots()


def test_what_cannot_be_restyled_is_said_before_it_is_asked(window: Workspace, tmp_path: Path) -> None:
    failed: list[GrammyError] = []
    window.restyle.failed.connect(failed.append)
    short, text = tmp_path / "short.wav", tmp_path / "text.wav"
    write_wav(short, AudioClip(np.zeros((48_000, 2), np.float32), 48_000))
    text.write_bytes(b"no audio")
    for path in (short, text):
        window.restyle.ask_file(path)
    assert not window.window.findChildren(RestyleQuestion)
    assert len(failed) == 2
    for error in failed:
        assert error.message.count(". ") == 0
        assert error.message.endswith(".")
    assert window.notices.banner is not None


def test_the_question_asks_for_a_style_and_what_is_kept(window: Workspace, made: Path, qtbot: QtBot) -> None:
    window.restyle.ask_file(made / "My demo.wav")
    asked = question(window)
    assert not asked.button.isEnabled()
    assert not asked.bpm.isVisible()
    menu = asked.style_field.families()
    actions = [action for top in menu.actions() for action in (top.menu().actions() if top.menu() else [top])]  # type: ignore[attr-defined]
    next(action for action in actions if action.text() == "Bossa nova").trigger()
    assert asked.button.isEnabled()
    assert asked.options == RestyleOptions("bossa_nova", made / "My demo.wav")
    qtbot.mouseClick(asked.tempo.button("other"), Qt.MouseButton.LeftButton)
    assert asked.bpm.isVisible()
    asked.bpm.setValue(96.5)
    qtbot.mouseClick(asked.key.button("other"), Qt.MouseButton.LeftButton)
    asked.keys.set_value("F# minor")
    qtbot.mouseClick(asked.melody.button("other"), Qt.MouseButton.LeftButton)
    options = asked.options
    assert (options.tempo, options.key, options.melody) == ("96.5", "F# minor", "new")
    qtbot.mouseClick(asked.tempo.button("keep"), Qt.MouseButton.LeftButton)
    assert asked.options.tempo == "keep"


def test_an_error_stays_in_the_question(window: Workspace, made: Path, tmp_path: Path, qtbot: QtBot) -> None:
    demo = tmp_path / "gone.wav"
    shutil.copy(made / "My demo.wav", demo)
    window.restyle.ask_file(demo)
    asked = question(window)
    asked.style_field._pick("bossa_nova")
    demo.unlink()
    qtbot.mouseClick(asked.button, Qt.MouseButton.LeftButton)
    assert asked.isVisible()
    assert asked.problem.isVisible()
    assert "gone.wav" in asked.problem.text()
    assert not asked.button.isEnabled()
    asked.style_field._pick("house")
    assert asked.button.isEnabled()
    assert not window.jobs.snapshots()


def test_a_recording_is_restyled_opened_and_its_certainty_kept(
    window: Workspace, app: App, made: Path, qtbot: QtBot
) -> None:
    before = window.session.track
    window.restyle.ask_file(made / "My demo.wav")
    asked = question(window)
    asked.style_field._pick("bossa_nova")
    qtbot.mouseClick(asked.button, Qt.MouseButton.LeftButton)
    assert not asked.isVisible()
    card = next(card for card in window.takes._cards if card.item.state is not TakeState.READY)
    assert card.item.title == "My demo (Bossa nova)"
    assert card._cancel.isVisibleTo(card)
    qtbot.waitUntil(lambda: window.session.track is not None and window.session.track != before, timeout=WAIT)
    assert window.session.track is not None
    assert window.session.track.title == "My demo (Bossa nova)"
    assert window.toast.words.text().startswith("Tempo 104.0 BPM, sure; key ")
    assert "chords " in window.toast.words.text()
    assert all(card.item.state is TakeState.READY for card in window.takes._cards)
    header = window.editor.header
    assert header.heard.isVisible()
    header.heard.click()
    told = window.window.findChildren(HeardPopover)
    assert len(told) == 1
    told[0].close_popover()
    window.library.inspector.show_track(window.session.track)
    heard = window.restyle.heard()
    assert heard is not None
    texts = [
        widget.text()  # type: ignore[union-attr]
        for index in range(window.library.inspector.made_with.count())
        if (item := window.library.inspector.made_with.itemAt(index)) is not None
        and hasattr(widget := item.widget(), "text")
    ]
    assert {"My demo.wav", heard.line} <= set(texts)
    assert before is not None
    window.songs.open_song(before.id)
    assert not header.heard.isVisible()
    # What it was made of can be restyled on, by its own score now.
    assert reads_score(app, app.library.tracks()[0].id)


def test_a_song_of_our_own_is_played_from_its_score(window: Workspace, qtbot: QtBot) -> None:
    before = window.session.track
    assert before is not None
    assert "Restyle this song…" in [action.text() for action in window.change_desk.song_menu().actions()]
    window.commands.run("song.restyle")
    asked = question(window)
    assert "Nothing is guessed" in asked.note.text()
    assert all(str(key).endswith("minor") for key, _ in asked.keys._options)
    asked.style_field._pick("house")
    qtbot.mouseClick(asked.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.track != before, timeout=WAIT)
    assert window.toast.words.text() == "Played from its own score: nothing was guessed"
    window.restyle.ask_song(before)
    assert question(window).style_field.value == "house"  # the last one that was chosen


def test_an_edit_that_is_not_kept_is_named(window: Workspace) -> None:
    session = window.session
    session.apply_edits("Cut", EditList.whole(session.frames).delete(0, 48_000))
    window.commands.run("song.restyle")
    assert "An edit that is not kept" in question(window).note.text()


def test_the_first_song_may_be_a_restyle(made: Path, tmp_path: Path, theme: Theme, qtbot: QtBot) -> None:
    empty = App.open(AppPaths(tmp_path / "empty"))
    workspace = Workspace(empty, theme)
    workspace.window.resize(1280, 720)
    workspace.window.show()
    assert workspace.hero is not None
    drop(workspace, [made / "My demo.wav"], "restyle")
    asked = question(workspace)
    asked.style_field._pick("bossa_nova")
    qtbot.mouseClick(asked.button, Qt.MouseButton.LeftButton)
    assert workspace.hero is None
    assert [card.item.title for card in workspace.takes._cards] == ["My demo (Bossa nova)"]
    workspace.close()
    workspace.window.close()
    workspace.window.deleteLater()
    empty.close()


def test_cancel_on_its_card_leaves_nothing(window: Workspace, app: App, made: Path, qtbot: QtBot) -> None:
    count = app.library.count()
    window.restyle._begin(RestyleOptions("bossa_nova", made / "My demo.wav"))
    card = next(card for card in window.takes._cards if card.item.state is not TakeState.READY)
    qtbot.mouseClick(card._cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.toast.isVisible(), timeout=WAIT)
    assert [s.state for s in window.jobs.snapshots()] == [JobState.CANCELLED]
    assert all(card.item.state is TakeState.READY for card in window.takes._cards)
    assert app.library.count() == count
    assert window.toast.words.text() == "Stopped: Restyle: My demo (Bossa nova)"


def test_silence_is_refused_in_one_sentence(window: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "silence.wav"
    write_wav(path, AudioClip(np.zeros((10 * 48_000, 2), np.float32), 48_000))
    window.restyle._begin(RestyleOptions("bossa_nova", path))
    qtbot.waitUntil(lambda: window.toast.isVisible(), timeout=WAIT)
    failed = next(card.item for card in window.takes._cards if card.item.state is TakeState.FAILED)
    assert failed.title == "The restyle failed"
    assert "silence.wav" in failed.line
    assert failed.line in window.toast.words.text()


def test_long_notes_keep_their_colour(window: Workspace, qtbot: QtBot) -> None:
    window.commands.run("view.notes")
    qtbot.waitUntil(lambda: len(window.editor.scene.content.lanes) > 2, timeout=WAIT)
    scene, lanes = window.editor.scene, window.editor.lanes
    bass = next(lane for lane in scene.content.lanes if lane.part == "bass")
    assert bass.notes is not None and scene.snap.grid is not None
    bar = scene.snap.grid.frames_per_bar
    for bars, lit in ((3.9, True), (4.0, True), (4.2, False)):
        one = slice(0, 1)
        drone = replace(
            bass.notes,
            **{name: getattr(bass.notes, name)[one] for name in ("pitch", "row", "velocity")},
            start=np.array([0.0]),
            end=np.array([bars * bar]),
            reach=np.array([bars * bar]),
        )
        changed = [replace(lane, notes=drone if lane.part == "bass" else None) for lane in scene.content.lanes]
        scene.amend(lanes=tuple(changed))
        scene.set_playhead(bar + bars)
        assert bool(lanes.notes._sounding) is lit
        assert bool(lanes.notes._held) is not lit
    ((box, colour),) = lanes.notes._held
    assert colour != window.theme.color("playhead")
    assert box.width() > 100
    picture = lanes.grab().toImage()
    shown = picture.pixelColor(round(box.center().x()) + 9, round(box.center().y()))
    assert abs(shown.red() - colour.red()) <= 3
    assert abs(shown.blue() - colour.blue()) <= 3


def test_the_words_of_what_was_heard() -> None:
    heard = read_facts(
        {
            "source": "demo.wav",
            "exact": False,
            "tempo": "96",
            "key": "keep",
            "melody": "new",
            "heard": [
                {"what": "tempo", "value": "90.0 BPM", "probability": 0.95, "alternatives": [["45.0 BPM", 0.0]]},
                {"what": "metre", "value": "4/4", "probability": 0.99},
                {"what": "key", "value": "A minor", "probability": 0.85},
                {"what": "chords", "value": "", "probability": 0.66},
            ],
        }
    )
    assert heard.line == "Tempo 90.0 BPM, sure; key A minor, 85\u00a0% sure; chords 66\u00a0% sure"
    assert [thing.level for thing in heard.things] == ["ok", "ok", "text_2", "warn"]
    assert heard.things[0].alternatives == ("45.0 BPM",)
    assert heard.changed == ("Tempo changed to 96 BPM", "The melody is a new one")
