"""Rhythm, timbre and harmony at 22.05 kHz, as the reference table defines them, and what tells music from other sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.key import KRUMHANSL
from grammy_desktop.analysis.onsets import beat_regularity, find_onsets, pulse_clarity
from grammy_desktop.analysis.spectra import ANALYSIS_RATE, Spectrogram, decibels, magnitudes

_HARMONY_SECONDS = 15.0  # the table's harmony figures come from clips of this length

_AT_ONCE = 1024  # frames

_PROMINENCE = 3.5  # times the mean of the 220 Hz around: noise gets there once in 10,000 bins


@dataclass(frozen=True)
class Tonality:
    """steadiness: share of spectral peaks that hold their pitch for 0.4 s, 0..1. held: such peaks in a frame.

    pitches: how many different pitches they make.
    """

    steadiness: float
    held: float
    pitches: int


def measure_timbre(spectrogram: Spectrogram) -> dict[str, float]:
    """Means over the frames: `centroid_mean`, `rolloff85_mean` (Hz), `flatness_mean` (log10), `flux`.

    And how far the band of 5.6 to 10 kHz stands above its own floor: `air_p50_p5`, `air_p95_p5` (dB).
    """
    parts = [_timbre_of(spectrogram, first) for first in range(0, spectrogram.magnitude.shape[1], _AT_ONCE)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    low, middle, high = np.percentile(rows["air"], (5, 50, 95))
    return {
        "centroid_mean": float(rows["centroid"].mean()),
        "rolloff85_mean": float(rows["rolloff"].mean()),
        "flatness_mean": float(rows["flatness"].mean()),
        "flux": float(rows["flux"].mean()) if rows["flux"].size else 0.0,
        "air_p50_p5": float(middle - low),
        "air_p95_p5": float(high - low),
    }


def _timbre_of(spectrogram: Spectrogram, first: int) -> dict[str, NDArray[np.floating[Any]]]:
    """Frame by frame from `first` on: a long song's spectrogram several times over would take hundreds of megabytes."""
    frames = slice(first, first + _AT_ONCE)
    magnitude, power, hertz = spectrogram.magnitude[:, frames], spectrogram.power[:, frames], spectrogram.frequencies
    total = np.maximum(magnitude.sum(axis=0), 1e-9)
    cumulative = np.cumsum(magnitude, axis=0)
    flatness = np.exp(np.mean(np.log(np.maximum(power, 1e-10)), axis=0)) / np.maximum(power.mean(axis=0), 1e-10)
    # With the frame before, so that no change is lost between two stretches.
    around = spectrogram.magnitude[:, max(0, first - 1) : first + _AT_ONCE]
    shape = around / np.maximum(around.sum(axis=0), 1e-9)
    return {
        "centroid": hertz @ magnitude / total,
        "rolloff": hertz[np.argmax(cumulative >= 0.85 * cumulative[-1], axis=0)],
        "flatness": np.log10(flatness + 1e-10),
        "flux": np.abs(np.diff(shape, axis=1)).sum(axis=0),
        "air": decibels(power[(hertz >= 5600.0) & (hertz < 10_000.0)].sum(axis=0), floor=1e-12),
    }


def measure_rhythm(spectrogram: Spectrogram) -> dict[str, float]:
    """`onset_rate` per second, `pulse_clarity` and `beat_regularity` 0..1."""
    strength = spectrogram.onset_strength
    seconds = max(spectrogram.samples.size / ANALYSIS_RATE, 1e-3)
    return {
        "onset_rate": find_onsets(strength, spectrogram.frame_rate).size / seconds,
        "pulse_clarity": pulse_clarity(strength, spectrogram.frame_rate),
        "beat_regularity": beat_regularity(strength, spectrogram.frame_rate),
    }


def measure_harmony(spectrogram: Spectrogram) -> dict[str, float]:
    """`chroma_entropy` (nats), `key_strength` (correlation with a Krumhansl key), `chroma_flux`; means of 15 s stretches."""
    chroma = spectrogram.chroma
    length = int(_HARMONY_SECONDS * spectrogram.frame_rate)
    stretches = [chroma[:, first : first + length] for first in range(0, max(1, chroma.shape[1] - length // 2), length)]
    rows = [_harmony_of(stretch) for stretch in stretches]
    names = ("chroma_entropy", "key_strength", "chroma_flux")
    return {name: float(np.mean([row[index] for row in rows])) for index, name in enumerate(names)}


def measure_tonality(samples: NDArray[np.float32]) -> Tonality:
    """How much of the sound holds a pitch. samples: mono at `ANALYSIS_RATE`.

    Spectral peaks between 90 and 2500 Hz that stand out of their surroundings are put on a grid of thirds of a semitone; a
    peak holds when one is found within half a semitone in each of the next seven frames (0.37 s). Speech glides and noise
    jumps; notes stay.
    """
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

    spectrum = magnitudes(samples, 4096, 1024)
    row, frame = _peaks(spectrum)
    if row.size == 0:
        return Tonality(0.0, 0.0, 0)
    low, mid, high = (np.log(spectrum[row + step, frame] + 1e-9) for step in (-1, 0, 1))
    shift = np.clip(0.5 * (low - high) / np.minimum(low - 2 * mid + high, -1e-6), -0.5, 0.5)
    step = np.round(36.0 * np.log2((row + shift) * ANALYSIS_RATE / 4096 / 80.0)).astype(int)
    grid = np.zeros((int(step.max()) + 2, spectrum.shape[1]), dtype=np.uint8)
    grid[step, frame] = 1
    near = maximum_filter1d(grid, 3, axis=0)
    holds = grid & minimum_filter1d(near, 8, axis=1, origin=-4, mode="constant")
    pitches = np.bincount(np.nonzero(holds)[0] // 3)
    enough = pitches > max(3.0, 0.02 * float(pitches.sum())) if pitches.size else np.zeros(0, dtype=bool)
    return Tonality(float(holds.sum() / max(1, grid.sum())), float(holds.sum() / holds.shape[1]), int(enough.sum()))


def _peaks(spectrum: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(row, frame) of every peak of `spectrum` [rows, frames] that may be a note, some frames at a time."""
    from scipy.ndimage import uniform_filter1d

    hertz = np.arange(spectrum.shape[0]) * ANALYSIS_RATE / 4096
    audible = ((hertz > 90.0) & (hertz < 2500.0))[1:-1, None]
    least = 0.02 * spectrum.max()
    rows, frames = [], []
    for first in range(0, spectrum.shape[1], _AT_ONCE):
        part = spectrum[:, first : first + _AT_ONCE]
        inner = part[1:-1]
        peaks = (inner > part[:-2]) & (inner >= part[2:]) & (inner > 0.05 * part.max(axis=0, keepdims=True))
        peaks &= inner > _PROMINENCE * uniform_filter1d(part, 41, axis=0)[1:-1]
        peaks &= audible & (inner > least)
        row, frame = np.nonzero(peaks)
        rows.append(row + 1)
        frames.append(frame + first)
    return np.concatenate(rows), np.concatenate(frames)


def _harmony_of(chroma: NDArray[np.float32]) -> tuple[float, float, float]:
    mean = chroma.mean(axis=1, dtype=np.float64)
    share = mean / max(float(mean.sum()), 1e-12)
    entropy = float(-(share * np.log(share + 1e-9)).sum())
    fits = [np.corrcoef(np.roll(profile, tonic), share)[0, 1] for profile in KRUMHANSL.values() for tonic in range(12)]
    every_half_second = chroma[:, ::21]
    flux = float(np.abs(np.diff(every_half_second, axis=1)).mean()) if every_half_second.shape[1] > 2 else 0.0
    return entropy, float(np.nan_to_num(max(fits))), flux
