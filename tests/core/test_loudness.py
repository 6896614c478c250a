"""EBU Tech 3341 (2023) and 3342 minimum requirements, synthesised; libebur128 and ffmpeg as oracles."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.loudness import SILENCE, history, k_weighting, measure, true_peak, weighted_power
from grammy_desktop.core.loudness.figures import range_of

RATES = pytest.mark.parametrize("rate", [44_100, 48_000])
Steps = list[tuple[float, float | None]]


def tone(rate: int, steps: Steps, *, channels: int = 2) -> AudioClip:
    """A 1 kHz sine in steps of (seconds, dBFS peak or None for silence)."""
    levels = [np.full(round(s * rate), 0.0 if level is None else 10 ** (level / 20)) for s, level in steps]
    envelope = np.concatenate(levels)
    sine = envelope * np.sin(2 * np.pi * 1000 * np.arange(len(envelope)) / rate)
    return AudioClip(np.repeat(sine[:, None], channels, axis=1).astype(np.float32), rate)


def programme(rate: int, seed: int, channels: int = 2, seconds: float = 12) -> AudioClip:
    """Noise with a wandering level, colour and panorama, and clicks."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * rate)
    cutoff = 10 ** rng.uniform(2.5, 4.1)
    noise = signal.sosfilt(
        signal.butter(2, cutoff, fs=rate, output="sos"), rng.standard_normal((frames, channels)), axis=0
    )
    level = np.interp(np.arange(frames), np.linspace(0, frames, 9), rng.uniform(-45, -6, 9))
    noise *= (10 ** (level / 20))[:, None] * rng.uniform(0.2, 1, channels) / noise.std()
    noise[:: rate // 2] += 0.5
    return AudioClip(noise.astype(np.float32), rate)


@RATES
@pytest.mark.parametrize("level", [-23, -33])
def test_3341_cases_1_and_2(rate: int, level: float) -> None:
    loudness = measure(tone(rate, [(20, level)]), true_peak=False)
    for value in (loudness.integrated, loudness.momentary_max, loudness.short_term_max):
        assert value == pytest.approx(level, abs=0.1)


@RATES
@pytest.mark.parametrize(
    "steps",
    [
        [(10, -36), (60, -23), (10, -36)],
        [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)],
        [(20, -26), (20.1, -20), (20, -26)],
    ],
    ids=["case 3", "case 4", "case 5"],
)
def test_3341_gating(rate: int, steps: Steps) -> None:
    assert measure(tone(rate, steps), true_peak=False).integrated == pytest.approx(-23, abs=0.1)


@RATES
def test_3341_case_6_surround(rate: int) -> None:
    clip = tone(rate, [(20, 0)], channels=5)
    levels = 10 ** (np.array([-28, -28, -24, -30, -30], np.float32) / 20)
    assert measure(AudioClip(clip.samples * levels, rate), true_peak=False).integrated == pytest.approx(-23, abs=0.1)


@RATES
def test_3341_case_9_short_term_holds(rate: int) -> None:
    curve = history(tone(rate, [(1.34, -20), (1.66, -30)] * 5), hop=0.1)
    assert curve.short_term[curve.times >= 3.0] == pytest.approx(-23, abs=0.1)


@RATES
def test_3341_case_10_short_term_max(rate: int) -> None:
    for number in range(20):
        clip = tone(rate, [(number * 0.15, None), (3, -23), (1, None)])
        assert measure(clip, true_peak=False).short_term_max == pytest.approx(-23, abs=0.1)


@RATES
def test_3341_case_11_live_short_term(rate: int) -> None:
    steps: Steps = []
    for number in range(20):
        steps += [(number * 0.15, None), (3, -38 + number), (3 - number * 0.15, None)]
    curve = history(tone(rate, steps), hop=0.01)
    for number in range(20):
        here = (curve.times > number * 6) & (curve.times <= (number + 1) * 6)
        assert curve.short_term[here].max() == pytest.approx(-38 + number, abs=0.1)


@RATES
def test_3341_case_12_momentary_holds(rate: int) -> None:
    curve = history(tone(rate, [(0.18, -20), (0.22, -30)] * 25), hop=0.01)
    assert curve.momentary[curve.times >= 1.0] == pytest.approx(-23, abs=0.1)


@RATES
def test_3341_case_13_momentary_max(rate: int) -> None:
    for number in range(20):
        clip = tone(rate, [(number * 0.02, None), (0.4, -23), (1, None)])
        assert measure(clip, true_peak=False).momentary_max == pytest.approx(-23, abs=0.1)


@RATES
def test_3341_case_14_live_momentary(rate: int) -> None:
    steps: Steps = []
    for number in range(20):
        steps += [(number * 0.02, None), (0.4, -38 + number), (0.4 - number * 0.02, None)]
    curve = history(tone(rate, steps), hop=0.01)
    for number in range(20):
        here = (curve.times > number * 0.8) & (curve.times <= (number + 1) * 0.8 + 1e-9)
        assert curve.momentary[here].max() == pytest.approx(-38 + number, abs=0.1)


@RATES
@pytest.mark.parametrize(
    ("divisor", "amplitude", "phase", "expected"),
    [(4, 0.5, 0, -6), (4, 0.5, 45, -6), (6, 0.5, 60, -6), (8, 0.5, 67.5, -6), (4, 1.41, 45, 3)],
    ids=["case 15", "case 16", "case 17", "case 18", "case 19"],
)
def test_3341_true_peak_of_sines(rate: int, divisor: int, amplitude: float, phase: float, expected: float) -> None:
    sine = amplitude * np.sin(2 * np.pi * np.arange(rate) / divisor + np.deg2rad(phase))
    fade = rate // 100
    sine[:fade] *= np.linspace(0, 1, fade)
    sine[-fade:] *= np.linspace(1, 0, fade)
    clip = AudioClip(np.repeat(sine[:, None], 2, axis=1).astype(np.float32), rate)
    assert -0.4 <= true_peak(clip) - expected <= 0.2


@RATES
@pytest.mark.parametrize("offset", [0, 1, 2, 3], ids=["case 20", "case 21", "case 22", "case 23"])
def test_3341_true_peak_of_a_burst(rate: int, offset: int) -> None:
    carrier = 0.5 * np.sin(2 * np.pi * np.arange(24 * 4000) / 24)
    burst = np.concatenate([carrier, np.sin(2 * np.pi * np.arange(16) / 16), carrier])
    burst[:1920] *= np.linspace(0, 1, 1920)
    burst[-1920:] *= np.linspace(1, 0, 1920)
    band = signal.firwin(2047, 0.245, window=("kaiser", 10))
    samples = signal.fftconvolve(burst, band, "same")[offset::4]
    clip = AudioClip(np.repeat(samples[:, None], 2, axis=1).astype(np.float32), rate)
    assert -0.4 <= true_peak(clip) - 0.0 <= 0.2


@RATES
@pytest.mark.parametrize(
    ("levels", "expected"),
    [((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20), ((-50, -35, -20, -35, -50), 15)],
    ids=["case 1", "case 2", "case 3", "case 4"],
)
def test_3342_range(rate: int, levels: tuple[float, ...], expected: float) -> None:
    assert measure(tone(rate, [(20, level) for level in levels]), true_peak=False).range == pytest.approx(
        expected, abs=1
    )


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("rate", "seed"), [(8_000, 1), (22_050, 2), (44_100, 3), (48_000, 4), (48_000, 5), (96_000, 6)]
)
def test_agrees_with_libebur128(rate: int, seed: int, channels: int) -> None:
    import pyebur128

    clip = programme(rate, seed, channels, seconds=30)
    mode = pyebur128.MeasurementMode
    state = pyebur128.R128State(
        channels, rate, mode.MODE_I | mode.MODE_LRA | mode.MODE_TRUE_PEAK | mode.MODE_SAMPLE_PEAK
    )
    state.add_frames(np.ascontiguousarray(clip.samples, np.float64).ravel(), clip.frames)
    ours = measure(clip)
    assert ours.integrated == pytest.approx(pyebur128.get_loudness_global(state), abs=0.1)
    # libebur128 takes one window a second, we take ten: on a level that wanders this much they differ by up to 1 LU.
    energy = np.concatenate([[0.0], np.cumsum(weighted_power(clip))])
    once_a_second = range_of((energy[300:] - energy[:-300])[::100] / 300)
    assert once_a_second == pytest.approx(pyebur128.get_loudness_range(state), abs=0.1)
    assert ours.range == pytest.approx(range_of((energy[300:] - energy[:-300]) / 300), abs=0.3)
    sample_peak = max(pyebur128.get_sample_peak(state, channel) for channel in range(channels))
    assert ours.sample_peak == pytest.approx(20 * np.log10(sample_peak), abs=0.01)
    peak = max(pyebur128.get_true_peak(state, channel) for channel in range(channels))
    assert ours.true_peak == pytest.approx(20 * np.log10(peak), abs=0.25)
    assert ours.plr == pytest.approx(ours.true_peak - ours.integrated)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("seed", [11, 12])
def test_agrees_with_ffmpeg(tmp_path: Path, seed: int) -> None:
    clip = programme(48_000, seed, seconds=30)
    write_wav(tmp_path / "x.wav", clip, subtype="FLOAT")
    command = [
        "ffmpeg",
        "-nostdin",
        "-hide_banner",
        "-i",
        str(tmp_path / "x.wav"),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr.rsplit("Summary:")[-1]
    found = {name: float(value) for name, value in re.findall(r"(I|LRA|Peak):\s+(-?[\d.]+) (?:LUFS|LU|dBFS)", text)}
    ours = measure(clip)
    assert ours.integrated == pytest.approx(found["I"], abs=0.15)
    assert ours.range == pytest.approx(found["LRA"], abs=1.0)  # ffmpeg counts windows that reach before the start
    assert ours.true_peak == pytest.approx(found["Peak"], abs=0.3)


def test_k_weighting_equals_the_standards_table_at_48_khz() -> None:
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585]
    low = [1, -2, 1, 1, -1.99004745483398, 0.99007225036621]
    np.testing.assert_allclose(k_weighting(48_000), [shelf, low], atol=1e-10)


def test_silence_and_too_short_have_no_figures() -> None:
    silent = measure(AudioClip(np.zeros((48_000 * 5, 2), np.float32), 48_000))
    assert set(silent.to_json().values()) == {None}
    empty = measure(AudioClip(np.zeros((0, 2), np.float32), 48_000))
    assert set(empty.to_json().values()) == {None}
    short = measure(tone(48_000, [(0.3, -20)]))
    assert (short.integrated, short.momentary_max, short.range, short.plr) == (None, None, None, None)
    assert short.sample_peak == pytest.approx(-20, abs=0.01)
    assert (history(AudioClip(np.zeros((48_000, 2), np.float32), 48_000)).momentary == SILENCE).all()


def test_blocks_do_not_show() -> None:
    """The clip is filtered in blocks of 4 s with hops that are not whole numbers of samples."""
    clip = programme(11_025, 20, seconds=9.37)
    sections = k_weighting(11_025)
    power = (signal.sosfilt(sections, clip.samples.astype(np.float64), axis=0) ** 2).sum(axis=1)
    curve = history(clip, hop=0.01)
    for moment in (3.99, 4.0, 4.4, 8.1, 9.3):
        end = int(round(moment * 100) * 11_025 // 100)
        start = int((round(moment * 100) - 40) * 11_025 // 100)
        expected = -0.691 + 10 * np.log10(power[start:end].mean())
        at = np.argmin(np.abs(curve.times - moment))
        assert curve.momentary[at] == pytest.approx(expected, abs=0.02)
