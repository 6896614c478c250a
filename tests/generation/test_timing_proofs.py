"""A thin slice of the proofs of timing: attacks behind a channel strip, drift, and MIDI files as others read them."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.song import Note, Part
from grammy_desktop.generation.composer.render import RATE, Stage, render_part
from grammy_desktop.generation.composer.render.onset_measure import Heard, delay_of, delay_range, delay_runs
from grammy_desktop.generation.composer.render.shaping import apply_filter
from tests.acceptance.context import Context
from tests.acceptance.issue_4 import drift, midi
from tests.acceptance.issue_4.attack_facts import attack_errors, envelope


@pytest.mark.parametrize(
    ("program", "keys", "cuts"),
    [
        (32, range(28, 48, 3), (24.0, 38.0)),
        (33, range(28, 55, 3), (24.0, 38.0)),
        (34, range(28, 50, 3), (24.0, 38.0)),
        (38, range(30, 50, 3), (24.0, 38.0)),
        (25, range(45, 80, 5), (100.0, 180.0)),
        (26, range(45, 80, 5), (100.0, 180.0)),
        (11, range(55, 85, 5), (150.0, 300.0)),
    ],
)
def test_attacks_behind_a_strip(program: int, keys: range, cuts: tuple[float, float]) -> None:
    notes = tuple(Note(0.5 + 2 * index, 0.3, key, 90) for index, key in enumerate(keys))
    stage = Stage(1.0, round((2 * len(notes) + 1) * RATE), 0, lambda: None)
    dry = render_part(Part("one", "stem", notes, sound=f"sf:0:{program}"), stage)
    for cut in cuts:
        heard = apply_filter(apply_filter(dry, "highpass", cut), "highpass", 22.0)
        errors = attack_errors(envelope(heard, RATE), [note.start for note in notes])
        assert len(errors) >= len(notes) - 3
        assert np.abs(errors).max() <= 5.5, (cut, errors)
        assert abs(float(np.median(errors))) <= 2.5


def test_the_middle_between_what_may_be_heard_is_taken() -> None:
    note = np.zeros((RATE // 2, 2), np.float32)
    note[480:] = 0.02
    note[720:] = 1.0
    note *= np.sin(2 * np.pi * 700 * np.arange(RATE // 2) / RATE).astype(np.float32)[:, None]
    # The faint beginning counts only where the peak is rounded off by more than 14 dB.
    assert delay_range(note, Heard((100.0,))) == pytest.approx((0.015, 0.015), abs=5e-4)
    note[480:720] *= 3.2
    assert delay_range(note, Heard((100.0,))) == pytest.approx((0.010, 0.015), abs=5e-4)
    assert delay_of(note, Heard((100.0,))) == pytest.approx(0.0125, abs=5e-4)
    assert delay_of(np.zeros_like(note), Heard((100.0,))) == 0.0
    assert delay_runs(lambda key: note, range(40, 50), Heard((100.0,))) == [[40, pytest.approx(12.5, abs=0.5)]]


def test_no_drift() -> None:
    with Context() as context:
        drift.run(context, seconds=60.0, prompts=(("house", "house at 123.7 BPM"),))
    assert context.passed, context.figures


@pytest.mark.parametrize("style", ["blues", "soul", "ambient"])
def test_midi_files_as_mido_reads_them(style: str) -> None:
    from grammy_desktop.assistant import read_prompt
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.generation.composer.compose import compose
    from grammy_desktop.generation.composer.midi.file import write_midi

    sheets = load_styles()
    score = compose(read_prompt("song", sheets, style=style, duration=20), sheets[style], 2)
    faults = midi.Faults()
    with Context() as context:
        path = context.folder / "song.mid"
        write_midi(score, path)
        midi.with_mido(path, score, style, faults)
    assert len(faults.found) == 5
    assert not any(faults.found.values()), faults.found


@pytest.mark.parametrize("sound", ["sf:0:33", "sf:128:8", "synth:kit_909", "synth:pluck"])
def test_a_tempo_map_is_followed(sound: str) -> None:
    notes = tuple(
        Note(float(beat), 0.3, 38 if "128" in sound or "kit" in sound else 45, 100) for beat in (1, 4, 5, 7, 9)
    )
    stage = Stage(0.5, 6 * RATE, 0, lambda: None, tempo_map=((4.0, 60.0), (6.0, 150.0)))
    wanted = [0.5, 2.0, 3.0, 4.4, 5.2]
    assert [stage.seconds(note.start) for note in notes] == pytest.approx(wanted)
    audio = render_part(Part("one", "stem", notes, is_drums="38" in sound, sound=sound), stage)
    errors = attack_errors(envelope(audio, RATE), wanted)
    assert len(errors) >= 3
    assert np.abs(errors).max() <= 9.0


def test_what_speaks_late_is_on_time_at_the_very_beginning() -> None:
    """Its sample begins 47 ms before it is heard: before the song does."""
    stage = Stage(0.5, RATE, 0, lambda: None)
    audio = render_part(Part("bass", "bass", (Note(0.05, 1, 32, 100),), sound="sf:0:33"), stage)
    heard = envelope(apply_filter(audio, "highpass", 30.0), RATE)
    assert abs(int(np.argmax(heard >= 0.1 * heard[:300].max())) - 25) <= 3


@pytest.mark.parametrize(("program", "pitch"), [(32, 36), (33, 36), (33, 43), (34, 43), (36, 36)])
def test_a_bass_note_ends_without_a_click(program: int, pitch: int) -> None:
    """Low notes have nothing above 8 kHz that would cover the steps in which a note is let go."""
    stage = Stage(1.0, 2 * RATE, 0, lambda: None)
    audio = render_part(Part("bass", "bass", (Note(0.5, 0.4, pitch, 100),), sound=f"sf:0:{program}"), stage)
    treble = np.abs(apply_filter(apply_filter(audio, "highpass", 8000.0), "highpass", 8000.0))
    end = round(0.9 * RATE)
    assert treble[end - 48 : end + 480].max() < 10 ** (-46 / 20) * np.abs(audio).max()
