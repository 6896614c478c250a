"""The sound font: in tune, on time, deterministic in any order, with stand-ins for what it lacks."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.song import Note, Part
from grammy_desktop.generation.composer.render import RATE, Stage, render_part
from grammy_desktop.generation.composer.render.kit_trims import kit_trim
from grammy_desktop.generation.composer.render.onsets import onset_delay
from grammy_desktop.generation.composer.render.soundfont import SoundFont, shipped_font
from grammy_desktop.generation.composer.render.synth_events import OFF, ON, note_events

STAGE = Stage(seconds_per_beat=0.5, frames=3 * RATE, tonic=0, check=lambda: None)
CHORD = tuple(Note(1, 2, pitch, 90) for pitch in (57, 64, 69))


def render(sound: str, notes: tuple[Note, ...] = CHORD) -> np.ndarray:
    return render_part(Part("one", "stem", notes, is_drums=":128:" in sound, sound=sound), STAGE)


@pytest.mark.parametrize("program", [0, 4, 24, 33, 48, 61, 73])
def test_presets_are_in_tune_and_on_time(program: int) -> None:
    sound = render(f"sf:0:{program}", (Note(1, 3, 57, 100),))
    # A sample that speaks late is started early: what is heard before the note stays 20 dB below it.
    assert np.abs(sound[: RATE // 2 - RATE // 50]).max() < 1e-4
    assert np.abs(sound[: RATE // 2 - RATE // 400]).max() < 0.1 * np.abs(sound).max()
    body = sound[int(0.7 * RATE) : int(1.9 * RATE)].sum(axis=1)
    power = np.abs(np.fft.rfft(body * np.hanning(len(body)), 1 << 18))
    hertz = np.fft.rfftfreq(1 << 18, 1 / RATE)
    # Overtones may be stronger than the fundamental: take what lies by 220 Hz or its double.
    cents = []
    for target in (220.0, 440.0):
        near = (hertz > target * 0.97) & (hertz < target * 1.03)
        cents.append(abs(1200 * np.log2(hertz[near][power[near].argmax()] / target)))
    assert min(cents) < 15


def test_the_same_samples_in_any_order() -> None:
    piano = render("sf:0:0")
    strings = render("sf:0:48")
    assert np.array_equal(render("sf:0:48"), strings)
    assert np.array_equal(render("sf:0:0"), piano)
    assert not np.array_equal(piano, strings)


def test_louder_strokes_are_louder() -> None:
    soft, loud = (np.abs(render("sf:0:0", (Note(0, 2, 60, v),))).max() for v in (50, 110))
    assert loud > 2 * soft


def test_a_repeated_pitch_is_struck_again() -> None:
    sound = render("sf:0:0", (Note(0, 4, 60, 100), Note(2, 2, 60, 100)))
    decayed, struck = (
        np.abs(sound[a:b]).max() for a, b in ((int(0.8 * RATE), int(0.98 * RATE)), (RATE, int(1.2 * RATE)))
    )
    assert struck > 1.5 * decayed


def test_missing_presets_are_played_by_their_family() -> None:
    font = shipped_font()
    assert font.preset(0, 0) == (0, 0)
    bank, program = font.preset(0, 51)
    assert bank == 0
    assert program // 8 == 51 // 8
    assert font.preset(128, 48)[0] == 128
    assert np.abs(render("sf:0:51")).max() > 0.001


def test_drum_kits_answer_by_their_trims() -> None:
    sound = render("sf:128:16", (Note(0, 0.2, 36, 110), Note(2, 0.2, 42, 90)))
    assert np.abs(sound[: RATE // 2]).max() > 0.05
    assert np.abs(sound[RATE : RATE + RATE // 4]).max() > 0.01
    assert kit_trim("128:16", 42) != kit_trim("128:16", 36)
    assert kit_trim("unmeasured", 42) == 0.0


def test_a_broken_font_is_an_environment_failure(tmp_path: object) -> None:
    with pytest.raises(EnvironmentFailure):
        SoundFont(f"{tmp_path}/missing.sf3")


@pytest.mark.parametrize(
    ("sound", "pitches"), [("sf:0:33", (31, 40, 50)), ("sf:0:28", (48, 60)), ("sf:0:25", (45, 64))]
)
def test_samples_that_speak_late_are_started_early(sound: str, pitches: tuple[int, ...]) -> None:
    for pitch in pitches:
        late = np.abs(render(sound, (Note(1, 2, pitch, 100),))).max(axis=1)[RATE // 4 : RATE]
        envelope = np.maximum.reduceat(late, np.arange(0, len(late), RATE // 1000))
        assert abs(int(np.argmax(envelope > 0.1 * envelope.max())) - 250) <= 5


def test_a_note_repeated_at_once_still_ends_before_it_begins_again() -> None:
    events = note_events(
        [Note(0, 1, 40, 90), Note(1, 1, 40, 90)], lambda beat: beat * 0.5, 2 * RATE, bank=0, program=33
    )
    assert [event.order for event in events] == [ON, OFF, ON, OFF]
    assert events[1].frame <= events[2].frame
    assert onset_delay(0, 33, 40) > 0.005
    assert onset_delay(0, 48, 40) == 0.0
