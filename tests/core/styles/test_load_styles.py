"""The shipped style sheets, and what a broken one says."""

from pathlib import Path

import pytest

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import roman_chord
from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles import Style, load_styles, midi_program, mood_effect, read_style
from grammy_desktop.core.styles.grid import read_hits, split_metre
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
    assert style.metres
    assert {round(form.seconds) for form in style.forms} == {180, 60, 30}
    assert len({part.stem for part in style.parts if not part.optional}) >= style.limits.stems
    assert style.limits.stems >= 4 or (style.limits.stems >= 2 and not style.has_role("drums"))
    # What is played has a player, and what has a player is written down.
    assert bool(style.grooves) >= (style.has_role("drums") or style.has_role("perc"))
    assert any(part.role in ("lead", "counter", "arp") for part in style.parts)


def test_forms_last_what_they_say(style: Style) -> None:
    beats, unit = (int(number) for number in style.metres[0].split("/"))
    for form in style.forms:
        seconds = form.bars * beats * 4 / unit * 60 / form.tempo
        assert 0.6 * form.seconds < seconds < 1.25 * form.seconds, (style.id, form.seconds, seconds)


def test_every_numeral_is_a_chord_in_every_key(style: Style) -> None:
    for table in (style.harmony.loops, style.harmony.contrast, style.harmony.pre):
        for loops in table.values():
            for loop in loops:
                for key in style.keys:
                    assert all(roman_chord(numeral, key) for slot in parse_loop(loop) for numeral in slot)
    for ending in style.harmony.endings.values():
        assert roman_chord(ending, style.keys[0])


def test_two_grooves_for_every_energy_band(style: Style) -> None:
    if not style.has_role("drums"):
        return
    grooves = [groove for groove in style.grooves if groove.metre == style.metres[0]]
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
        ('major = "Imaj9"', 'major = "Hmaj9"', "harmony.endings.major"),
        ("[melody]", '[melody]\nmood = "sad"', "melody.mood"),
        ("[mix]", '[mix]\ngroup = "Best of"', "mix.group"),
        ("silence_seconds = 0.8", "silence_seconds = -1", "limits.silence_seconds"),
        ("swing = 61", "swing = 61\nsequenced = 1", "feel.sequenced"),
        ("hold = 0.7\nfade = 0.3", "fade = 0", "ending"),
        ("id = ", 'parent = "nobody"\nid = ', "parent"),
    ],
)
def test_a_broken_style_says_where(tmp_path: Path, old: str, new: str, field: str) -> None:
    text = resource("styles", "lofi.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "broken.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_style(path)
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


CHILD = """
id = "dusty"
name = "Dusty"
description = "Lo-fi without rain, swung harder"
words = ["dusty beats"]
parent = "lofi"
[feel]
swing = 64
[harmony.loops]
major = ["Imaj9 IVmaj9"]
[parts.bass]
sound = "synth:sub_bass"
[parts.rain]
remove = true
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_derived_style_says_only_what_differs(tmp_path: Path) -> None:
    lofi, child = STYLES["lofi"], read_style(write(tmp_path, "dusty", CHILD))
    assert child.words == ("dusty beats",)
    assert (child.feel.swing, child.feel.late) == (64, lofi.feel.late)
    assert child.harmony.loops["major"] == ("Imaj9 IVmaj9",)
    assert child.harmony.loops["minor"] == lofi.harmony.loops["minor"]
    assert child.part("bass").sound == "synth:sub_bass"
    assert child.part("bass").gain_db == lofi.part("bass").gain_db
    assert {part.name for part in lofi.parts} - {part.name for part in child.parts} == {"rain"}
    assert load_styles(tmp_path)["dusty"] == child


def test_grandparents_and_a_users_own_version_of_a_style(tmp_path: Path) -> None:
    write(tmp_path, "dusty", CHILD)
    grandchild = (
        CHILD.replace('"dusty"', '"dustier"').replace('"lofi"', '"dusty"').replace("[parts.rain]\nremove = true", "")
    )
    assert read_style(write(tmp_path, "dustier", grandchild)).part("bass").sound == "synth:sub_bass"
    own = (
        'id = "lofi"\nname = "My lo-fi"\ndescription = "Mine"\nwords = ["lofi"]\nparent = "lofi"\n[tempo]\nmode = 77\n'
    )
    write(tmp_path, "lofi", own)
    styles = load_styles(tmp_path)
    assert (styles["lofi"].name, styles["lofi"].tempo.mode, styles["lofi"].tempo.low) == ("My lo-fi", 77, 68)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('parent = "lofi"', 'parent = "dusty"', "which is no style"),
        ("[parts.rain]", "[parts.piano]", "parts.piano"),
        ("[parts.rain]", "[harmony.endings]", "harmony.endings"),
        ("swing = 64", "swing = 99", "feel.swing"),
        ('name = "Dusty"\n', "", "name"),
    ],
)
def test_a_broken_child_says_where(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = write(tmp_path, "dusty", CHILD.replace(old, new))
    with pytest.raises(UserError, match=says) as caught:
        read_style(path)
    assert caught.value.file == str(path)


def test_parents_do_not_go_round_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path, "dustier", CHILD.replace('"dusty"', '"dustier"').replace('"lofi"', '"dusty"'))
    path = write(tmp_path, "dusty", CHILD.replace('parent = "lofi"', 'parent = "dustier"'))
    with pytest.raises(UserError, match="circle"):
        read_style(path)


def test_patches_of_the_user_are_sounds_too(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "patches").mkdir()
    text = CHILD.replace("synth:sub_bass", "synth:my_kazoo")
    with pytest.raises(UserError, match="my_kazoo"):
        read_style(write(tmp_path / "styles", "dusty", text))
    write(tmp_path / "patches", "mine", '[my_kazoo]\nkind = "string"\n[my_kazoo.filter]\ncutoff = 900\n')
    assert read_style(write(tmp_path / "styles", "dusty", text)).part("bass").sound == "synth:my_kazoo"


def test_bars_may_be_written_in_triplets() -> None:
    hits = read_hits("x.ox.o...... x...x...x...x...")
    assert [hit.step for hit in hits[:5]] == pytest.approx([0, 8 / 3, 4, 4 + 8 / 3, 16])
    assert [hit.triplet for hit in hits] == [True] * 4 + [False] * 4
    assert [hit.step for hit in read_hits("x--x--x--", 12)] == [0, 4, 8]
    # In 3/4 twelve characters are sixteenths.
    assert [hit.step for hit in read_hits("x...x...x...", 12)] == [0, 4, 8]
    assert split_metre("3/4: x---x---x---") == ("3/4", "x---x---x---")
    assert split_metre("x...............") == ("4/4", "x...............")
