"""The song desk on a real song: new takes beside the old one, files that do not change, what undoes a change."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import NewTrack, NewVersion, VersionRecord
from grammy_desktop.workflows.keep import OWN_RECORDING


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = App.open(AppPaths(tmp_path_factory.mktemp("desk") / "data"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def song(app: App) -> dict[str, Any]:
    (job,) = app.create(CreateOptions(prompt="lofi, 90 BPM", duration=8.0, seed=4, finish=False))
    outcome = app.jobs.wait(job)
    assert outcome.state is JobState.DONE, outcome.error
    result: dict[str, Any] = outcome.result
    return result


def made(app: App, job: str) -> VersionRecord:
    outcome = app.jobs.wait(job)
    assert outcome.state is JobState.DONE, outcome.error
    version: VersionRecord = outcome.result
    return version


def first(app: App, song: dict[str, Any]) -> VersionRecord:
    return app.library.versions(song["track_id"])[0]


def hashes(version: VersionRecord) -> dict[str, str]:
    stems = {role: path for role, path in version.files.items() if role.startswith("stem:")}
    return {role: hashlib.sha256(path.read_bytes()).hexdigest() for role, path in stems.items()}


def sound(path: Path) -> np.ndarray[Any, np.dtype[np.float32]]:
    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(samples)


def test_rerolled_drums_change_no_other_stem_by_a_byte(app: App, song: dict[str, Any]) -> None:
    old = first(app, song)
    new = made(app, app.songs.reroll_part(song["track_id"], old.id, "drums", seed=5))
    before, after = hashes(old), hashes(new)
    assert {role for role in before if before[role] != after[role]} == {"stem:drums"}
    assert new.parent_id == old.id and new.kind == "take" and new.name == "New drums"
    total = sum(sound(path) for role, path in new.files.items() if role.startswith("stem:"))
    assert np.array_equal(total, sound(new.files["mix"])) and np.abs(total).max() < 0.9
    assert app.songs.score(old.id).parts[0].notes != app.songs.score(new.id).parts[0].notes
    assert [r.part for r in app.songs.revisions(new.id)] == ["drums"]
    again = made(app, app.songs.reroll_part(song["track_id"], old.id, "drums", seed=5))
    assert hashes(again) == after
    back = app.songs.undo(song["track_id"])
    assert hashes(back) == before and app.files_of(song["track_id"])["mix"] == old.files["mix"]


def test_a_revision_of_a_revision(app: App, song: dict[str, Any]) -> None:
    drums = made(app, app.songs.reroll_part(song["track_id"], first(app, song).id, "drums", seed=5))
    chords = made(app, app.songs.change_chords(song["track_id"], drums.id, {1: "F#m7b5"}))
    assert hashes(chords)["stem:drums"] == hashes(drums)["stem:drums"]
    assert app.songs.score(chords.id).chords[1].symbol.endswith(":hdim7")
    assert [r.kind for r in app.songs.revisions(chords.id)] == ["part", "chords"]


def test_muted_stems_are_not_in_the_mix(app: App, song: dict[str, Any], tmp_path: Path) -> None:
    old = first(app, song)
    new = made(app, app.songs.solo(song["track_id"], old.id, ["drums", "bass"], out_dir=tmp_path))
    assert set(hashes(new)) == {"stem:drums", "stem:bass"}
    total = sound(old.files["stem:drums"]) + sound(old.files["stem:bass"])
    assert np.array_equal(sound(new.files["mix"]), total)
    assert len(list(tmp_path.glob("*.wav"))) == 3


def test_a_loop_meets_itself(app: App, song: dict[str, Any]) -> None:
    new = made(app, app.songs.loop(song["track_id"], first(app, song).id, bars=2))
    samples = sound(new.files["mix"])
    assert len(samples) == round(8 * 60 / 90 * 48_000)
    steps = np.abs(np.diff(samples, axis=0)).max(axis=1)
    assert np.abs(samples[0] - samples[-1]).max() <= np.quantile(steps, 0.999)
    assert read_metadata(new.files["mix"]).tempo == 90.0


def test_what_cannot_be_is_refused_at_once(app: App, song: dict[str, Any], tmp_path: Path) -> None:
    track, take = song["track_id"], first(app, song).id
    for refused in (
        lambda: app.songs.reroll_part(track, take, "bagpipes"),
        lambda: app.songs.reroll_section(track, take, 40),
        lambda: app.songs.change_chords(track, take, {0: "Hm"}),
        lambda: app.songs.change_chords(track, take, {900: "Am"}),
        lambda: app.songs.set_sound(track, take, "lead", "synth:nothing"),
        lambda: app.songs.set_sound(track, take, "drums", "sf:0:73"),
        lambda: app.songs.resize(track, take, 1.0),
        lambda: app.songs.vary(track, take, "blorp"),
        lambda: app.songs.solo(track, take, ["nobody"]),
    ):
        with pytest.raises(UserError):
            refused()


def test_imports_have_no_score(app: App, tmp_path: Path) -> None:
    (tmp_path / "own.wav").write_bytes(b"sound")
    own = app.library.add_import(
        NewTrack(title="Own", licence=OWN_RECORDING),
        NewVersion(kind="import", name="Import", files={"mix": tmp_path / "own.wav"}),
    )
    with pytest.raises(UserError, match="Imported audio"):
        app.songs.reroll_part(own.id, None, "drums")


def test_a_take_that_would_come_out_otherwise_is_left_alone(app: App, song: dict[str, Any]) -> None:
    take = first(app, song)
    sections = [{**section, "name": "other"} for section in (take.arrangement or {})["sections"]]
    older = app.library.add_version(
        take.track_id,
        NewVersion(
            kind="take",
            name="Older",
            files={role: path for role, path in take.files.items() if role != "score"},
            arrangement={**(take.arrangement or {}), "sections": sections},
        ),
    )
    outcome = app.jobs.wait(app.songs.reroll_part(take.track_id, older.id, "drums"))
    assert outcome.state is JobState.FAILED and "another version" in str(outcome.error)


def test_cancelled_work_leaves_no_take(app: App, song: dict[str, Any]) -> None:
    before = len(app.library.versions(song["track_id"]))
    started = threading.Event()
    unsubscribe = app.jobs.subscribe(lambda event: started.set() if event.snapshot.stage == "render" else None)
    job = app.songs.resize(song["track_id"], first(app, song).id, 60.0)
    assert started.wait(60)
    app.jobs.cancel(job)
    assert app.jobs.wait(job).state is JobState.CANCELLED
    unsubscribe()
    assert len(app.library.versions(song["track_id"])) == before
