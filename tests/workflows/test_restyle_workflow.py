"""`grammy restyle` without its command: a recording of 20 seconds through everything, a song of the library by its own score."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from workflow_helpers import CancelAt, names

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.app.restyle_works import RestyleOptions, restyle
from grammy_desktop.cli.commands.restyle import COMMANDS
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import read_clip, write_wav
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.restyle import song_from_recipe
from grammy_desktop.workflows.finish_song import MadeSong
from grammy_desktop.workflows.restyle_song import RestyleRequest, make_restyle
from tests.acceptance.issue_4.restyle import Restyled
from tests.acceptance.issue_4.restyle_facts import chord_shares
from tests.acceptance.issue_4.songbook import Wish, make_song

RATE = 48_000


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Arrangement]:
    """The mix of a song of our own, and what it really is."""
    path = tmp_path_factory.mktemp("restyle") / "Meine Aufnahme.wav"

    def keep(song: object, brief: Brief, seed: int) -> Arrangement:
        write_wav(path, song.mix)  # type: ignore[attr-defined]
        return song.arrangement  # type: ignore[attr-defined, no-any-return]

    return path, make_song(Wish("A synthwave song, 104 BPM", 12, duration=18.0), measure=keep)


def request(source: Path, data: Path, **options: object) -> RestyleRequest:
    return replace(RestyleRequest(str(data), "bossa_nova", 5, source.name, source=str(source), finish=False), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(recording: tuple[Path, Arrangement], tmp_path_factory: pytest.TempPathFactory) -> tuple[MadeSong, Path]:
    staging = tmp_path_factory.mktemp("staging")
    return make_restyle(request(recording[0], staging), staging, NoProgress()), staging


def test_a_recording_keeps_its_tempo_and_chords(
    made: tuple[MadeSong, Path], recording: tuple[Path, Arrangement]
) -> None:
    song, source = made[0], recording[1]
    brief = Brief.from_json(song.recipe["brief"])
    assert brief.tempo.value == 104.0 and brief.genre.value == "bossa_nova"
    composition = song_from_recipe(
        json.loads(json.dumps(song.recipe["parameters"]["restyle"])), load_styles()["bossa_nova"], brief, 5
    )
    begins = song.recipe["parameters"]["restyle"]["sheet"].get("begins", 0.0)
    assert chord_shares(source, composition.arrangement, begins)["triad"] >= 0.8
    # Made again from its recipe it is the same song.
    assert composition.arrangement.to_json() == song.arrangement


def test_it_says_how_sure_it_is_and_where_it_comes_from(
    made: tuple[MadeSong, Path], recording: tuple[Path, Arrangement]
) -> None:
    song = made[0]
    facts = song.take_details["restyle"]
    assert facts["sure"][0].startswith("tempo 104.0 BPM") and len(facts["sure"]) >= 5
    assert facts["sha256"] == hashlib.sha256(recording[0].read_bytes()).hexdigest()
    assert facts["source"] == "Meine Aufnahme.wav" and not facts["exact"]
    assert facts["analysis"]["chords"] and song.recipe["parameters"]["restyle"]["sha256"] == facts["sha256"]
    assert "yours to judge" in song.recipe["licence"]["reason"]
    assert song.title == "Meine Aufnahme (Bossa nova)"


def test_the_stems_make_the_mix_and_the_song_ends(made: tuple[MadeSong, Path]) -> None:
    song = made[0]
    mix = read_clip(song.take_files["mix"]).samples
    stems = [read_clip(path).samples for role, path in song.take_files.items() if role.startswith("stem:")]
    assert np.abs(np.sum([stem.astype(np.float64) for stem in stems], axis=0) - mix).max() < 10 ** (-90 / 20)
    peak = float(np.abs(mix).max())
    assert 0.1 < peak <= 1.0 and float(np.abs(mix[-480:]).max()) < 0.01 * peak
    assert song.take_files["midi"].stat().st_size > 100


def test_what_cannot_be_restyled_says_so_in_a_sentence(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    (tmp_path / "notes.wav").write_text("not audio")
    for name, samples in {
        "hiss.wav": rng.normal(0, 0.1, (12 * RATE, 2)),
        "silence.wav": np.zeros((12 * RATE, 2)),
        "short.wav": rng.normal(0, 0.1, (5 * RATE, 2)),
    }.items():
        write_wav(tmp_path / name, AudioClip(samples.astype(np.float32), RATE))
    staging = tmp_path / "staging"
    staging.mkdir()
    for name, words in {
        "notes.wav": "notes.wav",
        "hiss.wav": "No beat was found in “hiss.wav”; restyle needs music with a pulse.",
        "silence.wav": "is silent",
        "short.wav": "restyle needs 8 seconds",
        "missing.wav": "missing.wav",
    }.items():
        with pytest.raises(UserError) as caught:
            make_restyle(request(tmp_path / name, tmp_path), staging, NoProgress())
        assert words in caught.value.message
    with pytest.raises(UserError, match="no style “polka”"):
        make_restyle(request(tmp_path / "short.wav", tmp_path, style="polka"), staging, NoProgress())
    assert names(staging) == set()


def test_it_can_be_cancelled(recording: tuple[Path, Arrangement], tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        make_restyle(request(recording[0], tmp_path), tmp_path, CancelAt(6))
    assert names(tmp_path) == set()


def test_the_proof_s_measures_see_what_was_kept() -> None:
    """A thin slice of `tests/acceptance/issue_4/restyle.py`."""
    facts = make_song(
        Wish("A song", 21, style="synthwave", duration=20.0), measure=Restyled("country", 21, render=False)
    )
    assert abs(facts["heard_tempo"] - facts["tempo"]) <= 0.01
    assert facts["chords"]["triad"] >= 0.7 and len(facts["said"]) >= 5
    assert facts["contour"] is None or facts["contour"] > 0.5


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App.open(AppPaths(tmp_path / "data"))
    yield app
    app.close()


def test_a_song_composed_here_is_read_not_heard(app: App, tmp_path: Path) -> None:
    created = app.create(CreateOptions(prompt="Pop, 104 BPM, 8 seconds", seed=3, finish=False))
    source = app.jobs.wait(created[0]).result
    options = RestyleOptions("lofi", track=source["track_id"], seed=4, finish=False, out_dir=tmp_path / "out")
    outcome = app.jobs.wait(restyle(app, options))
    assert outcome.state is JobState.DONE, outcome.error
    song = outcome.result
    assert song["restyle"]["exact"] and song["restyle"]["source_id"] == source["track_id"]
    assert Path(song["files"]["mix"]).parent == tmp_path / "out"
    first, second = (app.library.versions(s["track_id"])[0].arrangement for s in (source, song))
    assert first is not None and second is not None
    assert [c["symbol"] for c in second["chords"]] == [c["symbol"] for c in first["chords"]]
    assert [c["start"] for c in second["chords"]] == [c["start"] for c in first["chords"]]
    assert second["tempo"] == first["tempo"] == 104.0
    # The rights to it stay what they were.
    assert song["licence_reason"] == source["licence_reason"]
    show = COMMANDS[0].show
    assert show is not None
    said = show(song)
    assert "104 BPM" in said and "nothing was guessed" in said and str(song["files"]["mix"]) in said


def test_a_bad_wish_is_refused_before_a_row_is_written(app: App, recording: tuple[Path, Arrangement]) -> None:
    for options in (
        RestyleOptions("polka", file=recording[0]),
        RestyleOptions("lofi"),
        RestyleOptions("lofi", file=recording[0], tempo="fast"),
        RestyleOptions("lofi", file=recording[0], seed=-1),
        RestyleOptions("lofi", file=recording[0], preset="loudest"),
        RestyleOptions("lofi", file=recording[0].with_name("none.wav")),
        RestyleOptions("lofi", track="nobody"),
    ):
        with pytest.raises(UserError):
            restyle(app, options)
    assert not app.library.tracks(limit=10)
