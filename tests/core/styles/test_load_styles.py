"""The shipped style sheets, and what a broken one says."""

from pathlib import Path

import pytest

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import roman_chord
from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles import Style, load_styles, midi_program, mood_effect
from grammy_desktop.core.styles.grid import read_hits
from grammy_desktop.generation.composer.harmony import parse_loop

STYLES = load_styles()
IDS = sorted(STYLES)


def test_the_six_kinds_of_music_are_there() -> None:
    assert {"lofi", "house", "edm", "pop", "cinematic", "trap", "rock_ballad"} <= set(STYLES)


@pytest.fixture(params=IDS)
def style(request: pytest.FixtureRequest) -> Style:
    return STYLES[request.param]


def test_style_is_whole(style: Style) -> None:
    assert style.words and style.moods and style.keys
    assert "4/4" in style.metres
    assert {round(form.seconds) for form in style.forms} == {180, 60, 30}
    assert len({part.stem for part in style.parts if not part.optional}) >= 4
    assert any(part.role == "drums" for part in style.parts)
    assert any(part.role == "bass" for part in style.parts)
    assert any(part.role == "lead" for part in style.parts)


def test_forms_last_what_they_say(style: Style) -> None:
    for form in style.forms:
        seconds = form.bars * 4 * 60 / form.tempo
        assert 0.6 * form.seconds < seconds < 1.25 * form.seconds, (style.id, form.seconds, seconds)


def test_every_numeral_is_a_chord_in_every_key(style: Style) -> None:
    for table in (style.harmony.loops, style.harmony.contrast):
        for loops in table.values():
            for loop in loops:
                for key in style.keys:
                    assert all(roman_chord(numeral, key) for slot in parse_loop(loop) for numeral in slot)
    for ending in style.harmony.endings.values():
        assert roman_chord(ending, style.keys[0])


def test_two_grooves_for_every_energy_band(style: Style) -> None:
    grooves = [groove for groove in style.grooves if groove.metre == "4/4"]
    assert len(grooves) >= 2
    assert all(groove.low for groove in grooves)


def test_the_users_style_replaces_a_shipped_one(tmp_path: Path) -> None:
    text = resource("styles", "lofi.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace('name = "Lo-fi hip hop"', 'name = "Mine"'), encoding="utf-8")
    (tmp_path / "new.toml").write_text(text.replace('id = "lofi"', 'id = "lofi_mine"'), encoding="utf-8")
    styles = load_styles(tmp_path)
    assert styles["lofi"].name == "Mine"
    assert styles["lofi_mine"].name == "Lo-fi hip hop"
    assert set(STYLES) | {"lofi_mine"} == set(styles)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('id = "lofi"', 'id = "Lo Fi"', "id"),
        ('id = "lofi"\n', "", "id"),
        ("low = 68", 'low = "slow"', "tempo.low"),
        ("mode = 80", "mode = 300", "tempo.mode"),
        ('K = "X.....x...x..... X......xx......."', 'K = "X...."', "grooves[0].rows.K"),
        ('K = "X.....x...x..... X......xx......."', 'K = "X.....q...x....."', "grooves[0].rows.K"),
        ('sound = "synth:kit_lofi"', 'sound = "synth:kazoo"', "parts.drums.sound"),
        ('role = "drums"', 'role = "juggler"', "parts.drums.role"),
        ('"F major", ', '"H major", ', "keys"),
        ("swing = 61", "swing = 90", "feel.swing"),
        ("wow = 8", "wobble = 8", "mix.wobble"),
        ("intro 4 .20 |", "intro four .20 |", "forms[0].blocks"),
    ],
)
def test_a_broken_style_says_where(tmp_path: Path, old: str, new: str, field: str) -> None:
    text = resource("styles", "lofi.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "broken.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_styles(tmp_path)
    assert str(path) in caught.value.message
    assert field in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.file == str(path)


def test_no_toml_at_all(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("this is = = no TOML", encoding="utf-8")
    with pytest.raises(
        UserError,
        match=r"“broken\.toml” could not be read as a style: line 1 \(“this is = = no TOML”\) has a name that needs quotes",
    ):
        load_styles(tmp_path)


def test_grid_notation() -> None:
    hits = read_hits("X--.g... r...t...")
    assert [(hit.step, hit.length, hit.velocity) for hit in hits[:2]] == [(0, 3, 116), (4, 1, 28)]
    assert [hit.step for hit in hits[2:]] == pytest.approx([8, 8.5, 12, 12 + 1 / 3, 12 + 2 / 3])
    assert read_hits("x/--")[0].glide
    with pytest.raises(ValueError):
        read_hits("x?")


def test_programs_and_moods() -> None:
    assert midi_program("sf:0:65") == 65
    assert midi_program("synth:808") == 38
    assert midi_program("synth:vinyl") == 0
    assert mood_effect(()).tempo == 1.0
    # The last adjective counts double.
    assert mood_effect(("happy", "sad")).valence < 0 < mood_effect(("sad", "happy")).valence
