"""Editor, Meter and Master page over a real library, session and player."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from editor_kit import RATE, listen, write_tone
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from grammy_desktop.app.mastering_desk import MasteringDesk
from grammy_desktop.core.audio_file import read_clip
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.song import Licence
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.jobs import JobEvent, JobSnapshot, Lane
from grammy_desktop.library import Library
from grammy_desktop.library.records import NewTrack, NewVersion
from grammy_desktop.playback.player import Player
from grammy_desktop.ui.command_list import Needs
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.editor.drag_out import drag_pixmap
from grammy_desktop.ui.editor.editor_panel import EditorPanel
from grammy_desktop.ui.editor.scene import Curves, LaneLevel
from grammy_desktop.ui.editor.song_content import chord_text
from grammy_desktop.ui.master.master_page import MasterPage
from grammy_desktop.ui.meter.gauge import Phase
from grammy_desktop.ui.meter.meter_panel import MeterPanel
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.clock import PlaybackClock

SECONDS = 16
BAR = 96_000
ARRANGEMENT = {
    "tempo": 120.0,
    "sections": [{"name": "verse", "start": 0.0, "end": 8.0}, {"name": "hook_2", "start": 8.0, "end": 16.0}],
    "chords": [{"symbol": "A:min7/b3", "start": 0.0, "end": 2.0}, {"symbol": "F:maj7", "start": 8.0, "end": 10.0}],
}
SCORE = {
    "overall_score": 71.0,
    "band": 9.0,
    "style": "lofi",
    "insights": [
        {"id": "low", "text": "Low end heavy", "start": 8.0, "end": 12.0, "fix": {"id": "f", "label": "−2 dB"}},
        {"id": "all", "text": "Narrow", "start": 0.0, "end": 16.0, "fix": None},
    ],
    "timeline": [{"start": 0.0, "end": 8.0, "score": 70.0, "short_term": -14.0}],
}


class Queue:
    """The part of the job queue that panels listen to, fed by hand."""

    def __init__(self) -> None:
        self.callbacks: list[Callable[[JobEvent], None]] = []

    def subscribe(self, callback: Callable[[JobEvent], None]) -> Callable[[], None]:
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def snapshots(self) -> list[JobSnapshot]:
        return []

    def say(self, snapshot: JobSnapshot) -> None:
        for callback in list(self.callbacks):
            callback(JobEvent("progress", snapshot))


@dataclass
class Desk:
    """Stands for `App`: what the panels ask for is written down."""

    paths: AppPaths
    library: Library
    player: Player
    jobs: Any = field(default_factory=Queue)
    mastering: MasteringDesk = field(init=False)
    styles: dict[str, Style] = field(default_factory=load_styles)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    refuse: str = ""
    commands: CommandTable | None = None

    def __post_init__(self) -> None:
        self.mastering = MasteringDesk(self)  # type: ignore[arg-type]

    def score(self, version_id: str) -> str:
        return self._ask("score", version_id)

    def apply_fix(self, version_id: str, insight_id: str) -> str:
        return self._ask("fix", version_id, insight_id)

    def render_edit(self, version_id: str, edits: str) -> str:
        return self._ask("edit", version_id, edits)

    def master(self, track_id: str, version_id: str, **wishes: Any) -> str:
        return self._ask("master", track_id, version_id, wishes)

    def _ask(self, *what: Any) -> str:
        if self.refuse:
            raise UserError(self.refuse)
        self.asked.append(what)
        return f"job {len(self.asked)}"


def snapshot(job: str, state: JobState, fraction: float = 0.0) -> JobSnapshot:
    made = JobSnapshot.__new__(JobSnapshot)
    values = dict.fromkeys(JobSnapshot.__dataclass_fields__)
    values |= {"id": job, "kind": "score", "title": "", "lane": Lane.SCORING, "state": state, "stage": "score"}
    values |= {"fraction": fraction, "message": "", "created": "", "started": "now"}
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return replace(made)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    paths = AppPaths(tmp_path / "data")
    library = Library.open(paths)
    player = Player()
    files = {"mix": write_tone(tmp_path / "mix.wav", SECONDS)}
    for name, frequency in (("bass", 110.0), ("drums", 330.0)):
        files[f"stem:{name}"] = write_tone(tmp_path / f"{name}.wav", SECONDS, level=0.25, frequency=frequency)
    licence = Licence("CC0-1.0", True, "Yours.")
    track = NewTrack("Rooftop Rain", licence, tempo=120.0, key="A minor", metre="4/4", duration=SECONDS)
    take = NewVersion("take", "Take 2", files=files, loudness={"integrated": -17.8}, arrangement=ARRANGEMENT)
    record = library.add_import(track, take)
    parent = library.versions(record.id)[0].id
    spectrum = {"frequencies": [100.0, 1000.0], "mix_db": [-9.0, -9.0], "master_db": [-8.0, -10.0]}
    details = {"spectrum": spectrum, "gain_reduction": {"times": [0.0, 1.0], "db": [0.0, -2.0]}, "ceiling_dbtp": -1.0}
    master = NewVersion(
        "master",
        "Master 1",
        parent_id=parent,
        files={"master": write_tone(tmp_path / "master.wav", SECONDS, level=0.8)},
        loudness={"integrated": -14.0},
        details=details,
        score=SCORE,
    )
    library.add_version(record.id, master)
    library.add_marker(record.id, 4.0, "Sax rest")
    yield Desk(paths, library, player)
    player.close()
    library.close()


@pytest.fixture
def session(desk: Desk) -> SongSession:
    return SongSession(desk.library, desk.player)


@pytest.fixture
def panel(desk: Desk, session: SongSession, qtbot: QtBot) -> Iterator[EditorPanel]:
    commands = desk.commands = CommandTable()
    commands.set_available(Needs.SONG, True)
    clock = PlaybackClock(desk.player)
    made = EditorPanel(desk, session, Theme("dark", reduced_motion=True), clock=clock, commands=commands)
    qtbot.addWidget(made)
    made.scene.axis.animated = False
    made.resize(900, 760)
    made.show()
    session.open(desk.library.tracks()[0].id)
    qtbot.waitUntil(lambda: len(made.views) == 3, timeout=10_000)
    yield made
    made.close_files()
    QGuiApplication.clipboard().clear()  # data made by Python must not outlive it


def test_the_song_is_shown(panel: EditorPanel, desk: Desk) -> None:
    content = panel.scene.content
    assert [lane.name for lane in content.lanes] == ["Mix", "Drums", "Bass"]
    assert content.lanes[0].details == ("Master 1", "48 kHz stereo")
    assert [(b.name, b.start) for b in content.sections] == [("Verse", 0), ("Hook 2", 8 * RATE)]
    assert [mark.text for mark in content.chords] == ["Am7/C", "Fmaj7"]
    assert [(mark.text, mark.frame) for mark in content.markers] == [("Sax rest", 4 * RATE)]
    assert [(pin.number, pin.start) for pin in content.pins] == [(1, 8 * RATE)]
    assert panel.header.path.text() == "Take 2 › Master 1 · saved"
    assert len(list((desk.paths.cache / "peaks").glob("*.peaks"))) == 3
    assert panel.scene.axis.frames == SECONDS * RATE


def test_an_edit_moves_sections_chords_and_markers(panel: EditorPanel, session: SongSession) -> None:
    panel.scene.selection.select(0, 2 * RATE)
    panel.commands.delete_selection()
    assert session.frames == 14 * RATE
    content = panel.scene.content
    assert content.sections[1].start == pytest.approx(6 * RATE, abs=300)
    assert content.markers[0].frame == 2 * RATE
    assert [mark.text for mark in content.chords] == ["Fmaj7"]
    assert panel.header.path.text().endswith("edited")
    panel.commands.undo()
    assert session.frames == 16 * RATE


def test_an_edit_is_kept_as_a_version(panel: EditorPanel, session: SongSession, desk: Desk) -> None:
    assert not panel.header.keep.isVisible()
    edits = session.history.current.delete(0, 2 * RATE)
    panel.desk.apply("Delete", lambda _: edits)
    assert panel.header.keep.isVisible()
    panel.header.keep.click()
    take = session.files.mix_version
    assert take is not None
    assert session.track is not None
    assert desk.asked == [("edit", take.id, edits.to_json())]
    # What the app's workflow then keeps: the sections follow the edit that the new version remembers.
    version = NewVersion("edit", "Edit", parent_id=take.id, files=dict(take.files), details={"edits": edits.to_json()})
    desk.library.add_version(session.track.id, version)
    session.refresh()
    assert panel.scene.content.sections[1].start == 6 * RATE
    assert panel.scene.content.markers[0].frame == 2 * RATE
    assert not panel.header.keep.isVisible()


def test_levels_and_markers_go_to_session_and_library(panel: EditorPanel, session: SongSession, desk: Desk) -> None:
    panel.scene.level_requested.emit("bass", LaneLevel(db=-6.0, soloed=True))
    assert session.stem_gain("bass").db == -6.0
    assert panel.scene.level("bass") == LaneLevel(db=-6.0, soloed=True)
    panel.scene.set_playhead(6.0 * RATE)
    panel.commands.add_marker()
    assert session.track is not None
    assert [m.position for m in desk.library.markers(session.track.id)] == [4.0, 6.0]


def test_the_selection_leaves_as_it_is_heard(panel: EditorPanel, desk: Desk) -> None:
    panel.scene.selection.select(2 * BAR, 3 * BAR)
    panel.commands.change_gain(-6.0206)
    path = panel.files.selection_file()
    assert path is not None
    assert path.parent == desk.paths.exports
    assert path.name == "Rooftop Rain_120bpm_Am_master_bar3.wav"
    clip = read_clip(path)
    assert clip.frames == BAR
    assert np.abs(clip.samples).max() == pytest.approx(0.4, abs=0.002)
    panel.scene.selection.select(2 * BAR, 3 * BAR, "bass")
    path = panel.files.selection_file()
    assert path is not None
    assert np.abs(read_clip(path).samples).max() == pytest.approx(0.125, abs=0.002)


def test_the_songs_files_have_readable_names(panel: EditorPanel) -> None:
    names = sorted(path.name for path in panel.files.song_files())
    assert names == [f"Rooftop Rain_120bpm_Am_{part}.wav" for part in ("bass", "drums", "master")]


def test_copying_is_the_way_without_dragging(panel: EditorPanel, qtbot: QtBot) -> None:
    said = listen(panel.said)
    panel.scene.selection.select(0, BAR)
    panel.strip.copy_file_wanted.emit()
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [Path(url.toLocalFile()).name for url in urls] == ["Rooftop Rain_120bpm_Am_master_bar1.wav"]
    assert said.calls == [("Copied Rooftop Rain_120bpm_Am_master_bar1.wav.",)]
    panel.header.drag.click()
    assert len(QGuiApplication.clipboard().mimeData().urls()) == 3
    assert drag_pixmap(panel.theme, "3 files", 2.0).height() == 64


def test_arrow_keys_on_a_focused_fader_move_the_fader(panel: EditorPanel, session: SongSession, qtbot: QtBot) -> None:
    fader = panel.lanes.headers[1].fader
    panel.activateWindow()
    fader.setFocus()
    qtbot.waitUntil(fader.hasFocus)
    qtbot.keyClick(fader, Qt.Key.Key_Left)
    assert session.stem_gain("drums").db == -0.5
    assert panel.scene.playhead == 0
    panel.lanes.setFocus()
    qtbot.keyClick(panel.lanes, Qt.Key.Key_Right)
    assert panel.scene.playhead == BAR / 4


def test_the_over_time_lane_gives_way(panel: EditorPanel) -> None:
    assert panel.over_time.isVisible()
    panel.resize(900, 560)
    assert not panel.over_time.isVisible()
    panel.resize(900, 760)
    panel.scene.amend(curves=Curves())
    assert not panel.over_time.isVisible()


def test_the_clock_moves_the_playhead_and_the_loop(panel: EditorPanel) -> None:
    panel.clock.set_loop((2.0, 4.0))
    loop = panel.scene.selection.loop
    assert loop is not None
    assert (loop.start, loop.end) == (2 * RATE, 4 * RATE)
    panel.commands.toggle_loop()
    assert panel.clock.loop is None
    panel.clock.position_changed.emit(3.0)
    assert panel.scene.playhead == 3 * RATE


def test_a_damaged_file_is_said_in_its_lane(
    desk: Desk, session: SongSession, qtbot: QtBot, panel: EditorPanel, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF not sound at all" * 20)
    panel._lanes._loader.load("bass", broken)
    qtbot.waitUntil(lambda: bool(panel.scene.content.lanes[2].message), timeout=5000)
    assert "broken.wav" in panel.scene.content.lanes[2].message


def test_the_meter_scores_fixes_and_follows_jobs(desk: Desk, session: SongSession, qtbot: QtBot) -> None:
    meter = MeterPanel(desk, session, Theme("dark", reduced_motion=True), commands=CommandTable())
    qtbot.addWidget(meter)
    meter.show()
    assert meter.gauge.state.phase is Phase.EMPTY
    session.open(desk.library.tracks()[0].id)
    assert meter.gauge.state.score == 71.0
    assert meter.sentence.text().startswith("Above a typical")
    meter.fix_number(1)
    assert session.heard_version is not None
    assert desk.asked == [("fix", session.heard_version.id, "low")]
    desk.jobs.say(snapshot("job 1", JobState.RUNNING, 0.4))
    qtbot.waitUntil(lambda: meter.gauge.state.phase is Phase.SCORING)
    assert meter.gauge.progress_words() == "Listening · 40\u00a0%"
    desk.jobs.say(snapshot("job 1", JobState.CANCELLED))
    qtbot.waitUntil(lambda: meter.gauge.state.phase is Phase.SCORED)
    session.apply_edits("Trim", session.history.current.trim(0, RATE))
    assert meter.gauge.state.phase is Phase.STALE
    meter.start_scoring()
    take = session.files.mix_version
    assert take is not None
    assert desk.asked[-1][:2] == ("edit", take.id)
    desk.jobs.say(snapshot("job 2", JobState.FAILED))
    qtbot.waitUntil(lambda: meter.gauge.state.phase is Phase.STALE)
    failed = listen(meter.failed)
    desk.refuse = "no"
    meter.start_scoring()
    assert len(failed.calls) == 1


def test_a_fix_shows_before_and_after_with_undo(desk: Desk, session: SongSession, qtbot: QtBot) -> None:
    track = desk.library.tracks()[0]
    parent = desk.library.versions(track.id)[-1]
    fixed = NewVersion(
        "master",
        "Fixed: low",
        parent_id=parent.id,
        files={"master": parent.files["master"]},
        details={"fixes": ["low"], "score_before": SCORE},
        score={**SCORE, "overall_score": 78.0, "insights": []},
    )
    desk.library.add_version(track.id, fixed)
    meter = MeterPanel(desk, session, Theme("dark", reduced_motion=True))
    qtbot.addWidget(meter)
    session.open(track.id)
    (card,) = meter.done_cards()
    assert card.done.text == "Low end heavy"
    assert card.change.text() == "71 → 78"
    meter.undo_fix.emit(card.done.back_to)
    assert session.version is not None
    assert session.version.id == parent.id


def test_the_master_page(desk: Desk, session: SongSession, panel: EditorPanel, qtbot: QtBot) -> None:
    page = MasterPage(
        desk,
        session,
        Theme("dark", reduced_motion=True),
        beside=panel.scene,
        clock=panel.clock,
        commands=CommandTable(),
    )
    for widget in (page.left, page.centre, page.right):
        qtbot.addWidget(widget)
    qtbot.waitUntil(lambda: len(page.views) == 2, timeout=10_000)
    assert [row.note for row in page.left.versions.rows] == ["−17.8\u00a0LUFS", "71 ±9"]
    assert [row.depth for row in page.left.versions.rows] == [0, 1]
    assert page.centre.tonal.has_data
    assert page.centre.compare.lanes.ceiling == -1.0
    page.centre.resize(820, 700)
    page.centre.show()
    image = page.centre.compare.lanes.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    gold, blue = panel.theme.color("accent_text").rgb(), panel.theme.color("wave_rms").rgb()
    rows = [y for y in range(image.height()) if image.pixel(400, y) == gold]
    assert rows and min(rows) > image.height() / 2, "the master is gold and below"
    assert any(image.pixel(400, y) == blue for y in range(image.height() // 2))
    assert page.scene.axis is panel.scene.axis
    panel.scene.set_playhead(5.0 * RATE)
    assert page.scene.playhead == 5 * RATE
    asked = listen(page.run.started)
    page.right.targets.loudness.set_value(-9.0)
    page.right.targets.again.click()
    assert session.track is not None
    assert session.version is not None
    ceiling = desk.mastering.presets["spotify-loud"].ceiling_dbtp
    wishes = {"preset": "spotify-loud", "reference": None, "loudness": -9.0, "ceiling": ceiling, "intensity": 1.0}
    assert desk.asked == [("master", session.track.id, session.version.id, wishes)]
    assert [wish.preset.id for (wish,) in asked.calls] == ["spotify-loud"]
    desk.jobs.say(snapshot("job 1", JobState.RUNNING, 0.25))
    qtbot.waitUntil(lambda: page.right.targets.again.text() == "Mastering · 25\u00a0%")
    desk.jobs.say(snapshot("job 1", JobState.DONE))
    qtbot.waitUntil(lambda: page.right.targets.again.isEnabled())
    page.right.listen.press("a")
    assert session.heard == "mix"
    page.close_files()


def test_hidden_gains_are_those_of_the_open_ones(desk: Desk, session: SongSession) -> None:
    session.open(desk.library.tracks()[0].id)
    session.set_stem("bass", db=-3.0)
    session.set_stem("drums", muted=True)
    heard = session.heard
    for what in ("mix", "master"):
        session.hear_hidden(what)
        hidden = session.gains()
        assert session.heard == heard, "nothing in the window may tell what X is"
        session.hear(what)
        assert hidden == pytest.approx(session.gains())
        session.hear(heard)


@pytest.mark.parametrize(
    ("harte", "text"), [("A:min7/b3", "Am7/C"), ("F", "F"), ("Bb:7", "B♭7"), ("N", ""), ("C#:hdim7", "C♯m7♭5")]
)
def test_chords_as_musicians_write_them(harte: str, text: str) -> None:
    assert chord_text(harte) == text
