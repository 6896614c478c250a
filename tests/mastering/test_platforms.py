"""What services make of a master: level as information, peaks as pass or fail, and the user's own table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import Loudness
from grammy_desktop.mastering.platforms import PlatformResult, judge_platforms, load_platforms, load_table


def figures(integrated: float | None, peak: float | None) -> Loudness:
    return Loudness(integrated, None, None, None, peak, peak, None)


def judged(integrated: float, peak: float, **more: dict[str, float]) -> dict[str, PlatformResult]:
    return {r.id: r for r in judge_platforms(figures(integrated, peak), **more)}


def test_being_turned_down_or_quiet_is_no_failure() -> None:
    loud = judged(-8.0, -2.1)
    assert all(result.passed for name, result in loud.items() if name not in ("ebu-r128", "atsc-a85"))
    assert loud["spotify"].gain_change == pytest.approx(-6)
    assert loud["spotify"].plays_at == pytest.approx(-14)
    assert loud["spotify"].note.startswith("Turned down by 6.0 dB.")
    quiet = judged(-22.0, -2.1)
    assert quiet["youtube"].passed and quiet["youtube"].gain_change == 0
    assert "8.0 LU quieter than other songs" in quiet["youtube"].note


def test_spotify_lifts_until_one_decibel_below_full_scale() -> None:
    # The example in Spotify's own help: -20 LUFS with a true peak of -5 goes up to -16.
    spotify = judged(-20.0, -5.0)["spotify"]
    assert spotify.gain_change == pytest.approx(4.0)
    assert spotify.plays_at == pytest.approx(-16.0)
    assert judged(-20.0, -0.5)["spotify"].gain_change == 0
    assert "Loud: +9.0 dB, with up to 5.0 dB limited." in spotify.note
    assert "Quiet: +1.0 dB." in spotify.note


@pytest.mark.parametrize(("peak", "passes"), [(-1.0, True), (-1.03, True), (-0.9, False), (0.3, False)])
def test_peaks_decide(peak: float, passes: bool) -> None:
    result = judged(-14.0, peak)["spotify"]
    assert result.passed is passes
    assert result.overs == (() if passes else ("file",))
    assert result.limit_dbtp == -1.0


def test_amazon_wants_two_decibels() -> None:
    assert judged(-14.0, -2.0)["amazon-music"].passed
    assert not judged(-14.0, -1.5)["amazon-music"].passed


def test_codecs_decide_too_and_information_does_not() -> None:
    result = judged(-14.0, -1.5, codec_peaks={"opus-128": -0.4, "aac-256": -1.2}, information={"mp3-128": 0.6})[
        "spotify"
    ]
    assert not result.passed
    assert result.overs == ("opus-128", "mp3-128")
    assert "After opus-128 its true peak is 0.6 dB above −1 dBTP." in result.note
    told = judged(-14.0, -1.5, codec_peaks={"opus-128": -1.1}, information={"mp3-128": 0.6})["spotify"]
    assert told.passed and told.overs == ("mp3-128",)


@pytest.mark.parametrize(
    ("level", "passes"), [(-23.0, True), (-23.5, True), (-22.5, True), (-22.4, False), (-14.0, False)]
)
def test_broadcast_takes_its_level_only(level: float, passes: bool) -> None:
    result = judged(level, -3.0)["ebu-r128"]
    assert result.passed is passes
    assert result.gain_change == pytest.approx(-23 - level)
    assert not judged(-23.0, -0.5)["ebu-r128"].passed


def test_loud_songs_hear_what_spotify_advises() -> None:
    assert "below −2 dBTP" in judged(-9.0, -1.0)["spotify"].note
    assert judged(-9.0, -1.0)["spotify"].passed
    assert "below −2 dBTP" not in judged(-14.0, -1.0)["spotify"].note


def test_json_keeps_its_keys() -> None:
    data = judge_platforms(figures(-14.0, -1.0))[0].to_json()
    assert set(data) >= {"id", "name", "pass", "gain_change", "note", "peaks", "limit_dbtp", "plays_at", "overs"}
    json.dumps(data, allow_nan=False)


def test_nothing_to_measure() -> None:
    results = judge_platforms(figures(None, None))
    assert all(not result.passed and result.plays_at is None for result in results)


def test_the_table_is_dated_and_has_the_three_codecs() -> None:
    table = load_table()
    assert table.dated is not None and not table.own
    assert {codec.family for codec in table.codecs if codec.judged} == {"opus", "mp3", "aac"}
    targets = {p.id: p.target_lufs for p in table.platforms}
    assert targets["spotify"] == targets["youtube"] == targets["tidal"] == targets["amazon-music"] == -14
    assert (targets["apple-music"], targets["deezer"], targets["ebu-r128"], targets["apple-podcasts"]) == (
        -16,
        -15,
        -23,
        -16,
    )


def test_a_user_changes_adds_and_hides(tmp_path: Path) -> None:
    mine = tmp_path / "platforms.toml"
    mine.write_text(
        'dated = 2027-01-02\n[[platform]]\nid = "spotify"\ntarget_lufs = -15\n'
        '[[platform]]\nid = "club"\nname = "Our club"\ntarget_lufs = -7\nceiling_dbtp = -0.5\n'
        '[[platform]]\nid = "tidal"\nhidden = true\n[[codec]]\nid = "mp3-128"\njudged = true\n',
        encoding="utf-8",
    )
    table = load_table(mine)
    platforms = {p.id: p for p in table.platforms}
    assert table.own and str(table.dated) == "2027-01-02"
    assert platforms["spotify"].target_lufs == -15 and platforms["spotify"].boost_peak_dbtp == -1
    assert platforms["club"].ceiling_dbtp == -0.5 and "tidal" not in platforms
    assert next(codec for codec in table.codecs if codec.id == "mp3-128").judged
    assert load_platforms(tmp_path / "none.toml") == load_platforms()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[platform]", "could not be read"),
        ("[[platform]]\nname = 'x'\n", "needs an “id”"),
        ("[[platform]]\nid = 'x'\ntarget_lufs = -14\n", "needs “ceiling_dbtp”"),
        ("[[platform]]\nid = 'spotify'\ntarget_lufs = 'loud'\n", "must be a number"),
        ("[[platform]]\nid = 'spotify'\ntarget_lufs = nan\n", "must be a number"),
        ("[[platform]]\nid = 'spotify'\ntarget_lufs = 14\n", "it may be -60 to 0"),
        ("[[platform]]\nid = 'spotify'\nboosts = 'yes'\n", "true or false"),
        ("[[platform]]\nid = 'spotify'\nloudness = -14\n", "has no “loudness”"),
        ("[[platform]]\nid = 'spotify'\nmodes = [{ name = 'x' }]\n", "must be a number"),
        ("[[codec]]\nid = 'x'\nfamily = 'wma'\nkbps = 128\n", "must be one of"),
        ("platform = 3\n", "[[platform]] tables"),
        ("platforms = []\n", "there is no “platforms”"),
        ("\xff", "could not be read"),
    ],
)
def test_a_broken_table_is_named_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    mine = tmp_path / "platforms.toml"
    mine.write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError) as caught:
        load_table(mine)
    assert said in caught.value.message and "“platforms.toml”" in caught.value.message
    assert caught.value.file == str(mine)
