"""The keys that docs/cli.md promises, on a real song; several files of which one is bad."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from cli_helpers import Shell

RATE = 48_000
ROW = "id title duration genre tempo key status created_at score"
CREATE = "track_id brief seed engine licence files sections loudness score seconds"
LOUDNESS = "integrated momentary_max short_term_max range true_peak sample_peak plr"
SCORE = (
    "overall_score production_quality commercial_appeal innovation emotional_impact radio_readiness mood confidence"
    " insights timeline model"
)


def has(answer: dict[str, Any], keys: str) -> None:
    missing = set(keys.split()) - set(answer)
    assert not missing, f"missing: {missing}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def shared(home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(home / "data", capsys)


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    time = np.arange(3 * RATE) / RATE
    wave = 0.2 * sum(np.sin(2 * np.pi * f * time) for f in (110, 220, 330)) * (0.6 + 0.4 * np.sin(12 * time))
    soundfile.write(tmp_path / "Töne.wav", np.stack([wave, wave * 0.9], axis=1), RATE, subtype="PCM_24")
    return tmp_path / "Töne.wav"


@pytest.fixture(scope="module")
def song() -> Iterator[dict[str, Any]]:
    """Filled by the first test that makes a song."""
    yield {}


def test_create(shared: Shell, song: dict[str, Any]) -> None:
    code, answer, err = shared("create", "Chill lo-fi hip hop, 90 BPM", "--duration", "5", "--seed", "7", "--json")
    assert code == 0
    has(answer, CREATE)
    has(answer["brief"], "genre mood tempo key mode duration")
    has(answer["files"], "mix master midi stems report")
    has(answer["loudness"], LOUDNESS)
    has(answer["score"], SCORE)
    assert all(set(section) >= {"name", "start", "end"} for section in answer["sections"])
    assert set(answer["seconds"]) == {"enhance", "compose", "perform", "render", "mix", "master", "score", "store"}
    assert [Path(answer["files"][role]).exists() for role in ("mix", "master", "midi", "report")] == [True] * 4
    assert "Composing" in err and "Listening" in err
    song.update(answer)


def test_generate_is_the_same_without_master_and_score(shared: Shell) -> None:
    code, answer, err = shared("generate", "Trap, 140 BPM", "--duration", "5", "--seed", "1", "--quiet", "--json")
    assert code == 0 and err == ""
    has(answer, CREATE)
    assert answer["score"] is None and answer["files"]["master"] is None and answer["files"]["mix"]
    assert "master" not in answer["seconds"] and answer["loudness"]["integrated"] is not None


def test_library_rows(shared: Shell, song: dict[str, Any]) -> None:
    for rows in (shared("library", "list", "--json"), shared("library", "search", "genre:lofi", "--json")):
        assert rows[0] == 0
        for row in rows[1]["items"]:
            has(row, ROW)
    # By the beginning of the id, which is all that the list shows.
    code, shown, _ = shared("library", "show", song["track_id"][:8], "--json")
    assert code == 0 and shown["id"] == song["track_id"]
    has(shown, f"{ROW} versions prompt brief tags")
    assert [version["kind"] for version in shown["versions"]] == ["take", "master"]
    tagged = shared("library", "tag", song["track_id"][:8], "Nacht", "夜 👩\u200d🎤", "a\u202eb\n", " ", "--json")[1]
    assert set(tagged["tags"]) == {"Nacht", "夜 👩\u200d🎤", "a b"}
    assert shared("library", "rename", song["track_id"], "Grüße", "--json")[1]["title"] == "Grüße"
    assert shared("library", "show", "0000")[0] == 2


def test_export(shared: Shell, song: dict[str, Any], tmp_path: Path) -> None:
    code, answer, _ = shared(
        "export", song["track_id"][:6], "--format", "wav", "--stems", "--midi", "--out", str(tmp_path / "x"), "--json"
    )
    assert code == 0 and {"master", "mix", "midi"} < set(answer["files"])
    assert all(Path(path).parent == tmp_path / "x" and Path(path).exists() for path in answer["files"].values())


def test_master(shared: Shell, tone: Path) -> None:
    code, answer, _ = shared("master", str(tone), "--loudness", "-18", "--json")
    assert code == 0
    has(answer, "before after preset target_lufs ceiling_dbtp file platforms")
    has(answer["after"], LOUDNESS)
    assert all(set(platform) >= {"name", "pass", "gain_change"} for platform in answer["platforms"])
    assert answer["target_lufs"] == -18 and Path(answer["file"]).name == "Töne master.wav"
    first = Path(answer["file"]).read_bytes()
    second = shared("master", str(tone), "--json")[1]["file"]
    assert Path(second).name == "Töne master 2.wav" and Path(answer["file"]).read_bytes() == first
    flac = shared("master", str(tone), "--out", str(tone.with_suffix(".flac")), "--json")[1]["file"]
    assert Path(flac).read_bytes()[:4] == b"fLaC"


def test_several_files_of_which_one_is_bad(shared: Shell, tone: Path) -> None:
    bad = tone.with_name("bad.wav")
    bad.write_text("no audio")
    for command, keys in (("loudness", LOUDNESS), ("score", SCORE), ("import", ROW)):
        code, answer, err = shared(command, str(tone), str(bad), str(tone), "--json", "--quiet")
        assert code == 2, command
        assert [item.get("path") for item in answer["items"]] == [str(tone), str(bad), str(tone)]
        has(answer["items"][0], keys)
        has(answer["items"][2], keys)
        assert answer["items"][1]["error"]["kind"] == "user" and "bad.wav" in answer["items"][1]["error"]["message"]
        assert err.strip() == answer["items"][1]["error"]["message"]


def test_score_and_its_fixes(shared: Shell, tone: Path) -> None:
    code, answer, _ = shared("score", str(tone), "--json")
    assert code == 0
    (item,) = answer["items"]
    has(item["mood"], "arousal")
    has(item["model"], "name version")
    assert all(set(insight) >= {"id", "text", "severity", "start", "end", "fix"} for insight in item["insights"])
    assert all(set(step) >= {"start", "end"} for step in item["timeline"])
    assert any(insight["fix"] for insight in item["insights"])
    out = tone.with_name("fixed.wav")
    code, answer, _ = shared("score", str(tone), "--apply", "all", "--out", str(out), "--json")
    assert code == 0 and answer["items"][0]["applied"] and answer["items"][0]["file"] == str(out) and out.exists()
    assert shared("score", str(tone), "--out", str(out))[0] == 2, "--out without --apply would do nothing"


def test_jobs_and_doctor(shared: Shell) -> None:
    code, answer, _ = shared("jobs", "--limit", "3", "--json")
    assert code == 0 and len(answer["items"]) == 3
    has(answer["items"][0], "id kind title state stage message created_at ended_at")
    code, answer, _ = shared("doctor", "--json")
    assert code == 0 and isinstance(answer["ok"], bool)
    for item in answer["items"]:
        has(item, "name ok found remedy")
        assert item["ok"] or item["remedy"], f"{item['name']} has no remedy"


def test_doctor_tells_a_bad_library_from_a_bad_loudspeaker(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("a file")
    code, answer, _ = Shell(tmp_path / "data", capsys)("doctor", "--json")
    found = {item["name"]: item for item in answer["items"]}
    assert code == 0 and not found["Library"]["ok"] and str(tmp_path) not in found["Sound output"]["found"]


def test_selftest(shared: Shell) -> None:
    code, answer, _ = shared("selftest", "--json")
    assert code == 0 and answer["ok"] and all(answer["checks"].values())
    has(answer, "checks seconds loudness")
