"""The default mode: what is planned, and that the filters do just that."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.stream import ClipSource, process_samples, run_through
from grammy_desktop.mastering.matching import MatchPlan, analyse_reference, analyse_target, plan_match
from grammy_desktop.mastering.matching.filter_stage import design_filter
from grammy_desktop.mastering.matching.grid import Curve, grid_frequencies
from grammy_desktop.mastering.matching.plan import MOST_BOOST, MOST_CUT, gain_at
from tests.acceptance.issue_3 import treble

QUIET = NoProgress()


def noise(seconds: float, rate: int, tilt_db: float = 0.0, *, seed: int = 0, width: float = 0.5) -> Samples:
    """Mid and side of independent noise, falling by `tilt_db` per octave around 1 kHz."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * rate)
    frequencies = np.fft.rfftfreq(frames, 1 / rate)
    gain = 10 ** (-tilt_db / 20 * np.log2(np.maximum(frequencies, 20) / 1000))
    mid, side = np.fft.irfft(np.fft.rfft(rng.standard_normal((2, frames)), axis=1) * gain, frames, axis=1)
    both = np.stack([mid + width * side, mid - width * side], axis=1)
    return (both * (0.1 / both.std())).astype(np.float32)


def planned(target: Samples, reference: Samples, rate: int, reference_rate: int, intensity: float = 1.0) -> MatchPlan:
    heard = analyse_target(ClipSource(AudioClip(target, rate)), progress=QUIET)
    profile = analyse_reference(ClipSource(AudioClip(reference, reference_rate)), progress=QUIET)
    return plan_match(heard, profile, intensity=intensity)


def within(low: float, high: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (grid_frequencies() >= low) & (grid_frequencies() <= high)


@pytest.mark.parametrize(
    ("rate", "reference_rate"), [(44_100, 44_100), (48_000, 44_100), (96_000, 48_000), (22_050, 96_000)]
)
def test_the_difference_in_tilt_is_the_gain(rate: int, reference_rate: int) -> None:
    plan = planned(noise(20, rate, 3.0), noise(20, reference_rate, 2.0, seed=1), rate, reference_rate)
    octaves = np.log2(grid_frequencies() / 1000)
    inside = within(60, min(rate, reference_rate) * 0.3)
    for gain in (plan.mid_db, plan.side_db):
        excess = (gain - octaves)[inside]
        assert np.abs(excess - excess.mean()).max() < 1.3


def test_the_tone_of_a_track_does_not_depend_on_its_rate() -> None:
    # The same noise at two rates, not resampled but cut off in the spectrum.
    high = noise(20, 96_000, 3.0)
    spectrum = np.fft.rfft(high, axis=0)[: 20 * 24_000 + 1]
    low = (np.fft.irfft(spectrum, 20 * 48_000, axis=0) / 2).astype(np.float32)
    pictures = [
        analyse_target(ClipSource(AudioClip(x, rate)), progress=QUIET) for x, rate in ((high, 96_000), (low, 48_000))
    ]
    inside = within(30, 15_000)
    for name in ("mid_db", "side_db"):
        first, second = (getattr(picture, name) for picture in pictures)
        assert np.abs(first - second)[inside].max() < 0.7


def test_intensity_scales_decibels() -> None:
    target, reference = noise(6, 44_100, 4.0), noise(6, 44_100, 1.0, seed=2)
    full, half, none = (planned(target, reference, 44_100, 44_100, share) for share in (1.0, 0.5, 0.0))
    assert np.allclose(half.mid_db, full.mid_db / 2)
    assert not none.mid_db.any() and not none.side_db.any()
    same = process_samples(target, none.processor(44_100, 2))
    assert np.abs(same - target).max() < 1e-6
    with pytest.raises(UserError, match="intensity"):
        planned(target, reference, 44_100, 44_100, 1.5)


def test_all_gains_are_bounded() -> None:
    plan = planned(noise(6, 44_100, 9.0), noise(6, 44_100, -9.0, seed=2), 44_100, 44_100)
    for gain in (plan.mid_db, plan.side_db):
        assert gain.max() <= MOST_BOOST + 1e-9
        assert gain.min() >= -MOST_CUT - 1e-9


def test_the_target_keeps_its_loudness() -> None:
    target = dense_music(15.0, 48_000, brightness=0.3)
    plan = planned(target, brickwalled(dense_music(15.0, 44_100, seed=4, brightness=1.0)), 48_000, 44_100)
    assert np.abs(plan.mid_db).max() > 3
    matched = process_samples(target, plan.processor(48_000, 2))
    before, after = (measure(AudioClip(x, 48_000), true_peak=False).integrated for x in (target, matched))
    assert before is not None and after is not None
    assert abs(after - before) < 1.5


def test_a_reference_in_mono_leaves_the_width_alone() -> None:
    reference = noise(6, 44_100, 1.0, seed=2, width=0.0)
    plan = planned(noise(6, 44_100, 3.0), reference, 44_100, 44_100)
    assert np.array_equal(plan.mid_db, plan.side_db)
    silent_side = planned(reference, noise(6, 44_100, 3.0), 44_100, 44_100)
    assert np.array_equal(silent_side.mid_db, silent_side.side_db)


def test_a_wider_reference_widens() -> None:
    target = noise(10, 44_100, 3.0, width=0.2)
    plan = planned(target, noise(10, 44_100, 3.0, seed=2, width=0.4), 44_100, 44_100)
    inside = within(100, 8000)
    assert np.mean((plan.side_db - plan.mid_db)[inside]) == pytest.approx(6.0, abs=0.5)
    matched = process_samples(target, plan.processor(44_100, 2))
    width = [float(np.std(x[:, 0] - x[:, 1]) / np.std(x[:, 0] + x[:, 1])) for x in (target, matched)]
    assert width[1] / width[0] == pytest.approx(2.0, rel=0.1)


def test_a_cut_off_reference_does_not_cut_off_the_target() -> None:
    target = noise(10, 48_000, 3.0)
    reference = signal.sosfilt(
        signal.cheby2(12, 90, 15_500, fs=44_100, output="sos"), noise(10, 44_100, 3.0, seed=3), axis=0
    )
    plan = planned(target, reference.astype(np.float32), 48_000, 44_100)
    assert plan.mid_db[within(16_000, 20_000)].min() > -3


def test_an_empty_treble_is_not_raised() -> None:
    target = treble.band_limited(dense_music(8.0, 48_000, seed=3, brightness=0.5), 48_000, -40.0)
    bright = noise(8, 44_100, 0.0, seed=6)
    plan = planned(target, bright, 48_000, 44_100)
    clip = AudioClip(target, 48_000)
    matched = AudioClip(process_samples(target, plan.processor(48_000, 2)), 48_000)
    assert treble.added_above(clip, matched) <= 6.0
    assert plan.mid_db[within(16_000, 24_000)].max() <= 5.0
    # Below the edge there is a signal, and it is raised.
    assert plan.mid_db[within(4_000, 8_000)].max() > 5.0


@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000, 192_000])
def test_filters_are_centred_and_do_what_the_plan_says(rate: int) -> None:
    curve = 6 * np.sin(np.log2(grid_frequencies() / 20) * 1.3)
    taps = design_filter(curve, rate)
    assert len(taps) % 2 == 1
    assert np.allclose(taps, taps[::-1])
    frequencies = np.geomspace(150, 0.45 * rate, 50)
    middle = np.arange(len(taps)) - len(taps) // 2
    response = (taps * np.cos(2 * np.pi * np.outer(frequencies, middle) / rate)).sum(axis=1)
    assert np.abs(20 * np.log10(response / gain_at(curve, frequencies))).max() < 0.3


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 1), (96_000, 2)])
def test_the_stage_delays_nothing_and_does_not_mind_the_cut(rate: int, channels: int) -> None:
    rng = np.random.default_rng(1)
    samples = rng.standard_normal((3 * rate + 17, channels)).astype(np.float32) * np.float32(0.1)
    curve: Curve = 6 * np.sin(np.log2(grid_frequencies() / 20))
    plan = MatchPlan("x", 1.0, -14.0, curve, -curve)
    whole = process_samples(samples, plan.processor(rate, channels))
    assert whole.shape == samples.shape
    expected = np.empty((len(samples), channels))
    mid_side = [samples.sum(axis=1) / channels, (samples[:, 0] - samples[:, -1]) / 2]
    mid, side = (
        signal.fftconvolve(part, design_filter(gain, rate), mode="same")
        for part, gain in zip(mid_side, (curve, -curve), strict=True)
    )
    expected[:, 0] = mid + side
    expected[:, -1] = mid - side if channels == 2 else mid
    assert np.abs(whole - expected).max() < 1e-6
    cuts = np.sort(rng.integers(0, len(samples), 40))
    pieces = np.concatenate(list(run_through(np.split(samples, cuts), plan.processor(rate, channels))))
    assert np.array_equal(pieces, whole)
    with pytest.raises(ValueError, match="channels"):
        plan.processor(rate, 3)


def test_what_cannot_be_analysed_is_named() -> None:
    def analyse(samples: Samples) -> None:
        analyse_target(ClipSource(AudioClip(samples, 44_100)), name="mix.wav", progress=QUIET)

    good = noise(2, 44_100)
    for value in (np.nan, np.inf):
        broken = good.copy()
        broken[-1, 1] = value
        with pytest.raises(UserError, match=r"“mix\.wav” holds samples that are not numbers"):
            analyse(broken)
    with pytest.raises(UserError, match=r"“mix\.wav” is silent throughout"):
        analyse(np.zeros_like(good))
    with pytest.raises(UserError, match=r"“mix\.wav” is too quiet"):
        analyse(good * np.float32(1e-5))
    with pytest.raises(UserError, match=r"“mix\.wav” is 0\.02 s long"):
        analyse(good[:1000])
    # Out of phase throughout: no mid at all, but it can be heard.
    side = good[:, :1] * np.array([[1, -1]], np.float32)
    analyse(side)


def test_an_analysis_can_be_cancelled() -> None:
    class Stop(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        analyse_target(ClipSource(AudioClip(noise(2, 44_100), 44_100)), progress=Stop())
