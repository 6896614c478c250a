"""The user's sound fonts: told apart, checked, played on time and at level, whatever their names and sizes."""

from __future__ import annotations

import json
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sf2_writer import Tone, write_sf2

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.resources import resource
from grammy_desktop.core.song import Note, Part
from grammy_desktop.core.styles.instruments import midi_program
from grammy_desktop.core.styles.load import read_style
from grammy_desktop.core.styles.sounds import FontSound, Vst3Sound, is_sound, own_sound, split_sound
from grammy_desktop.generation.composer.render import RATE
from grammy_desktop.generation.composer.render.attack import Calibration, gain_to_level, speaks_late
from grammy_desktop.generation.composer.render.font_extract import extract_preset, preset_keys
from grammy_desktop.generation.composer.render.font_file import FontFile, find_fonts, locate_font, read_font
from grammy_desktop.generation.composer.render.user_fonts import FontPlayer, measure_preset, open_font_player
from grammy_desktop.generation.composer.render.user_sounds import (
    OwnInstruments,
    licence_sentences,
    render_own,
    stand_in,
)

ODD = "Flügel & Töne  (groß)"
SHIPPED = resource("soundfonts", "fluid_core.sf3")
SINES = {
    (0, 5, "Sinus ä"): (Tone(low=0, high=59, key=57, hertz=220.0), Tone(low=60)),
    (128, 0, "Kit"): (Tone(low=36, high=36),),
}


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    folder = tmp_path / "meine Schriften"
    (folder / "unter ordner").mkdir(parents=True)
    shutil.copy(SHIPPED, folder / "unter ordner" / f"{ODD}.sf3")
    write_sf2(
        folder / "Sinus.SF2", SINES, texts={"INAM": "Zwei Sinus", "IENG": "Käthe", "ICOP": "CC0", "ICMT": "Grüße"}
    )
    return folder


def play(player: FontPlayer, *notes: Note, seconds: float = 2.0) -> np.ndarray:
    out = np.zeros((round(seconds * RATE), 2), np.float32)
    player.render(notes, clock=lambda beat: beat * 0.5, out=out, check=lambda: None)
    return out


def hertz_of(sound: np.ndarray) -> float:
    body = sound[:, 0] * np.hanning(len(sound))
    return float(np.fft.rfft(body, 1 << 18).__abs__().argmax() * RATE / (1 << 18))


def test_fonts_tell_their_presets_and_licence_without_being_loaded(fonts: Path) -> None:
    paths = find_fonts(fonts)
    assert [path.name for path in paths] == [f"{ODD}.sf3", "Sinus.SF2"]
    info = read_font(paths[1])
    assert (info.name, info.title, info.author, info.licence, info.comment) == (
        "Sinus",
        "Zwei Sinus",
        "Käthe",
        "CC0",
        "Grüße",
    )
    assert [(preset.bank, preset.program, preset.name) for preset in info.presets] == [
        (0, 5, "Sinus ä"),
        (128, 0, "Kit"),
    ]
    assert len(read_font(paths[0]).presets) == 47
    assert find_fonts(fonts / "nowhere") == ()


def test_a_name_finds_its_font_in_any_case_and_spelling(fonts: Path) -> None:
    apart = unicodedata.normalize("NFD", ODD)
    for name in (ODD, ODD.upper(), apart, f"{ODD}.sf3"):
        assert locate_font(name, fonts).stem == ODD
    assert locate_font(str(fonts / "Sinus.SF2"), None).stem == "Sinus"
    with pytest.raises(UserError, match=r"The sound font “Orgel” is not in the folder “soundfonts”; there are Fl"):
        locate_font("Orgel", fonts)
    with pytest.raises(UserError, match="there is none"):
        locate_font("Orgel", None)


@pytest.fixture(scope="module")
def whole_font() -> tuple[Any, int]:
    import tinysoundfont

    synth = tinysoundfont.Synth(gain=-6, samplerate=RATE)
    return synth, synth.sfload(str(SHIPPED))


@pytest.mark.parametrize(("bank", "program"), [(0, 0), (0, 33), (0, 48), (128, 0)])
def test_a_preset_taken_out_sounds_as_in_the_whole_font(whole_font: tuple[Any, int], bank: int, program: int) -> None:
    import tinysoundfont

    keys = (36, 42) if bank == 128 else (45, 57, 64)
    with FontFile(SHIPPED) as font:
        data = extract_preset(font, bank, program, keys)
    assert len(data) < SHIPPED.stat().st_size / 3
    small = tinysoundfont.Synth(gain=-6, samplerate=RATE)
    places = ((*whole_font, bank, program), (small, small.sfload(data), 0, 0))
    sounds = []
    for synth, handle, its_bank, its_program in places:
        synth.sounds_off(0)
        synth.generate(RATE // 10)
        synth.program_select(0, handle, its_bank, its_program, its_bank == 128)
        for key in keys:
            synth.noteon(0, key, 100)
        sounds.append(np.frombuffer(synth.generate(RATE), np.float32).copy())
    assert np.abs(sounds[0]).max() > 0.05
    # The last two frames of a sample are left out.
    np.testing.assert_allclose(sounds[1], sounds[0], atol=1e-3)
    assert np.sum(np.abs(sounds[1] - sounds[0]) > 1e-5) < 20


def test_both_zones_are_in_tune(fonts: Path) -> None:
    notes = (Note(0, 2, 57, 100), Note(2, 2, 72, 100))
    sound = play(open_font_player(FontSound("Sinus", 0, 5), notes, fonts=fonts, cache=None), *notes)
    assert hertz_of(sound[RATE // 8 : RATE * 7 // 8]) == pytest.approx(220.0, abs=0.7)
    assert hertz_of(sound[RATE * 9 // 8 : RATE * 15 // 8]) == pytest.approx(440 * 2 ** (3 / 12), abs=0.7)


def test_a_bend_is_heard(fonts: Path) -> None:
    note = Note(0, 4, 69, 100, ((0.0, 0.0), (1.0, 0.0), (2.0, 3.0)))
    sound = play(open_font_player(FontSound("Sinus", 0, 5), (note,), fonts=fonts, cache=None), note)
    assert hertz_of(sound[: RATE // 3]) == pytest.approx(440, abs=1.5)
    assert hertz_of(sound[RATE * 9 // 8 : RATE * 15 // 8]) == pytest.approx(440 * 2 ** (3 / 12), abs=1.5)


@pytest.mark.parametrize("late", [0.0, 0.012, 0.04])
def test_samples_that_speak_late_are_started_early_and_brought_to_level(tmp_path: Path, late: float) -> None:
    write_sf2(tmp_path / "late.sf2", {(0, 0, "late"): (Tone(late=late, level=0.1),)})
    note = Note(1, 1, 69, 100)
    player = open_font_player(FontSound("late", 0, 0), (note,), fonts=tmp_path, cache=None)
    assert player.calibration.late(69) == pytest.approx(late, abs=0.0015)
    sound = play(player, note)
    begin = int(np.argmax(np.abs(sound).max(axis=1) > 0.1 * np.abs(sound).max()))
    assert abs(begin / RATE - 0.5) < 0.003
    assert gain_to_level(play(player, Note(0, 1, 60, 100))) == pytest.approx(0.0, abs=0.5)


def test_measurements_are_kept_by_content(fonts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    note = Note(0, 1, 69, 100)
    first = open_font_player(FontSound("Sinus", 0, 5), (note,), fonts=fonts, cache=cache)
    (kept,) = cache.iterdir()
    shutil.move(fonts / "Sinus.SF2", fonts / "Umbenannt.sf2")
    with monkeypatch.context() as patch:
        patch.setattr("grammy_desktop.generation.composer.render.user_fonts.measure_preset", None)
        again = open_font_player(FontSound("Umbenannt", 0, 5), (note,), fonts=fonts, cache=cache)
    assert again.calibration == first.calibration
    for rubbish in ("", "[]", '{"version": 1, "gain_db": 400, "delays": []}', '{"version": 1}'):
        kept.write_text(rubbish)
        assert (
            open_font_player(FontSound("Umbenannt", 0, 5), (note,), fonts=fonts, cache=cache).calibration
            == first.calibration
        )
    assert json.loads(kept.read_text())["version"] == 1
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")


@pytest.mark.expects_log
def test_a_cache_that_cannot_be_written_does_no_harm(fonts: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    assert open_font_player(
        FontSound("Sinus", 0, 5), (Note(0, 1, 69, 9),), fonts=fonts, cache=blocked
    ).calibration.delays


def test_a_font_of_two_gigabytes_costs_no_memory(tmp_path: Path) -> None:
    limits = pytest.importorskip("resource", reason="memory is read the POSIX way")
    path = write_sf2(tmp_path / "huge.sf2", SINES, silence=2_000_000_000)
    assert path.stat().st_size > 2_000_000_000
    before = limits.getrusage(limits.RUSAGE_SELF).ru_maxrss
    note = Note(0, 1, 69, 100)
    sound = play(open_font_player(FontSound("huge", 0, 5), (note,), fonts=tmp_path, cache=None), note)
    assert np.abs(sound).max() > 0.05
    # Kilobytes on Linux, bytes on macOS.
    grown = (limits.getrusage(limits.RUSAGE_SELF).ru_maxrss - before) * (1 if before > 1 << 28 else 1024)
    assert grown < 60_000_000


def test_a_preset_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grammy_desktop.generation.composer.render.font_extract.LARGEST", 50_000)
    write_sf2(tmp_path / "big.sf2", {(0, 0, "big"): (Tone(high=59), Tone(low=60), Tone(low=60))})
    with FontFile(tmp_path / "big.sf2") as font:
        # One zone fits; a key that needs two does not.
        assert extract_preset(font, 0, 0, [50])
        with pytest.raises(UserError, match=r"“big” needs more than 0 MB of samples; choose a lighter one"):
            extract_preset(font, 0, 0, [50, 70])


def test_keys_of_a_preset(fonts: Path) -> None:
    with FontFile(fonts / "Sinus.SF2") as font:
        assert preset_keys(font, 0, 5) == tuple(range(128))
        assert preset_keys(font, 128, 0) == (36,)
        with pytest.raises(UserError, match=r"has no preset 0:99; “grammy instruments” lists"):
            preset_keys(font, 0, 99)
        assert measure_preset(font, 128, 0, [36, 40]).delays == ((36, 0.0), (40, 0.0))


BROKEN = {
    "empty": (b"", "is broken: it is empty"),
    "text": (b"I am no font at all, only a few words of text.", "is no sound font"),
    "wave": (b"RIFF\x24\0\0\0WAVEfmt ", "is no sound font"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_fonts_are_one_sentence(tmp_path: Path, name: str) -> None:
    data, words = BROKEN[name]
    path = tmp_path / f"{name}.sf2"
    path.write_bytes(data)
    with pytest.raises(UserError, match=words) as caught:
        read_font(path)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_font_cut_short_is_told(fonts: Path) -> None:
    path = fonts / "Sinus.SF2"
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(UserError, match=r"is broken: \d+ of \d+ bytes are there; download or export it again"):
        read_font(path)


def test_no_damage_to_its_tables_crashes_the_synthesiser(tmp_path: Path) -> None:
    """Whatever number is wrong, the font plays or is refused in one sentence: the synthesiser trusts what it is given."""
    good = write_sf2(tmp_path / "good.sf2", {(0, 0, "one"): (Tone(seconds=0.3, offset=30),)}).read_bytes()
    start = good.index(b"pdta")
    path = tmp_path / "bad.sf2"
    note = Note(0, 0.2, 69, 100)
    refused = 0
    rng = np.random.default_rng(4)
    for place in range(start, len(good)):
        data = bytearray(good)
        data[place] ^= int(rng.integers(1, 256))
        path.write_bytes(data)
        try:
            with FontFile(path) as font:
                extracted = extract_preset(font, 0, 0, [69])
            player = _player(extracted, path)
            out = np.zeros((4_800, 2), np.float32)
            player.render((note,), clock=lambda beat: beat * 0.5, out=out, check=lambda: None)
        except UserError as error:
            refused += 1
            assert "\n" not in str(error)
    assert refused > 20


def _player(data: bytes, path: Path) -> FontPlayer:
    import tinysoundfont

    synth = tinysoundfont.Synth(gain=-6, samplerate=RATE)
    try:
        handle = synth.sfload(data, max_voices=16)
    except RuntimeError as error:
        raise UserError(f"“{path.name}” is refused.") from error
    return FontPlayer(synth, handle, Calibration(), is_drums=False)


def test_how_own_sounds_are_written() -> None:
    assert own_sound(f"font:{ODD}:0:12") == FontSound(ODD, 0, 12)
    assert own_sound("font:C:\\fonts\\a.sf2:128:0 else sf:128:0") == FontSound("C:\\fonts\\a.sf2", 128, 0)
    assert own_sound("vst3:Surge XT:Warm Pad") == Vst3Sound("Surge XT", "Warm Pad")
    assert own_sound("vst3:/opt/My Synth.vst3") == Vst3Sound("/opt/My Synth.vst3")
    assert own_sound("sf:0:5") is None
    for sound in ("font:a:0:1", "vst3:Surge XT", "vst3:Surge XT else sf:0:33", "font:a:0:1 else synth:warm_pad"):
        assert is_sound(sound), sound
    for sound in (
        "font:a",
        "font:a:0:128",
        "font::0:1",
        "vst3:",
        "sf:0:1 else sf:0:2",
        "vst3:a else vst3:b",
        "vst3:a else x",
    ):
        assert not is_sound(sound), sound
    assert split_sound("vst3:A B else sf:0:33") == ("vst3:A B", "sf:0:33")
    assert [midi_program(sound) for sound in ("font:a:0:12", "vst3:x else sf:0:33", "vst3:x", "synth:808")] == [
        12,
        33,
        0,
        38,
    ]


def test_a_style_sheet_may_name_them(tmp_path: Path) -> None:
    sheet = tmp_path / "mine.toml"
    lines = (
        'id = "mine"',
        'name = "Mine"',
        'description = "Of my own"',
        'words = ["mine"]',
        'parent = "lofi"',
        "[parts.keys]",
        f'sound = "font:{ODD}:0:4 else sf:0:5"',
    )
    sheet.write_text("\n".join(lines), encoding="utf-8")
    keys = next(part for part in read_style(sheet).parts if part.name == "keys")
    assert keys.sound == f"font:{ODD}:0:4 else sf:0:5"


@pytest.mark.expects_log
def test_a_missing_font_is_played_by_its_stand_in_and_told(fonts: Path) -> None:
    asked: list[str] = []

    def otherwise(part: Part) -> np.ndarray:
        asked.append(part.sound)
        return np.ones((100, 2), np.float32)

    own = OwnInstruments(fonts=fonts)
    for sound in ("font:Gone:0:11", "font:Gone:0:11", "font:Sinus:0:77 else sf:0:4", "font:Sinus:0:5"):
        part = Part("bells", "lead", (Note(0, 1, 69, 100),), sound=sound)
        render_own(part, own, clock=lambda beat: beat * 0.5, frames=4_800, check=lambda: None, otherwise=otherwise)
    assert asked == ["sf:0:11", "sf:0:11", "sf:0:4"]
    assert len(own.told) == 2
    assert own.told[0].endswith("The part “bells” is played by sf:0:11 instead.")
    assert stand_in(Part("x", "bass", (), sound="vst3:Gone")) == "sf:0:33"
    assert stand_in(Part("x", "drums", (), is_drums=True, sound="font:Gone:128:8")) == "sf:128:0"


def test_a_font_that_is_heard_tells_its_terms(fonts: Path) -> None:
    write_sf2(fonts / "stumm.sf2", SINES)
    sounds = ("font:Sinus:0:5", "font:stumm:0:5", "font:Sinus:128:0", "font:Gone:0:1", "sf:0:1", "vst3:Surge XT")
    parts = [Part(sound, "lead", (), sound=sound) for sound in sounds]
    assert licence_sentences(parts, OwnInstruments(fonts=fonts)) == (
        "Your sound font “Sinus” says of its rights: “CC0”; make sure of them before you sell the song.",
        "Your sound font “stumm” says nothing of its rights; make sure of them before you sell the song.",
    )


def test_attacks_and_silence() -> None:
    assert speaks_late(np.zeros((RATE, 2), np.float32)) == 0.0
    assert gain_to_level(np.zeros((RATE, 2), np.float32)) == 0.0
    swell = np.linspace(0, 1, RATE, dtype=np.float32)[:, None] * np.ones((1, 2), np.float32)
    assert speaks_late(swell * swell) == 0.0
    assert speaks_late(np.zeros((10, 2), np.float32)) == 0.0
