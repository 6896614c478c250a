from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from library_helpers import LICENCE, NOT_FOR_SALE, add_pending, add_song, brief, imported, stored_files, titles, write
from sqlalchemy.exc import SQLAlchemyError

from grammy_desktop.core.errors import BugError, GrammyError, UserError
from grammy_desktop.core.journal import JobEntry, JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library, NewVersion


def test_a_song_from_pending_to_completed(library: Library) -> None:
    track_id = add_pending(library, "Wet Asphalt", "rain", brief=brief(tempo=84.0), style="lofi")
    pending = library.track(track_id)
    assert (pending.status, pending.genre, pending.mood, pending.tempo) == ("pending", "lofi", "calm, warm", 84.0)
    assert (pending.versions, pending.score, pending.brief["key"], pending.prompt) == (0, None, "A minor", "rain")
    with library.staging_folder() as folder:
        files = {
            "mix": write(folder / "mix.wav", b"mix"),
            "stem:drums": write(folder / "drums.WAV", b"drums"),
            "midi": write(folder / "song.mid", b"midi"),
        }
        version = NewVersion(
            "take",
            "Take 1",
            files=files,
            loudness={"integrated": -14.0, "range": None},
            arrangement={"tempo": 85.0},
            details={"duration": 61.25, "tempo": 85.0, "key": "C major"},
            score={"overall_score": 71.5, "innovation": None, "insights": [{"id": "x"}]},
        )
        record = library.complete(track_id, version, {"seed": 9, "licence": {}}, title="Asphalt")
        assert not any(path.exists() for path in files.values())
    assert (record.status, record.title, record.duration, record.tempo) == ("completed", "Asphalt", 61.25, 85.0)
    assert (record.key, record.metre, record.score, record.versions, record.seed) == ("C major", "4/4", 71.5, 1, 9)
    stored = library.versions(track_id)[0]
    assert {role: path.read_bytes() for role, path in stored.files.items()} == {
        "mix": b"mix",
        "stem:drums": b"drums",
        "midi": b"midi",
    }
    assert stored.files["stem:drums"].suffix == ".wav"
    assert stored.loudness == {"integrated": -14.0, "range": None}
    assert stored.arrangement == {"tempo": 85.0}
    assert stored.score is not None and stored.score["insights"] == [{"id": "x"}]
    assert library.recipe(track_id) == {"seed": 9, "licence": {}}
    assert library.usage() == len(b"mix" + b"drums" + b"midi")
    row = record.to_row()
    assert {"id", "title", "duration", "genre", "tempo", "key", "status", "created_at", "score"} <= set(row)
    json.dumps(row, allow_nan=False)


def test_old_work_for_a_song_that_is_gone_can_be_journalled(library: Library) -> None:
    track_id = add_pending(library)
    for name in ("first", "again"):
        library.journal.submitted(
            JobEntry(
                name, "create", "x", "generation", JobState.WAITING, "", 0.0, "{}", "", track_id, "2026-01-01", None
            )
        )
        assert library.journal.entries()[0].track_id == (track_id if name == "first" else None)
        library.journal.ended(name, JobState.FAILED, "no")
        library.discard_pending(track_id)
    assert [entry.track_id for entry in library.journal.entries()] == [None, None]


def test_a_pending_song_without_work_is_a_problem(paths: AppPaths) -> None:
    library = Library.open(paths)
    track_id = add_pending(library)
    assert library.verify().ok
    library.journal.submitted(
        JobEntry("job", "create", "x", "generation", JobState.WAITING, "", 0.0, "{}", "", track_id, "2026-01-01", None)
    )
    assert library.verify().ok
    library.journal.ended("job", JobState.FAILED, "no")
    assert "pending" in library.verify().problems[0]
    library.close()


def test_discarding_leaves_nothing(library: Library) -> None:
    track_id = add_pending(library)
    library.discard_pending(track_id)
    library.discard_pending(track_id)
    assert library.tracks() == []
    with pytest.raises(UserError):
        library.track(track_id)
    song = add_song(library)
    library.discard_pending(song.id)
    assert library.track(song.id).status == "completed"
    library.set_tags(song.id, ["x"])
    library.purge(song.id)
    tables = (
        "tracks",
        "prompts",
        "versions",
        "version_files",
        "recipes",
        "tags",
        "track_tags",
        "claims",
        "track_search",
    )
    with library._database.read() as connection:
        left = {table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in tables}
    assert left == dict.fromkeys(tables, 0)


def test_completing_what_is_gone_takes_no_files_in(library: Library) -> None:
    with library.staging_folder() as folder:
        version = NewVersion("take", "Take 1", files={"mix": write(folder / "mix.wav", b"mix")})
        with pytest.raises(UserError):
            library.complete("there-is-no-such-song", version, {})
    assert stored_files(library) == set()


def test_values_json_cannot_hold_are_our_bug_and_leave_nothing(library: Library) -> None:
    song = add_song(library)
    before = stored_files(library)
    with library.staging_folder() as folder:
        version = NewVersion(
            "master", "Loud", files={"master": write(folder / "m.wav", b"m")}, loudness={"i": float("nan")}
        )
        with pytest.raises(BugError):
            library.add_version(song.id, version)
    assert stored_files(library) == before
    for wrong in (replace(version, kind="remix"), replace(version, files={"stem:": Path("x")})):
        with pytest.raises(BugError):
            library.add_version(song.id, wrong)


def test_versions_are_a_tree_and_the_newest_score_counts(library: Library) -> None:
    song = add_song(library, score=60.0)
    take = library.versions(song.id)[0]
    with library.staging_folder() as folder:
        file = write(folder / "master.wav", b"loud")
        master = library.add_version(
            song.id, NewVersion("master", "Spotify", take.id, {"master": file}), recipe={"preset": "spotify-loud"}
        )
    assert master.parent_id == take.id
    assert [version.kind for version in library.versions(song.id)] == ["take", "master"]
    assert library.track(song.id).score == 60.0
    library.set_score(master.id, {"overall_score": 72.0, "insights": []})
    library.set_score(master.id, {"overall_score": 73.0, "insights": []})
    assert library.track(song.id).score == 73.0
    assert library.recipe(song.id) == {"preset": "spotify-loud"}
    with pytest.raises(UserError):
        library.add_version(song.id, NewVersion("edit", "x", "no-such-version"))
    with pytest.raises(UserError):
        library.set_score("no-such-version", {})
    with pytest.raises(UserError):
        library.version("no-such-version")


def test_a_user_s_own_file_is_copied_and_equal_files_are_kept_once(library: Library, tmp_path: Path) -> None:
    own = write(tmp_path / "tape.wav", b"tape")
    first = imported(library, own, "One")
    second = imported(library, own, "Two")
    assert own.read_bytes() == b"tape"
    assert len(stored_files(library)) == 1
    assert library.usage() == 4
    library.purge(first.id)
    path = library.versions(second.id)[0].files["mix"]
    assert path.read_bytes() == b"tape"
    assert library.file_path(path.stem) == path
    library.purge(second.id)
    assert stored_files(library) == set()
    with pytest.raises(UserError):
        library.file_path(path.stem)


def test_equal_content_on_its_way_in_survives_the_purge_of_the_other_song(library: Library, tmp_path: Path) -> None:
    own = write(tmp_path / "tape.wav", b"tape")
    first = imported(library, own)
    name = next(iter(stored_files(library)))
    version = NewVersion("import", "Original", files={"mix": own})
    with library._taking_in(version), library._taking_in(version):
        library.purge(first.id)
        assert stored_files(library) == {name}
        with pytest.raises(UserError):
            library.add_version("no such song", version)
        assert stored_files(library) == {name}
    assert stored_files(library) == set()


def test_a_song_and_its_master_are_kept_or_lost_together(library: Library, tmp_path: Path) -> None:
    take = NewVersion("take", "Take", files={"mix": write(tmp_path / "mix.wav", b"mix")})
    master = NewVersion("master", "Loud", files={"master": write(tmp_path / "master.wav", b"loud")})
    track_id = add_pending(library)
    with pytest.raises(BugError):
        library.complete(track_id, take, {}, child=replace(master, details={"gain": float("inf")}))
    assert (library.track(track_id).status, library.versions(track_id), stored_files(library)) == ("pending", [], set())
    library.complete(track_id, take, {}, child=master)
    first, second = library.versions(track_id)
    assert (second.parent_id, second.files["master"].read_bytes()) == (first.id, b"loud")


def test_a_missing_file_is_named(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.wav"):
        imported(library, tmp_path / "gone.wav")
    assert library.tracks() == []


def test_trash_restore_and_purge(library: Library) -> None:
    song = add_song(library, content=b"sound")
    library.set_tags(song.id, ["rain"])
    library.add_marker(song.id, 12.5, "drop")
    library.delete(song.id)
    assert (titles(library), titles(library, filter="trash")) == ([], ["Wet Asphalt"])
    assert library.tags() == []
    library.restore(song.id)
    assert titles(library) == ["Wet Asphalt"]
    assert library.track(song.id).tags == ("rain",)
    assert [(marker.position, marker.name) for marker in library.markers(song.id)] == [(12.5, "drop")]
    library.purge(song.id)
    assert stored_files(library) == set()
    for call in (library.purge, library.delete, library.restore):
        with pytest.raises(UserError):
            call(song.id)


def test_what_is_being_made_cannot_be_deleted(library: Library) -> None:
    track_id = add_pending(library)
    for call in (library.delete, library.purge):
        with pytest.raises(UserError, match="being made"):
            call(track_id)


def test_renaming_starring_tagging(library: Library) -> None:
    song = add_song(library)
    library.rename(song.id, "  Dry Asphalt ")
    library.star(song.id, True)
    library.set_tags(song.id, ["Rain", "night  drive", "rain", " "])
    record = library.track(song.id)
    assert (record.title, record.starred) == ("Dry Asphalt", True)
    assert {tag.lower() for tag in record.tags} == {"night drive", "rain"}
    library.set_tags(song.id, [])
    assert library.tags() == []
    with pytest.raises(UserError):
        library.rename(song.id, "  ")


def test_markers_come_in_order_and_go(library: Library) -> None:
    song = add_song(library)
    late, early = library.add_marker(song.id, 9.0, "b"), library.add_marker(song.id, 1.0, "a")
    assert library.markers(song.id) == [early, late]
    library.remove_marker(early.id)
    assert library.markers(song.id) == [late]


def test_it_is_all_there_after_reopening(paths: AppPaths) -> None:
    library = Library.open(paths)
    song = add_song(library, licence=NOT_FOR_SALE)
    library.close()
    again = Library.open(paths)
    assert again.track(song.id) == song
    assert (song.sellable, song.licence_reason) == (False, NOT_FOR_SALE.reason)
    assert again.versions(song.id)[0].files["mix"].read_bytes() == b"Wet Asphalt"
    again.close()


def test_many_threads_write_at_once(library: Library) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(5):
                song = add_song(library, f"song {number} {step}", content=b"same for all")
                library.star(song.id, True)
                library.tracks("song", limit=3)
        except (GrammyError, SQLAlchemyError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert library.count(filter="starred") == 30
    assert len(stored_files(library)) == 1


def test_licence_of_the_finished_song_is_the_recipe_s(library: Library) -> None:
    track_id = add_pending(library, licence=LICENCE)
    recipe = {
        "engine": "musicgen",
        "brief": brief(genre="jazz", mood=["bright"]),
        "licence": {"id": NOT_FOR_SALE.id, "sellable": False, "reason": NOT_FOR_SALE.reason},
    }
    record = library.complete(track_id, NewVersion("take", "Take 1"), recipe)
    assert (record.engine, record.licence_id, record.sellable) == ("musicgen", NOT_FOR_SALE.id, False)
    assert (record.genre, record.mood) == ("jazz", "bright")
