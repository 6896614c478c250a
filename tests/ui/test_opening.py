"""A song is heard while it is made: a real job, a real player, a sound output that leads nowhere."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from editor_kit import write_tone
from pytestqt.qtbot import QtBot
from ui_songs import add_song

sys.path.insert(0, str(Path(__file__).parents[1] / "playback"))

from pulse import PulseServer, is_available

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobSnapshot, Lane
from grammy_desktop.ui.workspace import Workspace

WAIT = 240_000


@pytest.fixture
def output() -> Iterator[None]:
    """Something to play to; whatever starts meanwhile plays there."""
    if not is_available():
        pytest.skip("pulseaudio is not installed")
    kept = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="gp") as folder, PulseServer(Path(folder)) as server:
        os.environ.update(server.env)
        yield
        os.environ.clear()
        os.environ.update(kept)


@pytest.fixture
def song(app: App, tmp_path: Path) -> str:
    """One that was open before."""
    return add_song(app, tmp_path)


@pytest.fixture
def opened(song: str, workspace: Workspace) -> Workspace:
    workspace.songs.open_song(song)
    return workspace


def told(job: str, published: dict[str, Path]) -> JobSnapshot:
    values: dict[str, Any] = dict.fromkeys(JobSnapshot.__dataclass_fields__)
    values |= {
        "id": job,
        "kind": "create",
        "title": "Rain on glass",
        "lane": Lane.GENERATION,
        "state": JobState.RUNNING,
    }
    return JobSnapshot(**{**values, "stage": "render", "fraction": 0.2, "elapsed": 1.0, "published": published})


def test_the_opening_plays_at_once_and_goes_on_in_the_song(
    output: None, song: str, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.songs.open_song(song)
    session, playback = workspace.session, workspace.playback
    options = CreateOptions(prompt="Lo-fi hip hop, 90 BPM, A minor", duration=24.0, seed=5, finish=False)
    jobs = workspace.app.create(options)
    workspace.songs.asked_for(jobs)
    qtbot.waitUntil(lambda: session.unfinished is not None, timeout=WAIT)
    assert session.track is None
    assert 0 < session.duration < 24.5
    assert workspace.editor.header.title.text() == options.prompt
    assert not workspace.editor.header.export_button.isEnabled()
    qtbot.waitUntil(lambda: playback.state.position > 0.5, timeout=WAIT)
    heard: list[float] = []
    playback.position_changed.connect(heard.append)
    qtbot.waitUntil(lambda: session.track is not None, timeout=WAIT)
    assert session.track is not None
    assert session.track.id != song
    assert session.duration == pytest.approx(24.0)
    last = heard[-1] if heard else 0.5
    qtbot.waitUntil(lambda: playback.playing and playback.state.position > last, timeout=WAIT)
    assert all(later >= earlier - 0.2 for earlier, later in pairwise(heard))
    assert not workspace.opening.active


def test_a_song_that_cannot_be_made_gives_way_to_the_one_before(opened: Workspace, song: str, tmp_path: Path) -> None:
    file = write_tone(tmp_path / "preview.wav", 2.0)
    snapshot = told("job", {"preview": file})
    opened.songs.asked_for(["job"])
    opened.songs.take_can_be_heard(snapshot)
    assert opened.opening.is_of("job")
    assert opened.session.unfinished is not None
    file.unlink()  # the job's folder goes with the job
    assert opened.session.files.mix is not None
    assert opened.session.files.mix.exists()
    opened.opening.give_up("job")
    assert opened.session.track is not None
    assert opened.session.track.id == song
    assert opened.session.unfinished is None


def test_the_mix_takes_the_place_of_the_opening(opened: Workspace, tmp_path: Path) -> None:
    snapshot = told("job", {"preview": write_tone(tmp_path / "preview.wav", 2.0)})
    opened.songs.asked_for(["job"])
    opened.songs.take_can_be_heard(snapshot)
    assert opened.session.duration == pytest.approx(2.0)
    longer = {**snapshot.published, "mix": write_tone(tmp_path / "mix.wav", 6.0)}
    opened.songs.take_can_be_heard(replace(snapshot, published=longer))
    assert opened.session.duration == pytest.approx(6.0)
    assert "mastered" in opened.editor.header.path.text()


def test_nobody_is_disturbed(opened: Workspace, song: str, tmp_path: Path) -> None:
    snapshot = told("job", {"preview": write_tone(tmp_path / "preview.wav", 2.0)})
    opened.songs.take_can_be_heard(snapshot)  # not asked for just now
    assert opened.session.unfinished is None
    opened.songs.asked_for(["job"])
    opened.window.show_page("library")
    opened.songs.take_can_be_heard(snapshot)  # another page
    assert opened.session.unfinished is None
    opened.window.show_page("create")
    opened.songs.take_can_be_heard(snapshot)
    opened.songs.open_song(song)  # the user opens something else meanwhile
    assert not opened.opening.active
    opened.opening.give_up("job")
    assert opened.session.track is not None
    assert opened.session.track.id == song
