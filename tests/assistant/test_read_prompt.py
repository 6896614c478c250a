"""Prompts into briefs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.brief import Brief, Origin
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.styles import load_styles

STYLES = load_styles()


def wishes(brief: Brief) -> dict[str, Any]:
    return {
        "genre": brief.genre.value, "tempo": brief.tempo.value, "key": str(brief.key.value), "metre": brief.metre.value,
        "duration": brief.duration.value, "instruments": brief.instruments.value, "excluded": brief.excluded.value,
        "mood": brief.mood.value, "vocals": brief.vocals.value, "not_understood": brief.not_understood,
    }  # fmt: skip


SAID = [
    # genre
    ("lofi beat", {"genre": "lofi"}),
    ("lo-fi hip hop to study", {"genre": "lofi"}),
    ("chillhop", {"genre": "lofi"}),
    ("a house track", {"genre": "house"}),
    ("EDM", {"genre": "edm"}),
    ("big room festival banger", {"genre": "edm"}),
    ("pop song", {"genre": "pop"}),
    ("epic cinematic trailer", {"genre": "cinematic"}),
    ("trap", {"genre": "trap"}),
    ("rock ballad", {"genre": "rock_ballad"}),
    ("power ballad", {"genre": "rock_ballad"}),
    ("epic rock ballad", {"genre": "rock_ballad"}),
    ("pop, no, trap", {"genre": "trap"}),
    # misspelt
    ("lofy beats", {"genre": "lofi"}),
    ("cinamatic music", {"genre": "cinematic"}),
    ("cinematik orchestra", {"genre": "cinematic"}),
    ("rock balad", {"genre": "rock_ballad"}),
    ("hause", {"genre": "house"}),
    ("trapp", {"genre": "trap"}),
    ("synthwvae", {"genre": "pop"}),
    # genres without a sheet
    ("techno", {"genre": "house"}),
    ("drum and bass", {"genre": "edm", "instruments": ()}),
    ("uk drill", {"genre": "trap"}),
    ("boom bap", {"genre": "lofi"}),
    ("jazz", {"genre": "lofi"}),
    ("metal", {"genre": "rock_ballad"}),
    # tempo
    ("lofi 90 BPM", {"tempo": 90.0}),
    ("lofi 90bpm", {"tempo": 90.0}),
    ("90.5 bpm trap", {"tempo": 90.5}),
    ("house at 126", {"tempo": 126.0}),
    ("pop tempo 100", {"tempo": 100.0}),
    ("pop, 100", {"tempo": 100.0}),
    ("pop 100 bpm, no, 120 bpm", {"tempo": 120.0}),
    ("120 bpm 2 minutes pop", {"tempo": 120.0, "duration": 120.0}),
    ("adagio rock ballad", {"tempo": 70.0}),
    # key
    ("trap in F# minor", {"key": "F# minor"}),
    ("trap Am", {"key": "A minor"}),
    ("pop in E flat major", {"key": "Eb major"}),
    ("pop in Eb major", {"key": "Eb major"}),
    ("house in D dorian", {"key": "D dorian"}),
    ("pop in C sharp minor", {"key": "C# minor"}),
    ("pop Bbm", {"key": "Bb minor"}),
    ("pop in the key of G", {"key": "G major"}),
    ("pop in a minor", {"key": "A minor"}),
    ("trap in f harmonic minor", {"key": "F harmonic minor"}),
    ("pop in A minor, no, C major", {"key": "C major"}),
    # metre
    ("pop waltz", {"metre": "3/4"}),
    ("rock ballad in 6/8", {"metre": "6/8"}),
    ("cinematic 5/4", {"metre": "5/4"}),
    ("pop", {"metre": "4/4"}),
    # duration
    ("pop 2 minutes", {"duration": 120.0}),
    ("pop 90 s", {"duration": 90.0}),
    ("pop 30s", {"duration": 30.0}),
    ("pop 1:30", {"duration": 90.0}),
    ("pop, two and a half minutes", {"duration": 150.0}),
    ("pop 2 min 15 sec", {"duration": 135.0}),
    ("pop for 60s", {"duration": 60.0}),
    ("80s pop", {"duration": 120.0}),
    ("a minute of pop", {"duration": 60.0}),
    # instruments
    ("lofi with sax", {"instruments": ("saxophone",)}),
    ("pop, no drums", {"excluded": ("drums",)}),
    ("pop without drums or bass but with flute", {"excluded": ("drums", "bass"), "instruments": ("flute",)}),
    ("drumless lofi with piano and strings", {"excluded": ("drums",), "instruments": ("piano", "strings")}),
    ("lofi with piano, no piano", {"excluded": ("piano",), "instruments": ()}),
    ("cinematic, no choir, french horns", {"excluded": ("choir",)}),
    # moods, vocals
    ("sad rainy lofi", {"mood": ("sad", "rainy")}),
    ("not sad but happy pop", {"mood": ("happy",)}),
    ("pop with female vocals", {"vocals": True}),
    ("pop, instrumental", {"vocals": False}),
    ("pop without vocals", {"vocals": False}),
    # left over
    ("lofi with flumbuses", {"not_understood": ("flumbuses",)}),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "expected"), SAID, ids=[prompt for prompt, _ in SAID])
def test_prompt(prompt: str, expected: dict[str, Any]) -> None:
    found = wishes(read_prompt(prompt, STYLES))
    assert {name: found[name] for name in expected} == expected


def test_any_order() -> None:
    words = ["sad", "piano", "trap", "90 seconds", "in D minor", "140 bpm"]
    first = wishes(read_prompt(", ".join(words), STYLES))
    for turn in range(1, len(words)):
        assert wishes(read_prompt(", ".join(words[turn:] + words[:turn]), STYLES)) == first


def test_origins() -> None:
    brief = read_prompt("sad trap in D minor at 140 bpm", STYLES)
    assert brief.genre.origin is Origin.SAID
    assert brief.tempo.origin is Origin.SAID
    assert brief.key.origin is Origin.SAID
    assert brief.mood.origin is Origin.SAID
    assert brief.duration.origin is Origin.DEFAULT
    assert read_prompt("techno", STYLES).genre.origin is Origin.INFERRED
    assert read_prompt("study music", STYLES).genre.value == "lofi"
    assert read_prompt("study music", STYLES).genre.origin is Origin.INFERRED
    assert read_prompt("something", STYLES).genre.origin is Origin.DEFAULT
    assert read_prompt("slow pop", STYLES).tempo.origin is Origin.INFERRED


@pytest.mark.parametrize("style", sorted(STYLES))
def test_what_is_inferred_suits_the_style(style: str) -> None:
    limits = STYLES[style].tempo
    for number in range(12):
        brief = read_prompt(f"song number {'x' * number}", STYLES, style=style)
        assert limits.low <= brief.tempo.value <= limits.high
        assert brief.key.value in STYLES[style].keys


def test_moods_move_what_is_not_said() -> None:
    calm = read_prompt("peaceful pop", STYLES)
    wild = read_prompt("energetic pop", STYLES)
    assert calm.tempo.value < wild.tempo.value
    assert not read_prompt("happy pop", STYLES).key.value.is_minor
    assert read_prompt("sad pop", STYLES).key.value.is_minor
    # What is said is not moved.
    assert read_prompt("peaceful pop 128 bpm", STYLES).tempo.value == 128.0


def test_tempo_words_stay_in_the_style() -> None:
    for style in STYLES.values():
        slow = read_prompt("slow", STYLES, style=style.id).tempo.value
        fast = read_prompt("very fast", STYLES, style=style.id).tempo.value
        assert style.tempo.low <= slow < style.tempo.mode < fast <= style.tempo.high


def test_options_overrule_the_prompt() -> None:
    brief = read_prompt("trap 30 s", STYLES, style="house", duration=45.0)
    assert (brief.genre.value, brief.duration.value) == ("house", 45.0)


def test_same_prompt_same_brief() -> None:
    assert read_prompt("dreamy lofi", STYLES) == read_prompt("dreamy lofi", STYLES)


def test_brief_survives_json() -> None:
    brief = read_prompt("sad trap in 3/4 with sax, no bass, Ebm", STYLES)
    assert Brief.from_json(brief.to_json()) == brief


@pytest.mark.parametrize(
    ("prompt", "options", "part"),
    [
        ("", {}, "empty"),
        ("  \n", {}, "empty"),
        ("x" * 2001, {}, "2,000"),
        ("pop", {"style": "polka"}, "lofi"),
        ("pop", {"duration": 4.0}, "5 to 600"),
        ("pop", {"duration": 601.0}, "5 to 600"),
        ("pop", {"duration": float("nan")}, "5 to 600"),
        ("pop for 20 minutes", {}, "5 to 600"),
        ("pop at 900 bpm", {}, "30 to 300"),
    ],
)
def test_refusals(prompt: str, options: dict[str, Any], part: str) -> None:
    with pytest.raises(UserError, match=part):
        read_prompt(prompt, STYLES, **options)


def test_2000_characters_are_allowed() -> None:
    assert read_prompt("pop " * 500, STYLES).genre.value == "pop"


@given(st.text(min_size=1, max_size=200))
def test_no_prompt_breaks_the_reader(prompt: str) -> None:
    try:
        brief = read_prompt(prompt, STYLES)
    except UserError:
        return
    assert brief.genre.value in STYLES
    assert 30 <= brief.tempo.value <= 300
    assert 5 <= brief.duration.value <= 600
