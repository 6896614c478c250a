"""The parts of the analysis, each on a signal with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.analysis.attacks import attacks_of
from grammy_desktop.analysis.beat_fit import fit_steady
from grammy_desktop.analysis.chord_classes import CLASSES, HEARD, NO_CHORD, chord_of, class_of, heard_quality
from grammy_desktop.analysis.chord_features import PER_SLOT, rotated
from grammy_desktop.analysis.chords import decode, key_prior
from grammy_desktop.analysis.keys import find_keys
from grammy_desktop.analysis.pitches import LOWEST, pitches_of
from grammy_desktop.analysis.pulse import PulseSpectrum, find_pulses
from grammy_desktop.analysis.sections import segment
from grammy_desktop.analysis.small_net import SmallNet
from grammy_desktop.analysis.spectra import ANALYSIS_RATE
from grammy_desktop.core.music import QUALITIES, Chord, Key
from grammy_desktop.core.progress import NoProgress


def clicks(times: np.ndarray, seconds: float) -> np.ndarray:
    wave = 1e-4 * np.random.default_rng(2).standard_normal(int(seconds * ANALYSIS_RATE))
    burst = np.random.default_rng(3).standard_normal(400) * np.exp(-np.arange(400) / 120)
    for time in times:
        first = int(time * ANALYSIS_RATE)
        room = wave[first : first + 400]
        room += 0.5 * burst[: room.size]
    return wave.astype(np.float32)


@pytest.mark.parametrize("bpm", [61.3, 87.0, 119.87, 174.5])
def test_a_steady_pulse_is_found_to_a_hundredth(bpm):
    attacks = attacks_of(clicks(0.31 + np.arange(200) * 60 / bpm, 40.0), NoProgress())
    pulses = find_pulses(PulseSpectrum(attacks.total))
    near = min(pulses, key=lambda pulse: abs(pulse.bpm - bpm))
    assert near.bpm == pytest.approx(bpm, abs=0.03)
    fit = fit_steady(attacks, 0.31, 60 / near.bpm, 40.0)
    assert fit.steady
    assert 60 / fit.period == pytest.approx(bpm, abs=0.02)
    assert (fit.first - 0.31 + 0.02) % fit.period - 0.02 == pytest.approx(0.0, abs=0.012)


def test_a_wandering_pulse_is_not_called_steady():
    drift = np.cumsum(60 / (100 + 8 * np.sin(np.arange(60) / 6)))
    attacks = attacks_of(clicks(drift, 38.0), NoProgress())
    assert not fit_steady(attacks, float(drift[0]), 0.6, 36.0).steady


@pytest.mark.parametrize("midi", [33, 40, 48, 60, 72, 81])
@pytest.mark.parametrize("cents", [-30, 0, 20])
def test_a_tone_is_explained_by_its_own_note(midi, cents):
    time = np.arange(3 * ANALYSIS_RATE) / ANALYSIS_RATE
    hertz = 440 * 2 ** ((midi - 69 + cents / 100) / 12)
    wave = sum(np.sin(2 * np.pi * hertz * k * time) / k**1.3 for k in range(1, 9))
    found = pitches_of((0.1 * wave).astype(np.float32), NoProgress())
    middle = found.notes[found.notes.shape[0] // 2]
    assert LOWEST + int(middle.argmax()) == midi
    assert middle.max() > 4 * np.sort(middle)[-2]
    assert found.tuning == pytest.approx(cents / 100, abs=0.06)


def test_every_chord_of_the_house_has_a_class():
    for root in range(12):
        for quality in QUALITIES:
            chord = Chord(root, quality)
            back = chord_of(class_of(chord))
            assert back is not None and back.root == root and back.quality == heard_quality(quality)
    assert class_of(None) == NO_CHORD and chord_of(NO_CHORD) is None


def test_features_turn_with_the_root():
    rng = np.random.default_rng(1)
    features = rng.random((5, PER_SLOT), dtype=np.float32)
    up = np.concatenate([np.roll(part, 3, axis=1) for part in np.split(features, 3, axis=1)], axis=1)
    assert np.array_equal(rotated(features)[:, 2], rotated(up)[:, 5])


def test_a_doubtful_beat_does_not_break_a_chord_and_posteriors_are_shares():
    one, other = class_of(Chord(0, "maj")), class_of(Chord(7, "maj"))
    logits = np.zeros((16, CLASSES), np.float32)
    logits[:8, one] = logits[8:, other] = 6.0
    logits[3, one], logits[3, other] = 5.0, 5.5
    chances = np.tile([0.5, 0.05, 0.2, 0.05], 4)
    path = decode(logits, chances)
    assert path.path.tolist() == [one] * 8 + [other] * 8
    assert np.allclose(path.shares.sum(axis=1), 1.0)
    assert path.shares[3, one] > path.shares[3, other]


def test_the_key_prior_favours_the_keys_own_chords():
    prior = key_prior(Key.parse("C major"), 1.0)
    assert prior[class_of(Chord(9, "min7"))] == 0.0
    assert prior[class_of(Chord(9, "maj"))] < 0.0
    assert key_prior(Key.parse("A minor"), 1.0)[class_of(Chord(4, "7"))] == 0.0


@pytest.mark.parametrize("tonic", [0, 5, 10])
@pytest.mark.parametrize(("mode", "steps"), [("major", (0, 9, 5, 7)), ("minor", (0, 5, 10, 7))])
def test_keys_from_chords(tonic, mode, steps):
    qualities = {"major": ("maj", "min", "maj", "maj"), "minor": ("min", "min", "maj", "7")}[mode]
    shares = np.full((16, CLASSES), 1e-4)
    classes = np.zeros((16, 12))
    for slot in range(16):
        chord = Chord((tonic + steps[slot % 4]) % 12, qualities[slot % 4])
        shares[slot, class_of(chord)] = 1.0
        classes[slot, list(chord.pitch_classes)] = 1.0
    key, spans = find_keys(shares / shares.sum(axis=1, keepdims=True), classes, np.arange(17.0))
    assert key is not None and key.value == Key(tonic, mode)
    assert spans[0].start == 0.0 and spans[-1].end == 16.0


def test_sections_begin_where_they_most_likely_do():
    chances = np.full(24, 0.02)
    chances[[0, 8, 16]] = (1.0, 0.9, 0.8)
    assert segment(chances) == [0, 8, 16]
    assert segment(np.array([1.0])) == [0]


def test_a_network_is_stored_and_read_back(tmp_path):
    rng = np.random.default_rng(4)
    layers = tuple(
        (rng.standard_normal(shape).astype(np.float32), rng.standard_normal(shape[1]).astype(np.float32))
        for shape in ((6, 4), (4, 2))
    )
    net = SmallNet(np.zeros(6, np.float32), np.ones(6, np.float32), layers, "test 1")
    net.save(tmp_path / "net.npz")
    again = SmallNet.load(tmp_path / "net.npz")
    rows = rng.standard_normal((3, 5, 6)).astype(np.float32)
    assert np.array_equal(net(rows), again(rows)) and net(rows).shape == (3, 5, 2)
    assert again.version == "test 1"


def test_all_chords_that_are_told_apart_are_the_houses():
    assert set(HEARD) <= set(QUALITIES)
