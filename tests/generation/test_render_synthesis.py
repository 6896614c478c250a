"""Synthesised sounds: in tune, band-limited, free of clicks, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.song import Note, Part
from grammy_desktop.core.styles.style import SYNTH_RECIPES
from grammy_desktop.generation.composer.render import RATE, Stage, render_part, synth_names
from grammy_desktop.generation.composer.render.kits import kick_hz
from grammy_desktop.generation.composer.render.oscillators import midi_hz, tone
from grammy_desktop.generation.composer.render.shaping import adsr, apply_filter, moving_lowpass

PITCHED = (
    "sub_bass",
    "808",
    "house_bass",
    "supersaw",
    "stab",
    "pluck",
    "saw_lead",
    "square_lead",
    "epiano",
    "warm_pad",
)
BASSES = ("sub_bass", "808", "house_bass")
KIT_NAMES = ("kit_lofi", "kit_909", "kit_trap", "kit_pop", "kit_cinematic")
EFFECTS = ("vinyl", "rain", "riser", "downlifter", "impact", "reverse_cymbal", "sub_drop")


def stage(seconds: float = 3.0, tonic: int = 9) -> Stage:
    return Stage(seconds_per_beat=0.5, frames=int(seconds * RATE), tonic=tonic, check=lambda: None)


def part(sound: str, *notes: Note, name: str = "one") -> Part:
    return Part(name, "stem", notes, is_drums="kit" in sound, sound=sound)


def spectrum(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    window = np.hanning(len(samples))
    return np.fft.rfftfreq(len(samples), 1 / RATE), np.abs(np.fft.rfft(samples * window))


def test_every_recipe_of_the_style_sheets_has_a_sound() -> None:
    assert set(SYNTH_RECIPES) <= set(synth_names())


@pytest.mark.parametrize("shape", ["saw", "square", "triangle"])
@pytest.mark.parametrize("hz", [55.0, 997.0, 3729.3, 7040.0])
def test_nothing_folds_back_between_the_harmonics(shape: str, hz: float) -> None:
    hertz, power = spectrum(tone(shape, hz, RATE))
    distance = np.abs(hertz / hz - np.round(hertz / hz)) * hz
    aliases = power[(distance > 12.0) & (hertz > 20.0)]
    assert 20 * np.log10(aliases.max() / power.max()) < -60.0


@pytest.mark.parametrize("name", PITCHED)
def test_notes_are_in_tune(name: str) -> None:
    pitch = 33 if name in BASSES else 57
    sound = render_part(part(f"synth:{name}", Note(0, 4, pitch, 100)), stage())[: 2 * RATE].sum(axis=1)
    hertz, power = spectrum(sound[RATE // 10 :])
    near = (hertz > midi_hz(pitch) * 0.94) & (hertz < midi_hz(pitch) * 1.06)
    # The centre of gravity of the fundamental, because detuned voices stand around it.
    found = float((hertz[near] * power[near] ** 2).sum() / (power[near] ** 2).sum())
    assert abs(1200 * np.log2(found / midi_hz(pitch))) < 12.0


@pytest.mark.parametrize("name", [*PITCHED, "reese", "fm_bell", "braam", *EFFECTS, *KIT_NAMES])
def test_sounds_start_and_end_without_a_click(name: str) -> None:
    notes = [Note(1.0, 2.0, 36 if name in KIT_NAMES else 48, 110)]
    sound = render_part(part(f"synth:{name}", *notes), stage(8.0))
    assert np.isfinite(sound).all()
    first = RATE // 2
    peak = np.abs(sound).max()
    assert peak > 0.01
    assert not sound[:first].any()
    assert np.abs(sound[first : first + 2]).max() < 0.08 * peak
    last = int(np.flatnonzero(np.abs(sound).max(axis=1))[-1])
    assert last < len(sound) - 1
    assert np.abs(sound[last - 1 : last + 1]).max() < 0.01 * peak


def test_long_notes_of_every_pitched_recipe_have_no_jump_at_their_joints() -> None:
    for name in ("sub_bass", "808", "reese", "house_bass"):
        notes = [Note(i * 0.5, 0.5, 33 + i % 3, 100) for i in range(8)]
        sound = render_part(part(f"synth:{name}", *notes), stage(4.0)).sum(axis=1)
        inside = np.abs(np.diff(sound[RATE // 8 : RATE // 5])).max()
        joints = [np.abs(np.diff(sound[i * RATE // 4 - 400 : i * RATE // 4 + 20])).max() for i in range(1, 8)]
        assert max(joints) < 4 * inside


def test_overlapping_bass_notes_glide() -> None:
    notes = [Note(0, 2.2, 33, 100), Note(2, 2, 40, 100)]
    sound = render_part(part("synth:808", *notes), stage()).sum(axis=1)
    before, after = sound[RATE // 4 : int(0.95 * RATE)], sound[int(1.2 * RATE) : int(1.9 * RATE)]
    for piece, pitch in ((before, 33), (after, 40)):
        hertz, power = spectrum(piece)
        assert abs(hertz[power.argmax()] - midi_hz(pitch)) < 2.5
    joint = np.abs(sound[int(0.98 * RATE) : int(1.06 * RATE)])
    assert joint.max() > 0.2 * np.abs(sound).max(), "a glide has no gap"


def test_velocity_follows_forty_log() -> None:
    loud = render_part(part("synth:kit_909", Note(0, 1, 36, 120)), stage())
    soft = render_part(part("synth:kit_909", Note(0, 1, 36, 100)), stage())
    decibels = 20 * np.log10(np.abs(loud).max() / np.abs(soft).max())
    assert decibels == pytest.approx(40 * np.log10(120 / 100), abs=0.7)


@pytest.mark.parametrize("tonic", range(12))
def test_the_kick_sounds_the_tonic_or_the_fifth(tonic: int) -> None:
    pitch = 69 + 12 * np.log2(kick_hz(tonic) / 440.0)
    assert round(pitch) % 12 in (tonic, (tonic + 7) % 12)
    assert abs(pitch - round(pitch)) < 1e-6
    sound = render_part(part("synth:kit_909", Note(0, 1, 36, 110)), stage(tonic=tonic)).sum(axis=1)
    hertz, power = spectrum(np.pad(sound[int(0.1 * RATE) : int(0.35 * RATE)], (0, RATE)))
    assert abs(1200 * np.log2(hertz[power.argmax()] / kick_hz(tonic, 45, 64))) < 70


def test_a_closed_hat_stops_an_open_one() -> None:
    ringing = render_part(part("synth:kit_pop", Note(0, 1, 46, 110)), stage())
    choked = render_part(part("synth:kit_pop", Note(0, 1, 46, 110), Note(0.2, 1, 42, 1)), stage())
    late = slice(int(0.12 * RATE), int(0.3 * RATE))
    assert np.abs(choked[late]).max() < 0.1 * np.abs(ringing[late]).max()


def test_round_robin_takes_differ_but_are_the_parts_own() -> None:
    strokes = Note(0, 1, 38, 100), Note(2, 1, 38, 100)
    one, again, other = (render_part(part("synth:kit_pop", *strokes, name=name), stage()) for name in ("a", "a", "b"))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert not np.allclose(one[:RATE], one[RATE : 2 * RATE], atol=1e-3)


def test_a_part_sounds_the_same_whatever_plays_beside_it() -> None:
    notes = [Note(0, 1, 60, 90), Note(1, 1, 64, 90)]
    alone = render_part(part("synth:supersaw", *notes), stage())
    render_part(part("synth:fm_bell", *notes, name="other"), stage())
    assert np.array_equal(alone, render_part(part("synth:supersaw", *notes), stage()))


def test_vinyl_and_rain_fill_their_whole_note() -> None:
    for name in ("vinyl", "rain"):
        sound = render_part(part(f"synth:{name}", Note(0, 12, 60, 80)), stage(6.0))
        thirds = np.sqrt((sound.reshape(3, -1) ** 2).mean(axis=1))
        assert thirds.min() > 0.5 * thirds.max()


def test_a_riser_rises_and_a_downlifter_falls() -> None:
    def brightness(piece: np.ndarray) -> float:
        hertz, power = spectrum(piece.sum(axis=1))
        return float((hertz * power**2).sum() / (power**2).sum())

    up = render_part(part("synth:riser", Note(0, 8, 60, 100)), stage(4.0))
    down = render_part(part("synth:downlifter", Note(0, 8, 60, 100)), stage(4.0))
    assert brightness(up[3 * RATE :]) > 2 * brightness(up[:RATE])
    assert brightness(down[3 * RATE :]) < 0.5 * brightness(down[:RATE])
    assert np.abs(up[3 * RATE :]).max() > 4 * np.abs(up[:RATE]).max()


def test_an_unknown_sound_is_refused() -> None:
    for sound in ("synth:nose_flute", "vst:serum", ""):
        with pytest.raises(ValueError, match="unknown sound"):
            render_part(part(sound, Note(0, 1, 60, 90)), stage())


def test_a_note_past_the_end_is_left_out() -> None:
    assert not render_part(part("synth:pluck", Note(50, 1, 60, 90)), stage()).any()


def test_moving_lowpass_matches_a_still_filter_where_the_cutoff_rests() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    curve = np.where(np.arange(RATE) < RATE // 2, 640.0, 2560.0)
    moving = moving_lowpass(noise, curve)
    still = apply_filter(noise, "lowpass", 2560.0, q=0.9)
    late = slice(int(0.8 * RATE), None)
    assert np.abs(moving[late] - still[late]).max() < 0.02


def test_envelope_reaches_its_levels() -> None:
    envelope = adsr(1.0, attack=0.1, decay=0.3, sustain=0.5, release=0.2)
    assert envelope[0] == 0.0
    assert envelope[int(0.1 * RATE)] == pytest.approx(1.0, abs=0.01)
    assert envelope[int(0.95 * RATE)] == pytest.approx(0.5, abs=0.01)
    assert len(envelope) == int(1.2 * RATE)
    assert envelope[-1] == 0.0
