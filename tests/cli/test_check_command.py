"""`grammy check` and `grammy effects` as a user types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_helpers import Shell
from mastering_files import mix_file


@pytest.fixture
def mix(tmp_path: Path) -> Path:
    return mix_file(tmp_path / "Töne.wav", seconds=2)


def test_check_a_file(shell: Shell, mix: Path, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere"
    code, answer, err = shell("check", str(mix), "--render", "phone", "--out", str(out), "--json", "--quiet")
    assert code == 0 and err == ""
    assert {"path", "loudness", "findings", "devices", "codecs", "not_checked", "platforms", "files"} <= set(answer)
    assert {device["id"] for device in answer["devices"]} == {
        "mono",
        "phone",
        "laptop",
        "small-speaker",
        "car",
        "earbuds",
    }
    assert [codec["id"] for codec in answer["codecs"]] == ["opus-128", "mp3-320", "aac-256"]
    assert Path(answer["files"]["phone"]).name == "Töne phone.wav" and Path(answer["files"]["phone"]).parent == out
    code, text, _ = shell("check", str(mix), "--no-codecs", "--quiet")
    assert code == 0 and "Phone" in text and "Spotify" in text and "After codecs" not in text


def test_check_what_is_not_there(shell: Shell, tmp_path: Path) -> None:
    for what in (str(tmp_path / "none.wav"), "00001111"):
        code, answer, _ = shell("check", what, "--json", "--quiet")
        assert code == 2 and answer["error"]["kind"] == "user"


def test_effects(shell: Shell, mix: Path, tmp_path: Path) -> None:
    code, answer, _ = shell("effects", str(mix), "--chain", "tape", "--json", "--quiet")
    assert (
        code == 0 and Path(answer["file"]).name == "Töne tape.wav" and answer["chain"] == "tape" and answer["effects"]
    )
    assert Path(shell("effects", str(mix), "--chain", "tape", "--json", "--quiet")[1]["file"]).name == "Töne tape 2.wav"
    chain = tmp_path / "meine Kette.toml"
    chain.write_text('[[chain]]\nkind = "gain"\ngain_db = -6\n', encoding="utf-8")
    out = tmp_path / "leise.flac"
    code, answer, _ = shell("effects", str(mix), "--chain", str(chain), "--out", str(out), "--json", "--quiet")
    assert code == 0 and out.read_bytes()[:4] == b"fLaC"
    assert answer["after"]["integrated"] == pytest.approx(answer["before"]["integrated"] - 6, abs=0.05)
    code, answer, _ = shell("effects", str(mix), "--chain", "nothing", "--json", "--quiet")
    assert code == 2 and "telephone" in answer["error"]["message"]
    assert shell("effects", str(mix), "--chain", "tape", "--out", str(mix), "--quiet")[0] == 2
    code, text, _ = shell("effects", str(mix), "--chain", "telephone", "--quiet")
    assert code == 0 and "LUFS" in text
