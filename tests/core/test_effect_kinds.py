"""The effects beyond filters and compressors: what each claims, with signals whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.effects import Effect, apply_effects
from grammy_desktop.core.progress import NoProgress

RATE = 48_000


def sine(frequency: float, *, level: float = 0.25, seconds: float = 1.0) -> Samples:
    t = np.arange(round(seconds * RATE)) / RATE
    return np.repeat((level * np.sin(2 * np.pi * frequency * t))[:, None], 2, axis=1).astype(np.float32)


def through(samples: Samples, kind: str, **values: float) -> Samples:
    return apply_effects(AudioClip(samples, RATE), [Effect(kind, values)], progress=NoProgress()).samples


def level_db(samples: Samples) -> float:
    """RMS in dBFS."""
    return 10 * float(np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-20))


def instantaneous_frequency(channel: Samples) -> NDArray[np.float64]:
    from scipy.signal import hilbert

    return np.diff(np.unwrap(np.angle(hilbert(channel.astype(np.float64))))) * RATE / (2 * np.pi)


def test_the_de_esser_turns_down_sibilants_only() -> None:
    vowel = sine(300, level=0.4, seconds=2)
    rng = np.random.default_rng(1)
    hiss = np.diff(rng.standard_normal((2 * RATE + 1, 2)), axis=0).astype(np.float32) * 0.08
    hiss[:RATE] = 0
    result = through(vowel + hiss, "de_esser", frequency=5_000, threshold_db=-40, range_db=9)
    np.testing.assert_allclose(result[: RATE - 500], vowel[: RATE - 500], atol=1e-5)
    spectra = [np.abs(np.fft.rfft(x[RATE + 5_000 :, 0])) for x in (vowel + hiss, result)]
    frequencies = np.fft.rfftfreq(RATE - 5_000, 1 / RATE)

    def change(low: float, high: float) -> float:
        inside = (frequencies > low) & (frequencies < high)
        return 10 * float(np.log10((spectra[1][inside] ** 2).sum() / (spectra[0][inside] ** 2).sum()))

    assert change(8_000, 20_000) == pytest.approx(-9, abs=0.7)
    assert change(250, 350) == pytest.approx(0, abs=0.05)


def test_the_gate_opens_before_the_sound_and_closes_after_its_hold() -> None:
    samples = sine(1_000, level=0.003, seconds=3)
    samples[RATE : 2 * RATE] = sine(1_000, level=0.3)
    result = through(samples, "gate", threshold_db=-30, hysteresis_db=6, range_db=30, hold_ms=100, release_ms=20)
    assert level_db(result[: RATE // 2]) - level_db(samples[: RATE // 2]) == pytest.approx(-30, abs=0.5)
    # The first milliseconds of the sound are there: the gate looks ahead.
    assert level_db(result[RATE : RATE + 100]) == pytest.approx(level_db(samples[RATE : RATE + 100]), abs=0.2)
    held = slice(2 * RATE, 2 * RATE + round(0.095 * RATE))
    assert level_db(result[held]) == pytest.approx(level_db(samples[held]), abs=0.3)
    assert level_db(result[-RATE // 4 :]) - level_db(samples[-RATE // 4 :]) == pytest.approx(-30, abs=0.5)


def test_hysteresis_keeps_the_gate_from_chattering() -> None:
    """A level that swings by 4 dB around the threshold."""
    t = np.arange(2 * RATE) / RATE
    swing = 10 ** ((-30 + 2 * np.sin(2 * np.pi * 5 * t)) / 20) * np.sqrt(2)
    samples = sine(1_000, level=1.0, seconds=2) * swing[:, None].astype(np.float32)
    knobs = {"threshold_db": -30.0, "range_db": 60.0, "hold_ms": 0.0, "release_ms": 5.0}
    steady = through(samples, "gate", hysteresis_db=6, **knobs)[RATE:]
    chattering = through(samples, "gate", hysteresis_db=0, **knobs)[RATE:]
    np.testing.assert_allclose(steady, samples[RATE:], atol=1e-4)
    assert np.abs(chattering - samples[RATE:]).max() > 0.01


def test_tape_wavers_by_what_is_asked_and_no_more() -> None:
    tone = sine(3_000, seconds=4)
    clean = {"drive_db": 0.0, "head_bump_db": 0.0, "frequency": 30_000.0, "hiss_db": -120.0}
    result = through(tone, "tape", wow=0.5, flutter=0, **clean)
    speed = instantaneous_frequency(result[:, 0])[5_000:-5_000] / 3_000 - 1
    assert 0.002 < np.abs(speed).max() <= 0.00505
    assert abs(speed.mean()) < 0.001
    flutter = (
        instantaneous_frequency(through(tone, "tape", wow=0, flutter=0.3, **clean)[:, 0])[5_000:-5_000] / 3_000 - 1
    )
    assert 0.0015 < np.abs(flutter).max() <= 0.00305
    # Reading between the samples adds nothing of its own: one line, spread by the wavering only.
    still = through(tone, "tape", wow=0.0001, flutter=0, **clean)
    spectrum = np.abs(np.fft.rfft(still[RATE : 3 * RATE, 0] * np.blackman(2 * RATE)))
    spectrum[5_980:6_021] = 0
    assert 20 * np.log10(spectrum.max() / (0.25 * 0.42 * RATE)) < -90
    assert level_db(still[RATE : 3 * RATE]) == pytest.approx(level_db(tone[RATE : 3 * RATE]), abs=0.01)


def test_tape_has_a_head_bump_and_loses_treble() -> None:
    clean = {"drive_db": 0.0, "wow": 0.0, "flutter": 0.0, "hiss_db": -120.0}

    def gain(frequency: float) -> float:
        before = sine(frequency)
        after = through(before, "tape", head_bump_db=4, frequency=12_000, **clean)
        return level_db(after[RATE // 2 :]) - level_db(before[RATE // 2 :])

    assert gain(65) == pytest.approx(4, abs=0.2)
    assert gain(1_000) == pytest.approx(0, abs=0.3)
    assert gain(12_000) == pytest.approx(-6, abs=0.3)


def test_hiss_and_rumble_have_their_level_and_repeat_with_their_seed() -> None:
    silence = np.zeros((4 * RATE, 2), np.float32)
    tape = {"drive_db": 0.0, "hiss_db": -50.0}
    hiss = through(silence, "tape", seed=7, **tape)
    assert level_db(hiss) == pytest.approx(-50, abs=0.3)
    np.testing.assert_array_equal(hiss, through(silence, "tape", seed=7, **tape))
    assert np.abs(hiss - through(silence, "tape", seed=8, **tape)).max() > 1e-3
    assert abs(np.corrcoef(hiss.T)[0, 1]) < 0.02
    rumble = through(silence, "vinyl", rumble_db=-40, crackles=0)
    assert level_db(rumble[RATE:]) == pytest.approx(-40, abs=1.0)
    spectrum = np.abs(np.fft.rfft(rumble[:, 0])) ** 2
    assert spectrum[: 4 * 120].sum() / spectrum.sum() > 0.95


def test_crackles_come_as_often_as_asked() -> None:
    silence = np.zeros((20 * RATE, 1), np.float32)
    result = np.abs(through(silence, "vinyl", rumble_db=-120, wow=0, crackles=10, crackle_db=-20, seed=3)[:, 0])
    envelope = result.reshape(-1, 480).max(axis=1)
    starts = (envelope[1:] > 1e-3) & (envelope[:-1] <= 1e-3)
    assert 140 < starts.sum() < 220
    peaks = envelope[envelope > 1e-3]
    assert 20 * np.log10(np.median(peaks)) == pytest.approx(-22, abs=4)


def test_a_record_has_its_bass_in_the_middle() -> None:
    samples = sine(60)
    samples[:, 1] = 0
    result = through(samples, "vinyl", rumble_db=-120, crackles=0, wow=0, mono_below=200)
    assert level_db(result[10_000:-10_000, 0] - result[10_000:-10_000, 1]) < level_db(samples[:, 0]) - 35


def test_bits_are_steps_and_a_lower_rate_holds() -> None:
    rng = np.random.default_rng(0)
    samples = rng.uniform(-0.9, 0.9, (4_800, 2)).astype(np.float32)
    crushed = through(samples, "bit_crush", bits=4, rate_hz=384_000)
    assert len(np.unique(crushed)) <= 16
    np.testing.assert_array_equal(crushed * 8, np.rint(samples * 8))
    held = through(samples, "bit_crush", bits=24, rate_hz=12_000)
    np.testing.assert_array_equal(held, np.repeat(samples[::4], 4, axis=0))
    odd = through(samples, "bit_crush", bits=24, rate_hz=11_025)
    assert (np.diff(odd[:, 0]) != 0).sum() == pytest.approx(4_800 * 11_025 / RATE, abs=2)


def test_filters_around_the_lower_rate_take_the_aliases_away() -> None:
    tone = sine(7_000)
    bare = through(tone, "bit_crush", bits=24, rate_hz=10_000, filtered=0)
    filtered = through(tone, "bit_crush", bits=24, rate_hz=10_000, filtered=1)
    alias = np.abs(np.fft.rfft(bare[:, 0]))[3_000], np.abs(np.fft.rfft(filtered[:, 0]))[3_000]
    assert alias[0] > 30 * alias[1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"balance": 1}, (0.0, 0.5)),
        ({"balance": -0.5}, (1.0, 0.25)),
        ({"pan": 1}, (0.0, 1.5)),
        ({"pan": -1}, (1.5, 0.0)),
        ({"mono": 1}, (0.75, 0.75)),
        ({"swap": 1}, (0.5, 1.0)),
        ({"invert_left": 1}, (-1.0, 0.5)),
        ({"invert_right": 1, "swap": 1}, (-0.5, 1.0)),
        ({"side_db": -60}, (0.75, 0.75)),
        ({"mid_db": -60}, (0.25, -0.25)),
        ({"side_db": 6.0206}, (1.25, 0.25)),
    ],
)
def test_stereo_tools_mix_as_their_names_say(values: dict[str, float], expected: tuple[float, float]) -> None:
    samples = np.tile(np.array([1.0, 0.5], np.float32), (64, 1))
    np.testing.assert_allclose(through(samples, "stereo", **values)[10], expected, atol=1e-5)


def test_the_widener_widens_and_its_mono_sum_stays() -> None:
    rng = np.random.default_rng(2)
    samples = np.repeat((0.2 * rng.standard_normal((RATE, 1))).astype(np.float32), 2, axis=1)
    result = through(samples, "widener", amount=0.8, delay_ms=12)
    np.testing.assert_allclose(result.sum(axis=1), samples.sum(axis=1), atol=1e-6)
    assert np.corrcoef(result.T)[0, 1] < 0.7
    bass = sine(50)
    side = np.diff(through(bass, "widener", amount=0.8, delay_ms=12), axis=1)
    assert level_db(side[RATE // 2 :]) < level_db(bass) - 20


def test_tremolo_swings_as_deep_and_as_often_as_asked() -> None:
    steady = np.ones((2 * RATE, 2), np.float32)
    result = through(steady, "tremolo", rate_hz=4, depth=0.6, spread=180)
    assert result[0, 0] == pytest.approx(1.0)
    assert result[:, 0].min() == pytest.approx(0.4, abs=1e-3)
    np.testing.assert_allclose(result[:, 0] + result[:, 1], 1.4, atol=1e-4)
    assert np.abs(np.fft.rfft(result[:, 0] - result[:, 0].mean())).argmax() == 8


def test_tilt_turns_around_its_middle() -> None:
    def gain(frequency: float) -> float:
        before = sine(frequency)
        after = through(before, "tilt", frequency=800, gain_db=3)
        return level_db(after[RATE // 2 :]) - level_db(before[RATE // 2 :])

    assert gain(40) == pytest.approx(-3, abs=0.4)
    assert gain(800) == pytest.approx(0, abs=0.1)
    assert gain(14_000) == pytest.approx(3, abs=0.4)
