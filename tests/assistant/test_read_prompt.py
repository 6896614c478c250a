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
        "form": brief.form.value, "era": brief.era.value, "swing": brief.swing.value, "energy": brief.energy.value,
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
    ("synthwvae", {"genre": "synthwave"}),
    ("drum n bas", {"genre": "drum_and_bass"}),
    ("deephouse", {"genre": "deep_house"}),
    ("boom-bap", {"genre": "boom_bap"}),
    ("dub step", {"genre": "dubstep"}),
    ("reggaetón", {"genre": "reggaeton"}),
    ("traaaap", {"genre": "trap"}),
    # one of several
    ("drum and bass", {"genre": "drum_and_bass", "instruments": ()}),
    ("uk drill", {"genre": "uk_drill"}),
    ("grunge rock", {"genre": "grunge"}),
    ("trap, sad piano", {"genre": "trap", "instruments": ("piano",)}),
    ("techno with a touch of jazz", {"genre": "techno"}),
    ("christmas lofi", {"genre": "lofi"}),
    ("lofi, no lofi, more like jazz", {"genre": "jazz_ballad"}),
    ("a gospel choir", {"genre": "gospel", "instruments": ("choir",)}),
    ("in my house we sing country", {"genre": "country"}),
    ("daft punk", {"genre": "pop", "not_understood": ("daft", "punk")}),
    ("harpsichord", {"genre": "neoclassical"}),
    ("melancholic accordion tune", {"genre": "folk"}),
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
    ("pop @ 128", {"tempo": 128.0}),
    ("pop ~120", {"tempo": 120.0}),
    ("pop, bpm: 99", {"tempo": 99.0}),
    ("tempo 75-80, soul", {"tempo": 77.5}),
    ("ninety-five bpm pop", {"tempo": 95.0, "duration": 120.0}),
    ("one twenty bpm pop", {"tempo": 120.0}),
    ("a hundred and twenty bpm pop", {"tempo": 120.0}),
    ("top 40 pop with 808 and 2 guitars", {"instruments": ("808", "electric guitar")}),
    ("trap 140 half time", {"tempo": 140.0}),
    ("pop at 900 bpm", {"tempo": 300.0}),
    ("pop at 7 bpm", {"tempo": 30.0}),
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
    ("key=Ebm pop", {"key": "Eb minor"}),
    ("house 124, 8A", {"key": "A minor", "tempo": 124.0}),
    ("house, 11B", {"key": "A major"}),
    ("Am F C G, pop", {"key": "A minor"}),
    ("D-flat major pop", {"key": "Db major"}),
    ("F sharp minor pop", {"key": "F# minor"}),
    ("pop in B♭", {"key": "Bb major"}),
    ("e phrygian dominant metal", {"key": "E phrygian"}),
    # metre
    ("pop waltz", {"metre": "3/4"}),
    ("rock ballad in 6/8", {"metre": "6/8"}),
    ("cinematic 5/4", {"metre": "5/4"}),
    ("pop in 5/4", {"metre": "4/4"}),
    ("folk in six eight", {"metre": "6/8"}),
    ("pop with 1/8 delay, open 24/7", {"metre": "4/4"}),
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
    ("half a minute of pop", {"duration": 30.0}),
    ("pop, 3'20", {"duration": 200.0}),
    ("pop, 2-3 minutes", {"duration": 150.0}),
    ("pop, twenty-five seconds", {"duration": 25.0}),
    ("pop 2m30s", {"duration": 150.0}),
    ("pop, length: 45", {"duration": 45.0}),
    ("8 bars of house at 120", {"duration": 16.0, "tempo": 120.0}),
    ("12-bar blues", {"duration": 120.0}),
    ("pop for 20 minutes", {"duration": 600.0}),
    ("pop, 1 second", {"duration": 5.0}),
    ("trap with sliding 808s", {"duration": 120.0}),
    # instruments
    ("lofi with sax", {"instruments": ("saxophone",)}),
    ("pop, no drums", {"excluded": ("drums",)}),
    ("pop without drums or bass but with flute", {"excluded": ("drums", "bass"), "instruments": ("flute",)}),
    ("drumless lofi with piano and strings", {"excluded": ("drums",), "instruments": ("piano", "strings")}),
    ("lofi with piano, no piano", {"excluded": ("piano",), "instruments": ()}),
    ("cinematic, no choir, french horns", {"excluded": ("choir",)}),
    ("trap, no hi-hats", {"excluded": ("hi-hats",)}),
    ("only piano and cello, folk", {"instruments": ("piano", "cello"), "excluded": ("drums", "bass", "other instruments")}),
    ("techno, just drums", {"instruments": ("drums",), "excluded": ("bass", "other instruments")}),
    ("solo piano", {"genre": "neoclassical", "excluded": ("drums", "bass", "other instruments")}),
    ("piano only in the intro, pop", {"excluded": ()}),
    ("pop without cheesy saxophone", {"excluded": ("saxophone",)}),
    ("punk, no guitar solos", {"excluded": ()}),
    ("no drums except the kick, techno", {"excluded": ("drums",), "instruments": ("kick",)}),
    ("I don't like piano. folk", {"excluded": ("piano",)}),
    ("guitarless, bassless pop", {"excluded": ("electric guitar", "bass")}),
    ("less drums, pop", {"instruments": (), "excluded": ()}),
    ("pop, good vibes", {"instruments": ()}),
    ("dubstep, drop the bass", {"excluded": ()}),
    # moods, vocals
    ("sad rainy lofi", {"mood": ("sad", "rainy")}),
    ("not sad but happy pop", {"mood": ("happy",)}),
    ("not sad pop", {"mood": ("not sad",)}),
    ("very sad, slightly dark pop", {"mood": ("very sad", "slightly dark")}),
    ("a bit dreamy pop", {"mood": ("slightly dreamy",)}),
    ("darker pop", {"mood": ("dark",)}),
    ("pop with female vocals", {"vocals": True}),
    ("pop, instrumental", {"vocals": False}),
    ("pop without vocals", {"vocals": False}),
    # form, era, swing, energy
    ("pop, no intro or outro", {"form": ("no intro", "no outro")}),
    ("edm, drop at 1:05", {"form": ("drop at 65",), "duration": 120.0}),
    ("edm at 120 bpm, drop at bar 17", {"form": ("drop at 32",)}),
    ("edm with a drop at 128", {"form": (), "tempo": 128.0}),
    ("pop, 30 seconds, chorus at 1 minute", {"form": ()}),
    ("pop, ends abruptly", {"form": ("cold end",)}),
    ("pop, no fade out", {"form": ("cold end",)}),
    ("lofi loop", {"form": ("loop",)}),
    ("lofi with a piano loop", {"form": ()}),
    ("techno with a slow build-up", {"form": ("build",)}),
    ("techno for DJs, long intro and outro", {"form": ("long intro", "long outro")}),
    ("1980s pop", {"era": "80s"}),
    ("early 2000s pop", {"era": "2000s"}),
    ("pop like in the nineties", {"era": "90s"}),
    ("boom bap, 58% swing", {"swing": 58.0}),
    ("house with 20% swing", {"swing": 55.0}),
    ("straight groove lofi", {"swing": 50.0}),
    ("swing jazz", {"swing": None, "genre": "swing_jazz"}),
    ("high energy pop", {"energy": 0.7}),
    ("house, energy 9/10", {"energy": 0.8}),
    ("pop", {"energy": 0.0}),
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
    assert read_prompt("techno", STYLES).genre.origin is Origin.SAID
    assert read_prompt("peaceful", STYLES).genre.origin is Origin.INFERRED
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
    ],
)
def test_refusals(prompt: str, options: dict[str, Any], part: str) -> None:
    with pytest.raises(UserError, match=part):
        read_prompt(prompt, STYLES, **options)


@pytest.mark.parametrize(
    ("prompt", "part"),
    [
        ("pop at 900 bpm", "300 BPM"),
        ("pop for 20 minutes", "1200 became 600"),
        ("slow pop, 180 bpm", "“slow” was left aside"),
        ("fast pop, no, slow", "slow, was taken"),
        ("pop in C major, no, in D minor", "C major"),
        ("trap, actually techno", "techno, was taken"),
        ("pop with sax, no sax", "no saxophone"),
        ("pop with vocals, instrumental", "without vocals"),
        ("pop in 7/8", "4/4"),
        ("synthwvae", "read as “synthwave”"),
        ("pop, 30 seconds, drop at 1:00", "left aside"),
        ("half time drum and bass", "BPM"),
        ("pop 90s", "90 seconds"),
        ("90s pop", "decade"),
    ],
)
def test_notes_tell_what_was_decided(prompt: str, part: str) -> None:
    notes = read_prompt(prompt, STYLES).notes
    assert any(part in note for note in notes), notes


def test_a_plain_prompt_has_no_notes() -> None:
    assert read_prompt("sad rainy lofi with piano in D minor, 80 bpm, 60 seconds", STYLES).notes == ()


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
