"""Patches: every shipped one in tune, on time, level with its family, free of clicks; broken ones told in one sentence."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.resources import resource
from grammy_desktop.core.song import Note, Part
from grammy_desktop.core.styles.grid import ROWS
from grammy_desktop.generation.composer.mix.levels import energies, lufs
from grammy_desktop.generation.composer.render import RATE, Stage, render_part
from grammy_desktop.generation.composer.render.drums import Hit
from grammy_desktop.generation.composer.render.oscillators import midi_hz
from grammy_desktop.generation.composer.render.patches import load_patches, patch_names, read_patches

FAMILIES = {
    path.stem: tuple(patch.name for patch in read_patches(path)) for path in sorted(resource("patches").glob("*.toml"))
}
FAMILY_OF = {name: family for family, names in FAMILIES.items() for name in names}
PATCHES = load_patches()
KITS = tuple(name for name, patch in PATCHES.items() if patch.kit is not None)
TEXTURES = tuple(name for name, patch in PATCHES.items() if patch.kind == "texture")
UNPITCHED = (*KITS, *TEXTURES, "siren", "air_horn", "laser")
PITCHED = tuple(name for name in PATCHES if name not in UNPITCHED)
PLUCKED_BASSES = ("bass_pick_s", "slap_bass_s", "upright_s")
STRUCK = tuple(
    name
    for name in PITCHED
    if FAMILY_OF[name] in ("basses", "plucks", "guitars", "world", "keys") and name != "steel_guitar_s"
)
BEATING = (
    "wobble_bass", "growl_bass", "moog_bass", "saw_lead2", "supersaw_lead", "hoover", "string_machine", "dark_pad",
    "choir_pad", "drone", "brass_pad", "evolving_pad", "juno_pad", "shimmer", "choir_aah", "choir_ooh", "vocoder",
    "trance_pluck", "plucked_saw", "accordion_s", "synth_brass", "brass_stab", "vocal_chop_ah", "vocal_chop_oh",
    "glass_pad", "church_reed", "sync_lead", "dx_piano", "honky_piano", "supersaw", "saw_lead", "square_lead", "warm_pad",
    "stab", "pluck",
)  # fmt: skip
"""Detuned voices: their centre is judged over a long note, and less strictly."""
SAME_AT_ANY_STROKE = ("chip_triangle", "power_guitar", "lead_guitar")
"""A chip without dynamics; amplifiers that growl more, which adds low harmonics too."""
STEADY_AND_CLEAN = (
    "acid_bass", "saw_bass", "fm_bass", "distorted_808", "acid_lead", "chip_pulse_12", "chip_pulse_50", "sync_lead",
    "supersaw_lead", "harpsi", "wurli", "clean_strat", "power_guitar", "lead_guitar", "acoustic_s", "banjo_s",
)  # fmt: skip


PARTS = tuple(f"p{number}" for number in range(8))


def middle(name: str) -> int:
    if FAMILY_OF[name] == "basses" or name in PLUCKED_BASSES:
        return 36
    return {"guitars": 52, "leads": 67, "world": 57}.get(FAMILY_OF[name], 60)


def render(
    name: str, *notes: Note, seconds: float, beat: float = 1.0, patches: Path | None = None, part: str = "one"
) -> np.ndarray:
    stage = Stage(beat, int(seconds * RATE), tonic=0, check=lambda: None, patches=patches)
    return render_part(Part(part, "stem", notes, sound=f"synth:{name}"), stage)


@cache
def one_note(name: str, part: str = "one") -> np.ndarray:
    """A second and a half at velocity 100, a quarter of a second in; every part has a take of its own."""
    return render(name, Note(0.25, 1.5, middle(name), 100), seconds=4.5, part=part)


def cents_off(sound: np.ndarray, hz: float) -> float:
    """How far the centre of the strongest of four harmonics lies from where it should."""
    mono = sound.mean(axis=1)
    power = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), 1 << 18)) ** 2
    hertz = np.fft.rfftfreq(1 << 18, 1 / RATE)
    found = []
    for harmonic in (1, 2, 3, 4):
        near = np.abs(hertz / (hz * harmonic) - 1.0) < 0.03
        centre = float((hertz[near] * power[near]).sum() / power[near].sum())
        found.append((float(power[near].sum()), 1200.0 * np.log2(centre / (hz * harmonic))))
    return max(found)[1]


def test_every_promised_name_is_there() -> None:
    promised = """wobble_bass growl_bass acid_bass rolling_bass moog_bass log_drum pluck_bass fm_bass distorted_808 saw_bass
    organ_bass wurli dx_piano clav felt_piano toy_piano harpsi tonewheel church_reed house_organ saw_lead2 supersaw_lead hoover
    acid_lead whistle_lead talkbox chip_pulse_12 chip_pulse_25 chip_pulse_50 chip_triangle theremin sync_lead string_machine
    glass_pad dark_pad choir_pad drone brass_pad evolving_pad juno_pad shimmer plucked_saw kalimba_s marimba_s steel_drum_s
    bell_pluck trance_pluck vibra_s music_box_s acoustic_s nylon_s muted_guitar clean_strat chorus_guitar power_guitar
    lead_guitar banjo_s ukulele_s sitar_s koto_s oud_s bass_pick_s slap_bass_s upright_s brass_stab synth_brass pan_flute_s
    whistle_s accordion_s harmonica_s melodica_s vocal_chop_ah vocal_chop_oh choir_aah vocoder noise_riser siren air_horn laser
    waves birds wind room_noise crowd tape_hiss sleigh_bells kit_boombap kit_808 kit_909 kit_707 kit_linn kit_dnb kit_dubstep
    kit_techno kit_rock kit_metal kit_jazz_brush kit_jazz_stick kit_bossa kit_reggae kit_afro kit_latin kit_country kit_folk
    kit_orchestral kit_chip kit_drill kit_garage kit_disco kit_funk kit_lofi kit_trap kit_pop kit_cinematic"""
    assert set(promised.split()) <= set(patch_names())


@pytest.mark.parametrize("name", [*PITCHED, *TEXTURES, "siren", "air_horn", "laser"])
def test_a_note_begins_and_ends_cleanly(name: str) -> None:
    sound = one_note(name)
    assert np.isfinite(sound).all()
    first = RATE // 4
    peak = float(np.abs(sound).max())
    assert 0.003 < peak < 4.0
    assert not sound[:first].any()
    assert np.abs(sound[first : first + 2]).max() < 0.1 * peak
    last = int(np.flatnonzero(np.abs(sound).max(axis=1) > 1e-4 * peak)[-1])
    assert last < len(sound) - 1, "every note ends"
    assert np.abs(sound[last - 1 : last + 1]).max() < 0.01 * peak
    assert abs(float(sound[first:last].mean())) < 0.01 * peak
    middle_power = float((sound.mean(axis=1) ** 2).mean() * 2.0 / (sound**2).sum(axis=1).mean())
    assert middle_power > 0.4, "mono keeps the sound"


@pytest.mark.parametrize("name", STRUCK)
def test_struck_notes_sound_within_five_milliseconds(name: str) -> None:
    sound = np.abs(one_note(name)).max(axis=1)
    envelope = np.maximum.reduceat(sound[RATE // 4 : RATE], np.arange(0, 3 * RATE // 4, RATE // 1000))
    assert int(np.argmax(envelope > 0.1 * sound.max())) <= 5


@pytest.mark.parametrize("name", PITCHED)
def test_notes_are_in_tune(name: str) -> None:
    beats = name in BEATING
    low = middle(name)
    sung = PATCHES[name].kind in ("string", "additive", "fm") or FAMILY_OF[name] in ("plucks", "basses")
    for pitch in (low - 8, low, low + 12):
        sound = render(name, Note(0, 3.2 if beats else 1.5, pitch, 100), seconds=4.0)
        start = 0.12 if sung else 0.5
        body = sound[int(start * RATE) : int((3.1 if beats else 1.45) * RATE)]
        assert abs(cents_off(body, midi_hz(pitch))) < (9.0 if beats else 2.0), pitch


@pytest.mark.parametrize("name", STEADY_AND_CLEAN)
def test_nothing_folds_back_at_the_top_of_the_range(name: str) -> None:
    pitch = 72 if middle(name) == 36 else 96
    sound = render(name, Note(0, 1.2, pitch, 100), seconds=1.4)[int(0.1 * RATE) : int(1.15 * RATE), 0]
    power = np.abs(np.fft.rfft(sound * np.blackman(len(sound))))
    ratio = np.fft.rfftfreq(len(sound), 1 / RATE) / midi_hz(pitch)
    # Half-harmonics belong to layers an octave lower.
    between = (np.abs(ratio - np.round(2 * ratio) / 2) > np.maximum(0.022 * ratio, 0.045)) & (ratio > 0.2)
    fundamental = power[np.abs(ratio - 1.0) < 0.06].max()
    assert 20 * np.log10(power[between].max() / fundamental) < -60.0


@pytest.mark.parametrize("family", [family for family in FAMILIES if family not in ("kits", "effects")])
def test_a_family_is_level(family: str) -> None:
    levels = {}
    for name in FAMILIES[family]:
        # Voices that begin anywhere add up to more or less: the level is that of several takes.
        takes = [energies(one_note(name, part), lambda: None) for part in PARTS]
        levels[name] = lufs(float(np.mean([np.convolve(steps, np.ones(4) / 4, mode="valid").max() for steps in takes])))
    assert all(abs(level + 18.0) < 1.5 for level in levels.values()), levels


@pytest.mark.parametrize("name", [name for name in PITCHED if name not in SAME_AT_ANY_STROKE])
def test_harder_strokes_are_brighter(name: str) -> None:
    def brightness(velocity: int) -> float:
        # Voices that beat against each other are heard on several notes, so that no chance decides.
        notes = [Note(0.6 * i, 0.5, middle(name) + step, velocity) for i, step in enumerate((0, 2, 3, 5))]
        notes = notes if name in BEATING else notes[:1]
        sound = render(name, *notes, seconds=0.6 * len(notes))
        power = (np.abs(np.fft.rfft(sound, axis=0)) ** 2).sum(axis=1)
        hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
        # Octaves count, not Hz, or a little hiss would decide.
        heard = hertz > 30.0
        return float((np.log2(hertz[heard]) * power[heard]).sum() / power[heard].sum())

    assert brightness(124) > brightness(30)


@pytest.mark.parametrize("name", [*FAMILIES["basses"], *PLUCKED_BASSES])
def test_basses_are_mono_at_the_bottom(name: str) -> None:
    sound = one_note(name)
    spectra = np.abs(np.fft.rfft(np.stack([sound.sum(axis=1), sound[:, 0] - sound[:, 1]]), axis=1)) ** 2
    low = np.fft.rfftfreq(len(sound), 1 / RATE) < 120.0
    assert spectra[1, low].sum() < 1e-3 * spectra[0, low].sum()


@pytest.mark.parametrize("name", KITS)
def test_every_row_of_the_grid_answers_in_time_in_every_kit(name: str) -> None:
    patch = PATCHES[name].kit
    assert patch is not None
    kit = patch.kit(9)
    for key in sorted(set(ROWS.values())):
        sound = np.abs(kit.strike(key, Hit(0.8, np.random.default_rng(key)))).max(axis=1)
        assert np.isfinite(sound).all()
        assert 0.01 < sound.max() < 4.0, key
        padded = np.pad(sound, (0, RATE // 4))
        envelope = np.maximum.reduceat(padded, np.arange(0, len(padded), RATE // 1000))
        assert int(np.argmax(envelope > 0.1 * sound.max())) <= (9 if key in (82, 69) else 5), key
        assert sound[-1] < 0.01 * sound.max(), key


def test_takes_differ() -> None:
    patch = PATCHES["kit_rock"].kit
    assert patch is not None
    one, other = (patch.kit(0).strike(38, Hit(0.8, np.random.default_rng(take))) for take in range(2))
    shared = min(len(one), len(other))
    assert not np.allclose(one[:shared], other[:shared], atol=1e-3)


@pytest.mark.parametrize("name", [name for name in TEXTURES if PATCHES[name].steady])
def test_steady_textures_last_to_the_end(name: str) -> None:
    sound = render(name, Note(0, 60, 60, 80), seconds=30.0, beat=0.5)
    power = (sound**2).mean(axis=1).reshape(3, -1).mean(axis=1)
    assert power.min() > 0.2 * power.max()


def test_a_wobble_keeps_time_with_the_song() -> None:
    for beat in (0.4, 0.6):
        sound = render("wobble_bass", Note(0, 8, 36, 100), seconds=8 * beat, beat=beat).mean(axis=1)
        slope = np.abs(np.diff(sound))
        bright = slope[: len(slope) // 480 * 480].reshape(-1, 480).mean(axis=1)
        turns = np.abs(np.fft.rfft(bright - bright.mean(), 1 << 14))
        hz = np.fft.rfftfreq(1 << 14, 0.01)
        near = hz > 1.0
        assert hz[near][turns[near].argmax()] == pytest.approx(2.0 / beat, rel=0.04)


def test_strings_are_in_tune_over_their_whole_range() -> None:
    for pitch in range(28, 89, 12):
        sound = render("acoustic_s", Note(0, 1.5, pitch, 100), seconds=1.6)[RATE // 10 :]
        assert abs(cents_off(sound, midi_hz(pitch))) < 1.0, pitch


def test_overlapping_notes_of_a_lead_glide() -> None:
    sound = render("acid_lead", Note(0, 1.1, 57, 100), Note(1, 1, 64, 100), seconds=2.2)
    assert abs(cents_off(sound[int(1.3 * RATE) : int(1.9 * RATE)], midi_hz(64))) < 2.0
    assert np.abs(sound[int(0.98 * RATE) : int(1.05 * RATE)]).max() > 0.2 * np.abs(sound).max()


def test_a_users_patch_is_found_and_replaces_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        "".join(f'[{name}]\nkind = "subtractive"\nlayers = [{{ wave = "sine" }}]\n' for name in ("my_sine", "drone"))
    )
    assert "my_sine" in patch_names(tmp_path)
    sound = render("my_sine", Note(0, 1, 69, 100), seconds=1.5, patches=tmp_path)
    assert abs(cents_off(sound[: RATE // 2], 440.0)) < 1.0
    note = Note(0, 1, 69, 100)
    assert np.array_equal(render("drone", note, seconds=1.5, patches=tmp_path), sound)
    with pytest.raises(ValueError, match="unknown sound"):
        render("my_sine", note, seconds=1.0)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('kind = "granular"', "x.kind"),
        ('kind = "subtractive"', "x.layers"),
        ('kind = "subtractive"\nlayers = [{ wave = "cosine" }]', "x.layers[0].wave"),
        ('kind = "subtractive"\nlayers = [{ wave = "saw", voice = 3 }]', "x.layers[0].voice"),
        ('kind = "subtractive"\nlayers = [{ wave = "saw" }]\ncutof = 3', "x.cutof"),
        ('kind = "subtractive"\nlayers = [{ wave = "saw" }]\nfilter = { type = "lowpass" }', "x.filter.cutoff"),
        ('kind = "subtractive"\nlayers = [{ wave = "saw" }]\nfilter = { cutoff = 90, slope = 18 }', "x.filter.slope"),
        ('kind = "voice"\nfilter = { type = "formant", vowels = "xy" }', "x.filter.vowels"),
        ('kind = "fm"\noperators = [{ ratio = 1 }]', "x.operators"),
        ('kind = "fm"\noperators = [{ level = 1 }, { index = 1 }]\nroutes = ["1>2"]', "x.routes"),
        ('kind = "string"', "x.decay_s"),
        ('kind = "additive"', "x needs"),
        ('kind = "additive"\ndrawbars = [8, 8]', "x.drawbars"),
        ('kind = "texture"', "x needs"),
        ('kind = "kit"\npieces = { kick = { kind = "kick" } }', "x.pieces.kick.end"),
        ('kind = "kit"\npieces = { kock = { kind = "kick" } }', "x.pieces.kock"),
        ('kind = "kit"\n[x.pieces]\nsnare = { kind = "chip_noise", clock = 900, decay = 0.1 }', "x.pieces must have"),
    ],
)
def test_a_broken_patch_is_told_in_one_sentence(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(f"[x]\n{text}\n")
    with pytest.raises(UserError) as raised:
        read_patches(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: {named}")
    assert message.count("\n") == 0
    (tmp_path / "broken.toml").write_text("[x\n")
    with pytest.raises(UserError, match="closing bracket"):
        read_patches(path)
