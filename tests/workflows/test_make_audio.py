"""What the workers' functions write: masters, imports, edits, fixes and exports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from workflow_helpers import OWN, RATE, CancelAt, names, phrase, samples, saved, subtype

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import AUDIO_FORMATS, AudioMetadata, read_clip, write_audio, write_wav
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.workflows.delivery import deliver
from grammy_desktop.workflows.export_track import ExportRequest, make_export
from grammy_desktop.workflows.import_audio import ImportRequest, make_import
from grammy_desktop.workflows.master_track import MasterRequest, make_master
from grammy_desktop.workflows.mastering_aim import Mastering, check_mastering
from grammy_desktop.workflows.render_edit import EditRequest, make_edit

QUIET = NoProgress()


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    folder = tmp_path / "staging"
    folder.mkdir()
    return folder


def request(source: Path, mastering: Mastering = Mastering()) -> MasterRequest:  # noqa: B008 - frozen
    return MasterRequest(data_dir=str(source.parent / "data"), source=str(source), mastering=mastering)


@pytest.mark.parametrize(("preset", "target"), [("spotify-loud", -14.0), ("vinyl-warm", -16.0)])
def test_a_master_by_preset_carries_the_metadata(tmp_path: Path, staging: Path, preset: str, target: float) -> None:
    made = make_master(request(saved(tmp_path / "mix.wav", phrase()), Mastering(preset)), staging, QUIET)
    loudness = measure(read_clip(made.files["master"]))
    assert loudness.integrated == pytest.approx(target, abs=0.3)
    assert made.loudness["integrated"] == pytest.approx(loudness.integrated, abs=0.01)
    assert loudness.true_peak is not None and loudness.true_peak <= -1.0
    assert read_metadata(made.files["master"]) == OWN
    assert names(staging) == {"master.wav"} and made.name == preset.replace("-", " ").capitalize()


def test_a_master_like_a_reference_is_as_loud_as_asked(tmp_path: Path, staging: Path) -> None:
    reference = saved(tmp_path / "Vorbild.wav", phrase(6.0, level=0.4))
    aim = Mastering(reference=str(reference), loudness=-15.0)
    made = make_master(request(saved(tmp_path / "mix.wav", phrase(6.0)), aim), staging, QUIET)
    assert made.name == "Like Vorbild.wav" and made.report["reference"] == "Vorbild.wav"
    assert made.loudness["integrated"] == pytest.approx(-15.0, abs=0.5)
    assert read_metadata(made.files["master"]).title == OWN.title


@pytest.mark.parametrize("aim", [Mastering(), Mastering(reference="loud.wav")])
def test_silence_and_scraps_are_refused_in_a_sentence(tmp_path: Path, staging: Path, aim: Mastering) -> None:
    if aim.reference:
        aim = Mastering(reference=str(saved(tmp_path / aim.reference, phrase(6.0))))
    for name, clip in {
        "still.wav": AudioClip(np.zeros((RATE, 2), np.float32), RATE),
        "scrap.wav": AudioClip(np.full((100, 2), 0.1, np.float32), RATE),
    }.items():
        with pytest.raises(UserError, match=name):
            make_master(request(saved(tmp_path / name, clip), aim), staging, QUIET)
    assert not names(staging)


def test_an_impossible_aim_is_refused_before_any_work(tmp_path: Path) -> None:
    from grammy_desktop.core.paths import AppPaths

    paths = AppPaths(tmp_path)
    for aim, words in [
        (Mastering("loudest"), "spotify-loud"),
        (Mastering(reference=str(tmp_path / "gone.wav")), "gone.wav"),
        (Mastering(loudness=float("nan")), "LUFS"),
        (Mastering(ceiling=3.0), "ceiling"),
        (Mastering(intensity=2.0), "intensity"),
    ]:
        with pytest.raises(UserError, match=words):
            check_mastering(aim, paths)


def test_an_import_beyond_full_scale_stays_float(tmp_path: Path, staging: Path) -> None:
    loud = phrase(level=1.6)
    assert np.abs(loud.samples).max() > 1.0
    source = tmp_path / "zu laut.wav"
    write_wav(source, loud, subtype="FLOAT")
    made = make_import(ImportRequest(str(source)), staging, QUIET)
    assert subtype(made.file) == "FLOAT" and np.array_equal(samples(made.file), loud.samples)
    assert made.title == "zu laut"


def test_an_import_takes_title_tempo_and_key_from_the_tags(tmp_path: Path, staging: Path) -> None:
    made = make_import(ImportRequest(str(saved(tmp_path / "x.wav", phrase()))), staging, QUIET)
    assert (made.title, made.tempo, made.key) == (OWN.title, 92.5, "A minor")
    assert subtype(made.file) == "PCM_24" and made.duration == pytest.approx(3.0)
    assert read_metadata(made.file) == OWN


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Zeile eins\nZeile zwei\t!", "Zeile eins Zeile zwei !"),
        ("夜の街 🎧", "夜の街 🎧"),
        ("x" * 5000, "x" * 200),
        ("\x07\x1b[2J", "[2J"),
        ("   ", "a file"),
    ],
)
def test_a_title_is_one_printable_line(tmp_path: Path, staging: Path, title: str, kept: str) -> None:
    source = saved(tmp_path / "a file.wav", phrase(0.5), replace(OWN, title=title))
    assert make_import(ImportRequest(str(source)), staging, QUIET).title == kept


def test_a_users_own_recording_does_not_become_ai_made(tmp_path: Path, staging: Path) -> None:
    source = tmp_path / "own.wav"
    write_wav(source, phrase(1.0))
    imported = make_import(ImportRequest(str(source)), staging, QUIET).file
    mastered = make_master(request(imported), staging, QUIET).files["master"]
    assert read_metadata(imported).disclosure == read_metadata(mastered).disclosure == ""


def test_mix_and_stems_still_sum_after_edits(tmp_path: Path, staging: Path) -> None:
    stems = {"stem:bass": phrase(level=0.3), "stem:lead": AudioClip(phrase(level=0.25).samples[::-1].copy(), RATE)}
    mix = AudioClip(np.add(*(clip.samples for clip in stems.values())), RATE)
    files = {role: saved(tmp_path / f"{i}.wav", clip) for i, (role, clip) in enumerate({"mix": mix, **stems}.items())}
    edits = EditList.whole(mix.frames).delete(20_000, 50_000).fade_in(0, 9_000).gain(30_000, 60_000, 9.0)
    made = make_edit(EditRequest({r: str(p) for r, p in files.items()}, edits.to_json()), staging, QUIET)
    total = np.add(*(samples(made.files[role]).astype(np.float64) for role in stems))
    assert np.abs(total - samples(made.files["mix"])).max() < 10 ** (-90 / 20)
    assert np.abs(samples(made.files["mix"])).max() > 1.0, (
        "the gain takes this mix beyond full scale, and it is not cut"
    )
    kept = read_metadata(made.files["mix"])
    assert kept.title == OWN.title and kept.markers == (), "markers of the old time line would mislead"
    assert made.duration == pytest.approx(mix.duration - 30_000 / RATE)


def test_edits_that_leave_nothing_are_refused(tmp_path: Path, staging: Path) -> None:
    mix = saved(tmp_path / "mix.wav", phrase(1.0))
    for edits in (EditList.whole(RATE).delete(0, RATE).to_json(), "not edits"):
        with pytest.raises(UserError):
            make_edit(EditRequest({"mix": str(mix)}, edits), staging, QUIET)
    assert not names(staging)


def export(tmp_path: Path, format: str, *, title: str = "Grüße/aus: Köln") -> ExportRequest:
    source = saved(tmp_path / "mix.wav", phrase(1.5))
    midi = tmp_path / "song.mid"
    midi.write_bytes(b"MThd")
    files = {"mix": str(source), "stem:drums": str(source), "midi": str(midi)}
    return ExportRequest(title, 92.5, "A minor", files, str(tmp_path / "out"), format)


@pytest.mark.parametrize("format", AUDIO_FORMATS)
def test_every_format_is_readable_and_keeps_the_metadata(tmp_path: Path, format: str) -> None:
    wanted = export(tmp_path, format)
    done = make_export(wanted, tmp_path, QUIET)
    assert done["mix"].name == f"Grüße aus Köln_92.5bpm_Am_mix.{format}"
    assert done["midi"].name == "Grüße aus Köln_92.5bpm_Am.mid"
    clip = read_clip(done["mix"])
    assert clip.duration == pytest.approx(1.5, abs=0.1)
    again = read_metadata(done["mix"])
    assert replace(again, markers=()) == replace(OWN, markers=())
    assert [name for _, name in again.markers] == ["Intro", "Strophe"]
    assert again.markers[1][0] == pytest.approx(1.0, abs=0.002)


def test_an_export_never_replaces_an_older_file(tmp_path: Path) -> None:
    wanted = export(tmp_path, "flac")
    first = make_export(wanted, tmp_path, QUIET)
    before = {path: path.read_bytes() for path in first.values()}
    second = make_export(wanted, tmp_path, QUIET)
    assert not set(first.values()) & set(second.values())
    assert all(path.read_bytes() == content for path, content in before.items())


def test_a_cancelled_or_failed_export_leaves_nothing(tmp_path: Path) -> None:
    wanted = export(tmp_path, "flac")
    with pytest.raises(Cancelled):
        make_export(wanted, tmp_path, CancelAt(2))
    assert not names(tmp_path / "out")
    broken = tmp_path / "broken.wav"
    broken.write_text("no audio")
    with pytest.raises(UserError, match=r"broken\.wav"):
        make_export(replace(wanted, files={**wanted.files, "stem:bass": str(broken)}), tmp_path, QUIET)
    assert not names(tmp_path / "out")


def test_a_title_as_long_as_a_song_still_gives_a_file(tmp_path: Path) -> None:
    done = make_export(export(tmp_path, "wav", title="夜" * 300), tmp_path, QUIET)
    assert all(len(path.name.encode()) <= 255 and path.exists() for path in done.values())


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    wanted = export(tmp_path, "wav")
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(UserError, match="choose a folder"):
        make_export(wanted, tmp_path, QUIET)
    with pytest.raises((UserError, EnvironmentFailure)):
        make_export(replace(wanted, out_dir=str(tmp_path / "out" / "deeper")), tmp_path, QUIET)


@pytest.mark.parametrize(("name", "magic"), [("m.flac", b"fLaC"), ("m.wav", b"RIFF"), ("m.OGG", b"OggS")])
def test_a_delivered_file_is_what_its_name_says(tmp_path: Path, name: str, magic: bytes) -> None:
    source = saved(tmp_path / "master.wav", phrase(0.5))
    assert deliver(source, tmp_path / name).read_bytes()[:4] == magic
    with pytest.raises(UserError, match=r"m\.doc"):
        deliver(source, tmp_path / "m.doc")


def test_tags_of_other_programs_are_read(tmp_path: Path) -> None:
    from mutagen.id3 import ID3, TBPM, TIT2, TKEY

    mp3 = tmp_path / "other.mp3"
    write_audio(mp3, phrase(0.5), "mp3")
    tags = ID3()
    for frame in (TIT2(encoding=1, text="Öl"), TBPM(encoding=0, text="128"), TKEY(encoding=0, text="F#m")):
        tags.add(frame)
    tags.save(mp3)
    found = read_metadata(mp3)
    assert (found.title, found.tempo, found.key, found.disclosure) == ("Öl", 128.0, "F# minor", "")


def test_latin_tags_in_a_wav_keep_their_umlauts(tmp_path: Path) -> None:
    path = saved(tmp_path / "old.wav", phrase(0.5), AudioMetadata(title="Frxhling"))
    path.write_bytes(path.read_bytes().replace(b"INAM\x09\0\0\0Frxhling", b"INAM\x09\0\0\0Fr\xfchling"))
    assert read_metadata(path).title == "Frühling"


def test_a_broken_tag_is_no_tag(tmp_path: Path) -> None:
    for name, content in {
        "a.mp3": b"ID3\x04\0\0\xff\xff\xff\xff",
        "b.flac": b"fLaC\x80",
        "c.wav": b"RIFF",
        "d": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
        assert read_metadata(tmp_path / name) == AudioMetadata(software="", disclosure="")
