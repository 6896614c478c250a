"""Presets as files: out, in, and away."""

from __future__ import annotations

from pathlib import Path

from cli_helpers import Shell


def test_export_import_delete(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "wärmer.toml"
    code, answer, _ = shell("preset", "export", "vinyl-warm", str(file), "--json")
    assert code == 0 and answer["file"] == str(file) and "chain" in file.read_text(encoding="utf-8")
    shared = file.read_text(encoding="utf-8").replace('name = "', 'name = "My ', 1).replace('id = "vinyl-warm"\n', "")
    file.write_text(shared, encoding="utf-8")
    code, answer, _ = shell("preset", "import", str(file), "--json")
    assert code == 0 and answer["imported"]
    listed = {item["id"] for item in shell("presets", "--json")[1]["items"]}
    assert answer["id"] in listed and "vinyl-warm" in listed
    assert shell("preset", "delete", answer["id"], "--json")[1]["deleted"]
    assert answer["id"] not in {item["id"] for item in shell("presets", "--json")[1]["items"]}


def test_what_cannot_be_done_is_said(shell: Shell, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("chain = 3\n", encoding="utf-8")
    for arguments in (
        ("import", str(bad)),
        ("import", str(tmp_path / "none.toml")),
        ("export", "no-such", str(tmp_path / "x.toml")),
        ("export", "club", str(tmp_path)),
        ("delete", "spotify-loud"),
        ("delete", "no-such"),
    ):
        code, answer, _ = shell("preset", *arguments, "--json")
        assert code == 2 and answer["error"]["kind"] == "user", arguments


def test_a_broken_preset_is_named_and_not_used(shell: Shell, tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "song.wav", np.zeros((48_000, 2)), 48_000)
    kept = shell.data / "presets" / "mine.toml"
    kept.parent.mkdir(parents=True)
    kept.write_text("name = \n", encoding="utf-8")
    code, answer, shown = shell("presets", "--json")
    assert code == 0 and "mine" not in {item["id"] for item in answer["items"]}
    assert len(answer["problems"]) == 1 and "mine.toml" in answer["problems"][0] and answer["problems"][0] in shown
    code, answer, _ = shell("master", str(tmp_path / "song.wav"), "--preset", "mine", "--json")
    assert code == 2 and "mine.toml" in answer["error"]["message"]
