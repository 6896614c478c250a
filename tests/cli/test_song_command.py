"""`grammy song`: numbers as a person counts, one sentence for what cannot be, JSON that scripts can rely on."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_helpers import Shell

from grammy_desktop.cli.commands.song import _change
from grammy_desktop.core.errors import UserError


def test_changes_are_numbered_from_one() -> None:
    assert _change("5=F#m7b5/C") == (4, "F#m7b5/C") and _change(" 1 = N.C.") == (0, "N.C.")
    for text in ("Am7", "x=Am", "=Am"):
        with pytest.raises(UserError, match="5=Am7"):
            _change(text)


def test_a_song_is_shown_and_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(tmp_path / "data", capsys)
    _, song, _ = shell("generate", "lofi, 90 BPM", "--duration", "6", "--seed", "3", "--quiet", "--json")
    track = song["track_id"]
    code, shown, _ = shell("song", "show", track[:8], "--json")
    assert code == 0 and [s["number"] for s in shown["sections"]] == list(range(1, len(shown["sections"]) + 1))
    assert all({"number", "symbol", "text", "start", "end"} <= set(chord) for chord in shown["chords"])
    code, made, _ = shell(
        "song", "reroll", track, "--part", "drums", "--seed", "2", "--out", str(tmp_path / "out"), "--quiet", "--json"
    )
    wanted = "track_id version_id parent_id name duration kept_stems files arrangement loudness score seconds"
    assert code == 0 and set(wanted.split()) <= set(made)
    assert "drums" not in made["kept_stems"] and len(made["kept_stems"]) == len(made["files"]["stems"]) - 1
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()).count(".wav") == len(made["files"]["stems"]) + 1
    code, answer, _ = shell("song", "undo", track, "--json")
    assert code == 0 and answer["files"]["mix"] == song["files"]["mix"]
    for wrong in (
        ("song", "undo", track),
        ("song", "reroll", track, "--section", "99"),
        ("song", "chords", track, "--set", "1=Hm"),
        ("song", "reroll", track),
    ):
        code, answer, said = shell(*wrong, "--quiet", "--json")
        assert code == 2 and answer["error"]["kind"] == "user" and said.strip()
