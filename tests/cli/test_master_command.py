"""`grammy master` for one file, several and folders, with the proof of what was written."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest
import soundfile
from cli_helpers import Shell, grammy
from mastering_files import mix_file


def test_one_file_answers_flat_with_the_proof(shell: Shell, tmp_path: Path) -> None:
    mix = mix_file(tmp_path / "Töne.wav", seconds=2)
    out = tmp_path / "neu" / "master.flac"
    code, answer, err = shell(
        "master", str(mix), "--loudness", "-16", "--out", str(out), "--bits", "16", "--proof", "--json", "--quiet"
    )
    assert code == 0 and err == "", answer
    assert {"before", "after", "preset", "target_lufs", "ceiling_dbtp", "file", "platforms", "proof"} <= set(answer)
    assert answer["after"]["integrated"] == pytest.approx(-16, abs=0.2)
    assert answer["proof"]["pass"] and answer["proof"]["subtype"] == "PCM_16"
    assert {codec["id"] for codec in answer["proof"]["codecs"]} == {"opus-128", "mp3-320", "aac-256"}
    assert {"file", "opus-128"} <= set(answer["platforms"][0]["peaks"])
    assert soundfile.info(str(out)).subtype == "PCM_16"
    text = shell("master", str(mix), "--quiet")[1]
    assert "Töne master.wav" in text and "After upload" in text and "After codecs" not in text


def test_a_folder_with_a_bad_file(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "Lieder"
    mix_file(folder / "a.wav", seconds=2)
    mix_file(folder / "CD 2" / "ä.wav", seed=9, seconds=2)
    (folder / "b.wav").write_text("no audio")
    (folder / "notes.txt").write_text("no audio either")
    code, answer, err = shell("master", str(folder), "--out-dir", str(tmp_path / "out"), "--json", "--quiet")
    assert code == 2
    items = {Path(item["path"]).name: item for item in answer["items"]}
    assert set(items) == {"a.wav", "b.wav", "ä.wav"}
    assert items["b.wav"]["error"]["kind"] == "user" and "b.wav" in err
    assert Path(items["ä.wav"]["file"]) == tmp_path / "out" / "CD 2" / "ä master.wav"
    assert all(Path(items[name]["file"]).is_file() and items[name]["proof"]["pass"] for name in ("a.wav", "ä.wav"))
    code, text, err = shell("master", str(folder / "a.wav"), str(folder / "CD 2" / "ä.wav"))
    assert code == 0 and "a master.wav" in text and "a.wav: Mastering..." in err


def test_a_codec_safe_master_keeps_its_ceiling_after_upload(shell: Shell, tmp_path: Path) -> None:
    mix = mix_file(tmp_path / "mix.wav", seconds=2)
    arguments = ("master", str(mix), "--loudness", "-9", "--proof", "--json", "--quiet")
    plain = shell(*arguments)[1]
    safe = shell(*arguments, "--codec-safe")[1]
    assert safe["codec_safe_ceiling_dbtp"] <= plain["ceiling_dbtp"]
    assert all(codec["true_peak"] <= -1 + 0.055 for codec in safe["proof"]["codecs"] if codec["checked"])
    assert next(p for p in safe["platforms"] if p["id"] == "spotify")["pass"]


def test_an_album_keeps_its_relations(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "Album"
    mix_file(folder / "1 loud.wav", level=0.2, seconds=3)
    mix_file(folder / "2 quiet.wav", level=0.1, seconds=3)
    (folder / "3 broken.wav").write_text("no audio")
    code, answer, _ = shell("master", str(folder), "--album", "--loudness", "-18", "--json", "--quiet")
    assert code == 2 and answer["items"][2]["error"]["kind"] == "user"
    loud, quiet = (item["after"]["integrated"] for item in answer["items"][:2])
    assert loud - quiet == pytest.approx(6.02, abs=0.25)
    assert answer["album"]["album_lufs"] == pytest.approx(-18, abs=0.2)
    assert len(answer["album"]["plan"]) == 2
    assert shell("master", str(folder / "1 loud.wav"), "--album", "--quiet")[0] == 2


def test_references_and_the_assistant(shell: Shell, tmp_path: Path) -> None:
    mix, one, two = (mix_file(tmp_path / f"{name}.wav", seed=seed) for seed, name in enumerate(("mix", "one", "two")))
    code, answer, _ = shell("master", str(mix), "--reference", str(one), "--reference", str(two), "--json", "--quiet")
    assert code == 0 and answer["reference"] == "one.wav + two.wav" and answer["preset"] is None
    code, answer, _ = shell("master", str(mix), "--assistant", "--genre", "lofi", "--json", "--quiet")
    assert (
        code == 0
        and answer["preset"] == "assistant"
        and answer["findings"]
        and answer["assistant"]["chain"] is not None
    )
    assert shell("master", str(mix), "--genre", "lofi", "--quiet")[0] == 2
    code, heard, _ = shell("listen", str(mix), "--genre", "lofi", "--save", "Für mich", "--json", "--quiet")
    assert code == 0 and heard["saved"] == "für-mich" and heard["findings"]
    assert "für-mich" in {item["id"] for item in shell("presets", "--json")[1]["items"]}
    assert shell("listen", str(mix), "--genre", "no-such", "--quiet")[0] == 2


def test_wrong_calls(shell: Shell, tmp_path: Path) -> None:
    mix = str(mix_file(tmp_path / "a.wav", seconds=1))
    for arguments, said in (
        ((mix, mix, "--out", str(tmp_path / "x.wav")), "--out-dir"),
        ((mix, "--out", str(tmp_path / "x.txt")), "must end in"),
        ((mix, "--out", str(tmp_path / "x.mp3"), "--bits", "16"), "cannot hold"),
        ((mix, "--preset", "nothing"), "no preset"),
        ((mix, "--out", mix), "overwritten"),
        ((str(tmp_path / "none.wav"),), "none.wav"),
    ):
        code, answer, _ = shell("master", *arguments, "--json", "--quiet")
        assert code == 2 and said in answer["error"]["message"], arguments


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_in_the_middle_of_a_batch_leaves_nothing_half_made(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number in range(4):
        mix_file(folder / f"{number}.wav", seconds=40, seed=number)
    out = tmp_path / "out"
    child = grammy(tmp_path / "data", "master", str(folder), "--out-dir", str(out), "--proof", "--json")
    assert child.stderr is not None
    deadline = time.monotonic() + 60
    while "Mastering" not in child.stderr.readline():
        assert time.monotonic() < deadline
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    assert child.returncode == 130
    assert not out.exists() or all(path.suffix == ".wav" and " master" in path.name for path in out.rglob("*.*"))
    assert list((tmp_path / "data" / "staging").iterdir()) == []


def test_two_masters_of_one_mix_at_once_are_two_files(tmp_path: Path) -> None:
    mix = mix_file(tmp_path / "Mix.wav", seconds=1)
    runs = [grammy(tmp_path / f"data {n}", "master", str(mix), "--json", "--quiet") for n in range(2)]
    answers = [json.loads(run.communicate(timeout=120)[0]) for run in runs]
    assert {Path(answer["file"]).name for answer in answers} == {"Mix master.wav", "Mix master 2.wav"}
    assert sorted(path.name for path in tmp_path.glob("*.wav")) == ["Mix master 2.wav", "Mix master.wav", "Mix.wav"]
