"""The synthesised minimum-requirement signals of EBU Tech 3341 (cases 1-6, 9-23) and Tech 3342 (cases 1-4), for any rate.

Cases 7 and 8 (3341) and 5 and 6 (3342) are recorded programmes that the EBU hands out; they cannot be synthesised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import signal

from grammy_desktop.core.audio import Samples

RATES = (44_100, 48_000, 96_000)
Steps = list[tuple[float, float | None]]


@dataclass(frozen=True, eq=False)
class Case:
    """One case; `variants` are the signals that it is made of (20 for cases 10 and 13).

    figure: what is looked at. 'integrated', 'momentary_max', ...: the figure of the whole; 'live short_term' and 'live
    momentary': the running figure; `expected` one value, or one for each stretch of `segment` seconds.
    """

    name: str
    variants: tuple[Samples, ...]
    figures: tuple[str, ...]
    expected: tuple[float, ...]
    lower: float
    upper: float
    from_time: float = 0.0
    segment: float = 0.0


def tone(rate: int, steps: Steps, *, channels: int = 2) -> Samples:
    """A 1 kHz sine in steps of (seconds, dBFS peak or None for silence)."""
    levels = [np.full(round(s * rate), 0.0 if level is None else 10 ** (level / 20)) for s, level in steps]
    envelope = np.concatenate(levels)
    sine = envelope * np.sin(2 * np.pi * 1000 * np.arange(len(envelope)) / rate)
    return np.repeat(sine[:, None], channels, axis=1).astype(np.float32)


def cases(rate: int) -> Iterator[Case]:
    """All 25."""
    yield from _loudness_cases(rate)
    yield from _running_cases(rate)
    yield from _peak_cases(rate)
    for number, (levels, expected) in enumerate(
        [((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20), ((-50, -35, -20, -35, -50), 15)], 1
    ):
        steps: Steps = [(20, level) for level in levels]
        yield Case(f"3342-{number}", (tone(rate, steps),), ("range",), (expected,), -1, 1)


def _loudness_cases(rate: int) -> Iterator[Case]:
    everything = ("integrated", "momentary_max", "short_term_max")
    for number, level in ((1, -23.0), (2, -33.0)):
        yield Case(f"3341-{number}", (tone(rate, [(20, level)]),), everything, (level,), -0.1, 0.1)
    gated: list[Steps] = [
        [(10, -36), (60, -23), (10, -36)],
        [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)],
        [(20, -26), (20.1, -20), (20, -26)],
    ]
    for number, steps in enumerate(gated, 3):
        yield Case(f"3341-{number}", (tone(rate, steps),), ("integrated",), (-23,), -0.1, 0.1)
    levels = 10 ** (np.array([-28, -28, -24, -30, -30], np.float32) / 20)
    yield Case("3341-6", (tone(rate, [(20, 0)], channels=5) * levels,), ("integrated",), (-23,), -0.1, 0.1)


def _running_cases(rate: int) -> Iterator[Case]:
    steady = tone(rate, [(1.34, -20), (1.66, -30)] * 5)
    yield Case("3341-9", (steady,), ("live short_term",), (-23,), -0.1, 0.1, from_time=3.0)
    late: list[Steps] = [[(number * 0.15, None), (3, -23), (1, None)] for number in range(20)]
    yield Case("3341-10", tuple(tone(rate, steps) for steps in late), ("short_term_max",), (-23,), -0.1, 0.1)
    rising: Steps = []
    for number in range(20):
        rising += [(number * 0.15, None), (3, -38 + number), (3 - number * 0.15, None)]
    staircase = tuple(range(-38, -18))
    yield Case("3341-11", (tone(rate, rising),), ("live short_term",), staircase, -0.1, 0.1, segment=6.0)
    steady = tone(rate, [(0.18, -20), (0.22, -30)] * 25)
    yield Case("3341-12", (steady,), ("live momentary",), (-23,), -0.1, 0.1, from_time=1.0)
    late = [[(number * 0.02, None), (0.4, -23), (1, None)] for number in range(20)]
    yield Case("3341-13", tuple(tone(rate, steps) for steps in late), ("momentary_max",), (-23,), -0.1, 0.1)
    rising = []
    for number in range(20):
        rising += [(number * 0.02, None), (0.4, -38 + number), (0.4 - number * 0.02, None)]
    yield Case("3341-14", (tone(rate, rising),), ("live momentary",), staircase, -0.1, 0.1, segment=0.8)


def _peak_cases(rate: int) -> Iterator[Case]:
    sines = [(4, 0.5, 0.0, -6), (4, 0.5, 45.0, -6), (6, 0.5, 60.0, -6), (8, 0.5, 67.5, -6), (4, 1.41, 45.0, 3)]
    for number, (divisor, amplitude, phase, expected) in enumerate(sines, 15):
        sine = amplitude * np.sin(2 * np.pi * np.arange(rate) / divisor + np.deg2rad(phase))
        fade = rate // 100
        sine[:fade] *= np.linspace(0, 1, fade)
        sine[-fade:] *= np.linspace(1, 0, fade)
        samples = np.repeat(sine[:, None], 2, axis=1).astype(np.float32)
        yield Case(f"3341-{number}", (samples,), ("true_peak",), (expected,), -0.4, 0.2)
    for offset in range(4):
        yield Case(f"3341-{20 + offset}", (_burst(offset),), ("true_peak",), (0,), -0.4, 0.2)


def _burst(offset: int) -> Samples:
    """One period of a quarter of the rate within a sine of a sixth, made at four times the rate and decimated."""
    carrier = 0.5 * np.sin(2 * np.pi * np.arange(24 * 4000) / 24)
    burst = np.concatenate([carrier, np.sin(2 * np.pi * np.arange(16) / 16), carrier])
    burst[:1920] *= np.linspace(0, 1, 1920)
    burst[-1920:] *= np.linspace(1, 0, 1920)
    band = signal.firwin(2047, 0.245, window=("kaiser", 10))
    samples = signal.fftconvolve(burst, band, "same")[offset::4]
    return np.repeat(samples[:, None], 2, axis=1).astype(np.float32)
