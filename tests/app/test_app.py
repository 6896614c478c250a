"""The composition root: what is refused before anything is written, what a crash leaves to be resumed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

import grammy_desktop
from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.song import Licence
from grammy_desktop.workflows.mastering_aim import Mastering

RATE = 48_000


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App.open(AppPaths(tmp_path / "data"))
    yield app
    app.close()


def rows(paths: AppPaths, table: str) -> int:
    with sqlite3.connect(f"file:{paths.database}?mode=ro", uri=True) as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])


def wav(path: Path, seconds: float = 2.0) -> Path:
    time = np.arange(int(seconds * RATE)) / RATE
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 220 * np.stack([time, time * 1.01], axis=1)), RATE)
    return path


def test_bad_input_is_refused_before_a_row_is_written(app: App, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    fine = "lofi, 90 BPM"
    for options in (
        CreateOptions(prompt="  "),
        CreateOptions(prompt="x" * 100_000),
        CreateOptions(prompt=fine, duration=float("nan")),
        CreateOptions(prompt=fine, duration=10_000),
        CreateOptions(prompt=fine, style="polka"),
        CreateOptions(prompt=fine, preset="loudest"),
        CreateOptions(prompt=fine, engine="orchestra"),
        CreateOptions(prompt=fine, reference=str(tmp_path / "file")),
        CreateOptions(prompt=fine, out_dir=tmp_path / "file"),
    ):
        with pytest.raises(UserError):
            app.create(options)
    assert [rows(app.paths, table) for table in ("tracks", "prompts", "jobs")] == [0, 0, 0]
    assert not any(app.paths.staging.iterdir())


def test_a_file_is_never_mastered_onto_itself_or_into_a_folder(app: App, tmp_path: Path) -> None:
    source = wav(tmp_path / "mix.wav")
    for out, words in (
        (source, "overwritten"),
        (tmp_path, "folder"),
        (tmp_path / "master.doc", "must end in"),
        (tmp_path / "master", "must end in"),
    ):
        with pytest.raises(UserError, match=words):
            app.mastering.master_to(source, Mastering(), out)
    assert rows(app.paths, "jobs") == 0


def test_an_export_of_nothing_makes_no_folder(app: App, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nobody"):
        app.export("nobody", format="wav", out_dir=tmp_path / "out", stems=False, midi=False)
    assert not (tmp_path / "out").exists()


def test_an_edited_song_is_not_exported_with_its_old_master(app: App, tmp_path: Path) -> None:
    track = app.jobs.wait(app.import_files([wav(tmp_path / "song.wav")])[0]).result
    (original,) = app.library.versions(track.id)
    master = app.jobs.wait(app.master(track.id, original.id)).result
    assert set(app.files_of(track.id)) == {"mix", "master"}
    edit = app.jobs.wait(app.render_edit(original.id, EditList.whole(2 * RATE).trim(0, RATE).to_json())).result
    assert app.files_of(track.id) == edit.files and "master" not in edit.files
    again = app.jobs.wait(app.master(track.id, edit.id)).result
    assert app.files_of(track.id) == {"mix": edit.files["mix"], "master": again.files["master"]}
    assert master.parent_id == original.id and again.parent_id == edit.id


CRASH = """
import os, sys
from pathlib import Path
import grammy_desktop
from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.song import Licence
if __name__ == "__main__":
    app = App.open(AppPaths(Path(sys.argv[1])))
    app.create(CreateOptions(prompt="Trap in F minor, 140 BPM", duration=5.0, seed=41, finish=False))
    app.create(CreateOptions(prompt="House, 124 BPM", duration=5.0, seed=42, preset="vinyl-warm"))
    os._exit(9)
"""


def test_a_song_that_a_crash_interrupted_is_made_again_with_seed_and_brief(tmp_path: Path) -> None:
    script = tmp_path / "crash.py"
    script.write_text(CRASH)
    here = {**os.environ, "PYTHONPATH": str(Path(grammy_desktop.__file__).parents[1])}
    command = [sys.executable, script, tmp_path / "data"]
    assert subprocess.run(command, check=False, timeout=60, env=here).returncode == 9
    app = App.open(AppPaths(tmp_path / "data"))
    try:
        assert rows(app.paths, "tracks") == 0, "the pending rows of the dead process are gone"
        entries = app.library.journal.interrupted()
        assert {json.loads(entry.request)["seed"] for entry in entries} == {41, 42}
        first, second = app.resume_interrupted()
        assert app.library.journal.interrupted() == [] and app.resume_interrupted() == []
        app.jobs.cancel(second)
        outcome = app.jobs.wait(first)
        assert outcome.state is JobState.DONE and app.jobs.wait(second).state is JobState.CANCELLED
        song = outcome.result
        assert (song["seed"], song["brief"]["tempo"], song["brief"]["key"]) == (41, 140.0, "F minor")
        assert song["files"]["master"] is None and song["score"] is None
        assert song["brief"] == json.loads(next(e.request for e in entries if '"seed": 41' in e.request))["brief"]
        assert rows(app.paths, "tracks") == 1 and app.library.verify().ok
    finally:
        app.close()


def test_two_apps_on_one_library_leave_each_other_alone(app: App, tmp_path: Path) -> None:
    waiting = app.library.add_pending(
        title="…", prompt="p", brief={}, engine="composer", seed=1, licence=Licence("LicenseRef-unfinished", False, "")
    )
    other = App.open(app.paths)
    try:
        assert rows(app.paths, "tracks") == 1, "a living process's pending song is not swept"
    finally:
        other.close()
    app.library.discard_pending(waiting)


def test_a_library_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    paths = AppPaths(tmp_path / "data")
    App.open(paths).close()
    with sqlite3.connect(paths.database) as connection:
        connection.execute("pragma user_version = 9999")
    before = paths.database.read_bytes()
    with pytest.raises(UserError, match="newer version"):
        App.open(paths)
    assert paths.database.read_bytes() == before
