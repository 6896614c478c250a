from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.limiter import limit_true_peak
from grammy_desktop.core.limiter_floor import Curve
from grammy_desktop.core.limiter_gain import MUSIC, GainTimes, shape_attenuation
from grammy_desktop.core.loudness import true_peak


def bright_master(rate: int, seconds: float = 6.0, seed: int = 0) -> Samples:
    """Drums, cymbals, bass and a pad, 12 dB above full scale."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    beat = np.exp(-(t % 0.5) * 12)
    hats = signal.sosfilt(
        signal.butter(4, 6000, "high", fs=rate, output="sos"), rng.standard_normal((len(t), 2)), axis=0
    )
    mix = 0.3 * hats * np.exp(-(t % 0.125) * 40)[:, None]
    mix += (0.8 * np.sin(2 * np.pi * 55 * t) * beat + 0.15 * np.sin(2 * np.pi * 220 * t))[:, None]
    mix += 0.3 * rng.standard_normal((len(t), 2)) * np.exp(-((t + 0.25) % 0.5) * 25)[:, None]
    return (mix / np.abs(mix).max() * 10 ** (12 / 20)).astype(np.float32)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("ceiling", [-1.0, -0.1])
def test_the_ceiling_holds_at_sixteen_points(rate: int, ceiling: float) -> None:
    limited = limit_true_peak(bright_master(rate), rate, ceiling)
    assert limited.shape == bright_master(rate).shape
    assert limited.dtype == np.float32
    reading = true_peak(AudioClip(limited, rate), 16)
    assert ceiling - 0.3 < reading <= ceiling


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ffmpeg_reads_no_more_than_the_ceiling(tmp_path: Path, seed: int) -> None:
    limited = limit_true_peak(bright_master(48_000, seed=seed), 48_000, -1.0)
    write_wav(tmp_path / "x.wav", AudioClip(limited, 48_000))
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
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr
    assert float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", text)[-1]) <= -1.0


def test_what_is_below_the_ceiling_is_untouched() -> None:
    quiet = bright_master(48_000) * np.float32(0.1)
    assert limit_true_peak(quiet, 48_000, -1.0) is quiet


def test_channels_are_linked_and_nothing_is_delayed() -> None:
    samples = np.zeros((48_000, 2), np.float32)
    samples[:, 1] = 0.1
    samples[20_000:20_040, 0] = 2.0
    limited = limit_true_peak(samples, 48_000, -1.0)
    assert 0.7 < limited[20_020, 0] < 0.9
    # The quiet channel follows, only around the peak, and starts at most 4 ms early.
    assert limited[20_020, 1] < 0.045
    np.testing.assert_allclose(limited[:19_830, 1], 0.1, atol=1e-6)
    assert np.flatnonzero(limited[:, 0])[0] == 20_000


def test_single_peaks_recover_fast_and_dense_ones_hold_the_gain_down() -> None:
    rate = 6_000.0
    single, dense = np.full(24_000, -6.0), np.full(24_000, -6.0)
    single[6_000:6_030] = 6.0
    for start in range(3_000, 21_000, 480):
        dense[start : start + 60] = 6.0
    after_single = shape_attenuation(single, rate)[6_000 + 1_500]  # 250 ms later
    between = shape_attenuation(dense, rate)[9_000:15_000]
    assert after_single < 0.1
    assert between.min() > 2.5
    assert shape_attenuation(dense, rate)[-1] < between.min()


def test_as_loud_as_an_ordinary_limiter_but_steadier() -> None:
    """Where notes fill the time the floor takes nothing away that an exponential release would have left."""
    rate, floor = 6_000.0, MUSIC.floor
    assert floor is not None
    levels = np.where(np.arange(60_000) % 900 < 120, 6.0, -0.5)
    ours = shape_attenuation(levels, rate)[18_000:42_000]
    plain = shape_attenuation(levels, rate, GainTimes(MUSIC.half_lookahead, floor.release + floor.hold))[18_000:42_000]
    energy = 10 ** (levels[18_000:42_000] / 10)

    def figures(attenuation: Curve) -> tuple[float, float]:
        """What is left of the energy, and the residual's after gain matching; dB."""
        gain = 10 ** (-attenuation / 20)
        left = (energy * gain**2).sum()
        residual = left - (energy * gain).sum() ** 2 / energy.sum()
        return 10 * np.log10(left / energy.sum()), 10 * np.log10(residual / energy.sum())

    (left, residual), (left_plain, residual_plain) = figures(ours), figures(plain)
    assert left > left_plain - 0.2
    assert residual < residual_plain - 2


def test_dense_music_does_not_pump() -> None:
    """Loud notes that fill half the time: the gain stays down between them instead of following each."""
    rate = 48_000
    t = np.arange(rate * 4) / rate
    loud = np.where(t % 0.25 < 0.125, 2.0, 0.8)
    samples = (loud * np.sin(2 * np.pi * 100 * t))[:, None].astype(np.float32)
    limited = limit_true_peak(samples, rate, -1.0)
    heard = np.abs(samples[:, 0]) > 0.1
    samples = np.where(heard[:, None], samples, np.float32(1))
    gain = 20 * np.log10((limited[:, 0] / samples[:, 0])[heard][rate:])
    assert gain.min() == pytest.approx(-7.0, abs=0.2)
    assert gain.max() < -2.4  # a single release of 60 ms would be back at -0.9


def test_the_attenuation_is_nowhere_below_the_need() -> None:
    rng = np.random.default_rng(3)
    need = np.where(rng.random(20_000) < 0.01, rng.uniform(0, 12, 20_000), 0.0)
    shaped = shape_attenuation(need, 6_000.0)
    assert (shaped >= need - 1e-9).all()


def test_a_sine_stays_a_sine() -> None:
    t = np.arange(48_000) / 48_000
    sine = (2.0 * np.sin(2 * np.pi * 60 * t))[:, None].astype(np.float32)
    limited = limit_true_peak(sine, 48_000, -1.0)[12_000:36_000, 0]
    spectrum = np.abs(np.fft.rfft(limited * np.hanning(len(limited))))
    fundamental = spectrum[30]
    spectrum[26:35] = 0
    assert 20 * np.log10(np.sqrt((spectrum**2).sum()) / fundamental) < -34


@pytest.mark.parametrize("frames", [1, 5, 100])
def test_tiny_clips(frames: int) -> None:
    limited = limit_true_peak(np.full((frames, 2), 3.0, np.float32), 44_100, -1.0)
    assert np.abs(limited).max() <= 10 ** (-1 / 20)
