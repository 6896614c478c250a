"""The assistant, the batch sheet, reports and pictures of the Master page, on real jobs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from editor_kit import listen
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_songs import add_song

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.effects import Effect
from grammy_desktop.ui.drop import paths_of
from grammy_desktop.ui.editor.scene import Scene
from grammy_desktop.ui.master.departures import departures
from grammy_desktop.ui.master.effect_words import effect_words
from grammy_desktop.ui.master.findings_box import FindingsBox, HeardFinding
from grammy_desktop.ui.master.loudness_lane import LoudnessCurve, LoudnessLane
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace


def noise(path: Path, seconds: float, seed: int) -> Path:
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 0.05, (round(seconds * 48_000), 2)).astype(np.float32)
    write_wav(path, AudioClip(samples, 48_000))
    return path


def test_where_a_tone_leaves_the_band() -> None:
    frequencies = [40.0, 80.0, 160.0, 320.0, 640.0, 1280.0]
    low, high = [-10.0] * 5 + [None], [0.0] * 5 + [None]
    found = departures(frequencies, [0.2, 1.0, 2.1, -5.0, -12.0, 40.0], low, high)
    assert [(each.frequency, round(each.db, 1)) for each in found] == [(160.0, 2.1), (640.0, -2.0)]
    assert departures(frequencies, [-5.0] * 6, low, high) == []


def test_effects_in_words() -> None:
    assert (
        effect_words(Effect("peak", {"frequency": 250.0, "gain_db": -1.5, "q": 1.0})) == "−1.5\u00a0dB at 250\u00a0Hz"
    )
    shelf = Effect("high_shelf", {"frequency": 8000.0, "gain_db": 1.0, "q": 0.7})
    assert effect_words(shelf) == "High shelf +1.0\u00a0dB at 8\u00a0kHz"
    assert effect_words(Effect("width", {"width": 1.0, "mono_below": 120.0})) == "Mono below 120\u00a0Hz"


def test_the_loudness_lane(qtbot: QtBot, theme: Theme) -> None:
    lane = LoudnessLane(Scene(), theme)
    qtbot.addWidget(lane)
    lane.axis.set_song(480_000, 48_000)
    lane.resize(600, 84)
    lane.grab()
    assert not lane.has_data
    history = {"times": [0.0, 5.0, 10.0], "short_term": [None, -18.0, -14.0], "momentary": [-20.0, -16.0, -12.0]}
    curve = LoudnessCurve.of({"history": history})
    assert curve.short_term == ((5.0, -18.0), (10.0, -14.0))
    lane.set_curves({"a": LoudnessCurve(), "b": curve}, -14.0)
    assert lane.has_data
    assert lane.y_of(-14.0) < lane.y_of(-18.0)
    assert lane.accessibleDescription() == "B up to −14.0\u00a0LUFS short-term"
    lane.grab()


def test_settings_are_applied_one_by_one_or_all(qtbot: QtBot, theme: Theme) -> None:
    box = FindingsBox(theme)
    qtbot.addWidget(box)
    cut = Effect("peak", {"frequency": 250.0, "gain_db": -1.5, "q": 1.0})
    mono = Effect("width", {"width": 1.0, "mono_below": 120.0})
    found = [
        HeardFinding("a", "All is well.", "fine"),
        HeardFinding("b", "The low mids are thick.", "notice", cut),
        HeardFinding("c", "The bass is wide.", "problem", mono),
    ]
    box.show_findings(found, "released pop")
    assert [card.finding.id for card in box.cards] == ["c", "b", "a"], "what must be mended comes first"
    assert box.applied == []
    changed = listen(box.changed)
    assert box.cards[1].apply is not None
    assert box.cards[1].apply.text() == "Apply −1.5\u00a0dB at 250\u00a0Hz"
    box.cards[1].apply.click()
    assert box.applied == [cut]
    assert changed.calls
    box.all.click()
    assert box.applied == [mono, cut]
    assert not box.all.isEnabled()
    box.grab()
    box.put_away()
    assert box.applied == []


def test_listen_first_and_master_with_what_it_heard(workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    track = add_song(workspace.app, tmp_path)
    workspace.songs.open_song(track)
    workspace.window.show_page("master")
    page = workspace.master
    page.right.targets.listen.click()
    qtbot.waitUntil(lambda: bool(page.right.findings.cards), timeout=60_000)
    assert page.right.findings.isVisible()
    assert page.assistant.chain is None, "nothing is done unasked"
    page.right.findings.apply_all()
    chain = page.assistant.chain
    assert chain is not None
    assert all(setting in chain.chain for setting in page.right.findings.applied)
    page.left.reference.add([tmp_path / "liked.wav"])
    assert page.left.aside.isVisible()
    assert page.right.findings.use.text().startswith("Not used while there is a reference")
    page.left.reference.clear()
    page.left.cards["club"].click()
    assert page.assistant.chain is None, "whoever picks a preset wants its sound"
    page.right.findings.apply_all()
    page.right.findings.put_away()
    assert page.assistant.chain is None


def test_each_song_has_its_own_master_button(workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    first = add_song(workspace.app, tmp_path, seed=1, title="First")
    second = add_song(workspace.app, tmp_path, seed=2, title="Second")
    workspace.songs.open_song(first)
    workspace.window.show_page("master")
    page, button = workspace.master, workspace.master.right.targets.again
    workspace.commands.run("master.again")
    assert page.run.is_running
    assert not button.isEnabled()
    workspace.songs.open_song(second)
    workspace.window.show_page("master")
    assert not page.run.is_running
    assert button.isEnabled(), "another song can be mastered meanwhile"
    assert button.text() == "Master again"
    workspace.songs.open_song(first)
    workspace.window.show_page("master")
    assert not button.isEnabled()
    page.run.cancel()
    qtbot.waitUntil(lambda: not page.run.is_running, timeout=60_000)
    assert button.isEnabled()


def test_all_versions_are_in_view(workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    """New rows count before they are shown."""
    workspace.songs.open_song(add_song(workspace.app, tmp_path))
    workspace.window.show_page("master")
    left = workspace.master.left
    assert left.versions.sizeHint().height() == 2 * 30 + 2
    assert left._versions_room.height() >= 62


def test_a_folder_is_mastered_with_an_error_in_place(workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "songs"
    folder.mkdir()
    noise(folder / "one.wav", 4.0, 1)
    (folder / "two.wav").write_text("no audio at all", encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    assert paths_of(mime) == [folder]
    batch = workspace.master.batch
    batch.open([folder])
    sheet = batch.sheet
    assert sheet is not None
    assert sheet.isVisible()
    assert [row.path.name for row in sheet.rows] == ["one.wav", "two.wav"]
    assert sheet.title.text() == "Master 2 files"
    sheet.folder = tmp_path / "out"
    sheet.folder.mkdir()
    sheet.start.click()
    qtbot.waitUntil(lambda: all(row.ended for row in sheet.rows) or bool(sheet.problem.text()), timeout=90_000)
    assert sheet.problem.text() == ""
    assert sheet.rows[0].problem.text() == ""
    assert "two.wav" in sheet.rows[1].problem.text()
    assert sheet.count.text() == "1 of 2 done · 1 without a master"
    assert [path.name for path in sheet.folder.iterdir()] == ["one master.wav"]
    failed = listen(workspace.master.failed)
    (tmp_path / "empty").mkdir()
    batch.open([tmp_path / "empty"])
    assert len(failed.calls) == 1


def test_references_become_a_profile(workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    page = workspace.master
    page.left.reference.add([noise(tmp_path / "one.wav", 12.0, 1), noise(tmp_path / "two.wav", 12.0, 2)])
    said = listen(page.said)
    page.profiles.save(tmp_path / "house")
    qtbot.waitUntil(lambda: bool(said.calls), timeout=60_000)
    assert said.calls[0][0] == "The profile was saved as house.gmref"
    page.left.reference.clear()
    page.left.reference.add([tmp_path / "house.gmref"])
    assert (tmp_path / "house.gmref").stat().st_size > 100


def test_the_report_is_copied_and_saved(workspace: Workspace, tmp_path: Path) -> None:
    workspace.songs.open_song(add_song(workspace.app, tmp_path))
    workspace.window.show_page("master")
    workspace.commands.run("master.copy_report")
    text = QApplication.clipboard().text()
    assert text.startswith("Rooftop Rain, Master 1 · Spotify loud\n")
    assert "Integrated: −14.0\u00a0LUFS" in text
    reports = workspace.master.reports
    reports.save(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == text
    reports.save(tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["loudness"]["integrated"] == -14.0
    QApplication.clipboard().clear()


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (1120, 640)])
def test_the_page_fits_small_windows(workspace: Workspace, tmp_path: Path, qtbot: QtBot, size: tuple[int, int]) -> None:
    workspace.songs.open_song(add_song(workspace.app, tmp_path))
    workspace.window.resize(*size)
    workspace.window.show_page("master")
    page = workspace.master
    page.right.listen.press_x()
    qtbot.waitUntil(lambda: page.centre.tonal.box.height() >= 120)
    assert page.right.targets.width() <= page.right.width(), "nothing of the right panel is cut off"
    assert page.centre.reduction.box.height() >= 30


def test_a_saved_preset_comes_into_view(workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    workspace.songs.open_song(add_song(workspace.app, tmp_path))
    workspace.window.show_page("master")
    page = workspace.master
    page.shelf.save("Mine", "For me")
    presets = page.left.presets
    card = presets.cards[presets.current]
    assert card.preset.name == "Mine"
    qtbot.waitUntil(lambda: card.visibleRegion().boundingRect().height() == card.height(), timeout=5_000)
