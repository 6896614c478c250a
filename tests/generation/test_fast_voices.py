"""What makes voices cheap must not be heard: phases, banks, shared bodies, noise from a tape, the drive in pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.bodies import Bodies, played, rung, shared_bodies
from grammy_desktop.generation.composer.render.noise import swept_noise, white
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.saturation import clean_drive
from grammy_desktop.generation.composer.render.shaping import adsr, apply_filter, falling
from grammy_desktop.generation.composer.render.strands import (
    BLOCK,
    STEP,
    Strands,
    add_strands,
    every_frame,
    grid_size,
    grid_times,
    make_bank,
    moving_grid,
    steady_grid,
)
from grammy_desktop.generation.composer.render.tone import Tone


def decibels(error: Any, sound: Any) -> float:
    return float(
        20
        * np.log10(np.sqrt((np.asarray(error, np.float64) ** 2).mean() / (np.asarray(sound, np.float64) ** 2).mean()))
    )


def test_a_steady_voice_is_the_sum_of_its_harmonics() -> None:
    n = np.arange(1, 30)
    bank = make_bank((1.0 / n)[None, :])
    out = np.zeros((2, 3 * BLOCK), np.float32)
    gains = np.array([[1.0, 0.0], [0.0, 0.5]], np.float32)
    add_strands(
        out, [Strands(bank, (1.0, 1.5), (0.0, 0.25), gains)], steady_grid(220.0, 3 * BLOCK), np.zeros(1, np.float32)
    )
    t = np.arange(3 * BLOCK) / RATE
    left = sum(np.sin(2 * np.pi * k * 220.0 * t) / k for k in n)
    right = 0.5 * sum(np.sin(2 * np.pi * k * (330.0 * t + 0.25)) / k for k in n)
    assert decibels(out[0] - left, left) < -58.0
    assert decibels(out[1] - right, right) < -58.0


def test_a_bank_fades_from_row_to_row() -> None:
    spectra = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.0]])
    bank = make_bank(spectra)
    rows = np.linspace(0.0, 2.0, grid_size(BLOCK)).astype(np.float32)
    out = np.zeros((1, BLOCK), np.float32)
    group = Strands(bank, (1.0,), (0.0,), np.ones((1, 1), np.float32))
    add_strands(out, [group], steady_grid(300.0, BLOCK), rows)
    place = every_frame(rows, BLOCK)
    t = np.arange(BLOCK) / RATE
    one, two = np.sin(2 * np.pi * 300.0 * t), np.sin(2 * np.pi * 600.0 * t)
    levels = np.array([np.interp(place, [0, 1, 2], spectra[:, k]) for k in range(2)])
    assert decibels(out[0] - (levels[0] * one + levels[1] * two), one) < -55.0


def test_a_vibrato_on_the_grid_keeps_its_pitch_curve() -> None:
    frames = 8 * BLOCK
    middle = (np.arange(grid_size(frames) - 1) + 0.5) * (STEP / RATE)
    turns = moving_grid(440.0 * 2.0 ** (0.3 / 12 * np.sin(2 * np.pi * 5.0 * middle)))
    sine = make_bank(np.ones((1, 1)))
    out = np.zeros((1, frames), np.float32)
    add_strands(out, [Strands(sine, (1.0,), (0.0,), np.ones((1, 1), np.float32))], turns, np.zeros(1, np.float32))
    t = np.arange(frames) / RATE
    exact = np.cumsum(440.0 * 2.0 ** (0.3 / 12 * np.sin(2 * np.pi * 5.0 * (t + 0.5 / RATE)))) / RATE
    exact = np.concatenate([[0.0], exact[:-1]])
    assert decibels(out[0] - np.sin(2 * np.pi * exact), out[0]) < -50.0


@dataclass(frozen=True, eq=False)
class Humming:
    """A sine that counts how often it was made."""

    made: list[int]

    def envelope(self, note: Tone) -> Samples:
        return adsr(note.seconds, attack=0.01, decay=1.0, sustain=0.5, release=0.05)

    def sound(self, note: Tone, frames: int) -> Samples:
        self.made.append(frames)
        phase = note.rng.random()
        return np.sin(2 * np.pi * (note.hz * np.arange(frames) / RATE + phase))[None].astype(np.float32)


def hum(voice: Humming, seconds: float, velocity: float = 0.5) -> Samples:
    rng = np.random.default_rng([1, 2, 60, 3, round(seconds * 200)])
    return played("hum", voice, Tone(60, seconds, velocity, rng))


def test_notes_of_about_one_length_are_cut_from_one_body() -> None:
    shared_bodies().clear()
    voice = Humming([])
    long, short = hum(voice, 1.02), hum(voice, 1.0)
    assert len(voice.made) == 1
    same = len(short) - round(0.06 * RATE)
    assert np.array_equal(short[:same], long[:same])
    hum(voice, 3.0)
    assert len(voice.made) == 2
    shared_bodies().clear()


def test_a_note_never_depends_on_those_before_it() -> None:
    shared_bodies().clear()
    voice = Humming([])
    alone = hum(voice, 0.8)
    shared_bodies().clear()
    for seconds in (2.0, 0.3, 0.81):
        hum(voice, seconds)
    assert np.array_equal(alone, hum(voice, 0.8))
    shared_bodies().clear()


def test_bodies_are_bounded_and_the_oldest_goes() -> None:
    bodies = Bodies(10_000)
    for number in range(10):
        bodies.get(number, lambda: np.zeros(500, np.float32))
    assert bodies.nbytes <= 10_000
    made: list[int] = []

    def make() -> Samples:
        made.append(1)
        return np.zeros(500, np.float32)

    bodies.get(9, make)
    bodies.get(0, make)
    assert made == [1]
    bodies.trim(4_000)
    assert 0 < bodies.nbytes <= 4_000
    bodies.get(0, make)
    assert made == [1]


def test_a_changed_sound_of_the_same_name_is_made_anew() -> None:
    """A user's patch may change between two songs of one process."""
    shared_bodies().clear()
    before, after = Humming([]), Humming([])
    hum(before, 1.0)
    hum(after, 1.0)
    assert len(before.made) == len(after.made) == 1
    shared_bodies().clear()


def test_the_ladder_holds_what_it_is_asked_for() -> None:
    lengths = [rung(frames) for frames in range(1, 60 * RATE, 997)]
    assert all(length >= frames for length, frames in zip(lengths, range(1, 60 * RATE, 997), strict=True))
    assert all(
        length <= max(BLOCK, 1.5 * frames + BLOCK)
        for length, frames in zip(lengths, range(1, 60 * RATE, 997), strict=True)
    )
    assert len(set(lengths)) < 40


def test_the_tape_is_white_and_different_every_time() -> None:
    rng = np.random.default_rng(4)
    one, other = white(rng, 200_000), white(rng, 200_000)
    assert abs(float(one.std()) - 1.0) < 0.02
    assert abs(float(np.corrcoef(one, other)[0, 1])) < 0.02
    power = np.abs(np.fft.rfft(one)) ** 2
    low, high = power[100:20_000].mean(), power[-20_000:].mean()
    assert abs(10 * np.log10(low / high)) < 0.3
    assert len(white(rng, 3_000_000)) == 3_000_000


def test_swept_noise_opens_and_closes() -> None:
    frames = 4 * RATE
    cutoff = np.where(grid_times(frames) < 2.0, 300.0, 6000.0).astype(np.float32)
    sound = swept_noise(np.random.default_rng(3), cutoff, frames, q=0.8)
    assert len(sound) == frames
    dark, bright = sound[: round(1.9 * RATE)], sound[round(2.1 * RATE) :]
    above = [float((apply_filter(part, "highpass", 2500.0, order=4) ** 2).mean()) for part in (dark, bright)]
    assert above[1] > 100 * above[0]


@pytest.mark.parametrize("bias", [0.0, 0.2])
def test_driving_a_long_sound_in_pieces_sounds_the_same(bias: float) -> None:
    t = np.arange(40_000) / RATE
    line = (0.5 * np.sin(2 * np.pi * 110.0 * t) + 0.3 * np.sin(2 * np.pi * 1234.5 * t)).astype(np.float32)
    both = clean_drive(np.stack([line, -line]), 12.0, bias=bias, factor=2)
    plain = np.tanh(line * 10 ** (12 / 20) + bias) - np.tanh(bias)
    if bias:
        plain = apply_filter(plain.astype(np.float32), "highpass", 20.0, order=1)
    plain = plain / np.tanh(10 ** (12 / 20))
    # The reference folds a little; the seams would be far above that.
    assert decibels(both[0][2000:-2000] - plain[2000:-2000], plain) < -45.0
    assert np.abs(np.diff(both[0] - plain))[2000:-2000].max() < 0.02


def test_a_long_fall_is_exact() -> None:
    exact = np.exp(-0.0003 * np.arange(100_000))
    assert np.allclose(falling(100_000, 0.0003), exact, rtol=2e-6, atol=1e-20)
