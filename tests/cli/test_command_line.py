"""The command line's contract: options on both sides, strict JSON, exit codes, one sentence for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_helpers import Shell

from grammy_desktop.cli.main import run_command_line
from grammy_desktop.core.errors import EnvironmentFailure


def test_without_a_command_the_window_opens(shell: Shell) -> None:
    assert shell()[0] == 0
    assert len(shell.opened) == 1 and shell.opened[0] is not None


@pytest.mark.parametrize("name", ["styles", "templates", "presets", "engines"])
def test_lists_have_ids_names_descriptions_and_licences(shell: Shell, name: str) -> None:
    code, answer, _ = shell(name, "--json")
    assert code == 0 and answer["items"]
    for item in answer["items"]:
        assert all(item[key] for key in ("id", "name", "description", "licence"))


def test_an_empty_library_says_what_to_do(shell: Shell) -> None:
    assert shell("library", "list", "--json")[1] == {"items": []}
    assert "Create one" in shell("library", "list")[1]
    assert shell("library", "verify", "--json")[1] == {"checked": 0, "problems": [], "ok": True}


def test_global_options_are_accepted_on_both_sides(shell: Shell, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other"
    assert shell("library", "list", "--json", "--data-dir", str(elsewhere))[0] == 0
    assert (elsewhere / "library.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", ""), "prompt"),
        (("create", "lofi", "--duration", "0"), "5 to 600"),
        (("create", "lofi", "--duration", "-5"), "5 to 600"),
        (("create", "lofi", "--duration", "ten"), "ten"),
        (("create", "lofi", "--preset", "loudest"), "spotify-loud"),
        (("create", "lofi", "--style", "polka"), "polka"),
        (("create", "lofi", "--takes", "99"), "1 to 8"),
        (("create", "lofi", "--seed", "-1"), "seed"),
        (("create", "lofi " * 1000), "2,000"),
        (("frobnicate",), "invalid choice"),
        (("library",), "ACTION"),
        (("library", "show", "nobody"), "nobody"),
        (("export", "nobody", "--out", "x"), "nobody"),
        (("loudness", "missing.wav"), "missing.wav"),
        (("score", "missing.wav", "--apply", "all"), "--out"),
    ],
)
def test_a_mistake_gets_one_sentence_and_exit_code_2(
    shell: Shell, arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, answer, err = shell(*arguments, "--json")
    assert code == 2
    assert answer["error"]["kind"] == "user" and words in answer["error"]["message"]
    assert err.strip() == answer["error"]["message"] and "\n" not in err.strip()


def test_a_failing_environment_is_exit_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    def no_display(data_dir: str | None) -> int:
        raise EnvironmentFailure("There is no display.")

    assert run_command_line([], open_window=no_display, make_screenshots=lambda data, out: []) == 3
    assert capsys.readouterr().err == "There is no display.\n"


def test_our_bug_is_exit_code_1_with_a_report(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grammy_desktop.core.styles.load_styles", lambda folder: 1 / 0)
    code, answer, err = shell("styles", "--json")
    assert code == 1 and answer["error"]["kind"] == "bug"
    report = Path(answer["error"]["file"])
    assert "ZeroDivisionError" in report.read_text(encoding="utf-8") and str(report) in err


def test_enhance_answers_with_the_contracts_keys(shell: Shell) -> None:
    code, answer, _ = shell("enhance", "sad piano", "--offline", "--json")
    keys = "original_prompt enhanced_prompt sentiment suggestions genre mood suggested_bpm suggested_key duration instruments"
    assert code == 0 and set(keys.split()) <= set(answer)


def test_a_song_from_prompt_to_library_and_out_again(shell: Shell, tmp_path: Path) -> None:
    """A thin slice of the acceptance: the whole chain on a ten-second song."""
    out = tmp_path / "Lieder"
    code, song, _ = shell(
        "create", "Chill lo-fi hip hop, 90 BPM", "--duration", "10", "--seed", "7", "--out", str(out), "--json"
    )
    assert code == 0
    assert {
        "track_id",
        "brief",
        "seed",
        "engine",
        "licence",
        "files",
        "sections",
        "loudness",
        "score",
        "seconds",
    } <= set(song)
    assert song["brief"]["tempo"] == 90 and song["sellable"] is True
    assert abs(song["loudness"]["integrated"] + 14) <= 0.3 and song["loudness"]["true_peak"] <= -1.0
    assert len(song["files"]["stems"]) >= 4 and all(
        Path(path).parent == out for path in song["files"]["stems"].values()
    )
    assert list(song["seconds"])[:2] == ["enhance", "compose"]
    assert [row["id"] for row in shell("library", "list", "--json")[1]["items"]] == [song["track_id"]]
    assert shell("library", "verify", "--json")[1]["ok"]
    code, exported, _ = shell(
        "export", song["track_id"], "--format", "flac", "--midi", "--out", str(tmp_path / "x"), "--json"
    )
    assert code == 0 and {Path(path).suffix for path in exported["files"].values()} == {".flac", ".mid"}
    assert [job["state"] for job in shell("jobs", "--json")[1]["items"]] == ["done", "done"]
    shell("library", "delete", song["track_id"])
    assert shell("library", "list", "--json")[1]["items"] == []
    shell("library", "restore", song["track_id"])
    assert len(shell("library", "list", "--json")[1]["items"]) == 1
