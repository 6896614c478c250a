"""20 varied files against ffmpeg's ebur128 and libebur128, and the true peak of bright masters against an independent
reading at sixteen points a sample.

Where a peer's loudness range is another, the check shows why: libebur128 takes one 3 s window a second (our own windows
taken once a second give its figure), ffmpeg begins with a window that reaches 0.1 s before the start and takes another rank
(our hops, windowed and ranked its way, give its figure).
Their true peaks are printed, not asked for: short filters read bright masters low, as the independent reading shows.
"""

from __future__ import annotations

import math
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyebur128
import soundfile
from scipy import signal

from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.loudness import measure, true_peak, weighted_power
from grammy_desktop.core.loudness.figures import GATING_STEP, HOPS_PER_SECOND, SHORT_TERM, loudness_of, range_of
from tests.acceptance.context import Context

_TOLERANCE = 0.1
"""LU."""
_PRINTED = 0.05
"""LU that ffmpeg's figures are rounded by."""
_PEAK_TOLERANCE = 0.2
"""dB."""


@dataclass(frozen=True)
class Reading:
    """LUFS, LU, dBTP; None where the meter has none."""

    integrated: float | None
    range: float | None
    momentary_max: float | None
    short_term_max: float | None
    true_peak: float | None


def run(context: Context, *, only: tuple[str, ...] | None = None) -> None:
    worst: dict[str, float] = {}
    for name, clip in files():
        if only is None or name in only:
            compare(context, name, clip, worst)
    for figure, difference in sorted(worst.items()):
        context.figure(f"largest difference of {figure}", round(difference, 3))
    for name, clip in bright_masters():
        ours, reference = measure(clip).true_peak, independent_peak(clip)
        passed = ours is not None and abs(ours - reference) <= _PEAK_TOLERANCE
        context.check(f"true peak: {name}", passed, f"{ours:.2f} beside {reference:.2f} dBTP")
        context.figure(f"true peak at four points: {name}", round(true_peak(clip) - reference, 3))


def compare(context: Context, name: str, clip: AudioClip, worst: dict[str, float]) -> None:
    path = context.folder / "file.wav"
    soundfile.write(path, clip.samples, clip.sample_rate, subtype="FLOAT", format="WAVEX")
    ours = measure(clip)
    peers = {"libebur128": libebur128(clip), "ffmpeg": ffmpeg(path)}
    for peer, theirs in peers.items():
        for figure in ("integrated", "range", "momentary_max", "short_term_max", "true_peak"):
            a, b = getattr(ours, figure), getattr(theirs, figure)
            if a is not None and b is not None:
                key = f"{figure} to {peer}"
                worst[key] = max(worst.get(key, 0.0), abs(a - b))
    theirs = peers["libebur128"]
    context.check(f"{name}: integrated, libebur128", near(ours.integrated, theirs.integrated), shown(ours, theirs))
    once_a_second = range_once_a_second(clip)
    context.check(
        f"{name}: range, libebur128",
        near(once_a_second, theirs.range),
        f"{number(ours.range)}; once a second {number(once_a_second)} beside {number(theirs.range)}",
    )
    theirs = peers["ffmpeg"]
    context.check(f"{name}: integrated, ffmpeg", near(ours.integrated, theirs.integrated), shown(ours, theirs))
    ranked = range_as_ffmpeg_takes_it(clip)
    context.check(
        f"{name}: range, ffmpeg",
        near(ranked, theirs.range, _TOLERANCE + _PRINTED),
        f"{number(ours.range)}; its way {number(ranked)} beside {number(theirs.range)}",
    )


def near(a: float | None, b: float | None, tolerance: float = _TOLERANCE) -> bool:
    return a is b is None or (a is not None and b is not None and abs(a - b) <= tolerance)


def shown(ours: object, theirs: Reading) -> str:
    names = ("integrated", "momentary_max", "short_term_max", "true_peak")
    return ", ".join(f"{number(getattr(ours, name))} ({number(getattr(theirs, name))})" for name in names)


def number(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def range_once_a_second(clip: AudioClip) -> float | None:
    """The loudness range from one window of 3 s a second, as libebur128 takes it."""
    energy = np.concatenate([np.zeros(1), np.cumsum(weighted_power(clip))])
    short = (energy[SHORT_TERM:] - energy[:-SHORT_TERM])[::HOPS_PER_SECOND] / SHORT_TERM
    return range_of(short)


def range_as_ffmpeg_takes_it(clip: AudioClip) -> float | None:
    """The loudness range from our 10 ms hops, with ffmpeg's windows and percentiles: its first window ends at 2.9 s and so
    holds 0.1 s of silence, and it takes the nearest rank instead of Tech 3342's round((n - 1) * share).
    """
    energy = np.concatenate([np.zeros(1), np.cumsum(weighted_power(clip))])
    ends = np.arange(SHORT_TERM - GATING_STEP, len(energy), GATING_STEP)
    short = (energy[ends] - energy[np.maximum(0, ends - SHORT_TERM)]) / SHORT_TERM
    level = loudness_of(short)
    heard = level >= -70
    if not heard.any():
        return None
    level = np.sort(level[heard & (level >= loudness_of(short[heard].mean(keepdims=True))[0] - 20)])
    low, high = (level[max(0, math.ceil(len(level) * share) - 1)] for share in (0.10, 0.95))
    return float(high - low)


def libebur128(clip: AudioClip) -> Reading:
    """All figures; the maxima every 10 ms."""
    modes = pyebur128.MeasurementMode
    mode = modes.MODE_I | modes.MODE_LRA | modes.MODE_M | modes.MODE_S | modes.MODE_TRUE_PEAK
    state = pyebur128.R128State(clip.channels, clip.sample_rate, mode)
    momentary, short = [], []
    bounds = np.arange(clip.frames * 100 // clip.sample_rate + 1) * clip.sample_rate // 100
    for hop, (start, end) in enumerate(pairwise(bounds), 1):
        block = np.ascontiguousarray(clip.samples[start:end], np.float64).ravel()
        state.add_frames(block, end - start)
        if hop >= 40:
            momentary.append(pyebur128.get_loudness_momentary(state))
        if hop >= 300:
            short.append(pyebur128.get_loudness_shortterm(state))
    rest = np.ascontiguousarray(clip.samples[bounds[-1] :], np.float64).ravel()
    if len(rest):
        state.add_frames(rest, clip.frames - bounds[-1])
    peak = max(pyebur128.get_true_peak(state, channel) for channel in range(clip.channels))
    return Reading(
        integrated=finite(pyebur128.get_loudness_global(state)),
        range=pyebur128.get_loudness_range(state) if short and max(short) > -70 else None,
        momentary_max=finite(max(momentary, default=-np.inf)),
        short_term_max=finite(max(short, default=-np.inf)),
        true_peak=finite(20 * np.log10(max(peak, 1e-12))),
    )


def ffmpeg(path: Path) -> Reading:
    """Its ebur128 filter; the maxima of whole windows, every 100 ms."""
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-i", str(path), "-af"]
    command += ["ebur128=peak=true:metadata=1,ametadata=print:file=-", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    summary = done.stderr.rsplit("Summary:")[-1]

    def final(pattern: str) -> float:
        found = re.search(pattern, summary)
        return float(found[1]) if found else float("-inf")

    def running(key: str, skip: int) -> float | None:
        values = [float(value) for value in re.findall(rf"lavfi\.r128\.{key}=(\S+)", done.stdout)][skip:]
        return max(values, default=None)

    integrated = final(r"I:\s+(\S+) LUFS")
    short_term = running("S", 29)
    # It shows -70 where everything is gated away.
    return Reading(
        integrated=integrated if integrated > -70 else None,
        range=final(r"LRA:\s+(\S+) LU") if short_term is not None and short_term > -70 else None,
        momentary_max=running("M", 3),
        short_term_max=short_term,
        true_peak=finite(final(r"Peak:\s+(\S+) dBFS")),
    )


def finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and value > -200 else None


def files() -> Iterator[tuple[str, AudioClip]]:
    """20 files, seeded."""
    yield "1 kHz tone, -18 dBFS", AudioClip(_tone(48_000, 12, 1000, -18), 48_000)
    yield "60 Hz tone, 44.1 kHz", AudioClip(_tone(44_100, 12, 60, -9), 44_100)
    yield "white noise, 96 kHz", AudioClip(_noise(96_000, 15, 2, 1, 0.0), 96_000)
    yield "pink noise, mono", AudioClip(_noise(48_000, 20, 1, 2, 1.0), 48_000)
    yield "brown noise, 22.05 kHz", AudioClip(_noise(22_050, 20, 2, 3, 2.0), 22_050)
    yield "noise at -60 LUFS", AudioClip(_noise(44_100, 15, 2, 4, 1.0) * np.float32(0.003), 44_100)
    yield "music, 48 kHz", AudioClip(dense_music(60, 48_000, seed=11), 48_000)
    yield "music, 44.1 kHz", AudioClip(dense_music(60, 44_100, seed=12), 44_100)
    yield "music, 96 kHz", AudioClip(dense_music(30, 96_000, seed=13), 96_000)
    yield "music, 22.05 kHz mono", AudioClip(dense_music(45, 22_050, seed=14, channels=1), 22_050)
    yield "hot master", AudioClip(brickwalled(dense_music(40, 44_100, seed=15)), 44_100)
    yield "quiet music", AudioClip(dense_music(40, 48_000, seed=16) * np.float32(0.01), 48_000)
    yield "sparse clicks", AudioClip(_sparse(48_000, 30, 17), 48_000)
    yield "music with pauses", AudioClip(_with_pauses(dense_music(60, 48_000, seed=18), 48_000), 48_000)
    yield "wandering level", AudioClip(_wandering(44_100, 60, 19), 44_100)
    yield (
        "music with a DC offset",
        AudioClip(dense_music(30, 48_000, seed=20) * np.float32(0.2) + np.float32(0.3), 48_000),
    )
    yield "5.1 music", AudioClip(dense_music(30, 48_000, seed=21, channels=6), 48_000)
    yield "5.1 noise, 44.1 kHz", AudioClip(_noise(44_100, 20, 6, 22, 0.5), 44_100)
    yield "short, 2 s", AudioClip(dense_music(2, 48_000, seed=23), 48_000)
    yield "long, 10 min", AudioClip(dense_music(600, 22_050, seed=24), 22_050)


def bright_masters() -> Iterator[tuple[str, AudioClip]]:
    for number, rate in enumerate((44_100, 48_000, 44_100, 48_000)):
        mix = dense_music(20, rate, seed=40 + number, brightness=1.0)
        yield f"hot mix {number + 1}", AudioClip(brickwalled(mix, drive_db=6.0 + 3 * number), rate)
    for number, rate in enumerate((44_100, 48_000, 96_000)):
        rng = np.random.default_rng(50 + number)
        noise = rng.standard_normal((rate * 10, 2)).astype(np.float32)
        yield f"clipped white noise, {rate} Hz", AudioClip(np.clip(noise * np.float32(0.7), -1, 1), rate)
        yield f"white noise, {rate} Hz", AudioClip(noise * np.float32(0.2), rate)
    for rate in (44_100, 48_000):
        sweep = signal.chirp(np.arange(rate * 10) / rate, 20, 10, 0.49 * rate)
        yield (
            f"clipped sweep to 0.49 of {rate} Hz",
            AudioClip(np.clip(2 * sweep, -1, 1)[:, None].astype(np.float32), rate),
        )
        square = np.sign(np.sin(2 * np.pi * 997 * np.arange(rate * 5) / rate))[:, None].astype(np.float32)
        yield f"square wave, {rate} Hz", AudioClip(square * np.float32(0.9), rate)


def independent_peak(clip: AudioClip, points: int = 16) -> float:
    """dBTP by scipy's polyphase resampler with a filter of 512 taps a phase, flat to 0.49 of the rate."""
    taps = signal.firwin(points * 512 + 1, 1 / points, window=("kaiser", 8.0))
    stretch, margin, peak = 60_000, 600, 0.0
    for start in range(0, clip.frames, stretch):
        first = max(0, start - margin)
        part = clip.samples[first : start + stretch + margin].astype(np.float64)
        fine = signal.resample_poly(part, points, 1, axis=0, window=taps)
        here = fine[(start - first) * points : (start - first + stretch) * points]
        peak = max(peak, float(np.abs(here).max(initial=0.0)))
    return 20 * np.log10(peak)


def _tone(rate: int, seconds: float, frequency: float, level: float) -> Samples:
    sine = 10 ** (level / 20) * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)
    return np.repeat(sine[:, None], 2, axis=1).astype(np.float32)


def _noise(rate: int, seconds: float, channels: int, seed: int, slope: float) -> Samples:
    """Noise whose power falls by 3 dB an octave for each unit of `slope`, 0.1 RMS."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal((round(seconds * rate), channels)), axis=0)
    spectrum /= np.maximum(np.arange(len(spectrum)), 20.0 * seconds)[:, None] ** (slope / 2)
    noise = np.fft.irfft(spectrum, round(seconds * rate), axis=0)
    return (0.1 * noise / noise.std()).astype(np.float32)


def _sparse(rate: int, seconds: float, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    samples = np.zeros((round(seconds * rate), 2), np.float32)
    hit = (np.exp(-np.arange(rate // 5) / (0.03 * rate)) * rng.standard_normal(rate // 5)).astype(np.float32)
    for start in rng.integers(0, len(samples) - len(hit), 12):
        samples[start : start + len(hit)] += hit[:, None] * rng.uniform(0.05, 0.6, 2).astype(np.float32)
    return samples


def _with_pauses(samples: Samples, rate: int) -> Samples:
    paused = samples.copy()
    for second in (8, 21, 22, 40):
        paused[second * rate : (second + 2) * rate] = 0
    return paused


def _wandering(rate: int, seconds: float, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    noise = _noise(rate, seconds, 2, seed, 1.0)
    level = np.interp(np.arange(len(noise)), np.linspace(0, len(noise), 12), rng.uniform(-40, 0, 12))
    return (noise * 10 ** (level / 20)[:, None]).astype(np.float32)
