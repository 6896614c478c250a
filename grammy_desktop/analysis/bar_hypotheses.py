"""What a recording could be counted as: every tempo, metre and place of the downbeat, each with what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import RATE, Attacks
from grammy_desktop.analysis.pitches import RATE as PITCH_RATE
from grammy_desktop.analysis.pulse import Pulse

Floats = NDArray[np.float64]

METRES = ((4, 4), (3, 4), (6, 8), (12, 8), (5, 4), (7, 8))
BEATS_PER_BAR = {(4, 4): 4, (3, 4): 3, (6, 8): 2, (12, 8): 4, (5, 4): 5, (7, 8): 7}
QUARTERS_PER_BEAT = {(4, 4): 1.0, (3, 4): 1.0, (6, 8): 1.5, (12, 8): 1.5, (5, 4): 1.0, (7, 8): 0.5}

STEPS = 12
"""Positions in a beat: halves, thirds and quarters all fall on one."""

_PHASE_BINS = 48
_MOST_PHASES = 4
_CHANNELS = 7  # five bands of attacks, change of chord, change of bass
_LAGS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16)


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """bpm: beats a minute; phase: seconds of a beat near the start; downbeat: which beat (0, 1, ...) from there begins a bar."""

    bpm: float
    phase: float
    metre: tuple[int, int]
    downbeat: int
    features: NDArray[np.float32]

    @property
    def tempo(self) -> float:
        """Quarter notes a minute."""
        return self.bpm * QUARTERS_PER_BEAT[self.metre]

    @property
    def beats_per_bar(self) -> int:
        return BEATS_PER_BAR[self.metre]


@dataclass(frozen=True, eq=False)
class Signals:
    """channels: [frames, 7] at the rate of `Attacks`, each with mean 1; offset: seconds of frame 0; seconds: of the recording."""

    channels: Floats
    total: Floats
    offset: float
    seconds: float


def signals_of(attacks: Attacks, change: Floats) -> Signals:
    """change: `harmonic_change`, at the rate of `Pitches`."""
    from scipy.ndimage import maximum_filter1d

    frames = attacks.bands.shape[0]
    times = np.arange(frames) / RATE + attacks.offset
    widened = maximum_filter1d(np.minimum(attacks.bands, 12.0), 3, axis=0)
    moves = [np.interp(times * PITCH_RATE, np.arange(change.shape[0]), change[:, column]) for column in range(2)]
    channels = np.column_stack([widened, *moves])
    channels /= np.maximum(channels.mean(axis=0), 1e-6)
    return Signals(channels, np.minimum(attacks.total, 8.0), attacks.offset, frames / RATE)


def hypotheses_of(pulses: list[Pulse], signals: Signals) -> list[Hypothesis]:
    """For pulses at one tempo throughout."""
    found: list[Hypothesis] = []
    for pulse in pulses:
        for phase in beat_phases(signals, pulse.bpm):
            count = int((signals.seconds - phase) * pulse.bpm / 60.0)
            times = np.asarray(phase + np.arange(max(count, 0)) * 60.0 / pulse.bpm, dtype=np.float64)
            found += hypotheses_on(times, signals, pulse)
    return found


def hypotheses_on(times: Floats, signals: Signals, pulse: Pulse) -> list[Hypothesis]:
    """All metres and downbeats on given beats (seconds)."""
    if times.size < 9:
        return []
    grid = sample_beats(times, signals)
    likeness = _likeness(grid)
    found = []
    for metre in METRES:
        beats = BEATS_PER_BAR[metre]
        if times.size < 2 * beats:
            continue
        for downbeat in range(beats):
            features = _features(grid, likeness, metre, downbeat, pulse)
            found.append(Hypothesis(pulse.bpm, float(times[0]), metre, downbeat, features))
    return found


def beat_phases(signals: Signals, bpm: float) -> list[float]:
    """Seconds of the first beat, one for each place in the beat where many notes start, strongest first."""
    frames = signals.total.size
    period = 60.0 / bpm
    place = ((np.arange(frames) / RATE + signals.offset) / period) % 1.0
    sums = np.bincount((place * _PHASE_BINS).astype(np.int64) % _PHASE_BINS, signals.total, _PHASE_BINS)
    counts = np.bincount((place * _PHASE_BINS).astype(np.int64) % _PHASE_BINS, minlength=_PHASE_BINS)
    folded = np.asarray(sums / np.maximum(counts, 1), dtype=np.float64)
    # The width of an attack, 25 ms, in bins.
    width = max(0.6, 0.012 / period * _PHASE_BINS)
    kernel = np.exp(-0.5 * np.square(np.minimum(np.arange(_PHASE_BINS), _PHASE_BINS - np.arange(_PHASE_BINS)) / width))
    smooth = np.fft.irfft(np.fft.rfft(folded) * np.fft.rfft(kernel / kernel.sum()), _PHASE_BINS)
    before, after = np.roll(smooth, 1), np.roll(smooth, -1)
    peaks = np.flatnonzero((smooth >= before) & (smooth > after))
    peaks = peaks[np.argsort(smooth[peaks])[::-1]][:_MOST_PHASES]
    phases = []
    for peak in peaks:
        curve = before[peak] - 2 * smooth[peak] + after[peak]
        shift = 0.5 * (before[peak] - after[peak]) / curve if curve < 0 else 0.0
        phases.append(float((peak + 0.5 + np.clip(shift, -0.5, 0.5)) / _PHASE_BINS % 1.0 * period))
    return phases


def sample_beats(times: Floats, signals: Signals) -> Floats:
    """[beats, 12, 7]: each channel at twelfths of each beat."""
    lengths = np.diff(times, append=2 * times[-1] - times[-2])
    at = times[:, None] + lengths[:, None] * np.arange(STEPS) / STEPS
    place = np.clip((at - signals.offset) * RATE, 0, signals.channels.shape[0] - 1.001)
    low = place.astype(np.int64)
    part = (place - low)[..., None]
    return np.asarray(signals.channels[low] * (1 - part) + signals.channels[low + 1] * part)


def _likeness(grid: Floats) -> dict[int, float]:
    """How alike beats are that lie so many beats apart, against beats in general."""
    rows = np.sqrt(grid.reshape(grid.shape[0], -1))
    rows = rows - rows.mean(axis=0)
    power = max(float(np.square(rows).sum(axis=1).mean()), 1e-9)
    return {
        lag: float((rows[lag:] * rows[:-lag]).sum(axis=1).mean()) / power if rows.shape[0] > lag + 4 else 0.0
        for lag in _LAGS
    }


def _features(
    grid: Floats, likeness: dict[int, float], metre: tuple[int, int], downbeat: int, pulse: Pulse
) -> NDArray[np.float32]:
    """What the chooser judges; the order is part of the trained model."""
    beats = BEATS_PER_BAR[metre]
    bars = (grid.shape[0] - downbeat) // beats
    bar = grid[downbeat : downbeat + bars * beats].reshape(bars, beats, STEPS, _CHANNELS).mean(axis=0)
    on = bar[:, 0]
    others = on[1:].mean(axis=0)
    middle = on[beats // 2] if beats in (2, 4) else others
    backbeat = on[1::2].mean(axis=0) if beats in (2, 4) else others
    steps = bar.mean(axis=0)
    between = (steps[6], steps[4], steps[8], steps[3], steps[9])  # half, thirds, quarters of a beat
    profile = [on[0], others, middle, backbeat, on[-1], *between, bar[0, 6], bar[-1, 6]]
    around = [np.log(0.05 + row) for row in profile]
    lags = (beats, 2 * beats, 1, 2, 3, 4, beats - 1, beats + 1)
    alike = [likeness.get(lag, 0.0) for lag in lags]
    octave = np.log2(pulse.bpm * QUARTERS_PER_BEAT[metre] / 110.0)
    felt = np.log2(pulse.bpm / 110.0)
    speed = [octave, octave**2, felt, felt**2, np.log(0.02 + pulse.strength)]
    kind = [float(metre == other) for other in METRES]
    return np.concatenate([np.concatenate(around), alike, speed, kind]).astype(np.float32)
