"""What matching adds above 16 kHz to targets that have next to nothing there, and what matchering adds."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import read_clip, write_wav
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.stream import ClipSource, process_samples
from grammy_desktop.mastering.matching import analyse_reference, analyse_target, plan_match
from grammy_desktop.mastering.reference import master_to_reference
from tests.acceptance.context import Context

EDGE = 16_000.0
"""Hz."""
MOST_ADDED = 6.0
"""dB."""
QUIET = NoProgress()
MIDBAND = (250.0, 4000.0)
_BANDS_PER_OCTAVE = 12
_TRANSFORM = 8192

Curve = NDArray[np.float64]


def run(
    context: Context,
    *,
    seconds: float = 20.0,
    rates: tuple[int, ...] = (44_100, 48_000, 96_000),
    levels: tuple[float, ...] = (-40.0, -55.0, -80.0),
) -> None:
    references = bright_references(seconds)
    theirs: list[float] = []
    for rate in rates:
        for level in levels:
            target = band_limited(dense_music(seconds, rate, seed=3, brightness=0.5, peak=0.5), rate, level)
            clip = AudioClip(target, rate)
            heard = analyse_target(ClipSource(clip), name="target.wav", progress=QUIET)
            for name, reference in references.items():
                profile = analyse_reference(ClipSource(reference), name=name, progress=QUIET)
                plan = plan_match(heard, profile)
                matched = AudioClip(process_samples(target, plan.processor(rate, 2)), rate)
                added = added_above(clip, matched)
                context.check(
                    f"{rate} Hz, treble at {level:g} dB, {name}: at most {MOST_ADDED:g} dB added above 16 kHz",
                    added <= MOST_ADDED,
                    f"{added:.1f} dB",
                )
                if rate == 44_100 and reference.sample_rate == 44_100:
                    theirs.append(added_above(clip, by_matchering(clip, reference)))
        # The whole way, end stage included: clipping and limiting make treble of their own, so at a level without much.
        clip = AudioClip(band_limited(dense_music(seconds, rate, seed=3, brightness=0.5, peak=0.5), rate, -40.0), rate)
        mastered = master_to_reference(clip, references["bright"], target_lufs=-18.0, name="target.wav", progress=QUIET)
        added = added_above(clip, mastered.clip)
        context.check(f"{rate} Hz: the finished master too", added <= MOST_ADDED, f"{added:.1f} dB")
    context.figure("matchering adds above 16 kHz to the same targets (44.1 kHz), dB", [round(x, 1) for x in theirs])


def bright_references(seconds: float) -> dict[str, AudioClip]:
    """Hot masters with much above 16 kHz, at three rates, and noise, the brightest of all."""
    made = {
        "bright": AudioClip(brickwalled(dense_music(seconds, 44_100, seed=21, brightness=1.0), drive_db=6), 44_100),
        "bright, 48 kHz": AudioClip(brickwalled(dense_music(seconds, 48_000, seed=22, brightness=1.0)), 48_000),
        "bright, 96 kHz": AudioClip(brickwalled(dense_music(seconds, 96_000, seed=23, brightness=1.0)), 96_000),
    }
    noise = np.random.default_rng(5).standard_normal((round(seconds * 44_100), 2)) * 0.2
    made["white noise"] = AudioClip(np.clip(noise, -1, 1).astype(np.float32), 44_100)
    return made


def band_limited(samples: Samples, rate: int, level: float) -> Samples:
    """The same with its treble from 16 kHz on at `level` dB against its midband (mean density of each)."""
    spectrum = np.fft.rfft(samples, axis=0)
    frequency = np.fft.rfftfreq(len(samples), 1 / rate)
    power = (np.abs(spectrum) ** 2).sum(axis=1)
    middle = power[(frequency >= MIDBAND[0]) & (frequency <= MIDBAND[1])].mean()
    # White noise, so that no part of the treble is louder than the rest.
    rng = np.random.default_rng(9)
    above = frequency >= EDGE
    height = np.sqrt(middle / samples.shape[1] * 10 ** (level / 10))
    shape = (int(above.sum()), samples.shape[1])
    spectrum[above] = height * (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) / np.sqrt(2)
    return np.fft.irfft(spectrum, len(samples), axis=0).astype(np.float32)


def added_above(before: AudioClip, after: AudioClip) -> float:
    """The most that any twelfth of an octave above 16 kHz has gained, dB, both being equally loud."""
    first, second = (measure(clip, true_peak=False).integrated for clip in (before, after))
    assert first is not None and second is not None
    rate = before.sample_rate
    gain = 10 * np.log10(band_powers(after.samples, rate) / band_powers(before.samples, rate))
    return float(gain.max()) - (second - first)


def band_powers(samples: Samples, rate: int) -> Curve:
    """Mean power of mid and side in twelfths of an octave from 16 kHz to just below Nyquist, or 40 kHz."""
    size = _TRANSFORM if rate < 64_000 else 2 * _TRANSFORM
    frames = np.lib.stride_tricks.sliding_window_view(samples, size, axis=0)[:: size // 2]
    power = np.zeros(size // 2 + 1)
    for frame in frames:
        power += (np.abs(np.fft.rfft(frame * np.hanning(size), axis=1)) ** 2).sum(axis=0)
    frequency = np.fft.rfftfreq(size, 1 / rate)
    # From a little above the edge: the window of the measurement smears what is below it.
    steps = np.arange(_BANDS_PER_OCTAVE * np.log2(min(0.49 * rate, 40_000) / EDGE) + 1) / _BANDS_PER_OCTAVE
    edges = 1.01 * EDGE * 2**steps
    inside = [(frequency >= low) & (frequency < high) for low, high in itertools.pairwise(edges)]
    return np.array([power[band].mean() for band in inside if band.any()])


def by_matchering(target: AudioClip, reference: AudioClip) -> AudioClip:
    """matchering's result without its limiter."""
    import matchering

    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("target.wav", "reference.wav", "result.wav")]
        write_wav(paths[0], target, subtype="FLOAT")
        write_wav(paths[1], reference, subtype="FLOAT")
        result = matchering.Result(str(paths[2]), "FLOAT", use_limiter=False, normalize=True)
        matchering.process(str(paths[0]), str(paths[1]), [result])
        return read_clip(paths[2])
