"""From written events to played notes: rubato that comes back, gestures that suit the instrument, nothing too short."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grammy_desktop.core.styles import Feel, PartStyle, load_styles
from grammy_desktop.generation.composer.events import Event
from grammy_desktop.generation.composer.form.plan import Plan, plan_form
from grammy_desktop.generation.composer.performance.gestures import gestures, moves
from grammy_desktop.generation.composer.performance.perform import perform, rubato
from grammy_desktop.generation.composer.rhythm import Metre

TEMPO = 90.0
PLAN = plan_form(load_styles()["folk"], tempo=TEMPO, metre=Metre(4, 4), duration=90.0)
STILL = Feel()
LEAD = PartStyle("lead", "lead", "lead", "sf:0:29", 0.0, (50, 90))


def played(part: PartStyle, events: list[Event], feel: Feel = STILL, plan: Plan = PLAN) -> list[tuple[float, float]]:
    return [(n.start, n.length) for n in perform(events, part, feel, plan, np.random.default_rng(1))]


def line(length: float, *, count: int = 40, velocity: float = 90.0) -> list[Event]:
    return [Event(index * length, length * 0.98, 60 + index * 5 % 12, velocity) for index in range(count)]


def test_rubato_breathes_and_comes_back() -> None:
    feel = Feel(rubato_ms=60.0)
    places = np.arange(0, PLAN.bars * 4, 0.25)
    ahead = np.array([rubato(place, feel, PLAN) for place in places]) * 60_000 / TEMPO
    assert ahead.min() == pytest.approx(-60.0, abs=1.0)
    assert ahead.max() <= 0.0
    for section in PLAN.sections:
        assert rubato(section.start * 4.0, feel, PLAN) == pytest.approx(0.0, abs=1e-9)
        for bar in range(section.start, section.end, 4):
            assert rubato(bar * 4.0, feel, PLAN) == pytest.approx(0.0, abs=1e-9)
    # Slow: from one sixteenth to the next nobody hears a jump, and time never runs backwards.
    assert np.abs(np.diff(ahead)).max() < 8.0
    assert rubato(PLAN.last_chord, feel, PLAN) == 0.0
    assert rubato(3.0, STILL, PLAN) == 0.0


def test_all_players_breathe_together() -> None:
    feel = Feel(rubato_ms=60.0)
    events = [Event(float(beat), 0.5, 60, 90.0) for beat in range(16)]
    roles = ("lead", "bass", "chords", "drums")
    starts = [[start for start, _ in played(replace(LEAD, role=role), events, feel)] for role in roles]
    assert all(other == pytest.approx(starts[0], abs=1e-6) for other in starts[1:])
    assert min(start - event.start for start, event in zip(starts[0], events, strict=True)) < -0.02


@pytest.mark.parametrize("articulation", ["normal", "staccato", "legato"])
def test_no_note_is_shorter_than_50_ms(articulation: str) -> None:
    events = [Event(index * 0.25, 0.02, 60 + index % 7, 90.0) for index in range(60)]
    lengths = [length for _, length in played(replace(LEAD, articulation=articulation), events)]
    assert min(lengths) * 60 / TEMPO >= 0.0499


def test_gestures_suit_the_instrument() -> None:
    wanting = replace(LEAD, slide=1.0, bend=1.0, vibrato=1.0)
    assert moves(wanting)
    assert not moves(LEAD), "the sheet asks for none"
    for fixed in ("sf:0:0", "sf:0:4", "sf:0:11", "sf:0:16", "synth:kalimba_s", "synth:felt_piano"):
        assert not moves(replace(wanting, sound=fixed)), fixed
    for free in ("sf:0:33", "sf:0:42", "sf:0:52", "sf:0:65", "synth:saw_lead", "synth:lead_guitar"):
        assert moves(replace(wanting, sound=free)), free


def test_slides_come_from_below_into_long_or_strong_notes() -> None:
    part = replace(LEAD, slide=1.0)
    curves = gestures(line(2.0), part, TEMPO, np.random.default_rng(3))
    assert all(curves)
    for curve in curves:
        (start, depth), (end, level) = curve
        assert start == 0.0 and level == 0.0
        assert 0.05 <= end * 60 / TEMPO <= 0.13
        assert abs(depth) <= 3.0
    assert not any(gestures(line(0.4, velocity=70.0), part, TEMPO, np.random.default_rng(3)))
    assert all(gestures(line(0.4, velocity=110.0), part, TEMPO, np.random.default_rng(3)))


def test_bends_are_a_whole_step_on_guitars() -> None:
    curves = gestures(line(2.0), replace(LEAD, bend=1.0), TEMPO, np.random.default_rng(3))
    assert {curve[0][1] for curve in curves} == {-2.0}
    assert all(curve[-1][1] == 0.0 for curve in curves)


def test_vibrato_comes_late_and_only_to_held_notes() -> None:
    part = replace(LEAD, vibrato=1.0)
    assert not any(gestures(line(1.0), part, TEMPO, np.random.default_rng(3)))
    for curve in gestures(line(3.0), part, TEMPO, np.random.default_rng(3)):
        times = np.array([when for when, _ in curve]) * 60 / TEMPO
        levels = [level for _, level in curve]
        assert times[0] >= 0.249
        # From crest to crest two points: 4.5 to 5.6 turns a second on a guitar.
        assert 4.4 <= 0.5 / float(np.median(np.diff(times[1:-1]))) <= 5.7
        assert 0.17 <= max(levels) <= 0.36
        assert levels[-1] == 0.0 and times[-1] < 2.0


def test_how_often_is_the_sheets_to_say() -> None:
    part = replace(LEAD, slide=0.3)
    curves = gestures(line(2.0, count=400), part, TEMPO, np.random.default_rng(5))
    assert 0.22 <= sum(map(bool, curves)) / 400 <= 0.38


def test_a_chord_moves_as_one() -> None:
    part = replace(LEAD, role="chords", vibrato=1.0)
    chord = [Event(start + 0.02 * voice, 3.0, 50 + 5 * voice, 90.0) for start in (0.0, 4.0) for voice in range(4)]
    curves = gestures(chord, part, TEMPO, np.random.default_rng(3))
    assert len({*curves[:4]}) == len({*curves[4:]}) == 1
    assert curves[0] and curves[0] != curves[4]


def test_gestures_change_no_timing() -> None:
    plain = perform(line(2.0), LEAD, STILL, PLAN, np.random.default_rng(1))
    moved = perform(line(2.0), replace(LEAD, slide=1.0, vibrato=0.5), STILL, PLAN, np.random.default_rng(1))
    assert [replace(note, bend=()) for note in moved] == list(plain)
    assert any(note.bend for note in moved)
