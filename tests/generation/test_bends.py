"""Slides, bends and vibrato: heard from every kind of sound, without touching the notes beside them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from grammy_desktop.core.pitch_curve import is_still, semitones_at, semitones_over
from grammy_desktop.core.song import Note, Part
from grammy_desktop.generation.composer.render import RATE, Stage, render_part

STAGE = Stage(seconds_per_beat=0.5, frames=3 * RATE, tonic=0, check=lambda: None)
UP = ((0.0, -2.0), (0.1, -2.0), (0.4, 0.0))
"""A whole step up: over after 0.2 s."""
KINDS = ("synth:supersaw", "synth:epiano", "synth:nylon_s", "synth:tonewheel", "synth:choir_aah", "synth:saw_lead")


def render(sound: str, *notes: Note) -> NDArray[np.float64]:
    return render_part(Part("one", "stem", notes, sound=sound), STAGE).sum(axis=1).astype(np.float64)


def cents_at(audio: NDArray[np.float64], seconds: float, pitch: float, *, window: float = 0.1) -> float:
    """How far the partial nearest to `pitch` (within 3.5 semitones) lies from it around a time."""
    middle, half = round(seconds * RATE), round(window * RATE / 2)
    piece = audio[middle - half : middle + half]
    power = np.abs(np.fft.rfft(piece * np.blackman(len(piece)), 1 << 18))
    hertz = np.fft.rfftfreq(1 << 18, 1 / RATE)
    wanted = 440.0 * 2 ** ((pitch - 69) / 12)
    near = (hertz > wanted * 2 ** (-3.5 / 12)) & (hertz < wanted * 2 ** (3.5 / 12))
    return float(1200 * np.log2(hertz[near][power[near].argmax()] / wanted))


def test_a_curve_moves_without_corners() -> None:
    assert semitones_at(UP, -1.0) == semitones_at(UP, 0.05) == -2.0
    assert semitones_at(UP, 0.25) == pytest.approx(-1.0)
    assert semitones_at(UP, 9.0) == 0.0
    times = np.linspace(-0.1, 1.0, 111)
    assert semitones_over(UP, times) == pytest.approx([semitones_at(UP, time) for time in times])
    assert is_still(()) and is_still(((0.0, 0.0),)) and not is_still(UP)
    assert semitones_over(((0.0, 1.5),), times) == pytest.approx(np.full(111, 1.5))


@pytest.mark.parametrize("sound", ["sf:0:40", "sf:0:29", "sf:0:33", *KINDS])
def test_a_bend_is_heard(sound: str) -> None:
    pitch = 43 if sound == "sf:0:33" else 64
    # Some presets are out of tune by themselves, some shake by themselves, choirs are many.
    room = 40 if sound in ("synth:supersaw", "synth:choir_aah", "synth:saw_lead") else 12
    plain = render(sound, Note(1, 2, pitch, 100))
    moved = render(sound, Note(1, 2, pitch, 100, UP))
    still = cents_at(plain, 1.1, pitch, window=0.7)
    assert cents_at(moved, 1.1, pitch, window=0.7) - still == pytest.approx(0, abs=room)
    begin = cents_at(render(sound, Note(1, 2, pitch, 100, ((0.0, -2.0),))), 1.1, pitch, window=0.7)
    assert begin - still == pytest.approx(-200, abs=room)
    # It begins and ends when the plain one does.
    for first, last in ((0.0, 0.48), (2.4, 3.0)):
        loud = np.abs(moved[round(first * RATE) : round(last * RATE)]).max()
        assert loud <= max(
            0.003 * np.abs(moved).max(), 2.0 * np.abs(plain[round(first * RATE) : round(last * RATE)]).max()
        )


@pytest.mark.parametrize("sound", ["sf:0:48", "synth:tonewheel"])
def test_the_others_stay_in_tune(sound: str) -> None:
    beside = (Note(1, 3, 47, 90), Note(1, 3, 54, 90))
    chord = render(sound, *beside, Note(1, 3, 64, 100, ((0.0, 0.0), (1.0, 2.0))))
    alone = render(sound, *beside)
    for pitch in (47, 54):
        assert cents_at(chord, 1.7, pitch, window=0.2) == pytest.approx(cents_at(alone, 1.7, pitch, window=0.2), abs=4)
    bent_to = cents_at(render(sound, Note(1, 3, 64, 100, ((0.0, 0.0), (1.0, 2.0)))), 1.6, 64, window=0.6)
    assert bent_to == pytest.approx(200, abs=12)


def test_vibrato_turns_as_fast_as_it_is_written() -> None:
    turns = tuple((0.2 + 0.2 * turn, 0.3 * (-1) ** turn) for turn in range(10))
    audio = render("sf:0:73", Note(0, 5, 76, 100, ((0.0, 0.0), *turns)))
    # 0.2 beats are 0.1 s: the highest and lowest pitch come in turn.
    for turn in range(2, 8):
        assert np.sign(cents_at(audio, (0.2 + 0.2 * turn) * 0.5, 76, window=0.05)) == (-1) ** turn


def test_a_gliding_phrase_keeps_its_glide() -> None:
    line = (Note(0, 1.2, 57, 100, ((0.0, -1.0), (0.2, 0.0))), Note(1, 2, 60, 100))
    audio = render("synth:saw_lead", *line)
    assert cents_at(audio, 0.35, 57) == pytest.approx(0, abs=25)
    assert cents_at(audio, 1.0, 60) == pytest.approx(0, abs=25)


def test_the_same_samples_after_a_bend() -> None:
    before = render("sf:0:24", Note(0, 2, 60, 90))
    render("sf:0:24", Note(0, 2, 60, 90, UP))
    assert np.array_equal(render("sf:0:24", Note(0, 2, 60, 90)), before)
