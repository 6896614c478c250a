"""A real song, made in this process, and what the library keeps of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from workflow_helpers import OWN, names, phrase, samples, saved

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import EnvironmentFailure, GrammyError, UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.song import Licence
from grammy_desktop.library import Library
from grammy_desktop.workflows import create_song, keep
from grammy_desktop.workflows.finish_song import MadeSong
from grammy_desktop.workflows.import_audio import ImportRequest, make_import
from grammy_desktop.workflows.master_track import MasterRequest, make_master
from grammy_desktop.workflows.mastering_aim import Mastering
from grammy_desktop.workflows.render_edit import EditRequest, make_edit
from grammy_desktop.workflows.score_track import FixRequest, make_fix

QUIET = NoProgress()


def brief() -> dict[str, Any]:
    from grammy_desktop.assistant import read_prompt
    from grammy_desktop.core.styles import load_styles

    values: dict[str, Any] = read_prompt("Chill lo-fi hip hop, 90 BPM, A minor", load_styles(), duration=5.0).to_json()
    return values


def requested(data: Path) -> create_song.CreateRequest:
    return create_song.CreateRequest(data_dir=str(data), brief=brief(), seed=7)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeSong:
    """Files stay in their folder: every test copies them, as the library moves what lies in its own staging folder only."""
    folder = tmp_path_factory.mktemp("song")
    return create_song.make_song(requested(folder / "data"), folder, QUIET)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(AppPaths(tmp_path / "data"))
    yield library
    library.close()


def pending(library: Library) -> str:
    return library.add_pending(
        title="…",
        prompt="p",
        brief=brief(),
        engine="composer",
        seed=7,
        licence=Licence("LicenseRef-unfinished", False, "Not finished yet."),
    )


def kept(library: Library, made: MadeSong, out: Path | None = None) -> dict[str, Any]:
    return keep.keep_song(library, pending(library), requested(library.paths.data_dir), made, out)


def test_a_made_song_is_whole(made: MadeSong) -> None:
    stems = [samples(path).astype(np.float64) for role, path in made.take_files.items() if role.startswith("stem:")]
    assert len(stems) >= 4
    assert np.abs(np.sum(stems, axis=0) - samples(made.take_files["mix"])).max() <= 10 ** (-90 / 20)
    report = json.loads(made.master_files["report_json"].read_text(encoding="utf-8"))
    assert report["score"] == made.score and report["title"] == made.title
    metadata = read_metadata(made.master_files["master"])
    assert (metadata.title, metadata.tempo, metadata.key) == (made.title, 90.0, "A minor")
    assert json.loads(metadata.recipe) == made.recipe and metadata.markers


def test_take_and_master_are_kept_together(library: Library, made: MadeSong) -> None:
    song = kept(library, made)
    take, master = library.versions(song["track_id"])
    assert (take.kind, take.parent_id, master.kind, master.parent_id) == ("take", None, "master", take.id)
    assert set(master.files) == {"master", "report", "report_json"} and "midi" in take.files
    track = library.track(song["track_id"])
    assert (track.status, track.title, track.tempo, track.key) == ("completed", made.title, 90.0, "A minor")
    assert track.sellable and song["licence"] == track.licence_id and song["files"]["master"] == master.files["master"]
    assert library.verify().ok


def test_a_master_that_cannot_be_kept_takes_the_take_with_it(library: Library, made: MadeSong) -> None:
    missing = {**made.master_files, "master": made.master_files["master"].with_name("gone.wav")}
    track_id = pending(library)
    request = requested(library.paths.data_dir)
    with pytest.raises(GrammyError):
        keep.keep_song(library, track_id, request, MadeSong(**{**vars(made), "master_files": missing}), None)
    assert library.versions(track_id) == [] and library.track(track_id).status == "pending"
    library.discard_pending(track_id)
    assert library.verify().problems == () and library.count() == 0


def test_a_song_that_cannot_be_written_out_is_kept_and_says_so(
    library: Library, made: MadeSong, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises((UserError, EnvironmentFailure), match="the song itself is in the library"):
        kept(library, made, tmp_path / "file")
    assert library.count() == 1


def test_files_written_out_have_producers_names(library: Library, made: MadeSong, tmp_path: Path) -> None:
    files = kept(library, made, tmp_path / "out")["files"]
    stem = f"{made.title}_90bpm_Am"
    assert files["mix"].name == f"{stem}_mix.wav" and files["midi"].name == f"{stem}.mid"
    assert files["report"].name == f"{stem}_report.png" and files["report_json"].name == f"{stem}_report.json"
    assert len(names(tmp_path / "out")) == len(made.take_files) + len(made.master_files) - 1, "all but the score"


def test_a_tree_of_versions(library: Library, made: MadeSong, tmp_path: Path) -> None:
    track_id = kept(library, made)["track_id"]
    take, first = library.versions(track_id)
    data = str(library.paths.data_dir)
    with library.staging_folder() as folder:
        request = MasterRequest(data, str(take.files["mix"]), Mastering("vinyl-warm"), genre="lofi", score=True)
        again = keep.keep_master(library, track_id, take.id, make_master(request, folder, QUIET))
    assert (again.parent_id, again.name, again.arrangement) == (take.id, "Vinyl warm", take.arrangement)
    assert again.score is not None and again.loudness["integrated"] == pytest.approx(-16, abs=0.3)
    with library.staging_folder() as folder:
        files = {role: str(path) for role, path in take.files.items() if role == "mix" or role.startswith("stem:")}
        edits = EditList.whole(samples(take.files["mix"]).shape[0]).trim(48_000, 144_000).to_json()
        edit = keep.keep_edit(library, track_id, take.id, make_edit(EditRequest(files, edits), folder, QUIET))
    assert edit.kind == "edit" and edit.arrangement is None and set(edit.files) == set(files)
    assert [version.id for version in library.versions(track_id)] == [take.id, first.id, again.id, edit.id]
    assert library.verify().ok


def test_a_fix_is_a_version_that_says_what_was_done(library: Library, tmp_path: Path) -> None:
    source = saved(tmp_path / "quiet.wav", phrase(6.0, level=0.02))
    with library.staging_folder() as folder:
        track = keep.keep_import(library, make_import(ImportRequest(str(source)), folder, QUIET))
    (version,) = library.versions(track.id)
    with library.staging_folder() as folder:
        made = make_fix(FixRequest(str(version.files["mix"]), ("all",)), folder, QUIET)
        assert measure_lufs(made.path) > measure_lufs(source)
        fixed = keep.keep_fix(library, track.id, version.id, "mix", made)
    assert fixed.parent_id == version.id and fixed.kind == "edit" and set(fixed.files) == {"mix"}
    assert fixed.name == f"Fixed: {', '.join(made.labels)}" and made.applied
    assert read_metadata(fixed.files["mix"]).title == OWN.title and fixed.score == made.score
    with pytest.raises(UserError, match=r"no fix for polka"), library.staging_folder() as folder:
        make_fix(FixRequest(str(source), ("polka",)), folder, QUIET)


def test_where_there_is_nothing_to_mend_nothing_is_written(tmp_path: Path) -> None:
    still = saved(tmp_path / "still.wav", AudioClip(np.zeros((96_000, 2), np.float32), 48_000))
    staging = tmp_path / "staging"
    staging.mkdir()
    with pytest.raises(UserError, match=r"still\.wav"):
        make_fix(FixRequest(str(still), ("all",)), staging, QUIET)
    assert not names(staging)


def measure_lufs(path: Path) -> float:
    from grammy_desktop.core.audio_file import read_clip

    loudness = measure(read_clip(path)).integrated
    assert loudness is not None
    return loudness


def test_an_import_is_a_song_of_its_own(library: Library, tmp_path: Path) -> None:
    source = saved(tmp_path / "x.wav", phrase(1.0))
    with library.staging_folder() as folder:
        track = keep.keep_import(library, make_import(ImportRequest(str(source)), folder, QUIET))
    assert (track.title, track.tempo, track.key, track.status) == (OWN.title, 92.5, "A minor", "completed")
    assert track.licence_id == "LicenseRef-own-recording" and source.exists()
    library.set_tags(track.id, ["Nacht", "夜", "nacht", "  ", "x" * 300])
    assert library.verify().ok
