"""The Grammy Meter on synthetic music: what must and what must not change a score."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from scoring_signals import (
    RATE,
    clip_of,
    clipped,
    crushed,
    low_passed,
    make_song,
    noisy,
    polarity_flipped,
    speech_like,
)

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.scoring import GrammyScore, score
from grammy_desktop.scoring.reference import Reference
from grammy_desktop.scoring.result import WEIGHTS

SCORES = ("overall_score", *WEIGHTS)


@pytest.fixture(scope="module")
def song() -> AudioClip:
    return make_song(10.0)


@pytest.fixture(scope="module")
def clean(song) -> GrammyScore:
    return score(song, style="pop")


def test_json_has_the_keys_of_the_contract_and_is_strict(clean):
    data = json.loads(json.dumps(clean.to_json(), allow_nan=False))
    expected = {*SCORES, "mood", "confidence", "insights", "timeline", "model", "verdict"}
    assert expected <= set(data)
    assert data["model"]["name"] == "rules"
    assert data["model"]["trained_on"] is None
    assert data["model"]["cannot_know"]
    assert 0 <= data["mood"]["arousal"] <= 1
    assert all({"start", "end", "score", "short_term"} <= set(point) for point in data["timeline"])


def test_every_score_is_in_range_with_its_kind_and_evidence(clean):
    assert clean.verdict == "music"
    assert all(0 <= getattr(clean, name) <= 100 for name in SCORES)
    assert {category.kind for category in clean.categories.values()} == {"measured", "estimate", "low confidence"}
    assert all(category.evidence and category.band > 0 for category in clean.categories.values())
    assert 5 < clean.band < 15


def test_overall_is_the_published_sum(clean):
    assert clean.overall_score == pytest.approx(sum(WEIGHTS[name] * getattr(clean, name) for name in WEIGHTS))
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


def test_same_audio_same_score(song, clean):
    assert score(song, style="pop").to_json() == clean.to_json()


def test_timeline_covers_the_song_around_its_score(song, clean):
    assert clean.timeline[0].start == 0
    assert clean.timeline[-1].end == pytest.approx(song.duration)
    assert all(a.end == b.start for a, b in pairwise(clean.timeline))
    assert np.median([point.score for point in clean.timeline]) == pytest.approx(clean.overall_score, abs=5)


@pytest.mark.parametrize("gain", [-6.0, 6.0])
def test_gain_moves_only_what_is_about_level(song, clean, gain):
    changed = score(clip_of(song.samples * 10 ** (gain / 20)), style="pop")
    for name in ("production_quality", "emotional_impact", "commercial_appeal", "innovation"):
        assert getattr(changed, name) == pytest.approx(getattr(clean, name), abs=0.7), name
    assert changed.radio_readiness < clean.radio_readiness
    assert changed.mood["arousal"] == pytest.approx(clean.mood["arousal"], abs=0.01)


@pytest.mark.parametrize(
    ("damage", "mild", "severe"),
    [
        (clipped, 5.0, 11.0),
        (low_passed, 5000.0, 2500.0),
        (noisy, 30.0, 18.0),
        (crushed, 6.0, 14.0),
        (polarity_flipped, 0.65, 1.0),
    ],
)
def test_damage_lowers_production_quality_and_severe_damage_lowers_it_more(song, clean, damage, mild, severe):
    unharmed = clean
    first, second = (score(damage(song, amount), style="pop") for amount in (mild, severe))
    assert first.production_quality < unharmed.production_quality - 1
    # A flipped and quieter channel is two faults; a fully flipped one is one.
    if damage is not polarity_flipped:
        assert second.production_quality < first.production_quality - 5
    assert second.production_quality < unharmed.production_quality - 15


def test_two_halves_of_a_song_agree_within_the_band():
    whole = make_song(24.0, 120.0)
    half = whole.frames // 2
    first, second = (score(AudioClip(part, RATE), style="pop") for part in (whole.samples[:half], whole.samples[half:]))
    assert abs(first.overall_score - second.overall_score) < first.band


def test_the_style_it_is_compared_with_matters(song, clean):
    orchestral = score(song, style="neoclassical")
    assert orchestral.compared_with != clean.compared_with
    assert orchestral.production_quality < clean.production_quality  # drums and sub bass are unusual for an orchestra


def _sine() -> AudioClip:
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(8 * RATE) / RATE)
    return clip_of(np.stack([wave, wave], axis=1))


def _noise(colour: float) -> AudioClip:
    spectrum = np.fft.rfft(np.random.default_rng(4).standard_normal((8 * RATE, 2)), axis=0)
    shaped = np.fft.irfft(spectrum * np.maximum(np.arange(spectrum.shape[0]), 20)[:, None] ** -colour, axis=0)
    return clip_of(0.1 * shaped / np.std(shaped))


@pytest.mark.parametrize(
    "clip",
    [
        pytest.param(lambda: clip_of(np.zeros((5 * RATE, 2))), id="silence"),
        pytest.param(lambda: clip_of(np.zeros((0, 2))), id="nothing"),
        pytest.param(lambda: make_song(2.5), id="too short"),
        pytest.param(lambda: _noise(0.0), id="white noise"),
        pytest.param(lambda: _noise(0.5), id="pink noise"),
        pytest.param(lambda: _noise(1.0), id="brown noise"),
        pytest.param(_sine, id="sine"),
        pytest.param(speech_like, id="speech"),
    ],
)
def test_what_is_not_music_gets_no_score(clip):
    result = score(clip())
    assert result.verdict == "not music"
    assert all(getattr(result, name) is None for name in SCORES)
    assert result.insights == ()
    assert result.reason.endswith("No score is shown.")
    json.dumps(result.to_json(), allow_nan=False)


def test_drums_alone_and_a_held_chord_are_music():
    time = np.arange(10 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220.0, 277.18, 329.63, 440.0)) * 0.08
    assert score(clip_of(np.stack([chord, chord], axis=1))).verdict == "music"
    rng = np.random.default_rng(2)
    beat = np.zeros(10 * RATE)
    for number in range(20):
        at = number * RATE // 2
        beat[at : at + RATE // 10] += rng.standard_normal(RATE // 10) * np.exp(-np.arange(RATE // 10) / 1200)
    assert score(clip_of(0.2 * np.stack([beat, beat], axis=1))).verdict == "music"


def test_mono_and_other_rates_are_scored(song):
    mono = AudioClip(song.samples.mean(axis=1, keepdims=True), RATE)
    assert score(mono).overall_score is not None
    slower = AudioClip(np.ascontiguousarray(song.samples[::2]), RATE // 2)
    assert score(slower).verdict == "music"


def test_progress_rises_and_a_cancel_is_obeyed(song):
    seen: list[float] = []

    class Watch(NoProgress):
        def report(self, fraction: float, stage: str) -> None:
            assert stage == "score"
            seen.append(fraction)

    class Stop(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    score(song, progress=Watch())
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    with pytest.raises(Cancelled):
        score(song, progress=Stop())


def test_reference_percentiles_go_both_ways():
    group = Reference.load().group("pop")
    assert group.percentile("plr", group.at("plr", 0.0)) == pytest.approx(50, abs=0.1)
    assert group.percentile("plr", group.at("plr", 1.2816)) == pytest.approx(90, abs=0.5)
    deviations = [group.deviation("plr", value) for value in np.linspace(0, 30, 200)]
    assert all(b >= a for a, b in pairwise(deviations))


def test_every_shipped_style_has_its_own_group():
    reference = Reference.load()
    for style in ("lofi", "house", "edm", "pop", "cinematic", "trap", "rock_ballad"):
        assert style in reference.styles
    assert reference.group("no such style") is reference.everything
