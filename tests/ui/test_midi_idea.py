"""A MIDI file dropped on the window becomes what the next song is made of."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_songs import add_song

from grammy_desktop.app import App
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Note, Part, Section
from grammy_desktop.generation.composer.midi.file import write_midi
from grammy_desktop.ui.workspace import Workspace


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """Four bars in D minor at 96 BPM: a melody over three chords."""
    pitches = [62, 65, 69, 67, 65, 64, 62, 60, 58, 62, 65, 69, 70, 69, 65, 62]
    melody = tuple(Note(i, 0.9, pitch, 96) for i, pitch in enumerate(pitches))
    chords = ((62, 65, 69), (60, 64, 67), (58, 62, 65), (62, 65, 69))
    piano = tuple(Note(4 * bar, 3.9, pitch - 12, 70) for bar, chord in enumerate(chords) for pitch in chord)
    parts = (Part("melody", "lead", melody), Part("piano", "keys", piano))
    score = Arrangement(96.0, Key.parse("D minor"), (4, 4), (Section("A", 0, 4, 0.5),), (), parts)
    path = tmp_path / "hook idea.mid"
    write_midi(score, path)
    return path


def drop(window: Workspace, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    args = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.window, QDragEnterEvent(QPoint(700, 100), *args))
    assert set(window.drop.targets()) == {"idea"}
    QApplication.sendEvent(window.window, QDropEvent(QPointF(700, 100), *args))


def test_a_dropped_midi_file_is_the_next_song(
    app: App, tmp_path: Path, tune: Path, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.songs.open_song(add_song(app, tmp_path))
    workspace._leave_hero()
    workspace.create.set_prompt("Lo-fi hip hop")
    drop(workspace, tune)
    create = workspace.create
    assert create.idea is not None
    assert create.idea_bar.isVisible()
    assert "hook idea" in create.idea_bar.name.text()
    assert create.brief is not None
    assert create.brief.tempo.value == 96.0
    create.set_prompt("Lo-fi hip hop, 8 seconds")
    create.takes.set_value(1)
    (job,) = app.create(create.options)
    outcome = app.jobs.wait(job, 240)
    assert outcome.state is JobState.DONE, outcome.error
    recipe = app.library.recipe(outcome.result["track_id"])
    assert recipe is not None
    assert recipe["parameters"]["idea"]["beats"] == 16
    qtbot.mouseClick(create.idea_bar.remove, Qt.MouseButton.LeftButton)
    assert create.options.idea is None
    assert not create.idea_bar.isVisible()


def test_a_file_without_notes_is_refused_in_one_sentence(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "empty.mid"
    path.write_bytes(b"no midi")
    workspace.songs.use_idea(path)
    assert workspace.create.idea is None
    assert workspace.notices.banner is not None
