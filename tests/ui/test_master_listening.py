"""Any two versions against each other, through devices, and blind."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from editor_kit import listen
from pytestqt.qtbot import QtBot
from ui_songs import add_song

from grammy_desktop.app import App
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import read_clip, write_wav
from grammy_desktop.library import NewVersion
from grammy_desktop.ui.master.comparison import Comparison, Through
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.workspace import Workspace
from grammy_desktop.workflows.hear_on import prune_heard


def add_master(app: App, track: str, path: Path, *, gain: float, lufs: float, seconds: float = 4.0) -> str:
    """Another master of the song's take; its id."""
    take = app.library.versions(track)[0]
    mix = read_clip(take.files["mix"])
    samples = mix.samples[: int(seconds * mix.sample_rate)] * np.float32(gain)
    write_wav(path, AudioClip(samples, mix.sample_rate))
    new = NewVersion("master", "Club", parent_id=take.id, files={"master": path}, loudness={"integrated": lufs})
    return app.library.add_version(track, new).id


@pytest.fixture
def track(app: App, tmp_path: Path) -> str:
    made = add_song(app, tmp_path)
    add_master(app, made, tmp_path / "club.wav", gain=3.0, lufs=-10.0)
    return made


@pytest.fixture
def comparison(qapp: object, app: App, track: str) -> Comparison:
    session = SongSession(app.library, app.player)
    session.open(track)
    return Comparison(session)


def names(comparison: Comparison) -> list[str]:
    return [each.name if each else "" for each in comparison.slots.values()]


def test_the_mix_stands_against_the_opened_master(comparison: Comparison) -> None:
    assert names(comparison) == ["Mix", "Master 2 · Club"]
    assert comparison.heard == "b"
    assert comparison.match_db == pytest.approx(-10.0)
    assert comparison._session.gains()["master"] == pytest.approx(10 ** (-10 / 20))


def test_two_masters_are_level_matched_and_nothing_else_sounds(comparison: Comparison) -> None:
    session = comparison._session
    first = next(key for key, each in comparison.candidates.items() if each.name.startswith("Master 1"))
    comparison.choose("a", first)
    assert names(comparison) == ["Master 1 · Spotify loud", "Master 2 · Club"]
    assert comparison.match_db == pytest.approx(-4.0)
    sounding = {name: gain for name, gain in session.gains().items() if gain}
    assert sounding == pytest.approx({"master": 10 ** (-4 / 20)})
    comparison.hear("a")
    sounding = {name: gain for name, gain in session.gains().items() if gain}
    assert sounding == pytest.approx({f"version:{first}": 1.0})
    assert session.heard_version is not None
    assert session.heard_version.id == first
    assert session.heard == "master", "the transport's switch stands on the master's side"


def test_choosing_what_the_other_one_is_swaps_them(comparison: Comparison) -> None:
    b = comparison.slots["b"]
    assert b is not None
    comparison.choose("a", b.version.id)
    assert names(comparison) == ["Master 2 · Club", "Mix"]


def test_another_length_cannot_be_compared(app: App, track: str, tmp_path: Path) -> None:
    short = add_master(app, track, tmp_path / "short.wav", gain=1.0, lufs=-12.0, seconds=2.0)
    session = SongSession(app.library, app.player)
    session.open(track, app.library.versions(track)[1].id)
    comparison = Comparison(session)
    assert comparison.candidates[short].problem == "Has another length"
    comparison.choose("b", short)
    assert names(comparison)[1] == "Master 1 · Spotify loud"


def test_a_chosen_a_stays_when_a_new_master_arrives(app: App, comparison: Comparison, tmp_path: Path) -> None:
    session = comparison._session
    assert session.track is not None
    first = next(key for key, each in comparison.candidates.items() if each.name.startswith("Master 1"))
    comparison.choose("a", first)
    add_master(app, session.track.id, tmp_path / "third.wav", gain=2.0, lufs=-13.0)
    session.refresh()
    comparison.refresh()
    assert names(comparison) == ["Master 1 · Spotify loud", "Master 3 · Club"]


def test_through_a_device_at_the_same_loudness(comparison: Comparison, tmp_path: Path) -> None:
    session, b = comparison._session, comparison.slots["b"]
    assert b is not None
    comparison.set_through("phone", {b.version.id: Through(b.path, -10.0)})
    assert session.sound == f"phone:{b.version.id}"
    assert comparison.heard == "b"
    comparison.hear("a")
    assert session.sound == "mix", "what is not made yet is heard as it is"
    comparison.hear("b")
    comparison.set_through("", {})
    assert session.sound == "master"


def test_x_stays_hidden_when_levels_are_sent_again(comparison: Comparison) -> None:
    session = comparison._session
    changed = listen(session.heard_changed)
    comparison.hear_hidden("a")
    session.set_stem("bass", db=-3.0)
    assert session.gains()["master"] == 0.0
    assert session.gains()["stem:bass"] > 0.0
    assert session.sound == "master"
    assert changed.calls == []


def test_keys_hear_and_answer(workspace: Workspace, track: str, qtbot: QtBot) -> None:
    workspace.songs.open_song(track)
    workspace.window.show_page("master")
    commands, box = workspace.commands, workspace.master.right.listen
    commands.run("master.is_a")
    assert box.test.trials == 0, "no answer without a question"
    commands.run("master.a")
    assert workspace.session.sound == "mix"
    commands.run("master.switch")
    assert workspace.session.sound == "master"
    for trial in range(10):
        commands.run("master.x")
        assert workspace.master.centre.compare.lanes.heard == ""
        hidden = box.test.hidden
        commands.run("master.is_a" if hidden == "a" else "master.is_b")
        assert box.test.right == trial + 1
    assert box.verdict.isVisible()
    menu = workspace.master.listening.menu_of("a")
    entries = [action.text().split("   ")[0] for action in menu.actions()]
    assert entries == ["Mix", "Master 1 · Spotify loud", "Master 2 · Club"]
    menu.actions()[1].trigger()
    assert box.key_a.words == "Master 1"
    assert box.test.trials == 0
    menu.deleteLater()


def test_a_device_is_made_once_and_switched_in(workspace: Workspace, track: str, qtbot: QtBot) -> None:
    """A real job in a worker: the sound through a phone's loudspeaker, as long and as loud as the master."""
    workspace.songs.open_song(track)
    workspace.window.show_page("master")
    chips, session = workspace.master.right.listen.devices, workspace.session
    assert list(chips.chips) == ["phone", "laptop", "car", "mono"]
    chips.chips["mono"].click()
    assert session.sound == "master"
    qtbot.waitUntil(lambda: session.sound.startswith("mono:"), timeout=60_000)
    assert chips.chips["mono"].isChecked()
    made = list((workspace.app.paths.cache / "heard").glob("*.wav"))
    assert read_clip(made[0]).frames == session.files.frames
    chips.chips["mono"].click()
    assert session.sound == "master"
    assert not chips.chips["mono"].isChecked()


def test_x_stays_what_it_is_when_a_device_comes_in(comparison: Comparison) -> None:
    session = comparison._session
    a, b = comparison.slots["a"], comparison.slots["b"]
    assert a is not None and b is not None
    comparison.hear("a")
    comparison.hear_hidden("b")
    comparison.set_through("phone", {each.version.id: Through(each.path, each.lufs) for each in (a, b)})
    assert session.is_hidden
    assert [name for name, gain in session.gains().items() if gain] == [f"phone:{b.version.id}"]
    assert comparison.heard == "a", "what was heard before X"
    comparison.set_through("", {})
    assert session.is_hidden
    assert [name for name, gain in session.gains().items() if gain] == ["master"]


def test_nothing_tells_what_x_is(workspace: Workspace, track: str) -> None:
    workspace.songs.open_song(track)
    workspace.window.show_page("master")
    transport, box = workspace.transport, workspace.master.right.listen
    workspace.commands.run("master.x")
    loud = replace(workspace.playback.state, playing=True, peak=(0.9, 0.9), rms=(0.5, 0.5))
    transport.meter.feed(loud)
    assert transport.meter.levels_text() == "Hidden while X plays"
    transport._show_loudness()
    assert transport.integrated.value.text() == transport.peak.value.text() == "—"
    transport.switch.chosen.emit("mix")
    assert not box.is_hidden, "the switch of the transport makes it heard openly"
    assert box.key_a.isChecked()
    assert box.question.isVisible(), "the trial waits for its answer"
    transport.meter.feed(loud)
    assert transport.meter.levels_text().startswith("Left")


def test_old_sounds_are_removed(tmp_path: Path) -> None:
    for number in range(6):
        path = tmp_path / f"{number}.wav"
        path.write_bytes(b"x" * 100)
        os.utime(path, (number, number))
    prune_heard(tmp_path, files=4)
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["2", "3", "4", "5"]
    prune_heard(tmp_path, size=250)
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["4", "5"]
    prune_heard(tmp_path, size=10)
    assert [path.stem for path in tmp_path.iterdir()] == ["5"], "the newest was only just asked for"
