"""Each fault: injected it is found, fixed it is gone and the figure is better; the clean song has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import signal
from scoring_signals import RATE, clip_of, clipped, crushed, make_song

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.scoring import Fix, Insight, apply_fix, fixes_in_order
from grammy_desktop.scoring.features import Features, extract
from grammy_desktop.scoring.insights import _FIX_ORDER, ALL_FAULTS, find_insights, list_rules
from grammy_desktop.scoring.reference import Reference

REFERENCE = Reference.load()
Change = Callable[[AudioClip], AudioClip]


def features_of(clip: AudioClip) -> Features:
    features = extract(clip)
    assert features is not None
    return features


def insights_in(features: Features) -> dict[str, Insight]:
    return {insight.id: insight for insight in find_insights(features, REFERENCE, "pop")}


def insights_of(clip: AudioClip) -> dict[str, Insight]:
    return insights_in(features_of(clip))


def gained(decibels: float) -> Change:
    return lambda clip: clip_of(clip.samples * 10 ** (decibels / 20))


def belled(hertz: float, decibels: float, q: float = 0.8) -> Change:
    """A bell filter (Audio EQ Cookbook), not the app's own."""

    def change(clip: AudioClip) -> AudioClip:
        a, w = 10 ** (decibels / 40), 2 * np.pi * hertz / RATE
        alpha = np.sin(w) / (2 * q)
        above = [1 + alpha * a, -2 * np.cos(w), 1 - alpha * a]
        below = [1 + alpha / a, -2 * np.cos(w), 1 - alpha / a]
        return clip_of(signal.lfilter(above, below, clip.samples, axis=0))

    return change


def band_removed(low: float) -> Change:
    """Takes the treble above `low` down by 21 dB."""

    def change(clip: AudioClip) -> AudioClip:
        spectrum = np.fft.rfft(clip.samples, axis=0)
        hertz = np.fft.rfftfreq(clip.frames, 1 / RATE)
        return clip_of(np.fft.irfft(spectrum * np.where(hertz > low, 0.085, 1.0)[:, None], n=clip.frames, axis=0))

    return change


def bass_changed(right: float) -> Change:
    """The right channel's content below 180 Hz times `right`."""

    def change(clip: AudioClip) -> AudioClip:
        low = signal.sosfiltfilt(signal.butter(4, 180, fs=RATE, output="sos"), clip.samples[:, 1])
        samples = clip.samples.copy()
        samples[:, 1] += ((right - 1) * low).astype(np.float32)
        return clip_of(samples)

    return change


def offset(clip: AudioClip) -> AudioClip:
    return clip_of(clip.samples + 0.03)


def narrowed(clip: AudioClip) -> AudioClip:
    mid, side = clip.samples.mean(axis=1), (clip.samples[:, 0] - clip.samples[:, 1]) / 2
    return clip_of(np.stack([mid + 0.22 * side, mid - 0.22 * side], axis=1))


def left_louder(clip: AudioClip) -> AudioClip:
    return clip_of(clip.samples * np.array([1.0, 0.6]))


def right_flipped(clip: AudioClip) -> AudioClip:
    return clip_of(clip.samples * np.array([1.0, -1.0]))


def padded(clip: AudioClip) -> AudioClip:
    return clip_of(np.concatenate([np.zeros((2 * RATE, 2)), clip.samples, np.zeros((5 * RATE, 2))]))


def cut_off(clip: AudioClip) -> AudioClip:
    return clip_of(clip.samples[: int(8.03 * RATE)])


@dataclass(frozen=True)
class Case:
    """`better`: whether the figure must fall (-1) or rise (+1), or come nearer to zero (0)."""

    id: str
    damage: Change
    better: int


CASES = (
    Case("too_quiet", gained(-11.0), +1),
    Case("too_loud", gained(10.0), -1),
    Case("true_peak_over", gained(5.0), -1),
    Case("clipping", lambda clip: clipped(clip, 7.0), -1),
    Case("dc_offset", offset, -1),
    Case("muddy", belled(280.0, 18.0), -1),
    Case("harsh", belled(3200.0, 32.0), -1),
    Case("boomy_sub", belled(48.0, 12.0, 1.2), -1),
    Case("missing_air", band_removed(6500.0), +1),
    Case("cancelling_bass", bass_changed(-0.9), +1),
    Case("flipped_polarity", right_flipped, +1),
    Case("narrow", narrowed, +1),
    Case("unbalanced", left_louder, 0),
    Case("silent_ends", padded, -1),
    Case("abrupt_end", cut_off, -1),
)


@pytest.fixture(scope="module")
def song() -> AudioClip:
    return make_song(11.0, 96.0, seed=2)


def test_the_clean_song_has_no_fault(song):
    assert insights_of(song) == {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_fault_is_found_and_its_fix_removes_it(case, song):
    damaged = case.damage(song)
    before = features_of(damaged)
    found = insights_in(before)
    assert case.id in found
    insight = found[case.id]
    assert insight.fix is not None
    assert 0 <= insight.start < insight.end <= damaged.duration + 1e-6
    assert insight.text
    assert insight.detail
    assert insight.source
    after = features_of(apply_fix(damaged, insight.fix))
    left = insights_in(after)
    assert case.id not in left, left[case.id].text
    assert figure_of(case.id, after, case.better) > figure_of(case.id, before, case.better)


def figure_of(fault: str, features: Features, better: int) -> float:
    """The measured figure, signed so that more is better, taken from the audio's features and not from the insight."""
    values, wave, spectrum = features.values, features.waveform, features.spectrum
    figures = {
        "too_quiet": lambda: values["lufs"],
        "too_loud": lambda: values["lufs"],
        "true_peak_over": lambda: features.loudness.true_peak,
        "clipping": lambda: len(wave.flat_tops),
        "dc_offset": lambda: max(map(abs, wave.dc)),
        "muddy": lambda: spectrum.mid_db[10:14].mean(),
        "harsh": lambda: spectrum.mid_db[20:25].mean(),
        "boomy_sub": lambda: spectrum.mid_db[3:6].mean(),
        "missing_air": lambda: spectrum.mid_db[26:28].mean(),
        "cancelling_bass": lambda: float(spectrum.whole.correlation(20, 150)),
        "flipped_polarity": lambda: values["lr_corr"],
        "narrow": lambda: values["side_mid_db"],
        "unbalanced": lambda: -values["lr_bal_db"],
        "silent_ends": lambda: wave.lead + wave.tail,
        "abrupt_end": lambda: wave.end_db,
    }
    return float(figures[fault]()) * (better or 1)


def test_crushed_dynamics_are_found_and_attacks_lifted(song):
    flattened = crushed(song, 20.0)
    flattened = clip_of(np.tanh(flattened.samples * 5))
    insight = insights_of(flattened)["crushed_dynamics"]
    assert insight.severity in ("notable", "serious")
    lifted = apply_fix(flattened, insight.fix)
    assert measure(lifted).plr > measure(flattened).plr + 0.3


def test_no_contrast_is_found_in_a_flat_song_and_lifted():
    beat = make_song(8.0, 120.0, seed=4).samples[: 4 * RATE]
    flat = clip_of(np.concatenate([np.tile(beat, (12, 1)), beat * np.linspace(1, 0, len(beat))[:, None] ** 2]))
    before = features_of(flat)
    insight = insights_in(before)["no_contrast"]
    after = features_of(apply_fix(flat, insight.fix))
    assert after.contrast > before.contrast + 0.4
    assert "no_contrast" not in insights_in(after)


def test_mono_says_so_and_offers_nothing_it_cannot_do(song):
    mono = AudioClip(song.samples.mean(axis=1, keepdims=True), RATE)
    insight = insights_of(mono)["narrow"]
    assert insight.fix is None
    assert "mix" in insight.detail


def test_a_fault_in_one_part_is_placed_there():
    long = make_song(32.0, 96.0, seed=6)
    samples = long.samples.copy()
    part = slice(8 * RATE, 20 * RATE)
    samples[part] = belled(280.0, 24.0)(clip_of(samples[part])).samples
    insight = insights_of(clip_of(samples))["muddy"]
    assert 4 <= insight.start <= 8
    assert 20 <= insight.end <= 24


def test_clipping_names_its_first_moment(song):
    samples = song.samples.copy()
    part = slice(6 * RATE, 8 * RATE)
    samples[part] = np.clip(samples[part] * 4, -0.99, 0.99)
    insight = insights_of(clip_of(samples))["clipping"]
    assert 6.0 <= insight.start < 6.5
    assert insight.end <= 8.0


def test_loud_808s_are_not_taken_for_clipping():
    time = np.arange(6 * RATE) / RATE
    low = 0.95 * np.sin(2 * np.pi * 41.2 * time) * (1 + 0.0 * time)
    quantised = np.round(low * 32767) / 32767  # 16 bits: the crest is several equal samples
    features = features_of(clip_of(np.stack([quantised, quantised], axis=1)))
    assert len(features.waveform.flat_tops) == 0


def test_labels_say_exactly_what_the_chain_does(song):
    insight = insights_of(belled(280.0, 18.0)(song))["muddy"]
    step = insight.fix.chain[0]
    assert step["kind"] == "peak"
    assert insight.fix.label == f"Apply −{abs(step['gain_db']):g}\u00a0dB at {step['frequency']:g}\u00a0Hz"
    assert insight.measured.value > 0
    assert insight.measured.against


def test_at_least_fourteen_rules_each_with_threshold_and_source():
    rules = list_rules()
    assert len({rule.id for rule in rules}) == len(rules) >= 14
    assert all(rule.threshold and rule.source for rule in rules)


def test_an_unknown_step_is_refused(song):
    with pytest.raises(UserError):
        apply_fix(song, Fix("x", "x", ({"kind": "no such thing"},)))


def test_all_fixes_together_leave_a_song_in_order(song):
    damaged = left_louder(belled(280.0, 18.0)(padded(song)))
    found = insights_of(damaged)
    assert {"muddy", "unbalanced", "silent_ends"} <= set(found)
    for fix in fixes_in_order(found.values()):
        damaged = apply_fix(damaged, fix)
    left = insights_of(damaged)
    assert not {"muddy", "unbalanced", "silent_ends"} & set(left)


def test_every_rule_has_its_place_in_the_order():
    assert {fault.id for fault in ALL_FAULTS} == set(_FIX_ORDER)
